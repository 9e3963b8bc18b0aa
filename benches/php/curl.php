<?php
// PHP's curl and json extensions, used as in PHP's manual: one handle that is kept, with a timeout.

require __DIR__ . '/bench.php';

final class CurlPeer implements Peer
{
    private $curl;
    private string $baseUrl;

    public function __construct()
    {
        $this->baseUrl = getenv('BENCH_URL');
        $this->curl = curl_init();
        curl_setopt_array($this->curl, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CAINFO => getenv('BENCH_CA'),
            CURLOPT_TIMEOUT => 30,
            CURLOPT_CONNECTTIMEOUT => 10,
        ]);
    }

    private function call(string $path, ?array $body = null): array
    {
        $headers = ['WoTrusToken: ' . TOKEN];
        if ($body === null) {
            curl_setopt($this->curl, CURLOPT_HTTPGET, true);
        } else {
            $headers[] = 'Content-Type: application/json';
            curl_setopt($this->curl, CURLOPT_POSTFIELDS, json_encode($body));
        }
        curl_setopt($this->curl, CURLOPT_HTTPHEADER, $headers);
        curl_setopt($this->curl, CURLOPT_URL, $this->baseUrl . $path);
        $text = curl_exec($this->curl);
        if ($text === false || curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE) !== 200) {
            throw new RuntimeException('refused: ' . curl_error($this->curl));
        }
        $answer = json_decode($text, true, 64, JSON_THROW_ON_ERROR);
        if (!$answer['isSuccess']) {
            throw new RuntimeException($answer['errorMsg']);
        }
        return $answer['data'];
    }

    public function query(): array
    {
        return fields($this->call('/v1/Order/' . ORDER_ID));
    }

    public function create(): array
    {
        return [$this->call('/v1/Order/Create', order())['orderID']];
    }

    public function upload(): array
    {
        $content = base64_encode(file_get_contents(getenv('BENCH_DOCUMENT')));
        $document = ['documentType' => 2, 'fileType' => '.pdf', 'fileContent' => $content];
        return [$this->call('/v1/Order/Create', order([$document]))['orderID']];
    }

    public function fetch(): array
    {
        return certificates($this->call('/v1/Certificate/RetrievePem?orderID=' . ORDER_ID));
    }

    public function chain(): array
    {
        $data = $this->call('/v1/Certificate/RetrievePem?orderID=' . ORDER_ID);
        return [$data['pem_RSA'] . implode('', array_reverse(array_slice($data['chains_RSA'], 1)))];
    }
}

run(new CurlPeer(), $argv);
