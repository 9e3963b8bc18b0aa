-- Version 2: reissues are orders too, and a query by the id of a paired order, or for the renewals and
-- reissues of an order, no longer reads every row.

ALTER TABLE orders ADD COLUMN reissued_order_id TEXT;
ALTER TABLE orders ADD COLUMN reissues INTEGER REFERENCES orders (id);
CREATE INDEX orders_by_paired_order_id ON orders (paired_order_id);
CREATE INDEX orders_by_renews ON orders (renews);
CREATE INDEX orders_by_reissues ON orders (reissues);
