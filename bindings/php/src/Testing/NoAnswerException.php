<?php

declare(strict_types=1);

namespace Wotrus\Testing;

use Wotrus\Exception\WithoutArguments;

/** A call of FakeClient for which no answer is queued: a mistake of the test. */
final class NoAnswerException extends \LogicException
{
    use WithoutArguments;

    /** @internal */
    public function __construct(string $message)
    {
        parent::__construct($message);
        $this->removeArguments();
    }
}
