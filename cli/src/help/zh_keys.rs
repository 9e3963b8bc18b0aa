//! Chinese translations of the help pages: keys, requests and file formats.

/// Paragraphs of help pages with their translations.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "Convert certificates and private keys: PEM, DER, PKCS#7 (.p7b) and PKCS#12 (.pfx)",
        "转换证书和私钥的格式：PEM、DER、PKCS#7（.p7b）和 PKCS#12（.pfx）",
    ),
    (
        "The forms of the files are recognised. Of the certificates the leaf is chosen, or the one for the private key, and its chain is put in order. Without an option that writes a file, the chain is written to standard output. Nothing is sent.",
        "自动识别文件格式。从证书中选出叶证书（或与私钥匹配的证书），并按顺序排列其证书链。未指定输出文件时，证书链写到标准输出。不发送请求。",
    ),
    (
        "Files with certificates, private keys or both (- for standard input)",
        "含有证书、私钥或两者的文件（- 表示标准输入）",
    ),
    (
        "The password of the files [default: the one in --password-file]",
        "输入文件的密码文件 [默认：同 --password-file]",
    ),
    (
        "Write leaf.pem, chain.pem, fullchain.pem, root.pem and key.pem into this folder, as far as they are there",
        "将 leaf.pem、chain.pem、fullchain.pem、root.pem 和 key.pem 中存在的内容写入此目录",
    ),
    (
        "The private key that the certificate must be for, PEM or DER (- for standard input)",
        "必须与证书匹配的私钥，PEM 或 DER 格式（- 表示标准输入）",
    ),
    (
        "The password of --pfx, and of a --key that is encrypted (- for standard input)",
        "--pfx 以及已加密的 --key 的密码文件（- 表示标准输入）",
    ),
    (
        "Write the key and its chain as PKCS#12 into this file, for IIS, Windows and Java",
        "将私钥和证书链以 PKCS#12 写入此文件，供 IIS、Windows 和 Java 使用",
    ),
    (
        "The key's name in the PFX file, which is the alias in Java [default: the certificate's CN]",
        "PFX 文件中私钥的名称，即 Java 的别名 [默认：证书的 CN]",
    ),
    (
        "Encrypt the PFX file with 3DES and SHA-1, for Windows Server 2016 and older",
        "用 3DES 和 SHA-1 加密 PFX 文件，供 Windows Server 2016 及更早的系统使用",
    ),
    ("Write the certificate alone in DER into this file", "将证书本身以 DER 写入此文件"),
    (
        "Write the certificate and its chain as PKCS#7 in DER into this file",
        "将证书和证书链以 DER 编码的 PKCS#7 写入此文件",
    ),
    (
        "Make a private key and its request: FILE is the key, and the same name with .csr the request. Both are on disk before the order is sent",
        "生成私钥及其 CSR：FILE 为私钥，同名 .csr 文件为 CSR；两者落盘后才发送订单",
    ),
    ("The kind of the new key [default: rsa2048]", "新密钥的类型 [默认：rsa2048]"),
    ("Private keys and certificate signing requests", "私钥和证书签名请求（CSR）"),
    (
        "Make a private key, and a certificate signing request for it",
        "生成私钥及其证书签名请求（CSR）",
    ),
    (
        "The key is written as PKCS#8 in PEM with mode 0600, and is on disk before the request is made. An existing file is never overwritten. Nothing is sent.",
        "私钥以 PEM 编码的 PKCS#8 写入，权限为 0600；私钥落盘后才生成 CSR。不会覆盖已有文件，也不发送请求。",
    ),
    ("The file for the private key", "私钥的输出文件"),
    ("The kind of the key", "密钥类型"),
    ("Write a request (CSR) into this file", "将 CSR 写入此文件"),
    (
        "Encrypt the key with the password in this file (- for standard input)",
        "用此文件中的密码加密私钥（- 表示标准输入）",
    ),
    (
        "The subject's CN: the organisation's name, or the first host [default: the first --host]",
        "证书主题的 CN：单位名称或第一个域名 [默认：第一个 --host]",
    ),
    (
        "A domain name or IP address for the subject alternative names; may be repeated",
        "写入主题备用名称（SAN）的域名或 IP 地址，可多次使用",
    ),
    ("A department of the organisation", "部门名称"),
    ("The country, two letters: CN, US, JP, …", "国家代码，两个字母：CN、US、JP 等"),
    ("The province", "省份"),
    ("The city", "城市"),
    (
        "Make a certificate signing request for an existing private key",
        "用已有的私钥生成证书签名请求（CSR）",
    ),
    ("An existing file is never overwritten. Nothing is sent.", "不会覆盖已有文件，也不发送请求。"),
    (
        "The file with the private key, PEM or DER (- for standard input)",
        "私钥文件，PEM 或 DER 格式（- 表示标准输入）",
    ),
    ("The file for the request", "CSR 的输出文件"),
    ("The file with the key's password (- for standard input)", "私钥密码文件（- 表示标准输入）"),
    ("The file with the key's password, if it is encrypted", "私钥已加密时，存放其密码的文件"),
];
