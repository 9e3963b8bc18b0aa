<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\DocumentType;
use Wotrus\Exception\ArgumentException;
use Wotrus\OrderRequest;
use Wotrus\Product;
use Wotrus\ReissueRequest;
use Wotrus\RevocationRequest;
use Wotrus\Testing\FakeClient;

/** The builders of requests give the same fields as arrays. */
final class RequestTest extends TestCase
{
    public function testAnOrder(): void
    {
        $request = (new OrderRequest('order-4711', Product::PDF_SIGNING, '沃通', 12))
            ->csr('csr')
            ->info('Hosts', ['a.example'])
            ->organization('沃通', 'CN', ['UserMobile' => '18610077459'])
            ->document(DocumentType::BUSINESS_LICENCE, '/srv/licence.pdf')
            ->document(DocumentType::IDENTITY_CARD, '/srv/card', '.jpg')
            ->documentContent(DocumentType::AUTHORIZATION, '%PDF', '.pdf');
        $fields = [
            'orderinfoPost' => ['productID' => Product::PDF_SIGNING, 'commonName' => '沃通', 'month' => 12,
                'idempotenceID' => 'order-4711', 'csR_RSA' => 'csr', 'Hosts' => ['a.example']],
            'organizationPost' => ['OrgName' => '沃通', 'countryCode' => 'CN', 'UserMobile' => '18610077459'],
            'documentsPost' => [
                ['documentType' => 2, 'path' => '/srv/licence.pdf'],
                ['documentType' => 3, 'path' => '/srv/card', 'fileType' => '.jpg'],
                ['documentType' => 1, 'fileType' => '.pdf', 'fileContent' => 'JVBERg=='],
            ],
        ];
        self::assertSame($fields, $request->toArray());
        $fake = (new FakeClient())->willAnswer(['orderID' => 'A1']);
        $fake->createOrder($request);
        self::assertSame($fields, $fake->calls()[0]['fields']);
        self::assertStringNotContainsString('18610077459', print_r($request, true));
    }

    public function testARevocationAndAReissue(): void
    {
        $revocation = (new RevocationRequest('A1', 'lost'))->proofContent('%PDF', '.pdf')->proof('/srv/proof.pdf');
        self::assertSame(['orderID' => 'A1', 'reason' => 'lost', 'path' => '/srv/proof.pdf'], $revocation->toArray());
        $reissue = (new ReissueRequest('reissue-1', 'A1', 'csr', 'new server'))->encryptionCsr('csr2')->proof('/srv/p', '.jpg')->proofContent('%PDF', '.pdf');
        self::assertSame([
            'orderID' => 'A1', 'csr' => 'csr', 'reason' => 'new server', 'idempotenceID' => 'reissue-1',
            'csR_Encrypt' => 'csr2', 'fileType' => '.pdf', 'fileContent' => 'JVBERg==',
        ], $reissue->toArray());
        $fake = (new FakeClient())->willAnswer(['revokeStatus' => 'pendingAudit'])->willAnswer(['newOrderID' => 'A2']);
        self::assertSame('pendingAudit', $fake->revokeCertificate($revocation)->revokeStatus);
        self::assertSame('A2', $fake->reissueCertificate($reissue)->order_id);
        self::assertSame([$revocation->toArray(), $reissue->toArray()], array_column($fake->calls(), 'fields'));
        self::assertStringNotContainsString('JVBERg', print_r($reissue, true));
    }

    public function testAnOrderOfTheSandbox(): void
    {
        $request = (new OrderRequest(uniqid('builder-'), Product::PDF_SIGNING, '沃通', 12))
            ->csr(self::csr())->organization('沃通')->document(DocumentType::BUSINESS_LICENCE, self::licence());
        self::assertNotNull(self::client()->createOrder($request)->order_id);
    }

    public function testOtherTypesAreRefused(): void
    {
        $client = new FakeClient();
        $calls = [
            'order' => static function ($value) use ($client): void {
                $client->createOrder($value);
            },
            'revocation' => static function ($value) use ($client): void {
                $client->revokeCertificate($value);
            },
            'reissue' => static function ($value) use ($client): void {
                $client->reissueCertificate($value);
            },
        ];
        foreach ($calls as $name => $call) {
            foreach (['text', null, new \stdClass(), new RevocationRequest('A1', 'x')] as $value) {
                if ($name === 'revocation' && $value instanceof RevocationRequest) {
                    continue;
                }
                $error = self::failure(static function () use ($call, $value): void {
                    $call($value);
                });
                self::assertInstanceOf(ArgumentException::class, $error);
                self::assertSame($name, $error->getField());
            }
        }
    }
}
