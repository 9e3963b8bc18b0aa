<?php
// ThinkPHP 6 and 8: app/service/WotrusService.php, registered in app/service.php. Not run, only parsed: there
// was no ThinkPHP to test it with.

declare(strict_types=1);

namespace app\service;

use think\facade\Config;
use think\Service;
use Wotrus\Client;

class WotrusService extends Service
{
    public function register(): void
    {
        $this->app->bind(Client::class, static function (): Client {
            return new Client(Config::get('wotrus'));
        });
    }
}
