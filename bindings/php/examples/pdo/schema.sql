-- SQLite. MySQL: VARCHAR(64) instead of the TEXT of keys and ids, LONGTEXT for fields and full_chain,
-- DEFAULT CHARSET=utf8mb4, INSERT IGNORE instead of INSERT OR IGNORE in Orders.php, and PDO's option
-- MYSQL_ATTR_FOUND_ROWS, without which rowCount() does not count rows that have the new values already.
CREATE TABLE IF NOT EXISTS orders (
    order_key  TEXT PRIMARY KEY,          -- the idempotenceID
    fields     TEXT NOT NULL,             -- the fields of createOrder() as JSON; personal data
    order_id   TEXT UNIQUE,               -- the service's id, once it is known
    status     TEXT NOT NULL DEFAULT 'new',
    check_now  INTEGER NOT NULL DEFAULT 1,
    full_chain TEXT,
    sends_without_answer INTEGER NOT NULL DEFAULT 0, -- above 0 without an order_id: the order may exist
    problem    TEXT                       -- why the order is not sent again; a person decides
);
