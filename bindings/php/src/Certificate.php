<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/**
 * A certificate and its chain, in PEM.
 *
 * @property-read string      $pem        the certificate
 * @property-read string[]    $chain      the chain in the order of the answer, root first
 * @property-read string|null $full_chain the file for a server: the certificate and its intermediates
 * @property-read string|null $root       the root of the chain, if it is in the answer
 */
final class Certificate extends FieldMap
{
    protected const PROPERTIES = ['pem' => 'string', 'chain' => 'array', 'full_chain' => '?string', 'root' => '?string'];

    private ?Reply $reply = null;
    private string $which = '';
    /** @var array<string, mixed> what has been read */
    private array $fields = [];

    private function __construct()
    {
    }

    /** @internal */
    public static function ofReply(Reply $reply, string $which): self
    {
        $certificate = new self();
        $certificate->reply = $reply;
        $certificate->which = $which;
        return $certificate;
    }

    /**
     * The fields of an unserialized result, with certificates as objects.
     *
     * @internal
     * @param array<int|string, mixed> $fields
     * @return array<int|string, mixed>
     */
    public static function restored(array $fields): array
    {
        // The service may have a field of this name too.
        foreach (is_array($fields['certificates'] ?? null) ? $fields['certificates'] : [] as $which => $stored) {
            if (is_array($stored) && isset($stored['pem'])) {
                $fields['certificates'][$which] = new self();
                $fields['certificates'][$which]->__unserialize($stored);
            }
        }
        return $fields;
    }

    /**
     * The file for a server, like full_chain, but never null: an empty file would replace a good one.
     *
     * @throws Exception\ProtocolException with the cause "certificate" if the certificate cannot be read
     */
    public function fullChain(): string
    {
        $chain = $this->field('full_chain');
        if (!is_string($chain)) {
            throw CallException::certificate('full_chain', 'the certificate in the answer cannot be read');
        }
        return $chain;
    }

    protected function field($name)
    {
        if ($this->reply !== null && !array_key_exists($name, $this->fields)) {
            switch ($name) {
                case 'pem':
                    $this->fields[$name] = $this->reply->pem($this->which);
                    break;
                case 'chain':
                    $this->fields[$name] = $this->reply->chain($this->which);
                    break;
                case 'full_chain':
                    $this->fields[$name] = $this->reply->fullChain($this->which);
                    break;
                case 'root':
                    $this->fields[$name] = $this->reply->root($this->which);
            }
        }
        return $this->fields[$name] ?? null;
    }

    protected function fields(): array
    {
        $fields = [];
        foreach (array_keys(self::PROPERTIES) as $name) {
            $fields[$name] = $this->field($name);
        }
        return $fields;
    }

    /**
     * @return array<string, mixed>
     */
    public function __serialize(): array
    {
        return $this->fields();
    }

    /**
     * @param array<string, mixed> $data
     */
    public function __unserialize(array $data): void
    {
        $this->fields = $data + array_fill_keys(array_keys(self::PROPERTIES), null);
    }
}
