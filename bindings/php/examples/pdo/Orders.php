<?php
// Orders in a database: one order of two clicks, one change of three pushes, nothing lost by a timeout.

declare(strict_types=1);

use Wotrus\Client;
use Wotrus\Delivery;
use Wotrus\Exception\NotReadyException;
use Wotrus\Exception\WotrusException;
use Wotrus\Kind;
use Wotrus\Status;

final class Orders
{
    /** The HTTP statuses by which a service refuses what an order contains. */
    private const REFUSALS = [400, 409, 413, 415, 422];

    private PDO $database;
    private Client $client;

    public function __construct(PDO $database, Client $client)
    {
        $database->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
        $this->database = $database;
        $this->client = $client;
    }

    /**
     * Stores the order before it is sent. The second click of a form has the same key and stores nothing.
     *
     * @param array<string, mixed> $fields of createOrder(), without idempotenceID
     */
    public function place(string $key, array $fields): void
    {
        $fields['orderinfoPost']['idempotenceID'] = $key;
        $this->run('INSERT OR IGNORE INTO orders (order_key, fields) VALUES (?, ?)', [$key, json_encode($fields, JSON_THROW_ON_ERROR)]);
    }

    /**
     * Sends an order that has no id yet. After an unknown outcome cron.php sends it again with the same
     * idempotenceID, so that there is one order. Only a refusal of the order itself ends it, which can also be an
     * HTTP status such as 400: a wrong token or URL is corrected, and the order sent again.
     *
     * sends_without_answer is increased before the call, so that an order whose process was killed is counted
     * too. A refusal after such a send does not tell whether the order exists: a person has to ask the service.
     */
    public function send(string $key): void
    {
        $row = $this->run('SELECT fields, sends_without_answer FROM orders WHERE order_key = ? AND order_id IS NULL AND problem IS NULL', [$key])->fetch();
        if ($row === false) {
            return;
        }
        $count = 'UPDATE orders SET sends_without_answer = sends_without_answer + ? WHERE order_key = ?';
        $this->run($count, [1, $key]);
        try {
            $created = $this->client->createOrder(json_decode($row['fields'], true, 64, JSON_THROW_ON_ERROR));
            $this->run('UPDATE orders SET order_id = ?, status = ?, check_now = 1, sends_without_answer = 0, problem = NULL WHERE order_key = ?', [$created->order_id, 'created', $key]);
        } catch (WotrusException $error) {
            if ($error->getDelivery() !== Delivery::UNKNOWN) {
                $this->run($count, [-1, $key]);
            }
            $message = ($row['sends_without_answer'] > 0 ? 'the order may exist, because an earlier send had no answer: ' : '') . $error->getMessage();
            $isRefusedByStatus = $error->getKind() === Kind::PROTOCOL && $error->getDelivery() === Delivery::ANSWERED
                && in_array($error->getHttpStatus(), self::REFUSALS, true);
            if ($isRefusedByStatus || in_array($error->getKind(), [Kind::REFUSED, Kind::ARGUMENT], true)) {
                $this->run('UPDATE orders SET problem = ? WHERE order_key = ? AND order_id IS NULL', [$message, $key]);
            }
            error_log("order $key: $message");
        }
    }

    /** A push only marks the order. Returns whether it is ours. */
    public function markForQuery(string $orderId): bool
    {
        return $this->run('UPDATE orders SET check_now = 1 WHERE order_id = ?', [$orderId])->rowCount() > 0;
    }

    /**
     * Sends what has no id yet, and queries what is open. Each change is reported once, although pushes
     * and cron may meet: the UPDATE compares the status.
     *
     * @param callable(string, string): void $changed gets the key and the new status
     */
    public function follow(callable $changed, bool $onlyMarked = false): void
    {
        foreach ($this->run('SELECT order_key FROM orders WHERE order_id IS NULL AND problem IS NULL', [])->fetchAll() as $row) {
            $this->send($row['order_key']);
        }
        $open = 'SELECT order_key, order_id, status, full_chain FROM orders WHERE order_id IS NOT NULL AND status NOT IN (?, ?, ?)'
            . ' AND NOT (status = ? AND full_chain IS NOT NULL AND check_now = 0)' . ($onlyMarked ? ' AND check_now = 1' : '');
        foreach ($this->run($open, array_merge(Status::FINAL, [Status::ISSUED]))->fetchAll() as $row) {
            try {
                $this->followOne($row, $changed);
            } catch (WotrusException $error) {
                error_log("order $row[order_key]: " . $error->getMessage()); // the next run tries again
            }
        }
    }

    /**
     * @param array<string, mixed> $row
     */
    private function followOne(array $row, callable $changed): void
    {
        // Before the query: a push that arrives during it marks the order again.
        $this->run('UPDATE orders SET check_now = 0 WHERE order_key = ?', [$row['order_key']]);
        try {
            $status = $this->client->queryOrder($row['order_id'])->status;
            if ($status === Status::ISSUED && $row['full_chain'] === null) {
                $certificate = $this->client->retrieveCertificate($row['order_id'])->first();
                if ($certificate === null) {
                    return;
                }
                // A certificate that cannot be read is an exception: the order stays open.
                $this->run('UPDATE orders SET full_chain = ? WHERE order_key = ?', [$certificate->fullChain(), $row['order_key']]);
            }
        } catch (NotReadyException $error) {
            return;
        } catch (WotrusException $error) {
            $this->run('UPDATE orders SET check_now = 1 WHERE order_key = ?', [$row['order_key']]);
            throw $error;
        }
        $update = $this->run('UPDATE orders SET status = ? WHERE order_key = ? AND status <> ?', [$status, $row['order_key'], $status]);
        if ($update->rowCount() > 0) {
            $changed($row['order_key'], $status);
        }
    }

    /**
     * @param array<int, mixed> $values
     */
    private function run(string $sql, array $values): PDOStatement
    {
        $statement = $this->database->prepare($sql);
        $statement->execute($values);
        return $statement;
    }
}
