<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/**
 * The charset of the caller's text: UTF-8, or GB18030, which includes GBK and GB2312. It is never
 * guessed, because 2 % of all two-character words in GBK are valid UTF-8 too.
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

    /** The charset for the option charset. The library refuses other names than these two. */
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

    /** The caller's text in UTF-8; invalid text is refused, naming its field. */
    public function decode(
        #[\SensitiveParameter]
        string $text,
        string $field
    ): string {
        if ($this->isUtf8()) {
            $utf8 = preg_match('//u', $text) === 1 ? $text : null;
        } else {
            $utf8 = self::convert(self::GB18030, self::UTF8, $text);
        }
        if ($utf8 === null) {
            throw CallException::argument($field, 'is not %s', $this->name);
        }
        return $utf8;
    }

    /**
     * A value of the library, which is UTF-8, in the caller's charset.
     *
     * @param mixed $value
     * @return mixed
     */
    public function encode($value)
    {
        if ($this->isUtf8()) {
            return $value;
        }
        if (is_string($value)) {
            // GB18030 includes all of Unicode. If a conversion fails all the same, the text stays.
            return self::convert(self::UTF8, self::GB18030, $value) ?? $value;
        }
        if (!is_array($value)) {
            return $value;
        }
        $all = [];
        foreach ($value as $name => $item) {
            $all[is_string($name) ? $this->encode($name) : $name] = $this->encode($item);
        }
        return $all;
    }

    private static function convert(
        string $from,
        string $to,
        #[\SensitiveParameter]
        string $text
    ): ?string {
        if (preg_match('/[\x80-\xff]/', $text) === 0) {
            return $text;
        }
        if (!function_exists('iconv')) {
            $converted = mb_check_encoding($text, $from) ? mb_convert_encoding($text, $to, $from) : null;
            return is_string($converted) ? $converted : null;
        }
        // iconv raises a notice for invalid text, which some error handlers turn into an exception
        // even after @.
        set_error_handler(static function (): bool {
            return true;
        });
        $converted = iconv($from, $to, $text);
        restore_error_handler();
        return $converted === false ? null : $converted;
    }
}
