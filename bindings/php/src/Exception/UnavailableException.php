<?php

declare(strict_types=1);

namespace Wotrus\Exception;

use Wotrus\Backend\Refusal;
use Wotrus\Charset;

/** This PHP cannot use the library. The message says why, for the extension and for FFI. */
class UnavailableException extends ConfigException
{
    /** @var Refusal[] */
    private $refusals = [];

    /**
     * @param Refusal[] $refusals one for each backend that was tried
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
            'message' => 'this PHP cannot use libwotrus. ' . implode('; ', $lines)
                . '. Run bin/wotrus-doctor for details.',
        ]);
        $error->refusals = $refusals;
        return $error;
    }

    public function inChinese(?Charset $charset = null): CallException
    {
        $lines = [];
        foreach ($this->refusals as $refusal) {
            [$reason, $remedy] = $refusal->inChinese();
            $lines[] = "{$refusal->way}：{$reason}（{$remedy}）";
        }
        $text = '当前 PHP 无法使用 libwotrus。' . implode('；', $lines) . '。请运行 bin/wotrus-doctor 查看详情。';
        $this->message = $charset === null ? $text : $charset->encode($text);
        return $this;
    }

    /** @return Refusal[] */
    public function getRefusals(): array
    {
        return $this->refusals;
    }
}
