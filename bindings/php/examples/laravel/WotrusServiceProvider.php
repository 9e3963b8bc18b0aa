<?php

declare(strict_types=1);

namespace App\Providers;

use Illuminate\Contracts\Foundation\Application;
use Illuminate\Support\ServiceProvider;
use Wotrus\Client;

/** Registers one client. config/services.php: 'wotrus' => ['token' => env('WOTRUS_TOKEN')] */
final class WotrusServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->app->singleton(Client::class, static function (Application $app): Client {
            return new Client($app->make('config')->get('services.wotrus') + ['logger' => $app->make('log')]);
        });
    }
}
