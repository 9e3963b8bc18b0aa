<?php

declare(strict_types=1);

namespace Wotrus\Tests;

/** A document by its path goes from the disk to the service: PHP's memory does not know of it. */
final class UploadTest extends TestCase
{
    private const MIB = 1048576;

    public function testTwentyMegabytesCostNoMemory(): void
    {
        $file = $this->temporary('', '.pdf');
        $handle = fopen($file, 'wb');
        for ($i = 0; $i < 20; $i++) {
            fwrite($handle, random_bytes(self::MIB));
        }
        fclose($handle);
        $data = $this->temporary((string) json_encode(['options' => self::options(), 'order' => self::order('large-')]));
        [$status, $said] = self::php([__DIR__ . '/service/upload.php', $data, self::licence(), $file]);
        self::assertSame(0, $status, $said);
        $grown = json_decode($said, true);
        // PHP's own memory, and the whole process's at its height.
        self::assertSame(0, $grown['php'], $said);
        self::assertLessThan(4 * self::MIB, $grown['process'], $said);
    }
}
