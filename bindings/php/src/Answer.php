<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The result of Client::call(): the whole answer with its envelope.
 *
 * @property-read bool                        $isSuccess
 * @property-read string|null                 $errorMsg
 * @property-read string|null                 $successMsg
 * @property-read array<int|string, mixed>    $data
 * @property-read array<string, int>          $page       total, limit and skip, for lists
 */
final class Answer extends Result
{
    protected const PROPERTIES = self::CALL + [
        'isSuccess' => 'bool', 'errorMsg' => '?string', 'successMsg' => '?string', 'data' => 'array', 'page' => 'array',
    ];

    protected function main(array $answer): array
    {
        return $answer;
    }

    protected function selected(array $answer, array $call, Reply $reply): array
    {
        $answer = array_replace($answer, $call);
        // Calls by the name of an operation, such as "retrieve_certificate", can bring certificates.
        $certificates = [];
        foreach (['RSA', 'Sign', 'Encrypt'] as $which) {
            if ($reply->pem($which) !== null) {
                $certificates[$which] = Certificate::ofReply($reply, $which);
            }
        }
        if ($certificates !== []) {
            $answer['certificates'] = $certificates + (array) ($answer['certificates'] ?? []);
        }
        return $answer;
    }

    protected function restored(array $fields): array
    {
        return Certificate::restored($fields);
    }
}
