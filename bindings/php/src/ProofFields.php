<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The fields of a request that has the organisation's proof: a revocation or a reissue.
 *
 * @internal
 */
trait ProofFields
{
    /** @var array<string, string> */
    private array $fields;

    /**
     * The organisation's proof: a file, which is read while it is sent.
     *
     * @param string|null $fileType such as ".pdf"; by default the end of the path
     */
    public function proof(string $path, ?string $fileType = null): self
    {
        unset($this->fields['fileContent'], $this->fields['fileType']);
        $this->fields['path'] = $path;
        if ($fileType !== null) {
            $this->fields['fileType'] = $fileType;
        }
        return $this;
    }

    /**
     * The organisation's proof from memory.
     *
     * @param string $fileType ".jpg", ".gif" or ".pdf"
     */
    public function proofContent(
        #[\SensitiveParameter]
        string $bytes,
        string $fileType
    ): self {
        unset($this->fields['path']);
        $this->fields['fileType'] = $fileType;
        $this->fields['fileContent'] = base64_encode($bytes);
        return $this;
    }

    /**
     * @return array<string, string>
     */
    public function toArray(): array
    {
        return $this->fields;
    }

    /**
     * @return array<string, string> what var_dump() shows: no document
     */
    public function __debugInfo(): array
    {
        return ['orderID' => $this->fields['orderID']];
    }
}
