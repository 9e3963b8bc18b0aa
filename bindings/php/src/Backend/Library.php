<?php

declare(strict_types=1);

namespace Wotrus\Backend;

/** The file libwotrus.so.1: where it may be, and why it cannot be loaded. */
final class Library
{
    /** The ABI number that this package is written for. */
    public const ABI = 1;
    private const FILE = 'libwotrus.so.1';
    private const FOLDERS = ['/usr/local/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'];
    /** e_machine in the ELF header, and its name in uname -m. */
    private const MACHINES = [3 => 'i386', 40 => 'arm', 62 => 'x86_64', 183 => 'aarch64', 243 => 'riscv64'];

    /**
     * The places to look at: the option library alone if it is given; otherwise the folder lib of
     * this package, the system's folders, and what the dynamic loader finds by name.
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
     * @throws Refusal
     */
    public static function checkAbi(int $abi, string $version): void
    {
        if ($abi !== self::ABI) {
            throw new Refusal(
                'libwotrus %1$s has ABI %2$s, but this package needs ABI %3$s',
                'install the package and the library from one release',
                $version,
                (string) $abi,
                (string) self::ABI
            );
        }
    }

    /** The reason why a file that exists cannot be loaded. */
    public static function explain(string $file, \FFI\Exception $error): Refusal
    {
        $head = @file_get_contents($file, false, null, 0, 20);
        if ($head === false) {
            return new Refusal('%1$s cannot be read by this process', 'make the file and its folders readable (chmod 755)', $file);
        }
        if (strlen($head) < 20 || strncmp($head, "\x7fELF", 4) !== 0) {
            return new Refusal('%1$s is not a shared library', 'copy it again, in binary mode', $file);
        }
        $machine = unpack('v', substr($head, 18))[1];
        $machine = self::MACHINES[$machine] ?? "machine $machine";
        // uname shows the kernel's architecture; a 32-bit PHP may run on a 64-bit kernel.
        $ours = PHP_INT_SIZE === 4 && php_uname('m') === 'x86_64' ? 'i386' : php_uname('m');
        if ($machine !== $ours) {
            return new Refusal(
                '%1$s is built for the architecture %2$s, but this PHP runs on %3$s',
                'install a libwotrus that is built for %3$s',
                $file,
                $machine,
                $ours
            );
        }
        $message = self::loaderMessage($file);
        if ($message === null) {
            return new Refusal('%1$s: %2$s', 'install the package and the library from one release', $file, $error->getMessage());
        }
        $libc = self::glibc();
        if ($libc === null) {
            return new Refusal(
                'this system has no glibc (Alpine has musl), which %1$s needs: %2$s',
                'use an image with glibc, such as that of Debian, or build libwotrus on this system',
                $file,
                $message
            );
        }
        if (preg_match("/GLIBC_([0-9.]+)' not found/", $message, $match)) {
            return new Refusal(
                '%1$s needs glibc %2$s, but this system has %3$s',
                'install the library from the release archive, which needs glibc 2.17, or build it on this system',
                $file,
                $match[1],
                $libc
            );
        }
        return new Refusal('%1$s', 'run ldd %2$s', $message, $file);
    }

    /** The dynamic loader's own message, which FFI\Exception does not contain. */
    private static function loaderMessage(string $file): ?string
    {
        try {
            $loader = \FFI::cdef('void *dlopen(const char *file, int mode); const char *dlerror(void);');
            return $loader->dlopen($file, 2) === null ? $loader->dlerror() : null;
        } catch (\FFI\Exception $error) {
            return $error->getMessage();
        }
    }

    /** The version of glibc; null if the C library is another one, or FFI cannot be used. */
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
