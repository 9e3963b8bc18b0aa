<?php

declare(strict_types=1);

namespace Wotrus\Exception;

use Wotrus\Backend\Refusal;

/** PHP cannot reach the library here; says why, for each way there is. */
class UnavailableException extends ConfigException
{
    /** @var Refusal[] */
    private $refusals = [];

    /**
     * @param Refusal[] $refusals one for each way that was tried
     */
    public static function because(array $refusals): self
    {
        $lines = [];
        foreach ($refusals as $refusal) {
            $lines[] = "$refusal->way: $refusal->reason ($refusal->remedy)";
        }
        $error = new self([
            'status' => 2,
            'kind' => 'config',
            'cause' => 'unavailable',
            'delivery' => self::NOT_SENT,
            'message' => 'PHP cannot reach libwotrus here. ' . implode('; ', $lines)
                . '. bin/wotrus-doctor shows it in full.',
        ]);
        $error->refusals = $refusals;
        return $error;
    }

    /** @return Refusal[] */
    public function getRefusals(): array
    {
        return $this->refusals;
    }
}
