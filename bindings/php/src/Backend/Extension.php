<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Backend;
use Wotrus\Native;
use Wotrus\Reply;

/** The library through the extension wotrus. */
final class Extension implements Backend
{
    private Native $native;

    private function __construct(Native $native)
    {
        $this->native = $native;
    }

    /**
     * @param array<string, string> $options
     * @throws Refusal
     */
    public static function open(
        #[\SensitiveParameter]
        array $options
    ): self {
        if (!class_exists(Native::class, false)) {
            throw new Refusal(
                'the extension wotrus is not loaded into this PHP (%1$s, %2$s)',
                'build it in %3$s/ext, and add extension=wotrus to %4$s',
                PHP_VERSION,
                PHP_SAPI,
                dirname(__DIR__, 2),
                php_ini_loaded_file() ?: 'php.ini'
            );
        }
        Library::checkAbi(Native::abi(), Native::version());
        return new self(new Native($options));
    }

    public function check(): Reply
    {
        return new ExtensionReply($this->native->check());
    }

    public function call(
        string $operation,
        #[\SensitiveParameter]
        ?string $json
    ): Reply {
        return new ExtensionReply($this->native->request($operation, $json));
    }

    public function with(array $options): Backend
    {
        return new self($this->native->with($options));
    }

    public function way(): string
    {
        return 'extension';
    }

    public function version(): string
    {
        return Native::version();
    }
}
