<?php

declare(strict_types=1);

namespace Wotrus\Backend;

/** libwotrus.so.1: where it may be, and why it cannot be loaded from there. */
final class Library
{
    /** The interface that this package is written for. */
    public const ABI = 1;
    private const FILE = 'libwotrus.so.1';
    private const FOLDERS = ['/usr/local/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'];
    private const MACHINES = [3 => 'i386', 40 => 'arm', 62 => 'x86_64', 183 => 'aarch64', 243 => 'riscv64'];

    /** @var array<string, \FFI> what was loaded in this process, by what was asked for */
    private static $loaded = [];

    /** What FFI is to know of the library. */
    public static function header(): string
    {
        return (string) file_get_contents(dirname(__DIR__) . '/wotrus.ffi.h');
    }

    /**
     * Where it may be: the option library alone, or the package's folder lib, the system's
     * folders, and what the loader finds by name.
     *
     * @return string[]
     */
    public static function places(?string $path): array
    {
        if ($path !== null) {
            return [$path];
        }
        $places = [dirname(__DIR__, 2) . '/lib/' . self::FILE];
        foreach (self::FOLDERS as $folder) {
            $places[] = $folder . '/' . self::FILE;
        }
        $places[] = self::FILE;
        return $places;
    }

    /**
     * Loads it where FFI is allowed.
     *
     * @throws Refusal
     */
    public static function load(?string $path): \FFI
    {
        $key = (string) $path;
        if (isset(self::$loaded[$key])) {
            return self::$loaded[$key];
        }
        // FFI would take a relative path from the current folder, which a web server chooses.
        if ($path !== null && strncmp($path, '/', 1) !== 0) {
            throw new Refusal("library: $path is not an absolute path", 'write it from / on');
        }
        $header = self::header();
        foreach (self::places($path) as $place) {
            try {
                return self::$loaded[$key] = \FFI::cdef($header, $place);
            } catch (\FFI\Exception $error) {
                // One that is there and does not load is what is wrong; else the next may be there.
                if (@is_file($place)) {
                    throw self::explain($place, $error);
                }
            }
        }
        throw new Refusal(
            'there is no ' . implode(', no ', self::places($path)),
            'install libwotrus (make install, then ldconfig), or give its place as the option library (wotrus-doctor: --library=)'
        );
    }

    /**
     * @throws Refusal
     */
    public static function check(int $abi, string $version): void
    {
        if ($abi !== self::ABI) {
            throw new Refusal(
                "libwotrus $version has the ABI $abi, and this package wants " . self::ABI,
                'install the package and the library of one release'
            );
        }
    }

    /** Why a file that is there does not load. */
    private static function explain(string $file, \FFI\Exception $error): Refusal
    {
        $head = @file_get_contents($file, false, null, 0, 20);
        if ($head === false) {
            return new Refusal("$file cannot be read by this process", 'chmod 755, and look at its folders');
        }
        if (strlen($head) < 20 || strncmp($head, "\x7fELF", 4) !== 0) {
            return new Refusal("$file is no shared library", 'copy it again, in binary mode');
        }
        $machine = unpack('v', substr($head, 18))[1];
        $machine = self::MACHINES[$machine] ?? "machine $machine";
        // A 32-bit PHP can run on a 64-bit kernel, whose name says nothing of it.
        $ours = PHP_INT_SIZE === 4 && php_uname('m') === 'x86_64' ? 'i386' : php_uname('m');
        if ($machine !== $ours) {
            return new Refusal(
                "$file is for the architecture $machine, and this PHP is $ours",
                "build libwotrus on $ours"
            );
        }
        $said = self::loaderSays($file);
        if ($said === null) {
            return new Refusal("$file: " . $error->getMessage(), 'install the package and the library of one release');
        }
        $libc = self::glibc();
        if ($libc === null) {
            return new Refusal(
                "this system has no glibc (Alpine has musl), and $file wants it: $said",
                'use an image with glibc, such as Debian\'s, or build libwotrus here'
            );
        }
        if (preg_match("/GLIBC_([0-9.]+)' not found/", $said, $match)) {
            return new Refusal(
                "$file wants glibc $match[1], and here is $libc",
                'build it here, or take the archive of make dist, which wants 2.17'
            );
        }
        return new Refusal($said, 'look at ldd ' . $file);
    }

    /** The loader's own words, which FFI\Exception keeps to itself. */
    private static function loaderSays(string $file): ?string
    {
        try {
            $loader = \FFI::cdef('void *dlopen(const char *file, int mode); const char *dlerror(void);');
            return $loader->dlopen($file, 2) === null ? $loader->dlerror() : null;
        } catch (\FFI\Exception $error) {
            return $error->getMessage();
        }
    }

    /** The version of glibc that runs; null where the C library is another, or FFI cannot tell. */
    public static function glibc(): ?string
    {
        if (!extension_loaded('ffi')) {
            return null;
        }
        try {
            return \FFI::cdef('const char *gnu_get_libc_version(void);')->gnu_get_libc_version();
        } catch (\FFI\Exception $error) {
            return null;
        }
    }
}
