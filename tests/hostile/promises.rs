//! What is promised, within what bound, and the tests that hold it.

/// A promise with its bound, and the tests: a file and the functions in it. A file without a
/// function is held by the catalogue or by a suite.
pub(crate) struct Promise {
    pub(crate) says: &'static str,
    pub(crate) bound: &'static str,
    pub(crate) held_by: &'static [(&'static str, &'static [&'static str])],
}

const CATALOGUE: &str = "tests/hostile/main.rs";

pub(crate) const PROMISES: &[Promise] = &[
    Promise {
        says: "Every order with an idempotenceID exists exactly once, and the caller knows its id or \
               has an error that says it may exist",
        bound: "10,000 orders, 6 of 10 requests hit by a fault: 0 twice, 0 lost",
        held_by: &[(
            "tests/exactly_once.rs",
            &["orders_with_an_idempotence_id_exist_exactly_once"],
        )],
    },
    Promise {
        says: "No POST that may have been processed is sent again without an idempotenceID",
        bound: "2,000 orders under the same faults: 0 sent again",
        held_by: &[
            (
                "tests/exactly_once.rs",
                &["orders_without_one_are_never_sent_again_once_they_may_have_been_processed"],
            ),
            ("tests/delivery.rs", &["an_order_without_idempotence_id_is_never_sent_twice"]),
        ],
    },
    Promise {
        says: "The decision to send again is one pure function, and right for every input",
        bound: "15 situations one by one, 4 properties over 20,000 drawn each, every region run",
        held_by: &[
            (
                "src/retry.rs",
                &[
                    "the_table_of_what_is_safe_to_send_again",
                    "what_may_have_been_processed_is_sent_again_only_where_that_does_nothing",
                    "it_ends",
                ],
            ),
            ("tests/suites/75-coverage.sh", &[]),
        ],
    },
    Promise {
        says: "Every call ends within its time, whatever the peer does",
        bound: "the deadline + 0.5 s, for every behaviour below",
        held_by: &[
            (CATALOGUE, &[]),
            ("src/transport/deadline.rs", &["a_call_inside_a_call_has_its_own_end"]),
        ],
    },
    Promise {
        says: "A slow name server holds nobody beyond the deadline; known names cost no look-up and \
               no thread, and are forgotten when a connection fails",
        bound: "1 look-up for any number of callers",
        held_by: &[
            (
                "src/transport/names.rs",
                &[
                    "a_name_is_looked_up_once_until_it_is_forgotten",
                    "a_slow_look_up_is_shared_and_ends_with_the_deadline",
                    "literals_are_never_looked_up",
                ],
            ),
            (CATALOGUE, &[]),
        ],
    },
    Promise {
        says: "No answer and no upload makes the process grow",
        bound: "16 MiB above idle, for every behaviour below, a document of 40 MiB included",
        held_by: &[(CATALOGUE, &[])],
    },
    Promise {
        says: "An answer that may not be whole, or not the service's, is no answer",
        bound: "every behaviour below",
        held_by: &[
            (CATALOGUE, &[]),
            ("tests/delivery.rs", &["an_answer_that_may_not_be_whole_is_no_answer"]),
        ],
    },
    Promise {
        says: "Redirects are never followed, and the token goes nowhere else",
        bound: "0 connections to another address; no token in what a proxy reads",
        held_by: &[(CATALOGUE, &[]), ("tests/delivery.rs", &["redirects_are_never_followed"])],
    },
    Promise {
        says: "The environment has no effect: proxies, SSL_CERT_FILE, SSLKEYLOGFILE, RUST_LOG",
        bound: "0 connections to the proxies named there, no file, no output",
        held_by: &[(CATALOGUE, &[])],
    },
    Promise {
        says: "CR, LF, NUL, path tricks, queries in URLs and very long texts are refused or encoded",
        bound: "0 bytes sent for what is refused",
        held_by: &[(
            "tests/inputs.rs",
            &[
                "line_breaks_and_nul_are_refused_where_they_would_do_harm",
                "in_a_body_they_are_text",
                "ids_stay_one_step_of_the_path",
                "base_urls_with_more_than_a_place_are_refused",
                "what_is_very_long_is_refused_before_it_is_sent",
            ],
        )],
    },
    Promise {
        says: "A file that vanishes, shrinks, grows, or becomes a folder or a FIFO ends the call \
               before its last byte",
        bound: "delivery not_sent, one attempt, 10 s",
        held_by: &[(
            "tests/inputs.rs",
            &[
                "files_that_are_no_longer_what_they_were",
                "a_file_that_shrinks_while_it_is_on_its_way",
                "special_files_are_refused_without_being_opened",
                "an_unreadable_file_is_refused",
            ],
        )],
    },
    Promise {
        says: "A full disk leaves no half certificate, and the old one as it was",
        bound: "0 files",
        held_by: &[("cli/tests/full_disk.rs", &["no_half_file_is_left"])],
    },
    Promise {
        says: "push listen answers 200 to no push that could be lost",
        bound: "on disk, or its command succeeded; 0 half lines on a full disk",
        held_by: &[(
            "cli/tests/listen.rs",
            &[
                "an_event_is_on_disk_before_200_with_what_the_service_says",
                "what_is_not_kept_is_not_answered_with_200",
                "a_command_must_succeed",
                "a_full_disk_keeps_whole_lines_and_says_503",
                "a_stop_lets_what_was_begun_end",
            ],
        )],
    },
    Promise {
        says: "Secrets are in no log, at any level, no event, no error, no Debug",
        bound: "9 secrets, 4 places",
        held_by: &[
            ("tests/secrets.rs", &["secrets_are_seen_nowhere"]),
            ("tests/delivery.rs", &["echoed_secrets_are_not_in_errors"]),
            (CATALOGUE, &[]),
        ],
    },
    Promise {
        says: "The library's own copies of the token are wiped",
        bound: "0 blocks freed with it",
        held_by: &[("tests/wiped.rs", &["no_copy_of_the_token_stays_in_freed_memory"])],
    },
    Promise {
        says: "Calls leave nothing behind, failing ones included",
        bound: "10,000 calls: 0 descriptors, 0 threads, under 2 KiB",
        held_by: &[("tests/leaks.rs", &["ten_thousand_calls_leave_nothing_behind"])],
    },
    Promise {
        says: "Cancelling from another thread ends a call wherever it stands, and the client works \
               afterwards",
        bound: "0.3 s",
        held_by: &[(
            "tests/cancel.rs",
            &[
                "while_connecting",
                "in_the_tls_handshake",
                "waiting_for_the_answer",
                "inside_the_answer",
                "sending_a_document",
                "in_a_pause_before_it_is_sent_again",
                "waiting_for_a_certificate",
                "many_calls_at_once_and_again_and_again",
            ],
        )],
    },
    Promise {
        says: "A chain in any order comes out in a server's order",
        bound: "1,000 chains drawn",
        held_by: &[(
            "src/certificate/bundle.rs",
            &["a_chain_in_any_order_comes_out_in_a_servers_order"],
        )],
    },
    Promise {
        says: "No panic reaches C",
        bound: "every function of the header; every region of the guard run",
        held_by: &[
            ("src/ffi/tests.rs", &["a_panic_in_any_entry_point_stops_at_the_border"]),
            ("src/ffi/guard.rs", &["panics_outside_stay_their_owners"]),
            ("tests/suites/75-coverage.sh", &[]),
        ],
    },
];
