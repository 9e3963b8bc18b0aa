<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Backend\Finder;
use Wotrus\Backend\Library;
use Wotrus\Backend\Refusal;

/** Looks at this PHP and says what works, what is missing and what to do. */
final class Doctor
{
    private const USAGE = <<<'END'
        usage: wotrus-doctor [--library=PATH]
               wotrus-doctor preload [--library=PATH] [--user=NAME] [INI]

        The first looks at this PHP. A web server's PHP has settings of its own: ask it by a page, as
        examples/doctor.php is one.

        The second is for servers where FFI is to stay locked: it makes the settings that preload
        libwotrus, tries them in a PHP of its own, and only if they work writes them to INI (with a
        header beside it), or prints them without INI.

          --library=PATH   libwotrus.so.1, if it is in no usual place
          --user=NAME      the user of the FPM pools (www-data)

        END;

    /** @var string|null */
    private $library;
    /** @var string[] */
    private $lines = [];

    private function __construct(?string $library)
    {
        $this->library = $library;
    }

    /**
     * The command; returns its exit status.
     *
     * @param string[] $arguments
     */
    public static function main(array $arguments): int
    {
        $options = ['library' => null, 'user' => 'www-data'];
        $words = [];
        foreach ($arguments as $argument) {
            if (preg_match('/^--(library|user)=(.+)$/s', $argument, $match) === 1) {
                $options[$match[1]] = $match[2];
            } elseif ($argument === '--help' || $argument === '-h') {
                echo self::USAGE;
                return 0;
            } elseif ($argument !== '' && $argument[0] === '-') {
                fwrite(STDERR, "wotrus-doctor: $argument is no option\n" . self::USAGE);
                return 2;
            } else {
                $words[] = $argument;
            }
        }
        if ($words === []) {
            return self::report($options['library']);
        }
        if ($words[0] !== 'preload' || count($words) > 2) {
            fwrite(STDERR, "wotrus-doctor: what is meant by " . implode(' ', $words) . "?\n" . self::USAGE);
            return 2;
        }
        try {
            echo Preload::recipe($options['library'], $options['user'], $words[1] ?? null);
            return 0;
        } catch (Refusal $refusal) {
            fwrite(STDERR, "wotrus-doctor: $refusal->reason\n  what to do: $refusal->remedy\nNothing was written.\n");
            return 1;
        }
    }

    /** The page. It shows settings and paths: remove it when you have read it. */
    public static function page(?string $library = null): void
    {
        header('Content-Type: text/plain; charset=utf-8');
        header('Cache-Control: no-store');
        self::report($library);
    }

    private static function report(?string $library): int
    {
        $doctor = new self($library);
        $usable = $doctor->examine();
        echo implode("\n", $doctor->lines), "\n";
        return $usable ? 0 : 1;
    }

    /** Whether a client can be used here. */
    private function examine(): bool
    {
        $this->surroundings();
        $taken = null;
        foreach (Finder::WAYS as $way) {
            try {
                // The token is none: nothing is sent.
                $backend = Finder::take($way, ['token' => 'none'], $this->library);
                $this->works($way, 'libwotrus ' . $backend->version() . $this->answers($backend));
                $taken = $taken ?? $way;
            } catch (Refusal $refusal) {
                $this->missing($way, $refusal->reason, $refusal->remedy);
            }
        }
        $this->charsets();
        $this->lines[] = '';
        $this->lines[] = $taken === null
            ? 'A Wotrus\Client cannot be used here: one of the ways above is needed, the first being the best.'
            : "A Wotrus\\Client takes the way: $taken. One is enough.";
        if (PHP_SAPI === 'cli') {
            $this->lines[] = 'This is the PHP of the command line. A web server\'s has settings of its own: see examples/doctor.php.';
        }
        return $taken !== null;
    }

    private function surroundings(): void
    {
        $glibc = Library::glibc();
        $this->lines[] = 'PHP ' . PHP_VERSION . ' (' . PHP_SAPI . (PHP_ZTS ? ', threads' : '') . '), '
            . PHP_OS . ' ' . php_uname('m') . ', ' . PHP_INT_SIZE * 8 . ' bits'
            . ($glibc === null ? '' : ", glibc $glibc");
        $more = (string) php_ini_scanned_files();
        $this->lines[] = 'php.ini: ' . (php_ini_loaded_file() ?: 'none')
            . ($more === '' ? '' : ', and the files in ' . dirname(trim(explode(',', $more)[0])));
        foreach (['ffi.enable', 'ffi.preload', 'opcache.preload', 'open_basedir'] as $setting) {
            $value = ini_get($setting);
            if ($value !== false && $value !== '') {
                $this->lines[] = "$setting = $value";
            }
        }
        $this->lines[] = '';
    }

    /** A call that is refused by the library itself: every part of the way but the network works. */
    private function answers(Backend $backend): string
    {
        $reply = $backend->call('query_order', '{"orderID":""}');
        return $reply['kind'] === 'argument' ? '' : ', but a call says: ' . $reply['message'];
    }

    private function charsets(): void
    {
        if (function_exists('iconv')) {
            $this->works('charset', 'GB18030, by iconv');
        } elseif (function_exists('mb_convert_encoding')) {
            $this->works('charset', 'GB18030, by mbstring');
        } else {
            $this->missing('charset', 'no GB18030', 'for a GBK site, install PHP\'s extension iconv or mbstring');
        }
    }

    private function works(string $what, string $how): void
    {
        $this->lines[] = sprintf('works    %-10s %s', $what, $how);
    }

    private function missing(string $what, string $why, string $remedy): void
    {
        $this->lines[] = sprintf('missing  %-10s %s', $what, $why);
        $this->lines[] = "         what to do: $remedy";
    }
}
