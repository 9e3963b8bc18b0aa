<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Backend\Finder;
use Wotrus\Backend\Library;
use Wotrus\Backend\Refusal;

/**
 * The settings that preload the library, for servers whose ffi.enable stays "preload". php-fpm does
 * not start with a bad preload, so they are tried in a PHP of their own before any ini has them.
 */
final class Preload
{
    // As a page of FPM has it: no class of the package is there but what was preloaded.
    private const TRIAL = <<<'END'
        $scope = 'Wotrus\Backend\Scope';
        if (!class_exists($scope, false)) { echo 'opcache.preload did not load ', $scope; exit(1); }
        echo 'libwotrus ', $scope::get()->wotrus_version();
        END;

    /**
     * Tries the settings and returns what to tell; with $ini it has written them there.
     *
     * @throws Refusal
     */
    public static function recipe(?string $library, string $user, ?string $ini): string
    {
        $library = self::place($library);
        $header = self::header($library);
        $file = $ini === null ? tempnam(sys_get_temp_dir(), 'wotrus-') : dirname(self::absolute($ini)) . '/wotrus-preload.h';
        if (@file_put_contents("$file.new", $header) === false) {
            throw new Refusal("$file.new cannot be written", 'run it as root, or choose another folder');
        }
        try {
            $version = self::attempt("$file.new", $user);
            if ($ini === null) {
                return "# $version, tried and found good. The header, at a place of your choice:\n\n$header\n"
                    . "# The settings of php-fpm:\n\n" . self::settings('/THAT/PLACE/wotrus-preload.h', $user);
            }
            // The new header takes the old one's place in one step: a PHP may be starting now.
            if (!@rename("$file.new", $file) || @file_put_contents($ini, self::settings($file, $user)) === false) {
                throw new Refusal("$ini cannot be written", 'run it as root, or choose another file');
            }
        } finally {
            @unlink("$file.new");
            if ($ini === null) {
                @unlink($file);
            }
        }
        return "$version, tried and found good.\nwritten: $file\nwritten: $ini\n"
            . "Restart php-fpm. It does not start without $library, the header and the package's folder:\n"
            . "run this again after each of them has moved, before the next restart.\n";
    }

    private static function header(string $library): string
    {
        return '#define FFI_SCOPE "' . Backend\Scope::NAME . "\"\n#define FFI_LIB \"$library\"\n\n" . Library::header();
    }

    private static function settings(string $header, string $user): string
    {
        return "ffi.enable=preload\nffi.preload=$header\nopcache.enable=1\nopcache.preload=" . self::script()
            . "\nopcache.preload_user=$user\n";
    }

    private static function script(): string
    {
        return dirname(__DIR__) . '/preload.php';
    }

    /** The library's absolute path: that of the file which loads. */
    private static function place(?string $library): string
    {
        Finder::take('ffi', [], $library);
        foreach (Library::places($library) as $place) {
            if (is_file($place) && $place[0] === '/') {
                return $place;
            }
        }
        throw new Refusal('the library is not in a usual place', 'give its path as --library=PATH');
    }

    private static function absolute(string $path): string
    {
        return $path[0] === '/' ? $path : getcwd() . "/$path";
    }

    /** Starts a PHP with the settings, has it use the library, and returns what it says. */
    private static function attempt(string $header, string $user): string
    {
        $settings = [
            'ffi.enable' => 'preload',
            'ffi.preload' => $header,
            'opcache.enable_cli' => '1',
            'opcache.preload' => self::script(),
            'opcache.preload_user' => $user,
            'display_errors' => 'stderr',
        ];
        $command = [PHP_BINARY];
        foreach ($settings as $name => $value) {
            array_push($command, '-d', "$name=$value");
        }
        array_push($command, '-r', self::TRIAL);
        $process = function_exists('proc_open')
            ? proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes)
            : false;
        if ($process === false) {
            throw new Refusal('the trial cannot be started: proc_open does not work here', 'allow proc_open on the command line');
        }
        $said = trim((string) stream_get_contents($pipes[1]));
        $status = proc_close($process);
        if ($status !== 0 || strncmp($said, 'libwotrus ', 10) !== 0) {
            throw new Refusal(
                "a PHP with these settings failed (exit status $status): $said",
                'OPcache must be loaded, and ' . $user . ' must be a user who can read '
                    . self::script() . '; try again when that is so'
            );
        }
        return $said;
    }
}
