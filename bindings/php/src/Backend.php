<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * A client of the library, reached by the extension or by FFI.
 */
interface Backend
{
    /** Checks the options; the status of the reply is 0 if they are valid. Nothing is sent. */
    public function check(): Reply;

    /** Calls an operation with its JSON. */
    public function call(
        string $operation,
        #[\SensitiveParameter]
        ?string $json
    ): Reply;

    /**
     * A client that shares the connections and has its own options.
     *
     * @param array<string, string> $options
     */
    public function with(array $options): self;

    /** "extension" or "ffi". */
    public function way(): string;

    /** The version of the library. */
    public function version(): string;
}
