//! Values from the caller: none may add a header, change the path or block endlessly. When a value is
//! refused, nothing is sent.

mod support;

use std::path::Path;
#[cfg(unix)]
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, thread};

use support::{Act, Server, TOKEN};
use wotrus::{
    CallOptions, Cause, Client, Document, DocumentType, Kind, OrderRequest, ReissueRequest,
    RevokeRequest, product,
};

const CREATED: &str = r#"{"isSuccess":true,"data":{"orderID":"A1"}}"#;

fn order() -> OrderRequest {
    OrderRequest::new(product::PDF_SIGNING, "inputs", 12, "inputs")
}

#[test]
fn line_breaks_and_nul_are_refused_in_headers_and_paths() {
    let server = Server::answering([CREATED]);
    for bad in
        ["x\r\nWoTrusToken: other", "x\ny", "x\ry", "x\0y", "\n", "x\r\n\r\nGET / HTTP/1.1\r\n\r\n"]
    {
        let refused = |result: Result<(), wotrus::Error>, field: &str| {
            let error = result.expect_err(bad);
            assert!(matches!(error.kind(), Kind::Argument | Kind::Config), "{bad:?}: {error}");
            assert_eq!(error.field(), Some(field), "{bad:?}");
            assert_eq!(error.attempts(), 0, "{bad:?}");
        };
        refused(server.builder().token(bad).build().map(drop), "token");
        refused(server.builder().user_agent(bad).build().map(drop), "user_agent");
        refused(server.builder().base_url(server.url.clone() + bad).build().map(drop), "base_url");
        refused(server.builder().proxy(format!("http://{bad}:1")).build().map(drop), "proxy");
        let client = server.client();
        if bad != "\n" {
            refused(client.query_order(bad).map(drop), "orderID");
            refused(client.cancel_order(bad, "x").map(drop), "orderID");
        }
        let ticket = client.with(CallOptions::new().request_id(bad));
        refused(ticket.query_order("A1").map(drop), "request_id");
        refused(client.call(&format!("GET /v1/{bad}"), None).map(drop), "path");
        let mut order = order();
        order.info.idempotence_id = Some(format!("a{bad}b"));
        refused(client.create_order(&order).map(drop), "idempotenceID");
    }
    assert!(server.seen().is_empty(), "something was sent");
}

#[test]
fn line_breaks_and_nul_are_escaped_in_the_body() {
    let server = Server::answering([CREATED]);
    let mut order = order();
    order.organization.street = Some("one\r\ntwo\0\"three\\\u{2028}\u{1f600}".into());
    server.client().create_order(&order).unwrap();
    let body: serde_json::Value = serde_json::from_str(&server.seen()[0].body).unwrap();
    assert_eq!(body["organizationPost"]["street"], "one\r\ntwo\0\"three\\\u{2028}\u{1f600}");
}

#[test]
fn ids_are_one_segment_of_the_path() {
    let ids = [
        "../../v1/Order/Cancel",
        "a/b",
        "a?b=c",
        "a#b",
        "%2e%2e",
        "a b",
        "..;",
        "订单",
        "a\\b",
        "//x",
    ];
    let queried = r#"{"isSuccess":true,"data":{"id":"A1"}}"#;
    let server = Server::answering(vec![queried; ids.len()]);
    for id in ids {
        server.client().query_order(id).unwrap();
    }
    for (id, seen) in ids.iter().zip(server.seen()) {
        let segment =
            seen.line.strip_prefix("GET /v1/Order/").unwrap_or_else(|| panic!("{}", seen.line));
        let segment = segment.strip_suffix(" HTTP/1.1").unwrap();
        assert!(
            !segment.contains(['/', '?', '#', ' ', '\\', ';']) && segment.is_ascii(),
            "{id}: {segment}"
        );
        assert_ne!(segment, "..");
    }
    for id in ["", " ", ".", ".."] {
        assert_eq!(server.client().query_order(id).unwrap_err().field(), Some("orderID"), "{id:?}");
    }
}

#[test]
fn base_urls_with_query_fragment_or_user_are_refused() {
    for url in [
        "https://h/?a=b",
        "https://h/#a",
        "https://h/a?b",
        "https://h?a",
        "https://user@h",
        "https://h/../a",
        "https://h/%2e%2e/a\u{0}",
    ] {
        let error = Client::builder().token(TOKEN).base_url(url).build().map(drop).unwrap_err();
        assert_eq!((error.kind(), error.field()), (Kind::Config, Some("base_url")), "{url}");
    }
    let server = Server::answering([CREATED]);
    let client = server.builder().base_url(format!("{}/gateway/", server.url)).build().unwrap();
    client.create_order(&order()).unwrap();
    assert_eq!(server.seen()[0].line, "POST /gateway/v1/Order/Create HTTP/1.1");
}

#[test]
fn over_long_values_are_refused_before_sending() {
    let long = "x".repeat(16 << 20);
    let server = Server::answering([CREATED]);
    let client = server.client();
    let started = Instant::now();
    assert!(server.builder().token(&*long).build().is_err());
    assert!(server.builder().base_url(format!("https://{long}")).build().is_err());
    assert!(server.builder().user_agent(&*long).build().is_err());
    assert_eq!(client.query_order(&long).unwrap_err().field(), Some("orderID"));
    assert_eq!(client.cancel_order("A1", &long).unwrap_err().field(), Some("reason"));
    assert_eq!(client.call(&format!("GET /{long}"), None).unwrap_err().field(), Some("path"));
    assert_eq!(client.notify_by_email("A1", &long).unwrap_err().field(), Some("collectUrl"));
    for field in ["commonName", "OrgName", "street", "csR_RSA", "idempotenceID"] {
        let mut order = order();
        order.set(field, &long).unwrap();
        let error = client.create_order(&order).unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (Kind::Argument, 0), "{field}: {error}");
        assert!(error.message().len() < 300, "{field}: the message is too long");
    }
    assert!(server.seen().is_empty());
    assert!(started.elapsed() < Duration::from_secs(20));
}

/// Revokes a certificate with this proof, which `change` changes before it is sent.
/// Otherwise the number 1 would be the file "1", and an object would be ignored, with the document.
#[test]
fn documents_in_json_have_fields_of_text() {
    for (field, json) in [
        ("path", r#""path":1"#),
        ("path", r#""PATH":{"a":"b"}"#),
        ("path", r#""path":["x.pdf"],"fileType":".pdf""#),
        ("path", r#""path":false"#),
        ("path", r#""path":"\ud800""#),
        ("fileType", r#""fileType":7,"fileContent":"AAAA""#),
        ("fileContent", r#""fileType":".pdf","fileContent":1234"#),
    ] {
        let order = format!(r#"{{"documentsPost":[{{"documentType":2,{json}}}]}}"#);
        let other = format!(r#"{{"orderID":"A1","reason":"x",{json}}}"#);
        for refused in [
            OrderRequest::from_json(order).map(drop),
            RevokeRequest::from_json(&other).map(drop),
            ReissueRequest::from_json(&other).map(drop),
        ] {
            let error = refused.expect_err(json);
            assert_eq!((error.kind(), error.field()), (Kind::Argument, Some(field)), "{json}");
            assert!(error.message().contains("should be a text"), "{error}");
        }
    }
    let null = r#"{"orderID":"A1","path":null,"fileType":null,"fileContent":""}"#;
    assert!(ReissueRequest::from_json(null).unwrap().proof.is_none());
}

fn revoke(path: &Path, change: impl Fn(&Path) + Send + 'static) -> wotrus::Error {
    let proof = Document::from_path_as(path, ".pdf").unwrap();
    let server = Server::answering([r#"{"isSuccess":true,"data":{}}"#]);
    let started = Instant::now();
    change(path);
    let error =
        server.client().revoke_certificate(&RevokeRequest::new("A1", "x", proof)).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(10), "the call blocked");
    assert_eq!(error.delivery(), wotrus::Delivery::NotSent, "{error}");
    assert!(server.seen().iter().all(|seen| seen.body.is_empty() || !seen.body.ends_with('}')));
    error
}

#[test]
fn files_changed_before_sending_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proof.pdf");
    let reset = || {
        let _ = fs::remove_file(&path);
        let _ = fs::remove_dir(&path);
        fs::write(&path, vec![7; 300_000]).unwrap();
    };
    type Change = fn(&Path);
    let changes: &[(&str, Change, Cause)] = &[
        ("vanishes", |p| fs::remove_file(p).unwrap(), Cause::FileRead),
        ("shrinks", |p| fs::write(p, [7; 1000]).unwrap(), Cause::FileChanged),
        ("grows", |p| fs::write(p, vec![7; 400_000]).unwrap(), Cause::FileChanged),
        ("is emptied", |p| fs::write(p, "").unwrap(), Cause::FileChanged),
        (
            "becomes a folder",
            |p| {
                fs::remove_file(p).unwrap();
                fs::create_dir(p).unwrap();
            },
            Cause::FileRead,
        ),
        #[cfg(unix)]
        (
            "becomes a FIFO",
            |p| {
                fs::remove_file(p).unwrap();
                assert!(Command::new("mkfifo").arg(p).status().unwrap().success());
            },
            Cause::FileRead,
        ),
    ];
    for (name, change, cause) in changes {
        reset();
        let error = revoke(&path, change);
        assert_eq!(
            (error.kind(), error.cause()),
            (Kind::File, *cause),
            "a file that {name}: {error}"
        );
    }
}

#[test]
fn file_truncated_during_sending_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("licence.pdf");
    fs::write(&path, vec![7; 30 << 20]).unwrap();
    let mut request = order();
    let document = Document::from_path(&path).unwrap();
    request.add_document(DocumentType::BusinessLicence, document);
    let server = Server::start([Act::Answer(200, "", CREATED.into())]);
    let client = server.builder().observer(move |event| {
        if event.to_json().contains("uploading") {
            fs::File::options().write(true).open(&path).unwrap().set_len(1000).unwrap();
        }
    });
    let error = client.build().unwrap().create_order(&request).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::File, Cause::FileChanged), "{error}");
    assert_eq!((error.delivery(), error.attempts()), (wotrus::Delivery::NotSent, 1));
    thread::sleep(Duration::from_millis(100));
    assert!(
        server.seen().iter().all(|seen| !seen.body.ends_with('}')),
        "an order with half a file was sent"
    );
}

#[test]
fn special_files_are_refused_without_blocking() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo.pdf");
    #[cfg(unix)]
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    // Names of devices of the other systems are missing files.
    let names = ["/dev/zero", "/dev/tty", "/no/such/file", "NUL", "CONIN$", r"\\.\pipe\none"];
    for path in names.map(Path::new).into_iter().chain([folder.path(), &fifo]) {
        let error = Document::from_path_as(path, ".pdf").unwrap_err();
        assert_eq!(
            (error.kind(), error.cause()),
            (Kind::File, Cause::FileRead),
            "{path:?}: {error}"
        );
    }
    // Its reported size is 0, although it has contents.
    #[cfg(target_os = "linux")]
    assert_eq!(
        Document::from_path_as("/proc/self/status", ".pdf").unwrap_err().kind(),
        Kind::Argument
    );
    let error = Client::builder().token(TOKEN).ca_file(&fifo).build().map(drop).unwrap_err();
    assert_eq!((error.kind(), error.field()), (Kind::Config, Some("ca_file")), "{error}");
}

/// Root may read every file, so the test runs itself as another user.
#[cfg(unix)]
#[test]
fn unreadable_file_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    const PATH: &str = "WOTRUS_UNREADABLE";
    if let Some(path) = std::env::var_os(PATH) {
        let error = Document::from_path_as(path, ".pdf").unwrap_err();
        assert_eq!((error.kind(), error.cause()), (Kind::File, Cause::FileRead), "{error}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let set =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let (file, program) = (folder.path().join("secret.pdf"), folder.path().join("test"));
    fs::write(&file, "secret").unwrap();
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    set(folder.path(), 0o755);
    set(&program, 0o755);
    set(&file, 0o000);
    let mut child = Command::new(&program);
    child.args(["--exact", "unreadable_file_is_refused"]).env(PATH, &file);
    if fs::read(&file).is_ok() {
        child.uid(65534).gid(65534);
    }
    let output = child.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "the child did not run the test"
    );
}
