<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The messages that PHP makes itself, in Chinese. All others are the library's, which has them in the
 * language of the option lang.
 *
 * @internal
 */
final class Messages
{
    private const CHINESE = [
        'contains a NUL' => '包含 NUL 字符',
        'found as %s; its place is %s' => '写在了 %s，正确位置是 %s',
        'found as %s; only createOrder and reissueCertificate take one' => '写在了 %s；只有 createOrder 和 reissueCertificate 有幂等值',
        'found as %s; the name of this part is %s' => '写成了 %s，这一部分的名称是 %s',
        'GB18030 needs PHP\'s extension iconv or mbstring' => 'GB18030 需要 PHP 扩展 iconv 或 mbstring',
        'has a name that is a number or contains a NUL' => '名称是数字，或者包含 NUL 字符',
        'has been freed because a fatal error ended the request' => '已释放，因为致命错误结束了请求',
        'is a path, not an id' => '是路径，不是 ID',
        'is empty' => '为空',
        'is longer than %s bytes' => '超过 %s 字节',
        'contains a control character' => '包含控制字符',
        'is neither an array nor a request object' => '既不是数组也不是请求对象',
        'is neither text nor a number' => '既不是文本也不是数字',
        'is neither text, a number, a boolean, null nor an array of these' => '不是文本、数字、布尔值、null 或由它们组成的数组',
        'is none of %s' => '不是 %s 之一',
        'is not GB18030' => '不是 GB18030 编码',
        'is not %s' => '不是 %s 编码',
        'is not a JSON object' => '不是 JSON 对象',
        'is not a Psr\Log\LoggerInterface' => '不是 Psr\Log\LoggerInterface',
        'is not text' => '不是文本',
        'is outside PHP\'s open_basedir' => '不在 PHP 的 open_basedir 允许的范围内',
        'is too long for a path' => '路径过长',
        'the name of the file on disk is not UTF-8; rename the file, or make a link with an ASCII name' => '磁盘上的文件名不是 UTF-8 编码；请重命名该文件，或者建立 ASCII 名称的链接',
    ];

    /**
     * A problem in Chinese; null for one that is not in the table. %s stands for the arguments.
     *
     * @param string[] $arguments
     */
    public static function chinese(string $problem, array $arguments = []): ?string
    {
        $template = self::CHINESE[$problem] ?? null;
        return $template === null ? null : vsprintf($template, $arguments);
    }

    /** @return string[] the problems that have a Chinese text */
    public static function known(): array
    {
        return array_keys(self::CHINESE);
    }
}
