<?php
// An order page: GET shows a form, POST places the order. The form has the key, so a second click and
// a reload send the same order.

declare(strict_types=1);

use Wotrus\DocumentType;
use Wotrus\Product;

if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    $key = 'order-' . bin2hex(random_bytes(16));
    echo '<!DOCTYPE html><form method="post" enctype="multipart/form-data"><input type="hidden" name="key" value="', $key,
        '"><input name="name" required><textarea name="csr" required></textarea><button>OK</button></form>';
    exit;
}
$key = (string) ($_POST['key'] ?? '');
if (preg_match('/^order-[0-9a-f]{32}$/', $key) !== 1) {
    http_response_code(400);
    exit('wrong key');
}
$orders = require __DIR__ . '/setup.php';
$orders->place($key, [
    'orderinfoPost' => ['productID' => Product::ORGANIZATION_DOCUMENT_SIGNING, 'commonName' => (string) ($_POST['name'] ?? ''),
        'csR_RSA' => (string) ($_POST['csr'] ?? ''), 'month' => 12],
    'organizationPost' => ['OrgName' => (string) ($_POST['name'] ?? ''), 'countryCode' => 'CN'],
    'documentsPost' => [['documentType' => DocumentType::BUSINESS_LICENCE, 'path' => (string) getenv('ORDERS_LICENCE')]],
]);
$orders->send($key);
header('Content-Type: text/plain; charset=utf-8');
echo "placed: $key\n";
