//! Chinese texts of the commands for the daily work: sync, due, and what they share.

/// Paragraphs with their translations.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "Query the orders of the ledger that are not final, fetch what is issued, and run a command for each change",
        "查询账本中未到最终状态的订单，获取已签发证书，为每个变化运行命令",
    ),
    (
        "Every order whose status is not final is asked for; an issued one only each 12 hours after its certificate was fetched, because it can still be revoked. Each change of status or payment and each fetched certificate is an event in the ledger and a line of JSON on standard output. Certificates are written into a folder of --output-dir that is named by the percent-encoded order id, and their serial numbers and ends into the ledger, also without --output-dir.",
        "查询所有状态不是最终状态的订单；证书已获取的订单仍可能被吊销，每 12 小时查询一次。状态或支付状态的每次变化、每次获取证书都作为事件写入账本，并以一行 JSON 输出到标准输出。证书写入 --output-dir 下以百分号编码的订单号命名的目录；即使未指定 --output-dir，序列号和到期时间也会写入账本。",
    ),
    (
        "The command is run for each event at least once, and more than once only if sync was killed before it had noted the success. It gets the event as a line of JSON on its standard input, and each fact as a variable: WOTRUS_EVENT_ID (the same in every delivery), WOTRUS_EVENT_TYPE (status, payment or certificate), WOTRUS_ORDER_ID, WOTRUS_ORDER_STATUS, WOTRUS_EVENT_SERIAL and so on. It does not get WOTRUS_TOKEN, WOTRUS_TOKEN_FILE and WOTRUS_PROXY. After 30 seconds it is killed, with its children. If it fails, a later sync tries again, after 1, 2, 4, … minutes, ten times in all. Without a command the events wait for a sync with one.",
        "命令为每个事件至少运行一次；仅当 sync 在记录成功之前被强制终止时才会重复运行。命令从标准输入读取一行 JSON 事件，各项数据也在环境变量中：WOTRUS_EVENT_ID（重复运行时不变）、WOTRUS_EVENT_TYPE（status、payment 或 certificate）、WOTRUS_ORDER_ID、WOTRUS_ORDER_STATUS、WOTRUS_EVENT_SERIAL 等。环境中不含 WOTRUS_TOKEN、WOTRUS_TOKEN_FILE 和 WOTRUS_PROXY。命令超过 30 秒未结束时，连同其子进程一起终止。失败后由之后的 sync 重试，间隔为 1、2、4……分钟，共十次。未指定命令时，事件保留到带命令的 sync 运行为止。",
    ),
    (
        "A second sync of the same ledger ends at once with exit code 5. When the service is busy (Retry-After), longer waits are left to a later sync. The exit code is that of the first problem: 4 if the service refused a query, 7 if it could not be reached or asked to wait, 9 if a file could not be written or the command failed.",
        "同一账本已有 sync 在运行时，第二个 sync 立即结束，退出码为 5。服务端繁忙（Retry-After）且需等待较久时，留给之后的 sync。退出码由第一个问题决定：服务端拒绝查询为 4，无法连接或服务端要求等待为 7，文件无法写入或命令失败为 9。",
    ),
    ("Write certificates into folders below this one", "将证书写入此目录下的各订单目录"),
    ("Ask the service at most this often in a second", "每秒查询次数的上限"),
    (
        "Do not end, but start again after this time, such as 10m",
        "不退出，每隔此时间重新运行，例如 10m",
    ),
    ("Try events again whose command has failed ten times", "重试命令已失败十次的事件"),
    (
        "Report certificates that expire soon, each once 90, 30, 7, 1 and 0 days before its end",
        "提醒即将到期的证书：到期前 90、30、7、1、0 天各提醒一次",
    ),
    (
        "The certificates are those of the ledger, as sync fetched them, or those in the given files and folders (.pem, .crt, .cer, .der). Left out are those of revoked and of renewed orders, and of CAs. With a ledger each stage of a certificate is reported once; if several have passed since the last run, the last of them. Without a ledger nothing is kept, so every run reports every certificate.",
        "证书来自账本（由 sync 获取），或指定的文件和目录（.pem、.crt、.cer、.der）；不包括已吊销和已续期订单的证书以及 CA 证书。使用账本时，每张证书的每个阶段只提醒一次；若上次运行以来经过多个阶段，只提醒最后一个。没有账本时不保存记录，每次运行都会提醒。",
    ),
    (
        "The exit code is 0 if nothing is reported, 10 if a certificate is, and 11 if one of those has expired.",
        "没有提醒时退出码为 0，有提醒时为 10，其中有已过期证书时为 11。",
    ),
    (
        "The command is run for each reported certificate as that of sync is for its events: with a line of JSON on its standard input, and the variables WOTRUS_EVENT_ID, WOTRUS_EVENT_STAGE, WOTRUS_EVENT_DAYS_LEFT, WOTRUS_EVENT_NOT_AFTER, WOTRUS_EVENT_COMMON_NAME, WOTRUS_EVENT_SERIAL, WOTRUS_EVENT_PATH and WOTRUS_ORDER_ID. With a ledger it is run at least once: if it fails, a later run tries again, ten times in all, as long as no later stage was reported. It is not run for what a run without a command has reported. Nothing is sent to the service.",
        "与 sync 一样，为每个提醒运行命令：标准输入为一行 JSON，环境变量有 WOTRUS_EVENT_ID、WOTRUS_EVENT_STAGE、WOTRUS_EVENT_DAYS_LEFT、WOTRUS_EVENT_NOT_AFTER、WOTRUS_EVENT_COMMON_NAME、WOTRUS_EVENT_SERIAL、WOTRUS_EVENT_PATH 和 WOTRUS_ORDER_ID。使用账本时命令至少运行一次，失败后由之后的运行重试，共十次；已提醒更晚的阶段后不再重试。未指定命令时已提醒的证书，之后不再为其运行命令。不向服务端发送请求。",
    ),
    (
        "Files and folders with certificates [default: the ledger]",
        "含证书的文件和目录 [默认：账本]",
    ),
    ("Only certificates that expire within this time", "仅限在此时间内到期的证书"),
    (
        "The time to count from, 2026-11-25 or 2026-11-25T03:40:00Z; what it reports counts as reported then, unless --all is given [default: the current time]",
        "计算的起始时间，例如 2026-11-25 或 2026-11-25T03:40:00Z；除非指定 --all，提醒过的内容从该时间起视为已提醒 [默认：当前时间]",
    ),
    (
        "List also what was reported before, and keep nothing",
        "同时列出已提醒过的证书，且不保存记录",
    ),
    ("Try notices again whose command has failed ten times", "重试命令已失败十次的提醒"),
    (
        "Program and arguments to run for each certificate that is reported",
        "为每张被提醒的证书运行的程序及其参数",
    ),
    (
        "With --ledger the service's answer is recorded in the ledger as wotrus sync does, with the same events, and the response is 200 when it is on disk; the command of wotrus sync is run for them. A push about an order that is not in the ledger is refused with 422, unless --output keeps it.",
        "使用 --ledger 时，与 wotrus sync 一样将查询结果和相同的事件写入账本，落盘后返回 200；命令由 wotrus sync 运行。账本中没有的订单的推送返回 422，除非 --output 已保存该推送。",
    ),
    (
        "Record changes of orders in this ledger; wotrus sync runs its command for them",
        "将订单的变化写入此账本，由 wotrus sync 为其运行命令",
    ),
    ("Order the renewal of an order in the ledger", "为账本中的订单下续期订单"),
    (
        "The order is sent as it was, with 13 months instead of 12 or 25 instead of 24, and for a new key. Secrets, documents and unknown fields are not in the ledger: they are read again from where they came. What cannot be read again is named, and nothing is sent; --secret-from, --document and --set give it anew.",
        "按原内容下单，12 个月改为 13 个月，24 个月改为 25 个月，并使用新的密钥。账本不保存敏感字段、材料和未知字段，这些内容从原来的位置重新读取；无法读取的会逐项列出，且不发送订单，可用 --secret-from、--document 和 --set 重新提供。",
    ),
    (
        "The idempotenceID is derived from that of the renewed order, so renewing twice makes one order. If a renewal was rejected, closed or revoked, --again orders another one.",
        "幂等值由被续期订单的幂等值生成，因此重复续期只产生一个订单。续期订单被拒绝、关闭或吊销后，可用 --again 重新下单。",
    ),
    ("The order's id or idempotenceID", "订单号或幂等值（idempotenceID）"),
    ("Validity in months [default: 13 or 25]", "有效期（月）[默认：13 或 25]"),
    (
        "Set any field by its name in the service's document, or one that the ledger does not have",
        "按接口文档的字段名设置任意字段，包括账本中没有的字段",
    ),
    (
        "Use these documents instead of those of the order; may be repeated",
        "使用这些材料代替原订单的材料，可多次使用",
    ),
    (
        "Order another renewal after one that was rejected, closed or revoked",
        "续期订单被拒绝、关闭或吊销后重新下单",
    ),
    ("With a ledger the next sync asks for the order.", "使用账本时，下次 sync 会查询该订单。"),
    (
        "With a ledger the reissue is recorded before it is sent, as an order is: order resume finishes it after a kill, and sync follows the new order and fetches its certificate.",
        "使用账本时，重新颁发请求与订单一样，先写入账本再发送：进程被终止后可用 order resume 完成，sync 会跟踪新订单并获取其证书。",
    ),
];
