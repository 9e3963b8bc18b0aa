<?php

declare(strict_types=1);

namespace Wotrus\Tests;

/** A document given by its path is sent without being read into memory. */
final class UploadTest extends TestCase
{
    private const MIB = 1048576;

    public function testADocumentOf20MegabytesTakesNoMemory(): void
    {
        $file = $this->temporary('', '.pdf');
        $handle = fopen($file, 'wb');
        for ($i = 0; $i < 20; $i++) {
            fwrite($handle, random_bytes(self::MIB));
        }
        fclose($handle);
        $data = $this->temporary((string) json_encode(['options' => self::options(), 'order' => self::order('large-')]));
        [$status, $output] = self::php([__DIR__ . '/service/upload.php', $data, self::licence(), $file]);
        self::assertSame(0, $status, $output);
        $grown = json_decode($output, true);
        // The peak of PHP's own memory, and of the whole process.
        self::assertSame(0, $grown['php'], $output);
        self::assertLessThan(4 * self::MIB, $grown['process'], $output);
    }
}
