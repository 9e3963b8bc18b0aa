//! The Chinese of the help pages.

/// The library's own words, in the order they are replaced.
pub(super) const RENDERED: &[(&str, &str)] = &[
    (
        "Exit codes: 0 done · 2 argument or configuration · 3 token not accepted ·\n\
         4 refused by the service · 5 not ready · 6 outcome unknown · 7 network ·\n\
         8 unusable answer or certificate · 9 file · 130 cancelled · 70 internal defect",
        "退出码：0 完成 · 2 参数或配置错误 · 3 令牌未被接受 · 4 服务端拒绝 · 5 尚未就绪 ·\n\
         6 结果未知 · 7 网络错误 · 8 应答或证书无法使用 · 9 文件错误 · 130 已取消 · 70 内部错误",
    ),
    ("Examples:", "示例："),
    ("# an order end to end, without an account", "# 无需账号，完整走一遍下单流程"),
    ("# is the service reached, is the token accepted?", "# 服务是否可达，令牌是否有效"),
    ("# what would be sent", "# 查看将发送的内容"),
    ("# 5: not issued yet", "# 5：尚未签发"),
    ("# a folder of $fpath", "# $fpath 中的目录"),
    ("# try it", "# 试一下"),
    ("# now", "# 立即生效"),
    ("Print help (see a summary with '-h')", "显示帮助（-h 显示摘要）"),
    ("Print help (see more with '--help')", "显示帮助（--help 显示详情）"),
    ("Print this message or the help of the given subcommand(s)", "显示本帮助或某个命令的帮助"),
    ("Print help", "显示帮助"),
    ("Print version", "显示版本"),
    ("Usage: ", "用法："),
    ("Usage:", "用法："),
    ("通用:", "通用："),
    ("连接:", "连接："),
    ("Commands:", "命令："),
    ("Options:", "选项："),
    ("Arguments:", "参数："),
    ("[OPTIONS]", "[选项]"),
    ("<COMMAND>", "<命令>"),
    ("[possible values: ", "[可选值: "),
    ("[default: ", "[默认: "),
    ("[alias: ", "[别名: "),
    ("[aliases: ", "[别名: "),
];

/// A paragraph of a help page, and the same in Chinese.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("Connection", "连接"),
    ("General", "通用"),
    (
        "Orders and certificates of WoTrus (沃通), from the shell",
        "在命令行中管理沃通（WoTrus）的订单和证书",
    ),
    (
        "The token is read from WOTRUS_TOKEN, from the file that WOTRUS_TOKEN_FILE names, or from the config file (token, token_file); never from a flag, which every user of the machine can see. Every option under \"Connection\" is also a variable (--base-url: WOTRUS_BASE_URL) and a key of the config file (base_url).",
        "令牌取自 WOTRUS_TOKEN、WOTRUS_TOKEN_FILE 指定的文件或配置文件（token、token_file），不能用命令行参数给出，因为本机所有用户都能看到命令行。“连接”一节的每个选项也可以是环境变量（--base-url 对应 WOTRUS_BASE_URL）或配置文件的键（base_url）。",
    ),
    (
        "Print the result or error as one JSON object; streams print one per line",
        "结果或错误输出为一个 JSON 对象；流式输出时每行一个",
    ),
    (
        "Report every event of every call on standard error",
        "在标准错误输出中显示每次调用的全部事件",
    ),
    (
        "Language of messages and help, en or zh [default: from the locale]",
        "消息和帮助的语言，en 或 zh [默认：取自系统区域设置]",
    ),
    (
        "Config file [default: ~/.config/wotrus/config.toml]",
        "配置文件 [默认：~/.config/wotrus/config.toml]",
    ),
    (
        "Where the service is [default: https://restapi.wosign.com]",
        "服务地址 [默认：https://restapi.wosign.com]",
    ),
    (
        "Time for a whole call [default: 30, more with documents]",
        "一次调用的总时限（秒）[默认：30，带材料时更长]",
    ),
    ("Time to open a connection [default: 10]", "建立连接的时限（秒）[默认：10]"),
    (
        "Send again at most so often, where that is safe [default: 2]",
        "在安全的前提下最多重发几次 [默认：2]",
    ),
    (
        "Trust these CAs (PEM) instead of the built-in ones",
        "信任该文件（PEM）中的 CA，而不是内置的",
    ),
    (
        "HTTP proxy, http://host:port (with a password: in WOTRUS_PROXY)",
        "HTTP 代理，http://主机:端口（含密码时请用 WOTRUS_PROXY）",
    ),
    ("Largest answer read [default: 1048576]", "应答的最大字节数 [默认：1048576]"),
    ("The User-Agent header", "User-Agent 请求头"),
    ("RequestID header, by which the service finds a call", "RequestID 请求头，服务方据此查找调用"),
    (
        "Orders: create, look at, wait for, cancel, tell the customer",
        "订单：下单、查询、等待、取消、通知客户",
    ),
    (
        "Create an order, from flags, from the service's own JSON, or from both",
        "下单：用命令行参数、服务文档的 JSON，或两者结合",
    ),
    (
        "Read the order from the service's own JSON form (- for standard input); flags override it",
        "从服务文档格式的 JSON 读取订单（- 为标准输入），命令行参数优先",
    ),
    (
        "pdf, organization, personal, or any product's GUID",
        "pdf、organization、personal，或任意产品的 GUID",
    ),
    ("The subject's CN, usually the organisation's name", "证书主题 CN，通常为单位名称"),
    (
        "The certificate signing request, PEM (- for standard input)",
        "证书签名请求 CSR，PEM（- 为标准输入）",
    ),
    ("12 or 24; 13 or 25 for a renewal", "12 或 24；续期为 13 或 25"),
    ("The organisation's registered name", "单位的注册名称"),
    (
        "Any field by its wire name: UserFirstName=大强, orderinfoPost.Other=…",
        "按接口字段名设置任意字段：UserFirstName=大强，orderinfoPost.Other=…",
    ),
    (
        "Any field by its wire name, the value as JSON: orderinfoPost.Hosts='[\"a.cn\"]'",
        "按接口字段名设置任意字段，值为 JSON：orderinfoPost.Hosts='[\"a.cn\"]'",
    ),
    (
        "A personal field (uKeyPassword, IDCardNO, UserMobile) from a file (- for standard input)",
        "从文件读取个人信息字段（uKeyPassword、IDCardNO、UserMobile；- 为标准输入）",
    ),
    (
        "A document to add: authorization, licence, identity, or a number; .pdf, .jpg, .gif",
        "附加材料：authorization（授权书）、licence（营业执照）、identity（身份证）或数字；.pdf、.jpg、.gif",
    ),
    (
        "Your own id of this order: sent again under it, it is still one order [default: a new one]",
        "您自己的订单标识（幂等值）：以它重发仍是同一订单 [默认：新生成]",
    ),
    (
        "Print what would be sent, secrets masked, and send nothing",
        "只打印将发送的内容（敏感信息已隐去），不发送",
    ),
    ("Wait until it is issued, and fetch the certificate", "等待签发并获取证书"),
    (
        "Maximum time to wait; a manual review can take days",
        "最长等待时间（秒）；人工审核可能需要数天",
    ),
    (
        "Write leaf.pem, chain.pem, fullchain.pem and root.pem into this folder (SM2: sign-leaf.pem, encrypt-leaf.pem, …)",
        "把 leaf.pem、chain.pem、fullchain.pem 和 root.pem 写入该目录（SM2：sign-leaf.pem、encrypt-leaf.pem 等）",
    ),
    ("Replace files that hold something else", "覆盖内容不同的已有文件"),
    ("Of several certificates this one alone", "有多张证书时只取这一张"),
    ("Show an order", "显示订单"),
    ("The order's id", "订单号（orderID）"),
    (
        "Show pendingLink, phones and identity numbers in full",
        "完整显示 pendingLink、电话和证件号码",
    ),
    ("Wait until an order is issued, then show it", "等待订单签发，然后显示"),
    ("Cancel an order that is not issued yet", "取消尚未签发的订单"),
    ("Why, for the service", "原因，提交给服务方"),
    ("Do not ask", "不询问确认"),
    (
        "Have the service tell the customer by e-mail that the order is issued",
        "请服务方邮件通知客户订单已签发",
    ),
    ("Where the customer downloads the certificate", "客户下载证书的网址"),
    (
        "Certificates: fetch, wait for, inspect, reissue, revoke",
        "证书：获取、等待、查看、重新颁发、吊销",
    ),
    (
        "Fetch an issued certificate: into files, or the full chain to standard output",
        "获取已签发的证书：写入文件，或把完整证书链输出到标准输出",
    ),
    ("Check that the certificate is for this CSR's key", "检查证书与该 CSR 的密钥是否匹配"),
    ("Show what is in files of certificates, PEM or DER", "查看证书文件（PEM 或 DER）的内容"),
    (
        "Of several certificates it tells which issued which, whether they stand in a server's order (the leaf first, each followed by its issuer), and whether the signatures hold. Nothing is sent.",
        "有多张证书时，指出颁发关系、顺序是否符合服务器要求（叶证书在前，其后依次为颁发者）以及签名是否有效。不发送任何内容。",
    ),
    (
        "Files with one certificate or several (- for standard input)",
        "含一张或多张证书的文件（- 为标准输入）",
    ),
    (
        "Check that the leaf is for this private key, which is not shown and not sent",
        "检查叶证书与该私钥是否匹配；私钥不会显示或发送",
    ),
    ("Check that the leaf is for this CSR's key", "检查叶证书与该 CSR 的密钥是否匹配"),
    ("Wait until an order is issued, then fetch its certificate", "等待订单签发，然后获取证书"),
    ("Have a certificate issued anew, for another key", "用新的密钥重新颁发证书"),
    (
        "For SM2 and Sectigo products the new certificate, once issued, revokes the old one, and the proof is required. For others the old one stays valid until its revocation is requested.",
        "SM2 和 Sectigo 产品的新证书签发后旧证书即被吊销，且必须提供证明；其他产品的旧证书一直有效，直到申请吊销。",
    ),
    ("The id of the order whose certificate is replaced", "被替换证书的订单号"),
    (
        "Read the request from the service's own JSON form (- for standard input); flags override it",
        "从服务文档格式的 JSON 读取请求（- 为标准输入），命令行参数优先",
    ),
    (
        "The new certificate signing request, PEM (- for standard input); for SM2 the signing key's",
        "新的 CSR，PEM（- 为标准输入）；SM2 为签名密钥的 CSR",
    ),
    ("For SM2, the request of the encryption key", "SM2 加密密钥的 CSR"),
    (
        "The organisation's proof on WoTrus's template: .pdf, .jpg, .gif",
        "按沃通模板出具的单位证明：.pdf、.jpg、.gif",
    ),
    (
        "Your own id of this reissue: sent again under it, it is still one [default: a new one]",
        "您自己的重新颁发标识（幂等值）：以它重发仍是同一次 [默认：新生成]",
    ),
    ("Request that a certificate be revoked", "申请吊销证书"),
    (
        "Success means that the request was taken: with `pendingAudit` the certificate is revoked after a review, or not at all.",
        "成功只表示申请已受理：状态为 pendingAudit 时，证书在审核通过后才吊销，也可能不吊销。",
    ),
    (
        "Call any endpoint of the service; the answer's whole JSON is printed as it came",
        "调用任意接口，原样输出应答的 JSON",
    ),
    (
        "A POST is never sent again once the service may have it.",
        "POST 一旦可能已送达服务端，绝不重发。",
    ),
    (
        "The path below the base URL, percent-encoded: /v1/…",
        "服务地址之下的路径，已做百分号编码：/v1/…",
    ),
    (
        "The body of a POST, JSON (- for standard input); it goes out byte for byte",
        "POST 的 JSON 请求体（- 为标准输入），原样发出",
    ),
    ("Notifications from the service", "服务端的推送通知"),
    (
        "Receive notifications: keep them, or run a command for each",
        "接收推送：保存到文件，或为每个推送运行命令",
    ),
    (
        "A push is a hint that anybody may have sent, so its order is queried, and what the service says stands in the event. The answer is 200 only after the event is on disk in the --output file, or the command has succeeded, or both; after any other answer the service sends it again, at most three times in all. An event may therefore come more than once.",
        "推送只是提示，可能由任何人发出，因此会查询订单，并把服务端的答复写入事件。只有事件已落盘到 --output 文件，或命令已成功（两者都给出时须都完成），才应答 200；否则服务端会重发，最多共三次。因此同一事件可能出现多次。",
    ),
    (
        "The command gets the event as a line of JSON on its standard input, and WOTRUS_ORDER_ID and WOTRUS_ORDER_STATUS. It speaks plain HTTP: put your web server, with TLS, before it.",
        "命令从标准输入得到一行 JSON 事件，并有环境变量 WOTRUS_ORDER_ID 和 WOTRUS_ORDER_STATUS。监听为明文 HTTP，请在前面放置带 TLS 的 Web 服务器。",
    ),
    ("Where to listen; port 0 lets the system choose", "监听地址；端口 0 由系统选择"),
    (
        "Answer at this path alone, one that is hard to guess [default: any path]",
        "只应答该路径，宜难以猜测 [默认：任意路径]",
    ),
    ("Append each event to this file, a line of JSON each", "把每个事件以一行 JSON 追加到该文件"),
    ("The largest body that is read", "请求体的最大字节数"),
    ("How long a command may take", "命令的时限（秒）"),
    ("A program and its arguments, run for each event", "为每个事件运行的程序及其参数"),
    ("Read the body of a notification", "解析一个推送的内容"),
    (
        "A notification is a hint: nobody can tell who sent it. Query the order before acting on it.",
        "推送只是提示，无法确认由谁发出。处理前请先查询订单。",
    ),
    ("The body (- for standard input)", "推送的内容（- 为标准输入）"),
    (
        "Order a certificate from a sandbox in this process, and check it",
        "在本进程的沙箱中订购一张证书并检验",
    ),
    (
        "Starts the simulated service over TLS, orders a document-signing certificate with the service document's sample CSR, a business licence and the Chinese names of the document's example, waits, fetches, verifies every signature of the chain, and writes the files.",
        "启动带 TLS 的模拟服务，用文档中的示例 CSR、营业执照和中文名称订购文档签名证书，等待、获取、验证证书链的每个签名，并写出文件。",
    ),
    (
        "Where the files go; those of an earlier demo are replaced",
        "文件写到何处；此前演示的文件会被覆盖",
    ),
    ("Check the way to the service, step by step", "逐步检查到服务端的链路"),
    (
        "Configuration, name, TCP, proxy, TLS and token, each by itself, with its time, and what to do where it breaks. The token is tried on a query of an order that does not exist: nothing changes.",
        "依次检查配置、域名解析、TCP、代理、TLS 和令牌，给出各步耗时以及出错时的解决办法。令牌通过查询一个不存在的订单来验证，不会改变任何东西。",
    ),
    ("Print the completions of a shell", "输出 shell 的补全脚本"),
    (
        "make install puts those of bash, zsh and fish where the shells look for them.",
        "make install 会把 bash、zsh 和 fish 的补全脚本装到各自的查找位置。",
    ),
    ("Print a manual page, or write all of them", "输出一个手册页，或写出全部手册页"),
    (
        "The command whose page is printed [default: wotrus itself]",
        "要输出手册页的命令 [默认：wotrus 本身]",
    ),
    ("Write the pages of all commands into this folder", "把所有命令的手册页写入该目录"),
];

/// The same for the sandbox, whose options grow by themselves: one without a line here is English.
pub(super) const SANDBOX: &[(&str, &str)] = &[
    (
        "Run the service, simulated: real HTTP, real TLS, real certificates, no account",
        "运行模拟服务：真实的 HTTP、TLS 和证书，无需账号",
    ),
    (
        "Prints one line of JSON that tells where it is and with which token, then serves until it is interrupted. Orders are kept in memory.",
        "先输出一行 JSON，说明地址和令牌，然后一直运行到被中断。订单保存在内存中。",
    ),
    (
        "Where to serve plain HTTP; port 0 lets the system choose",
        "明文 HTTP 的监听地址；端口 0 由系统选择",
    ),
    ("Where to serve HTTPS", "HTTPS 的监听地址"),
    (
        "The token that requests must carry; no secret here [default: a new one]",
        "请求须携带的令牌，在此并非秘密 [默认：新生成]",
    ),
    (
        "Where to write the CA that HTTPS clients must trust [default: a file that goes at the end]",
        "HTTPS 客户端须信任的 CA 写到何处 [默认：结束时删除的临时文件]",
    ),
    ("The time each step of an order takes", "订单每一步所需的时间（秒）"),
    ("The review at WoTrus [default: --delay]", "沃通审核的时间 [默认：同 --delay]"),
    ("The domain's validation [default: --delay]", "域名验证的时间 [默认：同 --delay]"),
    ("The CA's work [default: --delay]", "CA 签发的时间 [默认：同 --delay]"),
    ("The audit of a revocation [default: --delay]", "吊销审核的时间 [默认：同 --delay]"),
    ("Decide what the document leaves open", "选定文档未明确的行为"),
    (
        "List what the document leaves open and what can be chosen, and end",
        "列出文档未明确的行为及可选项，然后结束",
    ),
    (
        "Prints one line of JSON that tells where it is and with which token, then serves until it is interrupted. Orders are kept in memory, or with --state in a file.",
        "先输出一行 JSON，说明地址和令牌，然后一直运行到被中断。订单保存在内存中，或用 --state 保存在文件中。",
    ),
    (
        "Where to serve the management side, a page for people and JSON under /api: a loopback address, or off",
        "管理端的监听地址（供人查看的页面，以及 /api 下的 JSON）：回环地址，或 off",
    ),
    (
        "Where to POST pushes: when an order is issued, and when it is revoked",
        "订单签发和吊销时，推送 POST 到何处",
    ),
    (
        "The time before each attempt at a push, three at most",
        "每次推送前等待的时间（秒），最多三次",
    ),
    (
        "Let something go wrong: KIND[=VALUE][,KEY=VALUE]...",
        "注入故障：KIND[=VALUE][,KEY=VALUE]...",
    ),
    (
        "Kinds: status=CODE (with retry_after=SECS or retry_after_date=SECS, body=html|json|empty), html, json=broken, json=other, delay=SECS, hang, reset, cut=BYTES, slow=BYTES_PER_SECOND, stale. Keys: on=OPERATION (create_order, ...), request_id=PREFIX, percent=P, count=N, and when=after for status, html, delay, hang, reset: the work is done, and the answer lost.",
        "种类：status=状态码（可加 retry_after=秒 或 retry_after_date=秒、body=html|json|empty）、html、json=broken、json=other、delay=秒、hang、reset、cut=字节数、slow=每秒字节数、stale。键：on=操作（create_order 等）、request_id=前缀、percent=百分比、count=次数；status、html、delay、hang、reset 可用 when=after：处理已完成，但应答丢失。",
    ),
    (
        "Draw the requests that a fault's percent means; the same seed draws the same ones again",
        "按百分比抽取请求所用的种子；种子相同则抽取相同",
    ),
    (
        "Keep orders, pushes, the clock, the token and the CAs in this file: a restart loses nothing",
        "把订单、推送、时钟、令牌和 CA 保存在该文件中：重启不丢失",
    ),
];
