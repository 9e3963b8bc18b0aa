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

    /** @var array<string, Certificate|null> by "RSA", "Sign" and "Encrypt", as far as they were asked for */
    private array $certificates = [];

    /** The first certificate in the answer: RSA, else Sign, else Encrypt. */
    public function first(): ?Certificate
    {
        return $this->certificate('RSA') ?? $this->certificate('Sign') ?? $this->certificate('Encrypt');
    }

    public function __get(string $name)
    {
        return isset(self::WHICH[$name]) ? $this->certificate(self::WHICH[$name]) : parent::__get($name);
    }

    public function __isset(string $name): bool
    {
        return isset(self::WHICH[$name]) ? $this->certificate(self::WHICH[$name]) !== null : parent::__isset($name);
    }

    protected function field($name)
    {
        return $name === 'certificates' ? $this->all(null) : parent::field($name);
    }

    protected function selected(array $answer, array $call, Reply $reply): array
    {
        $fields = parent::selected($answer, $call, $reply);
        $all = $this->all($fields);
        return $all === null ? $fields : $fields + ['certificates' => $all];
    }

    protected function restored(array $fields): array
    {
        return Certificate::restored($fields);
    }

    /**
     * All certificates in the answer; null if there are none.
     *
     * @param array<int|string, mixed>|null $fields the decoded answer, which tells which ones there are
     * @return array<string, Certificate>|null
     */
    private function all(?array $fields): ?array
    {
        foreach (self::WHICH as $which) {
            $pem = $fields["pem_$which"] ?? null;
            if ($fields !== null && (!is_string($pem) || trim($pem) === '')) {
                $this->certificates[$which] = null;
            } elseif ($fields !== null && $this->reply() !== null && !isset($this->certificates[$which])) {
                $this->certificates[$which] = Certificate::ofReply($this->reply(), $which);
            } else {
                $this->certificate($which);
            }
        }
        $all = array_filter($this->certificates);
        return $all === [] ? null : array_replace(array_intersect_key(array_flip(self::WHICH), $all), $all);
    }

    private function certificate(string $which): ?Certificate
    {
        if (!array_key_exists($which, $this->certificates)) {
            $reply = $this->reply();
            if ($reply !== null) {
                $this->certificates[$which] = $reply->pem($which) === null ? null : Certificate::ofReply($reply, $which);
            } else {
                $stored = $this->fields()['certificates'][$which] ?? null;
                $this->certificates[$which] = $stored instanceof Certificate ? $stored : null;
            }
        }
        return $this->certificates[$which];
    }
}
