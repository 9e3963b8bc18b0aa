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
        '%1$s cannot be read by this process' => '当前进程无法读取 %1$s',
        '%1$s is built for the architecture %2$s, but this PHP runs on %3$s' => '%1$s 是 %2$s 架构的库，而当前 PHP 运行在 %3$s 上',
        '%1$s is not a shared library' => '%1$s 不是动态库',
        '%1$s needs glibc %2$s, but this system has %3$s' => '%1$s 需要 glibc %2$s，而本系统是 %3$s',
        '%1$s: %2$s' => '%1$s：%2$s',
        'build it in %3$s/ext, and add extension=wotrus to %4$s' => '请在 %3$s/ext 中编译，然后在 %4$s 中加入 extension=wotrus',
        'copy it again, in binary mode' => '请以二进制模式重新复制',
        'ffi.enable is off' => 'ffi.enable 已关闭',
        'ffi.enable=preload allows FFI on the command line only, and this is the SAPI %1$s' => 'ffi.enable=preload 只允许在命令行使用 FFI，而当前 SAPI 是 %1$s',
        'install a libwotrus that is built for %3$s' => '请安装 %3$s 架构的 libwotrus',
        'install it: php-ffi or php-common of the distribution; docker-php-ext-install ffi in Docker' => '请安装发行版的 php-ffi 或 php-common；在 Docker 中用 docker-php-ext-install ffi',
        'install libwotrus (make install, then ldconfig), or give its path as the option library (wotrus-doctor: --library=)' => '请安装 libwotrus（make install，然后 ldconfig），或者用选项 library 指定路径（wotrus-doctor 为 --library=）',
        'install the library from the release archive, which needs glibc 2.17, or build it on this system' => '请使用发布包中的库（只需 glibc 2.17），或者在本系统上编译',
        'install the package and the library from one release' => '请安装同一版本的 PHP 包和库',
        'libwotrus %1$s has ABI %2$s, but this package needs ABI %3$s' => 'libwotrus %1$s 的 ABI 是 %2$s，而本包需要 ABI %3$s',
        'library: %1$s is not an absolute path' => 'library：%1$s 不是绝对路径',
        'make the file and its folders readable (chmod 755)' => '请使该文件及其目录可读（chmod 755）',
        'run ldd %2$s' => '请运行 ldd %2$s',
        'set ffi.enable=1 in php.ini or php_admin_value[ffi.enable]=1 for the FPM pool (.user.ini, .htaccess and ini_set have no effect), or load the extension' => '请在 php.ini 中设置 ffi.enable=1，或在 FPM 进程池中设置 php_admin_value[ffi.enable]=1（.user.ini、.htaccess 和 ini_set 无效），或者加载扩展',
        'set ffi.enable=preload or 1 in php.ini' => '请在 php.ini 中设置 ffi.enable=preload 或 1',
        'the extension FFI is not loaded into this PHP (%1$s, %2$s)' => '当前 PHP（%1$s，%2$s）没有加载 FFI 扩展',
        'the extension wotrus is not loaded into this PHP (%1$s, %2$s)' => '当前 PHP（%1$s，%2$s）没有加载 wotrus 扩展',
        'the library is not found at %1$s' => '在以下位置没有找到库：%1$s',
        'this system has no glibc (Alpine has musl), which %1$s needs: %2$s' => '本系统没有 glibc（Alpine 使用 musl），而 %1$s 需要 glibc：%2$s',
        'use an image with glibc, such as that of Debian, or build libwotrus on this system' => '请使用带 glibc 的镜像（例如 Debian），或者在本系统上编译 libwotrus',
        'write the path from / on' => '请写以 / 开头的完整路径',
        'contains a NUL' => '包含 NUL 字符',
        'GB18030 needs PHP\'s extension iconv or mbstring' => 'GB18030 需要 PHP 扩展 iconv 或 mbstring',
        'has a name that is a number or contains a NUL' => '名称是数字，或者包含 NUL 字符',
        'has been freed because a fatal error ended the request' => '已释放，因为致命错误结束了请求',
        'is a path, not an id' => '是路径，不是订单号',
        'is empty' => '为空',
        'is longer than %s bytes' => '超过 %s 字节',
        'contains a control character' => '包含控制字符',
        'is neither an array nor a request object' => '既不是数组也不是请求对象',
        'is neither en nor zh' => '既不是 en 也不是 zh',
        'is neither text nor a number' => '既不是文本也不是数字',
        'is neither text, a number, a boolean, null nor an array of these' => '不是文本、数字、布尔值、null 或由它们组成的数组',
        'is none of %s' => '不是 %s 之一',
        'is not GB18030' => '不是 GB18030 编码',
        'is not %s' => '不是 %s 编码',
        'is not a JSON object' => '不是 JSON 对象',
        'is not a Psr\Log\LoggerInterface' => '不是 Psr\Log\LoggerInterface',
        'is outside PHP\'s open_basedir' => '不在 PHP 的 open_basedir 允许的范围内',
        'is too long for a path' => '路径过长',
        'the certificate in the answer cannot be read' => '无法解析响应中的证书',
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
