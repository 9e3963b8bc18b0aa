<?php
// wotrus-doctor as a page, for the PHP of a web server. It shows settings: remove it when it is read.

declare(strict_types=1);

require __DIR__ . '/../autoload.php';

Wotrus\Doctor::page();
