<?php
// For opcache.preload, together with ffi.preload; "wotrus-doctor preload" says how. What is loaded
// here may use FFI where ffi.enable is "preload", and nothing else may.

declare(strict_types=1);

require __DIR__ . '/src/Backend/Scope.php';
