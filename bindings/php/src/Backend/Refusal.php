<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Exception\WithoutArguments;

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

    public function __construct(string $reason, string $remedy)
    {
        parent::__construct($reason);
        $this->reason = $reason;
        $this->remedy = $remedy;
        // UnavailableException hands these objects to its caller.
        $this->removeArguments();
    }

    public function of(string $way): self
    {
        $this->way = $way;
        return $this;
    }
}
