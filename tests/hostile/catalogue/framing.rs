//! Answers whose end is told in an unusual way, or not at all.

use super::CREATED;
use super::answers::{framed, lost, sends, taken};
use crate::behaviour::Behaviour;

pub(super) fn all() -> Vec<Behaviour> {
    let length = CREATED.len();
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{CREATED}\r\n0\r\n\r\n");
    vec![
        Behaviour::new("chunked", "a good answer, in a chunk")
            .plain(sends(format!("HTTP/1.1 200 OK\r\n{chunked}")))
            .calls("create"),
        taken("no_length", "neither length nor chunks, and closes", framed("")),
        lost(
            "no_length_cut",
            "neither length nor chunks, and closes inside the JSON",
            sends(format!("HTTP/1.1 200 OK\r\n\r\n{}", &CREATED[..length - 1])),
            "not_json",
        ),
        lost(
            "no_length_and_more",
            "neither length nor chunks, and something after the JSON",
            sends(format!("HTTP/1.1 200 OK\r\n\r\n{CREATED}x")),
            "not_json",
        ),
        lost(
            "two_lengths",
            "two Content-Lengths",
            framed(&format!("Content-Length: {length}\r\nContent-Length: 9\r\n")),
            "http",
        ),
        taken(
            "length_twice",
            "the same Content-Length twice",
            framed(&format!("Content-Length: {length}\r\nContent-Length: {length}\r\n")),
        ),
        taken(
            "length_list",
            "the same length twice in one Content-Length",
            framed(&format!("Content-Length: {length}, {length}\r\n")),
        ),
        lost(
            "length_list_of_two",
            "two lengths in one Content-Length",
            framed(&format!("Content-Length: {length}, 9\r\n")),
            "http",
        ),
        lost("length_signed", "Content-Length: +42", framed("Content-Length: +42\r\n"), "http"),
        lost("length_negative", "Content-Length: -1", framed("Content-Length: -1\r\n"), "http"),
        lost("length_hex", "Content-Length: 0x2a", framed("Content-Length: 0x2a\r\n"), "http"),
        lost(
            "length_empty",
            "Content-Length without a value",
            framed("Content-Length: \r\n"),
            "http",
        ),
        lost(
            "length_overflow",
            "a Content-Length above 2^64",
            framed("Content-Length: 99999999999999999999\r\n"),
            "http",
        ),
        lost(
            "length_and_chunks",
            "Content-Length and chunks",
            sends(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{chunked}")),
            "http",
        ),
        lost(
            "chunks_in_gzip",
            "Transfer-Encoding: gzip, chunked",
            framed("Transfer-Encoding: gzip, chunked\r\n"),
            "http",
        ),
        lost(
            "unknown_transfer_encoding",
            "Transfer-Encoding: identity",
            framed("Transfer-Encoding: identity\r\n"),
            "http",
        ),
        lost(
            "chunk_size_no_number",
            "a chunk size that is none",
            sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            "http",
        ),
        lost(
            "chunk_size_overflow",
            "a chunk size above 2^64",
            sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}"),
            "http",
        ),
        lost(
            "length_of_nothing",
            "Content-Length: 0",
            sends("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            "not_json",
        ),
        lost("no_content", "204", sends("HTTP/1.1 204 No Content\r\n\r\n"), "http"),
        lost(
            "switching_protocols",
            "101",
            sends("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
            "http_status",
        ),
        lost("status_of_four_digits", "status 2000", sends("HTTP/1.1 2000 OK\r\n\r\n"), "http"),
        lost("not_http", "an SSH banner", sends("SSH-2.0-OpenSSH_9.2\r\n"), "http"),
        lost("http_0_9", "a body without a head", sends(CREATED), "http"),
        lost(
            "http_2",
            "HTTP/2 frames",
            sends(b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\0"),
            "http",
        ),
        taken(
            "header_without_colon",
            "a header line without a colon",
            framed(&format!("oops\r\nContent-Length: {length}\r\n")),
        ),
        lost(
            "nul_in_header",
            "a NUL inside a header",
            framed(&format!("Content-Length: {length}\r\nX: a\0b\r\n")),
            "http",
        ),
        taken(
            "folded_header",
            "a header line that goes on in the next",
            framed(&format!("X: y\r\n z\r\nContent-Length: {length}\r\n")),
        ),
        lost(
            "folded_length",
            "a Content-Length in a folded line, longer than the one before it",
            framed(&format!("Content-Length: 9\r\nContent-Length:\r\n {length}\r\n")),
            "not_json",
        ),
        lost(
            "bare_cr_in_header",
            "a CR alone, behind which some would see another header",
            framed(&format!("X: y\rContent-Length: 9\r\nContent-Length: {length}\r\n")),
            "http",
        ),
        taken(
            "blank_before_colon",
            "a blank between a header's name and its colon",
            framed(&format!("Server : x\r\nContent-Length: {length}\r\n")),
        ),
        taken(
            "blank_before_colon_of_length",
            "a wrong Content-Length with a blank before its colon, and closes",
            framed("Content-Length : 9\r\n"),
        ),
        lost(
            "blank_before_colon_of_chunks",
            "Transfer-Encoding with a blank before its colon, and chunks",
            sends(format!("HTTP/1.1 200 OK\r\n{}", chunked.replacen("Encoding:", "Encoding :", 1))),
            "not_json",
        ),
        lost(
            "chunks_of_http_1_0",
            "chunks in HTTP/1.0, which knows none",
            sends(format!("HTTP/1.0 200 OK\r\n{chunked}")),
            "http",
        ),
        lost(
            "chunk_longer_than_it_says",
            "a chunk that goes on behind its size",
            sends(format!("HTTP/1.1 200 OK\r\n{}", chunked.replacen("}\r\n", "}}\r\n", 1))),
            "http",
        ),
        Behaviour::new("http_1_0", "HTTP/1.0, with a length")
            .plain(sends(format!("HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n{CREATED}")))
            .calls("create"),
        Behaviour::new("bare_line_feeds", "a head whose lines end in LF alone")
            .plain(sends(format!("HTTP/1.1 200 OK\nContent-Length: {length}\n\n{CREATED}")))
            .calls("create"),
        Behaviour::new(
            "closed_behind_last_chunk",
            "closes right behind the size of the last chunk",
        )
        .plain(sends(format!(
            "HTTP/1.1 200 OK\r\n{}",
            chunked.strip_suffix("\r\n").expect("it ends so")
        )))
        .calls("create"),
    ]
}
