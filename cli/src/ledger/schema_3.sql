-- Version 3: the case of an order's id does not count, so its indexes ignore it too, and a notice says which time
-- it was counted from.

DROP INDEX orders_by_order_id;
DROP INDEX orders_by_paired_order_id;
CREATE INDEX orders_by_order_id ON orders (order_id COLLATE NOCASE);
CREATE INDEX orders_by_paired_order_id ON orders (paired_order_id COLLATE NOCASE);
ALTER TABLE due_notices ADD COLUMN counted_at TEXT;
