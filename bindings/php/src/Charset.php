<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/**
 * What the caller's text is written in: UTF-8, or GB18030, which GBK and GB2312 are part of. Never
 * guessed: 2 % of all two-character words in GBK are valid UTF-8 too.
 */
final class Charset
{
    private const UTF8 = 'UTF-8';
    private const GB18030 = 'GB18030';

    /** @var string */
    private $name;

    private function __construct(string $name)
    {
        $this->name = $name;
    }

    /** The charset that the option means; a name that the library does not know is refused by it. */
    public static function named(?string $name): self
    {
        $charset = new self(strtoupper((string) $name) === self::GB18030 ? self::GB18030 : self::UTF8);
        if ($charset->name === self::GB18030 && !function_exists('iconv') && !function_exists('mb_convert_encoding')) {
            throw CallException::config('charset', 'GB18030 needs PHP\'s extension iconv or mbstring');
        }
        return $charset;
    }

    public function isUtf8(): bool
    {
        return $this->name === self::UTF8;
    }

    /** The caller's text in UTF-8; one that is not in the charset is refused by its field's name. */
    public function decode(string $text, string $field): string
    {
        if ($this->isUtf8()) {
            $utf8 = preg_match('//u', $text) === 1 ? $text : null;
        } else {
            $utf8 = self::convert(self::GB18030, self::UTF8, $text);
        }
        if ($utf8 === null) {
            throw CallException::argument($field, "is not $this->name");
        }
        return $utf8;
    }

    /** Text in UTF-8 as the caller has it. All of Unicode is in GB18030. */
    public function encode(string $utf8): string
    {
        // An answer is not to be lost over a character in it.
        return $this->isUtf8() ? $utf8 : self::convert(self::UTF8, self::GB18030, $utf8) ?? $utf8;
    }

    private static function convert(string $from, string $to, string $text): ?string
    {
        if (preg_match('/[\x80-\xff]/', $text) === 0) {
            return $text;
        }
        if (!function_exists('iconv')) {
            $converted = mb_check_encoding($text, $from) ? mb_convert_encoding($text, $to, $from) : null;
            return is_string($converted) ? $converted : null;
        }
        // iconv has a notice for what it cannot convert, and some error handlers throw even with @.
        set_error_handler(static function (): bool {
            return true;
        });
        $converted = iconv($from, $to, $text);
        restore_error_handler();
        return $converted === false ? null : $converted;
    }
}
