<?php

declare(strict_types=1);

namespace Wotrus;

/** The products in the document, for productID. The service sells others; any GUID is accepted. */
final class Product
{
    public const PDF_SIGNING = '76ECE651-B59E-48F2-A47B-135614AADAD9';
    public const ORGANIZATION_DOCUMENT_SIGNING = '2C17C336-A772-42F8-B3DD-4F2591A5B116';
    public const PERSONAL_DOCUMENT_SIGNING = 'D4D30B75-68D5-471C-B66A-21299F1DFAA5';
}
