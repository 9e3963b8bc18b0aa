//! The promises of docs/reliability.md, each with its limit and the tests that check it.

/// A promise, its limit, and its tests: a file and functions in it. A file without functions is a
/// test by itself.
pub(crate) struct Promise {
    pub(crate) text: &'static str,
    pub(crate) limit: &'static str,
    pub(crate) tests: &'static [(&'static str, &'static [&'static str])],
}

const CATALOGUE: (&str, &[&str]) = ("tests/hostile/main.rs", &[]);
const COVERAGE: (&str, &[&str]) = ("tests/suites/75-coverage.sh", &[]);

pub(crate) const PROMISES: &[Promise] = &[
    Promise {
        text: "An order with an idempotenceID exists exactly once, and the caller has its id or an error \
               that says it may exist",
        limit: "10,000 orders, 6 of 10 requests with a fault: 0 duplicates, 0 lost",
        tests: &[("tests/exactly_once.rs", &["orders_with_an_idempotence_id_exist_exactly_once"])],
    },
    Promise {
        text: "Without an idempotenceID nothing that the service may have processed is sent again; after \
               5xx it may have been processed, unless the response came before the whole body was \
               sent; after 429 it was not",
        limit: "2,000 orders with the same faults, and 200 through a gateway that answers 503 after the \
                work: 0 duplicates",
        tests: &[
            (
                "tests/exactly_once.rs",
                &["orders_without_idempotence_id_are_processed_at_most_once"],
            ),
            (
                "tests/gateway.rs",
                &[
                    "orders_without_idempotence_id_are_not_sent_again_after_503",
                    "orders_with_idempotence_id_are_sent_again_after_503_and_exist_once",
                ],
            ),
            ("tests/delivery.rs", &["order_without_idempotence_id_is_not_sent_again"]),
        ],
    },
    Promise {
        text: "One pure function decides whether a call is sent again",
        limit: "every row of its table, its properties on random input, every region executed",
        tests: &[
            (
                "src/call/retry.rs",
                &[
                    "the_table_of_what_is_safe_to_send_again",
                    "a_call_that_may_have_been_processed_is_repeated_only_where_that_is_safe",
                ],
            ),
            COVERAGE,
        ],
    },
    Promise {
        text: "Every call ends in time, whatever the server does",
        limit: "0.5 s after its timeout",
        tests: &[CATALOGUE, ("src/http/deadline.rs", &["a_nested_call_has_its_own_deadline"])],
    },
    Promise {
        text: "A slow name server blocks no call beyond its timeout; a cached name needs no look-up and \
               no thread, and is removed when a connection fails",
        limit: "1 look-up for concurrent calls",
        tests: &[
            (
                "src/http/dns.rs",
                &[
                    "a_name_is_resolved_once_until_it_is_forgotten",
                    "a_slow_lookup_is_shared_and_ends_with_the_deadline",
                ],
            ),
            CATALOGUE,
        ],
    },
    Promise {
        text: "An address that does not answer delays a connection once, and is not tried first again",
        limit: "250 ms",
        tests: &[
            ("src/http/race.rs", &["an_address_that_does_not_answer_costs_its_head_start_only"]),
            (
                "src/http/dns.rs",
                &["the_address_that_answered_last_comes_first_even_after_the_next_lookup"],
            ),
        ],
    },
    Promise {
        text: "A refused Expect header (417) and an error before the document are not a lost order",
        limit: "sent again; 0 orders without idempotenceID twice",
        tests: &[(
            "tests/expect_continue.rs",
            &[
                "after_417_the_order_is_sent_again_at_once_without_expect",
                "a_5xx_before_the_document_was_not_processed_and_is_sent_again",
            ],
        )],
    },
    Promise {
        text: "Memory grows neither with a response nor with an upload",
        limit: "16 MiB, with a document of 40 MiB",
        tests: &[CATALOGUE],
    },
    Promise {
        text: "A response that may be incomplete, or may not be the service's, is not accepted",
        limit: "every behaviour of the catalogue",
        tests: &[CATALOGUE, ("tests/delivery.rs", &["possibly_incomplete_responses_are_rejected"])],
    },
    Promise {
        text: "Redirects are not followed, and no other host receives the token",
        limit: "0 connections to another address, no token in what a proxy reads",
        tests: &[CATALOGUE, ("tests/delivery.rs", &["redirects_are_never_followed"])],
    },
    Promise {
        text: "Environment variables have no effect (proxies, SSL_CERT_FILE, SSLKEYLOGFILE, RUST_LOG)",
        limit: "0 connections to the proxies, no file, no output",
        tests: &[CATALOGUE],
    },
    Promise {
        text: "Control characters, path segments, URL queries and over-long values are refused or encoded",
        limit: "0 bytes sent for a refused value",
        tests: &[(
            "tests/inputs.rs",
            &[
                "line_breaks_and_nul_are_refused_in_headers_and_paths",
                "line_breaks_and_nul_are_escaped_in_the_body",
                "ids_are_one_segment_of_the_path",
                "base_urls_with_query_fragment_or_user_are_refused",
                "over_long_values_are_refused_before_sending",
            ],
        )],
    },
    Promise {
        text: "A document that is removed, changed or replaced ends the request before its last byte",
        limit: "delivery not_sent, 1 attempt, 10 s",
        tests: &[(
            "tests/inputs.rs",
            &[
                "files_changed_before_sending_are_refused",
                "file_truncated_during_sending_is_refused",
                "special_files_are_refused_without_blocking",
                "unreadable_file_is_refused",
            ],
        )],
    },
    Promise {
        text: "A full disk leaves no incomplete certificate file, and existing files unchanged",
        limit: "0 files",
        tests: &[("cli/tests/full_disk.rs", &["no_incomplete_file_is_left"])],
    },
    Promise {
        text: "push listen answers 200 only to a push that is on disk or whose command has succeeded",
        limit: "0 incomplete lines on a full disk",
        tests: &[(
            "cli/tests/listen.rs",
            &[
                "an_event_is_on_disk_before_200_with_the_answer_of_the_service",
                "a_push_that_is_not_kept_is_not_answered_with_200",
                "a_command_must_succeed",
                "a_full_disk_leaves_complete_lines_and_is_answered_with_503",
                "sigterm_completes_the_requests_that_have_begun",
            ],
        )],
    },
    Promise {
        text: "No secret is in a log record, an event, an error or a Debug text",
        limit: "9 secrets, 4 places, every log level",
        tests: &[
            ("tests/secrets.rs", &["secrets_are_never_shown"]),
            ("tests/delivery.rs", &["echoed_secrets_are_redacted_in_errors"]),
            CATALOGUE,
        ],
    },
    Promise {
        text: "The library overwrites its copies of the token before it frees them",
        limit: "0 freed blocks with the token",
        tests: &[("tests/token_zeroized.rs", &["freed_memory_does_not_contain_the_token"])],
    },
    Promise {
        text: "Calls leak nothing, failed ones included",
        limit: "10,000 calls: 0 descriptors, 0 threads, less than 2 KiB",
        tests: &[("tests/leaks.rs", &["ten_thousand_calls_leak_nothing"])],
    },
    Promise {
        text: "A handle with cancel = own is cancelled alone, with all its later calls",
        limit: "0.3 s",
        tests: &[(
            "tests/cancel_own.rs",
            &[
                "the_calls_of_the_handle_end_and_no_others",
                "cancelling_the_parent_ends_its_calls_too",
            ],
        )],
    },
    Promise {
        text: "Cancelling from another thread ends a call in every phase, and the client works afterwards",
        limit: "0.3 s",
        tests: &[(
            "tests/cancel.rs",
            &[
                "cancel_while_connecting",
                "cancel_during_tls_handshake",
                "cancel_before_the_response",
                "cancel_during_the_response",
                "cancel_during_an_upload",
                "cancel_during_back_off",
                "cancel_while_waiting_for_a_certificate",
                "cancel_many_concurrent_calls_repeatedly",
            ],
        )],
    },
    Promise {
        text: "A chain in any order is put in the order that servers need",
        limit: "1,000 random chains",
        tests: &[("src/certificate/bundle/tests.rs", &["a_chain_in_any_order_is_sorted"])],
    },
    Promise {
        text: "No panic reaches C",
        limit: "every function of the header, every region of the guard executed",
        tests: &[
            ("src/ffi/tests.rs", &["a_panic_in_any_exported_function_does_not_pass_the_guard"]),
            ("src/ffi/panics.rs", &["panics_of_the_host_reach_its_own_hook"]),
            COVERAGE,
        ],
    },
    Promise {
        text: "A C handle that was freed or is of another type is detected, unless its memory is in use again",
        limit: "every function that takes a handle: an argument error, or an abort with a message",
        tests: &[("tests/c/handles.c", &[])],
    },
    Promise {
        text: "No bytes from a peer, a caller or a file cause a crash, an endless loop or a caught panic",
        limit: "0 findings of 10 fuzz targets",
        tests: &[("fuzz/run", &[])],
    },
];
