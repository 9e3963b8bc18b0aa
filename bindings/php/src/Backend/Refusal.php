<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Exception\WithoutArguments;
use Wotrus\Messages;

/** The reason why a backend cannot be used, and what to do about it. */
final class Refusal extends \Exception
{
    use WithoutArguments;

    /** @var string "extension" or "ffi" */
    public $way = '';
    /** @var string */
    public $reason;
    /** @var string */
    public $remedy;
    /** @var array{string, string, string[]} reason and remedy as templates, and their arguments */
    private $templates;

    /** %1$s, %2$s, ... in both texts stand for the arguments. */
    public function __construct(string $reason, string $remedy, string ...$arguments)
    {
        $this->reason = vsprintf($reason, $arguments);
        $this->remedy = vsprintf($remedy, $arguments);
        $this->templates = [$reason, $remedy, $arguments];
        parent::__construct($this->reason);
        // UnavailableException hands these objects to its caller.
        $this->removeArguments();
    }

    /**
     * @return array{string, string} reason and remedy in Chinese; a message of the system stays as it is
     */
    public function inChinese(): array
    {
        [$reason, $remedy, $arguments] = $this->templates;
        return [
            Messages::chinese($reason, $arguments) ?? $this->reason,
            Messages::chinese($remedy, $arguments) ?? $this->remedy,
        ];
    }

    public function of(string $way): self
    {
        $this->way = $way;
        return $this;
    }
}
