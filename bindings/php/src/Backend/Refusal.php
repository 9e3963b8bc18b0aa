<?php

declare(strict_types=1);

namespace Wotrus\Backend;

/** Why a way to the library cannot be taken, and what to do about it. */
final class Refusal extends \Exception
{
    /** @var string "extension", "scope" or "ffi" */
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
    }

    public function of(string $way): self
    {
        $this->way = $way;
        return $this;
    }
}
