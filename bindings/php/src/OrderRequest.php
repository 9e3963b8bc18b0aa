<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The fields of an order (section 2), for Client::createOrder().
 *
 *     $order = (new OrderRequest('order-4711', Product::PDF_SIGNING, '沃通', 12))
 *         ->csr($pem)
 *         ->organization('沃通', 'CN', ['UserMobile' => '...'])
 *         ->document(DocumentType::BUSINESS_LICENCE, '/srv/licence.pdf');
 */
final class OrderRequest
{
    /** @var array<string, mixed> */
    private array $info;
    /** @var array<string, mixed> */
    private array $organization = [];
    /** @var list<array<string, mixed>> */
    private array $documents = [];

    /**
     * @param string $idempotenceID the key of the order in your database: with it the order can be
     *                              sent again safely
     * @param string $productID     a GUID; Product has those of the document
     * @param string $commonName    usually the name of the organisation
     * @param int    $month         12 or 24; 13 or 25 for a renewal
     */
    public function __construct(string $idempotenceID, string $productID, string $commonName, int $month)
    {
        $this->info = [
            'productID' => $productID,
            'commonName' => $commonName,
            'month' => $month,
            'idempotenceID' => $idempotenceID,
        ];
    }

    /** The certificate request in PEM, with an RSA or ECC key. */
    public function csr(string $pem): self
    {
        return $this->info('csR_RSA', $pem);
    }

    /**
     * Sets a field of orderinfoPost, by the document's name or any other.
     *
     * @param mixed $value
     */
    public function info(
        string $name,
        #[\SensitiveParameter]
        $value
    ): self {
        $this->info[$name] = $value;
        return $this;
    }

    /**
     * The organisation.
     *
     * @param string               $countryCode two letters, such as CN
     * @param array<string, mixed> $more        BusinessCategory, OrgPhone, OrgEmail, UserFirstName,
     *                                          UserLastName, UserEmail, UserMobile, IDCardNO, state,
     *                                          city, street, zip, businessLicense, OtherName
     */
    public function organization(
        string $name,
        string $countryCode = 'CN',
        #[\SensitiveParameter]
        array $more = []
    ): self {
        $this->organization = ['OrgName' => $name, 'countryCode' => $countryCode] + $more;
        return $this;
    }

    /**
     * Adds a file, which is read while it is sent.
     *
     * @param int         $type     one of the constants of DocumentType
     * @param string|null $fileType such as ".pdf"; by default the end of the path
     */
    public function document(int $type, string $path, ?string $fileType = null): self
    {
        $this->documents[] = ['documentType' => $type, 'path' => $path]
            + ($fileType === null ? [] : ['fileType' => $fileType]);
        return $this;
    }

    /**
     * Adds a document from memory.
     *
     * @param int    $type     one of the constants of DocumentType
     * @param string $fileType ".jpg", ".gif" or ".pdf"
     */
    public function documentContent(
        int $type,
        #[\SensitiveParameter]
        string $bytes,
        string $fileType
    ): self {
        $this->documents[] = ['documentType' => $type, 'fileType' => $fileType, 'fileContent' => base64_encode($bytes)];
        return $this;
    }

    /**
     * @return array{orderinfoPost: array<string, mixed>, organizationPost: array<string, mixed>, documentsPost: list<array<string, mixed>>}
     */
    public function toArray(): array
    {
        return [
            'orderinfoPost' => $this->info,
            'organizationPost' => $this->organization,
            'documentsPost' => $this->documents,
        ];
    }

    /**
     * @return array<string, mixed> what var_dump() shows: no personal data
     */
    public function __debugInfo(): array
    {
        return ['idempotenceID' => $this->info['idempotenceID'], 'productID' => $this->info['productID']];
    }
}
