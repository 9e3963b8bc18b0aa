<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The result of Client::retrieveCertificate() and waitForCertificate() (section 4). Certificates and
 * chains are read from the library when they are asked for.
 *
 * @property-read array<string, Certificate> $certificates   those in the answer, by "RSA", "Sign" and "Encrypt"
 * @property-read Certificate|null           $rsa            the RSA or ECC certificate
 * @property-read Certificate|null           $sign           the SM2 certificate for signatures
 * @property-read Certificate|null           $encrypt        the SM2 certificate for encryption
 * @property-read string|null                $pem_RSA        as in the answer, like the following
 * @property-read string[]                   $chains_RSA     root first
 * @property-read string|null                $pem_Sign
 * @property-read string[]                   $chains_Sign
 * @property-read string|null                $pem_Encrypt
 * @property-read string[]                   $chains_Encrypt
 */
final class Certificates extends Result
{
    protected const PROPERTIES = self::CALL + [
        'certificates' => 'array', 'rsa' => '?object', 'sign' => '?object', 'encrypt' => '?object',
        'pem_RSA' => '?string', 'chains_RSA' => 'array', 'pem_Sign' => '?string', 'chains_Sign' => 'array',
        'pem_Encrypt' => '?string', 'chains_Encrypt' => 'array',
    ];
    private const WHICH = ['rsa' => 'RSA', 'sign' => 'Sign', 'encrypt' => 'Encrypt'];

    /** @var array<string, Certificate>|null */
    private ?array $certificates = null;

    /** The first certificate in the answer: RSA, else Sign, else Encrypt. */
    public function first(): ?Certificate
    {
        $all = $this->certificates();
        return $all === [] ? null : reset($all);
    }

    public function __get(string $name)
    {
        return isset(self::WHICH[$name]) ? ($this->certificates()[self::WHICH[$name]] ?? null) : parent::__get($name);
    }

    public function __isset(string $name): bool
    {
        return isset(self::WHICH[$name]) ? isset($this->certificates()[self::WHICH[$name]]) : parent::__isset($name);
    }

    protected function field($name)
    {
        if ($name === 'certificates') {
            return $this->certificates() ?: null;
        }
        $reply = $this->undecoded();
        if ($reply !== null && is_string($name)) {
            if (strncmp($name, 'pem_', 4) === 0) {
                return $reply->get($name);
            }
            if (strncmp($name, 'chains_', 7) === 0) {
                $json = $reply->get($name);
                return $json === null ? null : self::texts($reply, $name, $json) ?? parent::field($name);
            }
        }
        return parent::field($name);
    }

    protected function selected(array $answer, Reply $reply): array
    {
        $fields = parent::selected($answer, $reply);
        if ($this->certificates() !== []) {
            $fields['certificates'] = $this->certificates();
        }
        return $fields;
    }

    /**
     * @return array<string, Certificate>
     */
    private function certificates(): array
    {
        if ($this->certificates === null) {
            $this->certificates = [];
            $reply = $this->reply();
            // Without a reply the result was unserialized, and has arrays.
            $stored = $reply === null ? (array) ($this->fields()['certificates'] ?? []) : [];
            foreach (self::WHICH as $which) {
                if ($reply !== null && $reply->pem($which) !== null) {
                    $this->certificates[$which] = Certificate::ofReply($reply, $which);
                } elseif (is_array($stored[$which] ?? null)) {
                    $this->certificates[$which] = Certificate::ofFields($stored[$which]);
                }
            }
        }
        return $this->certificates;
    }

    /**
     * The texts of an array in the answer, without decoding the answer; null if it has other values.
     *
     * @return string[]|null
     */
    private static function texts(Reply $reply, string $name, string $json): ?array
    {
        $texts = [];
        while (($text = $reply->get($name . '.' . count($texts))) !== null) {
            $texts[] = $text;
        }
        // A PEM has neither quotation marks nor brackets: with two marks for each text, one of them at
        // the end, the array has nothing else.
        $isComplete = substr_count($json, '"') === 2 * count($texts) && strpbrk(substr($json, 1), '[{') === false
            && substr(rtrim($json, "] \r\n\t"), -1) === '"';
        return $isComplete ? $texts : null;
    }
}
