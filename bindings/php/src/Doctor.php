<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Backend\Finder;
use Wotrus\Backend\Library;
use Wotrus\Backend\Refusal;

/** Examines this PHP and reports what works, what is missing and what to do. */
final class Doctor
{
    private const USAGE = <<<'END'
        usage: wotrus-doctor [--library=PATH]

        Examines this PHP. A web server's PHP has its own settings; examine it with a page such as
        examples/doctor.php.

          --library=PATH   the path of libwotrus.so.1, if it is not in a usual folder

        END;
    private const SETTINGS = ['ffi.enable', 'ffi.preload', 'opcache.preload', 'open_basedir'];

    /** @var string|null */
    private $library;
    /** @var string[] */
    private $lines = [];

    private function __construct(?string $library)
    {
        $this->library = $library;
    }

    /**
     * Runs the command and returns its exit status: 0 if a client can be used, 1 if not, 2 for wrong
     * arguments.
     *
     * @param string[] $arguments
     */
    public static function main(array $arguments): int
    {
        $library = null;
        foreach ($arguments as $argument) {
            if (preg_match('/^--library=(.+)$/s', $argument, $match) === 1) {
                $library = $match[1];
            } elseif ($argument === '--help' || $argument === '-h') {
                echo self::USAGE;
                return 0;
            } else {
                $problem = $argument === 'preload'
                    ? 'preload no longer exists: set php_admin_value[ffi.enable] = 1 for the FPM pool, or load the extension'
                    : "unknown argument: $argument";
                fwrite(STDERR, "wotrus-doctor: $problem\n" . self::USAGE);
                return 2;
            }
        }
        return self::report($library);
    }

    /** Prints the report as a web page. It shows settings and paths, so remove the page afterwards. */
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

    /** Whether a client can be used. */
    private function examine(): bool
    {
        $this->system();
        $taken = null;
        foreach (Finder::WAYS as $way) {
            try {
                // Nothing is sent, so any token will do.
                $backend = Finder::take($way, ['token' => 'none'], $this->library);
                $this->works($way, 'libwotrus ' . $backend->version() . $this->problem($backend));
                $taken = $taken ?? $way;
            } catch (Refusal $refusal) {
                $this->missing($way, $refusal->reason, $refusal->remedy);
            }
        }
        $this->charsets();
        $this->obsoleteSettings();
        $this->lines[] = '';
        $this->lines[] = $taken === null
            ? 'Wotrus\Client cannot be used: it needs the extension (better) or FFI.'
            : "Wotrus\\Client uses: $taken.";
        if (PHP_SAPI === 'cli') {
            $this->lines[] = 'This is the PHP of the command line. A web server\'s PHP has its own settings: see examples/doctor.php.';
        }
        return $taken !== null;
    }

    private function system(): void
    {
        $glibc = Library::glibc();
        $this->lines[] = 'PHP ' . PHP_VERSION . ' (' . PHP_SAPI . (PHP_ZTS ? ', threads' : '') . '), '
            . PHP_OS . ' ' . php_uname('m') . ', ' . PHP_INT_SIZE * 8 . ' bits'
            . ($glibc === null ? '' : ", glibc $glibc");
        $more = (string) php_ini_scanned_files();
        $this->lines[] = 'php.ini: ' . (php_ini_loaded_file() ?: 'none')
            . ($more === '' ? '' : ', and the files in ' . dirname(trim(explode(',', $more)[0])));
        foreach (self::SETTINGS as $setting) {
            $value = (string) ini_get($setting);
            if ($value !== '') {
                $this->lines[] = "$setting = $value";
            }
        }
        $this->lines[] = '';
    }

    /** Makes a call that the library itself refuses, which tests everything but the network. */
    private function problem(Backend $backend): string
    {
        $reply = $backend->call('query_order', '{"orderID":""}');
        $facts = $reply->facts();
        return $facts['kind'] === Kind::ARGUMENT ? '' : ', but a call fails: ' . $facts['message'];
    }

    private function charsets(): void
    {
        if (function_exists('iconv')) {
            $this->works('charset', 'GB18030, by iconv');
        } elseif (function_exists('mb_convert_encoding')) {
            $this->works('charset', 'GB18030, by mbstring');
        } else {
            $this->missing('charset', 'no GB18030', 'for a site in GBK, install PHP\'s extension iconv or mbstring');
        }
    }

    /** Up to version 0.1 the doctor wrote settings that preloaded the library. */
    private function obsoleteSettings(): void
    {
        foreach (['ffi.preload' => 'wotrus-preload.h', 'opcache.preload' => dirname(__DIR__) . '/preload.php'] as $setting => $end) {
            $value = (string) ini_get($setting);
            if ($value !== '' && substr($value, -strlen($end)) === $end) {
                $this->lines[] = sprintf('obsolete %-10s %s=%s', 'preload', $setting, $value);
                $this->lines[] = '         what to do: remove this line from php.ini, and restart php-fpm';
            }
        }
    }

    private function works(string $what, string $how): void
    {
        $this->lines[] = sprintf('works    %-10s %s', $what, $how);
    }

    private function missing(string $what, string $reason, string $remedy): void
    {
        $this->lines[] = sprintf('missing  %-10s %s', $what, $reason);
        $this->lines[] = "         what to do: $remedy";
    }
}
