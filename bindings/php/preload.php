<?php
// Empty. Earlier versions loaded a class here for opcache.preload. A missing file would stop php-fpm
// from starting, so it stays for one more release. `bin/wotrus-doctor` names the php.ini lines to remove.
