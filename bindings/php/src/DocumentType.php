<?php

declare(strict_types=1);

namespace Wotrus;

/** The types of documents for an order, for documentType. */
final class DocumentType
{
    public const AUTHORIZATION = 1;
    public const BUSINESS_LICENCE = 2;
    public const IDENTITY_CARD = 3;
}
