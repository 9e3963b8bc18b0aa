<?php
// A service that gives faulty answers. The token of the request chooses the fault.

declare(strict_types=1);

// PHP's built-in web server sends no Content-Length, without which an answer may look incomplete.
ob_start(static function (string $page): string {
    header('Content-Length: ' . strlen($page));
    return $page;
});
$body = (string) file_get_contents('php://input');
$envelope = static function (array $data): string {
    return (string) json_encode(['isSuccess' => true, 'errorMsg' => '', 'successMsg' => 'ok', 'data' => $data, 'page' => null]);
};
header('Content-Type: application/json');
switch ($_SERVER['HTTP_WOTRUSTOKEN'] ?? '') {
    case 'html':
        header('Content-Type: text/html');
        echo '<html>502 Bad Gateway</html>';
        break;
    case 'busy':
        http_response_code(503);
        header('Retry-After: 7');
        echo '{}';
        break;
    case 'broken':
        http_response_code(500);
        break;
    case 'elsewhere':
        header('Location: http://127.0.0.1:1/');
        http_response_code(302);
        break;
    case 'pending':
        echo $envelope(['id' => 'A1', 'status' => 'pending']);
        break;
    case 'beside':
        echo '{"isSuccess":true,"errorMsg":"","successMsg":"","data":{"id":"A1","status":"issued"},"page":null,"beside":"here"}';
        break;
    case 'certificates':
        $certificates = ['a', 7, null, [], ['id' => 'C1'], 'RSA' => 'b'];
        echo json_encode(['isSuccess' => true, 'data' => ['id' => 'A1'], 'certificates' => $certificates]);
        break;
    case 'unreadable':
        echo $envelope(['orderID' => 'A1', 'id' => 'A1', 'status' => 'issued', 'pem_RSA' => 'no certificate']);
        break;
    case 'upper':
        echo '{"IsSuccess":true,"Data":{"ID":"A1","STATUS":"issued","Org":{"ORGNAME":"x"},"orderNumber":12345678901234567890123}}';
        break;
    case 'rsa':
        echo $envelope(['orderID' => null, 'orderID_RSA' => 'R1']);
        break;
    case 'surrogate':
        echo '{"isSuccess":true,"successMsg":"\ud800","data":{"orderID":"A1"}}';
        break;
    case 'echo':
        echo $envelope(['orderID' => 'A1', 'sent' => json_decode($body, true)]);
        break;
    default:
        http_response_code(401);
}
