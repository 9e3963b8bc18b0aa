<?php
// The life cycle of an order: create, query, wait, fetch, notify, reissue, cancel, revoke.
//
//     php order.php example.csr licence.pdf fullchain.pem
//
// "./try" runs it against the sandbox, free of charge.

declare(strict_types=1);

use Wotrus\Client;
use Wotrus\DocumentType;
use Wotrus\Exception\WotrusException;
use Wotrus\OrderRequest;
use Wotrus\Product;

$options = require __DIR__ . '/options.php';
if ($argc !== 4) {
    fwrite(STDERR, "usage: php order.php CSR LICENCE FULLCHAIN\n");
    exit(2);
}
[, $csr, $licence, $fullchain] = $argv;

/** Waits until push.php has written the order with this status; returns its lines about the order. */
function pushed(string $journal, string $id, string $status): string
{
    for ($tries = 0; $tries < 300; $tries++) {
        $lines = preg_grep('/^' . preg_quote($id, '/') . ' /', @file($journal) ?: []);
        if (preg_grep("/ $status$/", $lines)) {
            return implode('', $lines);
        }
        usleep(100000);
    }
    throw new RuntimeException("no push about $id arrived");
}

try {
    $client = new Client($options);
    echo 'libwotrus ', $client->libraryVersion(), ' with ', $client->backend(), "\n";

    $key = uniqid('example-'); // the key of this order in your database
    $name = '沃通电子认证服务有限公司';
    $request = (new OrderRequest($key, Product::ORGANIZATION_DOCUMENT_SIGNING, $name, 12))
        ->csr((string) file_get_contents($csr))
        ->organization($name, 'CN')
        ->document(DocumentType::BUSINESS_LICENCE, $licence);
    $created = $client->createOrder($request);
    $id = (string) $created->order_id;
    echo "created: $id (RequestID $created->request_id)\n";

    echo "query: {$client->queryOrder($id)->status}\n";

    // A manual review takes days: a real system ends here and continues when the push arrives.
    $issued = $client->waitForCertificate($id, 60);
    file_put_contents($fullchain, $issued->rsa->fullChain());
    echo "issued: $fullchain written\n";

    $client->notifyByEmail($id, 'https://example.com/collect');
    echo "e-mail: sent\n";

    $again = $client->reissueCertificate([
        'orderID' => $id,
        'csr' => file_get_contents($csr),
        'reason' => '更换服务器',
        'idempotenceID' => uniqid('example-'),
    ]);
    echo "reissue: $again->order_id\n";
    $client->cancelOrder((string) $again->order_id, '不需要了');
    echo "cancel: the new order is cancelled\n";

    $revoked = $client->revokeCertificate(['orderID' => $id, 'reason' => '不再使用', 'path' => $licence]);
    echo "revoke: $revoked->revokeStatus\n";

    if (getenv('PUSH_JOURNAL')) {
        echo "push.php received and queried:\n", pushed(getenv('PUSH_JOURNAL'), $id, 'issued');
    }
} catch (WotrusException $error) {
    // Delivery tells whether the order may exist. Give the RequestID to the service's support.
    fwrite(STDERR, sprintf(
        "%s (%s, %s, delivery %s, RequestID %s)\n",
        $error->getMessage(),
        $error->getKind(),
        $error->getCause(),
        $error->getDelivery(),
        $error->getRequestId() ?? 'none'
    ));
    exit(1);
}
