//! A dropped sandbox leaves no threads, sockets or files. The test is alone in its program, because it counts those of
//! the whole process.
#![cfg(target_os = "linux")]

mod support;

use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use support::{Client, PATIENCE, PDF, connect, order};
use wotrus_sandbox::{Config, Sandbox};

fn count(what: &str) -> usize {
    fs::read_dir(format!("/proc/self/{what}")).unwrap().count()
}

#[test]
fn dropping_leaves_no_threads_sockets_or_files() {
    let folder = tempfile::tempdir().unwrap();
    let hook = TcpListener::bind("127.0.0.1:0").unwrap();
    let run = || {
        let config = Config {
            push_url: Some(format!("http://{}/", hook.local_addr().unwrap())),
            state_file: Some(folder.path().join("state")),
            ..Config::immediate()
        };
        let sandbox = Sandbox::start(config).unwrap();
        let mut clients = vec![
            Client::new(&sandbox),
            Client::tls(&sandbox, connect(sandbox.https_url()), "localhost"),
        ];
        clients[0].create(&order(PDF));
        clients[1].create(&order(PDF));
        // One request hangs, one connection is silent, one push gets no response, and one handle outlives the sandbox.
        sandbox.management().arm("hang").unwrap();
        let mut hanging = connect(sandbox.http_url());
        let request = clients[0].post_bytes("/v1/Order/Create", &order(PDF));
        std::io::Write::write_all(&mut hanging, &request).unwrap();
        let silent = connect(sandbox.management_url().unwrap());
        let push = hook.accept().unwrap();
        let management = sandbox.management();
        let urls = [sandbox.http_url(), sandbox.https_url(), sandbox.management_url().unwrap()];
        let urls =
            urls.map(|url| url.rsplit_once('/').unwrap().1.replace("localhost", "127.0.0.1"));

        let start = Instant::now();
        drop(sandbox);
        assert!(start.elapsed() < PATIENCE);
        for url in urls {
            let error = TcpStream::connect(&url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{url}");
        }
        assert!(management.orders().len() >= 2);
        drop((clients, hanging, silent, push, management));
    };
    // The first run creates what a process creates once.
    run();
    let before = (count("task"), count("fd"));
    for _ in 0..5 {
        run();
    }
    assert_eq!((count("task"), count("fd")), before);
}
