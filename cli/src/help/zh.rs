//! Chinese translations of the help pages.

/// Words that clap and the help pages' ends contain, in the order in which they are replaced.
pub(super) const RENDERED: &[(&str, &str)] = &[
    (
        "Exit codes: 0 done · 2 argument or configuration · 3 token not accepted ·\n\
         4 refused by the service · 5 not ready · 6 outcome unknown · 7 network ·\n\
         8 unusable response or certificate · 9 file · 130 cancelled · 70 internal error",
        "退出码：0 完成 · 2 参数或配置错误 · 3 token 无效 · 4 服务端拒绝 · 5 尚未就绪 ·\n\
         6 结果未知 · 7 网络错误 · 8 响应或证书无法使用 · 9 文件错误 · 130 已取消 · 70 内部错误",
    ),
    ("Examples:", "示例："),
    ("# a complete order, without an account", "# 完整的下单流程，无需账号"),
    ("# checks the connection and the token", "# 检查连接和 token"),
    ("# sends nothing", "# 不发送请求"),
    ("# 5: not issued yet", "# 5：尚未签发"),
    ("# a folder in $fpath", "# $fpath 中的目录"),
    ("# a test", "# 测试"),
    ("# for this session", "# 仅当前会话"),
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
    ("[possible values: ", "[可选值："),
    ("[default: ", "[默认："),
    ("[alias: ", "[别名："),
    ("[aliases: ", "[别名："),
];

/// Paragraphs of help pages with their translations.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("Connection", "连接"),
    ("General", "通用"),
    (
        "Orders and certificates of WoTrus (沃通) on the command line",
        "沃通（WoTrus）订单与证书的命令行工具",
    ),
    (
        "The token is read from WOTRUS_TOKEN, from the file that WOTRUS_TOKEN_FILE names, or from the config file (token, token_file). It is never a flag, because every user of the machine can see command lines. Every option under \"Connection\" but --config can also be set by a variable (--base-url: WOTRUS_BASE_URL) or by a key of the config file (base_url).",
        "token 取自环境变量 WOTRUS_TOKEN、WOTRUS_TOKEN_FILE 指定的文件或配置文件（token、token_file）。token 不能作为命令行参数，因为本机所有用户都能看到命令行。“连接”部分除 --config 外的各选项也可用环境变量（--base-url 对应 WOTRUS_BASE_URL）或配置文件中的键（base_url）设置。",
    ),
    (
        "Text is written in the charset of the locale (LC_ALL, LC_CTYPE, LANG), for example GBK in zh_CN.GBK. JSON output is UTF-8, and only ASCII if the locale is not UTF-8. Input files are UTF-8, except with order import --charset.",
        "文本按系统区域设置（LC_ALL、LC_CTYPE、LANG）的字符集输出，例如 zh_CN.GBK 使用 GBK。JSON 输出为 UTF-8；区域设置不是 UTF-8 时仅含 ASCII 字符。输入文件为 UTF-8（order import 可用 --charset 指定字符集）。",
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
        "Base URL of the service [default: https://restapi.wosign.com]",
        "服务地址 [默认：https://restapi.wosign.com]",
    ),
    (
        "Deadline of a call [default: 30, more with documents]",
        "单次调用的总时限（秒）[默认：30，上传材料时更长]",
    ),
    ("Timeout for opening a connection [default: 10]", "建立连接的超时时间（秒）[默认：10]"),
    (
        "Maximum number of retries, made only where safe [default: 2]",
        "最多重发的次数，仅在安全时重发 [默认：2]",
    ),
    (
        "Trust the CAs in this PEM file (system: those of the operating system), not the built-in ones",
        "信任此 PEM 文件中的 CA（system 表示操作系统信任的 CA），替代内置的 CA",
    ),
    (
        "HTTP proxy, http://host:port (with a password: use WOTRUS_PROXY)",
        "HTTP 代理，http://主机:端口（含密码时请用 WOTRUS_PROXY）",
    ),
    ("Maximum size of a response [default: 1048576]", "响应的最大字节数 [默认：1048576]"),
    ("The User-Agent header", "User-Agent 请求头"),
    (
        "RequestID header, which identifies the call in the service's logs",
        "RequestID 请求头，用于在服务端日志中定位该调用",
    ),
    (
        "Orders: create, import, resume, renew, list, show, wait, cancel, notify the customer",
        "订单：创建、导入、恢复、续期、列表、查询、等待、取消、通知客户",
    ),
    (
        "Create an order from flags, from the service's JSON form, or from both",
        "创建订单：使用命令行参数、接口文档格式的 JSON，或两者结合",
    ),
    (
        "Ledger: an SQLite file with the orders [default: WOTRUS_LEDGER, or ledger of the config file]",
        "账本：保存订单的 SQLite 文件 [默认：WOTRUS_LEDGER，或配置文件中的 ledger]",
    ),
    ("Maximum number of calls at the same time", "同时进行的请求数上限"),
    ("Create an order for each row of a file", "为文件的每一行创建订单"),
    (
        "The file is CSV, as a spreadsheet saves it, or has an order in the service's JSON form on each line. A column has the name of a field in the service's document; csr, authorization, licence and identity are names of files, relative to the folder of the imported file. Each row needs an idempotenceID.",
        "文件为电子表格保存的 CSV，或每行一个接口 JSON 格式的订单。列名即接口文档中的字段名；csr、authorization、licence 和 identity 列为文件名，相对于导入文件所在的目录。每行都必须有 idempotenceID。",
    ),
    (
        "The whole file is checked before the first order is sent. Each order is in the ledger before it is sent, so a command that was killed can be repeated: rows that have an order are skipped. Rows that were refused or not sent can be corrected, and are sent again.",
        "发送第一个订单之前先检查整个文件。每个订单在发送前都已写入账本，因此被终止的命令可以重新运行：已创建订单的行会跳过，被拒绝或未发出的行可更正后再次发送。",
    ),
    ("The file: CSV, or JSON lines (.jsonl)", "文件：CSV，或每行一个 JSON（.jsonl）"),
    (
        "Charset of the file, such as gb18030; a byte order mark counts more",
        "文件的字符集，例如 gb18030；字节顺序标记（BOM）优先",
    ),
    (
        "Where to write the result of each row, as CSV [default: FILE with the ending .results.csv]",
        "各行结果（CSV）的写入位置 [默认：扩展名改为 .results.csv 的导入文件名]",
    ),
    ("Check the file, and send nothing", "检查文件，不发送请求"),
    (
        "Print a file with all columns and an example, and exit",
        "输出含全部列和示例的文件，然后退出",
    ),
    (
        "Finish orders that may exist although no answer came",
        "完成没有收到响应、但可能已创建的订单",
    ),
    (
        "An order is open if the process that sent it was killed, or if no trustworthy answer came. It is sent again under the same idempotenceID, so it exists once. Its secrets, documents and unknown fields are read again from where they came. If they are not the same, or cannot be read, nothing is sent, and the order stays unknown with the reason. So does an order that the service refused when it was sent again; it is sent once more only if its id is given. Look for such an order at the service, and record what you find with --found or --not-found.",
        "发送订单的进程被终止，或未收到可信的响应，该订单即为未完成。命令使用同一幂等值重新发送，因此订单只有一个。敏感字段、材料和未知字段从原来的位置重新读取；如内容不同或无法读取，则不发送，订单保持 unknown 状态并记录原因。再次发送时被服务端拒绝的订单也保持此状态，仅在指定其幂等值时才再次发送；请在服务端查找此类订单，并用 --found 或 --not-found 记录结果。",
    ),
    (
        "The order exists: you have found it at the service with this id",
        "订单已存在：已在服务端找到，其订单号为此值",
    ),
    (
        "The order does not exist: you have made sure of it at the service",
        "订单不存在：已在服务端确认",
    ),
    ("Only the orders with these idempotenceIDs", "仅处理这些幂等值（idempotenceID）的订单"),
    ("List the orders in the ledger", "列出账本中的订单"),
    (
        "Nothing is asked of the service: the status is that of the last query. At a terminal the table has its width; without one, and with --json, it has all columns.",
        "不查询服务端，状态为上次查询的结果。在终端上表格适应终端宽度；输出到文件或使用 --json 时包含所有列。",
    ),
    (
        "Only this state: prepared, sending, created, refused, unknown, not_sent",
        "仅限此状态：prepared、sending、created、refused、unknown、not_sent",
    ),
    ("Only this status of the service: pending, issued, …", "仅限此服务端状态：pending、issued 等"),
    (
        "Only orders whose id, name or organisation contains this text",
        "仅限订单号、名称或单位包含此文本的订单",
    ),
    (
        "Only orders that were recorded on this day (UTC) or later",
        "仅限在此日期（UTC）及之后记录的订单",
    ),
    ("Only orders that were recorded before this day (UTC)", "仅限在此日期（UTC）之前记录的订单"),
    ("Only the newest N orders", "仅限最新的 N 个订单"),
    (
        "Read the order from a file in the service's JSON form (- for standard input); flags override it",
        "从接口文档格式的 JSON 文件读取订单（- 表示标准输入），命令行参数优先",
    ),
    (
        "pdf, organization, personal, or any product's GUID",
        "pdf、organization、personal，或任意产品的 GUID",
    ),
    ("The subject's CN, usually the organisation's name", "证书主题的 CN，通常为单位名称"),
    (
        "The certificate signing request, PEM (- for standard input)",
        "证书签名请求（CSR），PEM 格式（- 表示标准输入）",
    ),
    (
        "Validity in months: 12 or 24; 13 or 25 for a renewal",
        "有效期（月）：12 或 24；续期为 13 或 25",
    ),
    ("The organisation's registered name", "单位的注册名称"),
    (
        "Set any field by its name in the service's document: UserFirstName=大强, orderinfoPost.Other=…",
        "按接口文档的字段名设置任意字段：UserFirstName=大强，orderinfoPost.Other=…",
    ),
    (
        "Set any field to a JSON value: orderinfoPost.Hosts='[\"a.cn\"]'",
        "将任意字段设为 JSON 值：orderinfoPost.Hosts='[\"a.cn\"]'",
    ),
    (
        "Read a secret field (uKeyPassword, IDCardNO, UserMobile) from a file (- for standard input)",
        "从文件读取敏感字段（uKeyPassword、IDCardNO、UserMobile；- 表示标准输入）",
    ),
    (
        "Add a document of type authorization, licence, identity or a number; .pdf, .jpg or .gif",
        "添加材料，类型为 authorization（授权书）、licence（营业执照）、identity（身份证）或数字；.pdf、.jpg 或 .gif",
    ),
    (
        "Your own id of the order; repeated with the same id, it is still one order [default: a new one]",
        "您自己的订单标识（幂等值）；使用同一标识重试不会重复下单 [默认：自动生成]",
    ),
    (
        "Print the request with secrets masked, and send nothing",
        "仅显示请求内容（敏感信息已隐去），不发送",
    ),
    ("Wait until the order is issued, then fetch the certificate", "等待订单签发，然后获取证书"),
    (
        "Maximum time to wait; a manual review can take days",
        "最长等待时间（秒）；人工审核可能需要数天",
    ),
    (
        "Write leaf.pem, chain.pem, fullchain.pem and root.pem into this folder (SM2: sign-leaf.pem, encrypt-leaf.pem, …)",
        "将 leaf.pem、chain.pem、fullchain.pem 和 root.pem 写入此目录（SM2：sign-leaf.pem、encrypt-leaf.pem 等）",
    ),
    ("Replace files with other content", "覆盖内容不同的已有文件"),
    ("Only this one of several certificates", "有多张证书时只取其中一张"),
    ("Show an order", "显示订单"),
    ("The order's id", "订单号（orderID）"),
    (
        "Show pendingLink, phones and identity numbers in full",
        "完整显示 pendingLink、电话和证件号码",
    ),
    ("Wait until an order is issued, then show it", "等待订单签发，然后显示订单"),
    ("Cancel an order that is not issued yet", "取消尚未签发的订单"),
    ("The reason, which is sent to the service", "原因，将发送给服务端"),
    ("Do not ask for confirmation", "无需确认"),
    (
        "Have the service notify the customer by e-mail that the order is issued",
        "由服务端发送邮件，通知客户订单已签发",
    ),
    ("The URL where the customer downloads the certificate", "客户下载证书的网址"),
    (
        "Certificates: fetch, wait for, inspect, convert, reissue, revoke",
        "证书：获取、等待、查看、转换、重新颁发、吊销",
    ),
    (
        "Fetch an issued certificate: into files, or the full chain to standard output",
        "获取已签发的证书：写入文件，或将完整证书链输出到标准输出",
    ),
    (
        "If the service sent issuers that make no complete chain, only leaf.pem is written, and the exit code is 8. If it sent none, the certificate alone is written, with a warning.",
        "若服务端返回的颁发者证书不能构成完整证书链，则只写入 leaf.pem，退出码为 8；若未返回任何颁发者证书，则只写入证书本身并给出警告。",
    ),
    ("Check that the certificate is for this CSR's key", "检查证书与此 CSR 的密钥是否匹配"),
    (
        "Show the contents of certificate files: PEM, DER or PKCS#7 (.p7b)",
        "查看证书文件的内容：PEM、DER 或 PKCS#7（.p7b）",
    ),
    (
        "Of several certificates it tells which issued which, whether they are in the order that a server needs (the leaf first, each followed by its issuer), and whether the signatures are valid. A field that cannot be read is named; with a certificate that cannot be read the exit code is 8. Nothing is sent.",
        "有多张证书时，显示颁发关系、顺序是否符合服务器要求（叶证书在前，其后依次为颁发者）以及签名是否有效。无法读取的字段会单独标明；有证书无法读取时，退出码为 8。不发送任何数据。",
    ),
    (
        "Files with one certificate or several (- for standard input)",
        "包含一张或多张证书的文件（- 表示标准输入）",
    ),
    (
        "Check that the leaf is for this private key, which is not shown and not sent",
        "检查叶证书与此私钥是否匹配；私钥不会显示或发送",
    ),
    ("Check that the leaf is for this CSR's key", "检查叶证书与此 CSR 的密钥是否匹配"),
    ("Wait until an order is issued, then fetch its certificate", "等待订单签发，然后获取证书"),
    ("Reissue a certificate for another key", "使用新的密钥重新颁发证书"),
    (
        "For SM2 and Sectigo products the new certificate, once issued, revokes the old one, and the proof is required. For others the old one stays valid until its revocation is requested.",
        "SM2 和 Sectigo 产品的新证书签发后，旧证书即被吊销，且必须提供证明；其他产品的旧证书继续有效，直到申请吊销。",
    ),
    ("The id of the order whose certificate is replaced", "被替换证书的订单号"),
    (
        "Read the request from the service's own JSON form (- for standard input); flags override it",
        "从接口文档格式的 JSON 文件读取请求（- 表示标准输入），命令行参数优先",
    ),
    (
        "The new certificate signing request, PEM (- for standard input); for SM2 the signing key's",
        "新的 CSR，PEM 格式（- 表示标准输入）；SM2 为签名密钥的 CSR",
    ),
    ("For SM2, the request of the encryption key", "SM2 加密密钥的 CSR"),
    (
        "The organisation's proof on WoTrus's template: .pdf, .jpg, .gif",
        "按沃通模板出具的单位证明：.pdf、.jpg、.gif",
    ),
    (
        "Your own id of the reissue; repeated with the same id, it is still one reissue [default: a new one]",
        "您自己的重新颁发标识（幂等值）；使用同一标识重试不会重复颁发 [默认：自动生成]",
    ),
    ("Request that a certificate be revoked", "申请吊销证书"),
    (
        "Success means that the request was accepted: with `pendingAudit` the certificate is revoked only after a review, or not at all. With a ledger the next sync asks for the order.",
        "成功仅表示申请已受理：状态为 pendingAudit 时，证书在审核通过后才会吊销，也可能不吊销。使用账本时，下次 sync 会查询该订单。",
    ),
    (
        "Call any endpoint of the service and print its complete JSON response",
        "调用任意接口，输出完整的 JSON 响应",
    ),
    (
        "A POST is never repeated if the service may have received it.",
        "服务端可能已收到的 POST 请求不会重发。",
    ),
    (
        "The path after the base URL, percent-encoded: /v1/…",
        "服务地址之后的路径，须经百分号编码：/v1/…",
    ),
    (
        "The JSON body of a POST (- for standard input), which is sent unchanged",
        "POST 的 JSON 请求体（- 表示标准输入），原样发送",
    ),
    ("Pushes: receive and read notifications from the service", "推送：接收和解析服务端的通知"),
    (
        "Receive pushes: append them to a file, or run a command for each",
        "接收推送：追加到文件，或为每个推送运行命令",
    ),
    (
        "Anybody can send a push, so the order is queried, and the event contains the service's answer. A push is confirmed if the answer is about the same order and agrees with it. The command is run for confirmed pushes only, unless --run-unconfirmed is given.",
        "任何人都可能发送推送，因此会查询订单，并将查询结果写入事件。查询结果为同一订单且与推送一致时，推送视为已确认。默认仅为已确认的推送运行命令，使用 --run-unconfirmed 可取消此限制。",
    ),
    (
        "The response is 200 only after the event is on disk in the --output file, or the command has succeeded, or both. After any other response the service sends the push again, three times at most in all, so an event can occur more than once. GET and HEAD are answered with 200, requests from web pages with 403.",
        "仅当事件已写入 --output 文件并落盘，或命令执行成功（两者都给出时须均完成），才返回 200。返回其他状态码时服务端会重新推送，总共最多三次，因此同一事件可能重复出现。GET 和 HEAD 请求返回 200，来自网页的请求返回 403。",
    ),
    (
        "The command gets the event as a line of JSON on its standard input, and the variables WOTRUS_ORDER_ID and WOTRUS_ORDER_STATUS. WOTRUS_TOKEN, WOTRUS_TOKEN_FILE and WOTRUS_PROXY are removed from its environment; a command that calls wotrus needs a config file, or sets WOTRUS_TOKEN_FILE itself.",
        "命令从标准输入读取一行 JSON 事件，并可使用环境变量 WOTRUS_ORDER_ID 和 WOTRUS_ORDER_STATUS。其环境中不含 WOTRUS_TOKEN、WOTRUS_TOKEN_FILE 和 WOTRUS_PROXY；若命令需要调用 wotrus，请使用配置文件，或自行设置 WOTRUS_TOKEN_FILE。",
    ),
    (
        "The listener speaks plain HTTP: put a web server with TLS in front of it. SIGTERM and Ctrl-C end it after the requests that have begun; under systemd set KillMode=mixed, so that commands can finish.",
        "监听使用明文 HTTP，请在前面部署带 TLS 的 Web 服务器。收到 SIGTERM 或 Ctrl-C 后，处理完已开始的请求再退出；在 systemd 下请设置 KillMode=mixed，使命令能够执行完毕。",
    ),
    (
        "Address to listen on; with port 0 the system chooses a port",
        "监听地址；端口为 0 时由系统选择",
    ),
    (
        "Accept pushes at this path only; it should be hard to guess [default: any path]",
        "仅在此路径接收推送，路径应难以猜测 [默认：任意路径]",
    ),
    ("Append each event to this file as a line of JSON", "将每个事件以一行 JSON 追加到此文件"),
    (
        "Size limit of the --output file; unconfirmed events may use half of it",
        "--output 文件的大小上限（字节）；未确认的事件最多使用一半",
    ),
    ("Maximum size of a request body", "请求体的最大字节数"),
    ("Timeout of a command", "命令的超时时间（秒）"),
    ("Maximum number of commands that run at the same time", "同时运行的命令数上限"),
    (
        "Run the command also for pushes that the service does not confirm",
        "对服务端未确认的推送也运行命令",
    ),
    ("Program and arguments to run for each event", "为每个事件运行的程序及其参数"),
    ("Read the body of a push", "解析推送的请求体"),
    (
        "Anybody can send a push. Query the order before acting on it.",
        "任何人都可能发送推送，请先查询订单再处理。",
    ),
    ("File with the body (- for standard input)", "包含请求体的文件（- 表示标准输入）"),
    (
        "Order a certificate from a sandbox in this process, and verify it",
        "在本进程的沙箱中订购一张证书并进行验证",
    ),
    (
        "Starts the simulated service with TLS, orders a document-signing certificate with the example data of the service's document, waits, fetches the certificate, verifies its chain, and writes the files.",
        "启动带 TLS 的模拟服务，用接口文档的示例数据订购文档签名证书，等待签发、获取证书、验证证书链，并写入文件。",
    ),
    (
        "Folder for the files; files of an earlier demo are replaced",
        "文件的写入目录；此前演示的文件会被覆盖",
    ),
    ("Check the connection to the service step by step", "逐步检查与服务端的连接"),
    (
        "Checks configuration, DNS, TCP, proxy, TLS and token, each with its time, and says what to do about the step that fails. The token is checked by a query of an order that does not exist, which changes nothing.",
        "依次检查配置、域名解析、TCP、代理、TLS 和 token，显示各步骤耗时，并给出失败步骤的解决办法。token 通过查询一个不存在的订单来检查，不会更改任何数据。",
    ),
    ("Print the completion script of a shell", "输出 shell 的补全脚本"),
    (
        "make install installs those of bash, zsh and fish.",
        "make install 会安装 bash、zsh 和 fish 的补全脚本。",
    ),
    (
        "Print a manual page, or write all of them into a folder",
        "输出一个手册页，或将全部手册页写入目录",
    ),
    (
        "The command to print the page of [default: wotrus itself]",
        "要输出手册页的命令 [默认：wotrus 本身]",
    ),
    ("Write the manual pages of all commands into this folder", "将所有命令的手册页写入此目录"),
    (
        "Run a simulated service: real HTTP, TLS and certificates, no account needed",
        "运行模拟服务：真实的 HTTP、TLS 和证书，无需账号",
    ),
    (
        "Prints one line of JSON with its URLs and its token, then serves until it is interrupted. Orders are kept in memory, or with --state in a file.",
        "先输出一行 JSON，包含各地址和 token，然后持续运行直到被中断。订单保存在内存中；使用 --state 时保存在文件中。",
    ),
    (
        "Where to serve plain HTTP; port 0 lets the system choose. Not encrypted: beyond loopback, the token and personal data can be read on the network",
        "明文 HTTP 的监听地址；端口为 0 时由系统选择。数据未加密：监听非回环地址时，网络上可读取 token 和个人信息",
    ),
    ("Where to serve HTTPS", "HTTPS 的监听地址"),
    (
        "Where to serve the management interface, a page and JSON under /api: a loopback address, or off",
        "管理界面（网页，以及 /api 下的 JSON）的监听地址：回环地址或 off",
    ),
    (
        "The token that requests must have; it is valid for this sandbox only [default: a new one]",
        "请求须携带的 token，仅对此沙箱有效 [默认：自动生成]",
    ),
    (
        "Where to write the CA certificate that HTTPS clients must trust, readable by everybody (mode 0644) [default: a temporary file]",
        "HTTPS 客户端须信任的 CA 证书的写入位置，所有用户可读（权限 0644）[默认：临时文件]",
    ),
    ("How long each step of an order takes", "订单每个步骤的耗时（秒）"),
    (
        "How long the review at WoTrus takes [default: --delay]",
        "沃通审核的耗时（秒）[默认：同 --delay]",
    ),
    (
        "How long domain validation takes [default: --delay]",
        "域名验证的耗时（秒）[默认：同 --delay]",
    ),
    ("How long the CA takes to issue [default: --delay]", "CA 签发的耗时（秒）[默认：同 --delay]"),
    (
        "How long the review of a revocation takes [default: --delay]",
        "吊销审核的耗时（秒）[默认：同 --delay]",
    ),
    ("Where to send pushes when an order is issued or revoked", "订单签发或吊销时接收推送的 URL"),
    (
        "The delay before each attempt to send a push, three at most",
        "每次推送前的等待时间（秒），最多三次",
    ),
    (
        "Make errors on purpose: KIND[=VALUE][,KEY=VALUE]...",
        "注入故障：KIND[=VALUE][,KEY=VALUE]...",
    ),
    (
        "Kinds: status=CODE (with retry_after=SECS or retry_after_date=SECS, body=html|json|empty), problem=CODE, error_msg=list|object, expectation_failed, html, json=broken|other, ids=zero|zero_absent|other, delay=SECS, hang, reset, cut=BYTES, slow=BYTES_PER_SECOND, stale. Keys: on=OPERATION (create_order, ...), request_id=PREFIX, percent=P, count=N, and when=after for status, problem, error_msg, html, delay, hang and reset: the operation is performed, and its response is lost.",
        "种类：status=状态码（可加 retry_after=秒 或 retry_after_date=秒、body=html|json|empty）、problem=状态码、error_msg=list|object、expectation_failed、html、json=broken|other、ids=zero|zero_absent|other、delay=秒、hang、reset、cut=字节数、slow=每秒字节数、stale。键：on=操作（create_order 等）、request_id=前缀、percent=百分比、count=次数；status、problem、error_msg、html、delay、hang 和 reset 可用 when=after：操作已执行，但响应丢失。",
    ),
    (
        "The seed of the random choices of faults with percent; the same seed makes the same choices",
        "percent 故障的随机种子；种子相同则选择相同",
    ),
    (
        "Keep orders, pushes, the clock, the token and the CAs in this file, for the next start. It contains private keys: its mode is set to 0600",
        "将订单、推送、时钟、token 和 CA 保存在此文件中，供下次启动使用。文件含有私钥，权限设为 0600",
    ),
    ("Choose what the document leaves open", "选定接口文档未明确的行为"),
    (
        "List what the document leaves open and what can be chosen, and exit",
        "列出接口文档未明确的行为及可选项，然后退出",
    ),
];
