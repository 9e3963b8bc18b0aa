-- Version 1 of the ledger; docs/ledger.md explains it. Times are UTC, as in 2026-11-25T03:40:00Z.
-- Only what SQLite 3.7 and later read is used, so that old PDO and sqlite3 can open the file.

CREATE TABLE imports (
    id           INTEGER PRIMARY KEY,
    path         NOT NULL,
    content_hmac TEXT NOT NULL,
    charset      TEXT NOT NULL,
    row_count    INTEGER NOT NULL,
    started_at   TEXT NOT NULL,
    finished_at  TEXT
);

CREATE TABLE orders (
    id                 INTEGER PRIMARY KEY,
    base_url           TEXT NOT NULL,
    idempotence_id     TEXT NOT NULL,
    state              TEXT NOT NULL
        CHECK (state IN ('prepared', 'sending', 'created', 'refused', 'unknown', 'not_sent')),
    reason             TEXT,
    run                TEXT,
    recorded_at        TEXT NOT NULL,
    changed_at         TEXT NOT NULL,
    body               TEXT NOT NULL,
    body_hmac          TEXT NOT NULL,
    product_id         TEXT NOT NULL,
    common_name        TEXT NOT NULL,
    org_name           TEXT NOT NULL,
    months             INTEGER NOT NULL,
    import_id          INTEGER REFERENCES imports (id),
    import_row         INTEGER,
    renews             INTEGER REFERENCES orders (id),
    order_id           TEXT,
    paired_order_id    TEXT,
    created_at         TEXT,
    status             TEXT,
    payment            TEXT,
    order_number       TEXT,
    product_name       TEXT,
    service_created_at TEXT,
    queried_at         TEXT,
    query_failures     INTEGER NOT NULL DEFAULT 0,
    query_problem      TEXT,
    fetched_at         TEXT,
    fetched_to,
    paired_status      TEXT,
    paired_fetched_at  TEXT,
    paired_fetched_to,
    UNIQUE (base_url, idempotence_id)
);
CREATE INDEX orders_by_order_id ON orders (order_id);
CREATE INDEX orders_by_state ON orders (state);

CREATE TABLE origins (
    order_row INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    part      TEXT NOT NULL,
    kind      TEXT NOT NULL
        CHECK (kind IN ('file', 'json', 'import', 'standard_input', 'argument')),
    path,
    row       INTEGER,
    document_type INTEGER,
    PRIMARY KEY (order_row, position)
);

CREATE TABLE attempts (
    id           INTEGER PRIMARY KEY,
    order_row    INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    run          TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    number       INTEGER NOT NULL,
    started_at   TEXT NOT NULL,
    ended_at     TEXT,
    kind         TEXT,
    cause        TEXT,
    delivery     TEXT,
    http_status  INTEGER,
    message      TEXT
);
CREATE INDEX attempts_by_order ON attempts (order_row);

CREATE TABLE certificates (
    id         INTEGER PRIMARY KEY,
    order_row  INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('rsa', 'sign', 'encrypt')),
    sha256     TEXT NOT NULL,
    serial     TEXT NOT NULL,
    subject    TEXT,
    not_before TEXT,
    not_after  TEXT,
    path,
    fetched_at TEXT NOT NULL,
    UNIQUE (order_row, kind, sha256)
);
CREATE INDEX certificates_by_end ON certificates (not_after);

CREATE TABLE events (
    id           TEXT PRIMARY KEY,
    order_row    INTEGER REFERENCES orders (id) ON DELETE CASCADE,
    type         TEXT NOT NULL,
    at           TEXT NOT NULL,
    data         TEXT NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,
    next_try_at  TEXT,
    delivered_at TEXT,
    failed_at    TEXT,
    last_problem TEXT
);
CREATE INDEX events_by_delivery ON events (delivered_at, failed_at, next_try_at);

CREATE TABLE due_notices (
    certificate_sha256 TEXT NOT NULL,
    stage              INTEGER NOT NULL,
    not_after          TEXT NOT NULL,
    order_row          INTEGER REFERENCES orders (id) ON DELETE CASCADE,
    reported_at        TEXT NOT NULL,
    PRIMARY KEY (certificate_sha256, stage)
);

CREATE TABLE service_pauses (
    base_url TEXT PRIMARY KEY,
    until    TEXT NOT NULL
);
