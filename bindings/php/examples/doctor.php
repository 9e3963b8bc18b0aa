<?php
// wotrus-doctor as a page, for the PHP of a web server. It shows settings, so remove it afterwards.

declare(strict_types=1);

require __DIR__ . '/../autoload.php';

Wotrus\Doctor::page();
