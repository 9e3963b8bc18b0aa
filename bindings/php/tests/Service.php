<?php

declare(strict_types=1);

namespace Wotrus\Tests;

/** PHP's built-in web server with one of the tests' pages, on a free port. */
final class Service
{
    /** @var resource */
    private $process;
    /** @var string */
    public $url = '';
    /** @var string */
    private $log;

    /**
     * @param string[] $settings
     */
    public function __construct(string $router, array $settings = [])
    {
        $this->log = (string) tempnam(sys_get_temp_dir(), 'wotrus-');
        // Port 0 needs PHP 8; another process may take the free port before the server does.
        for ($tries = 0; $tries < 5 && $this->url === ''; $tries++) {
            $this->start($router, $settings);
        }
        if ($this->url === '') {
            throw new \RuntimeException('php -S did not start: ' . $this->log());
        }
    }

    /**
     * @param string[] $settings
     */
    private function start(string $router, array $settings): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $address = (string) stream_socket_get_name($socket, false);
        fclose($socket);
        $command = array_merge([PHP_BINARY], $settings, ['-S', $address, $router]);
        $pipes = [1 => ['file', $this->log, 'a'], 2 => ['file', $this->log, 'a']];
        $process = proc_open($command, $pipes, $none);
        if ($process === false) {
            throw new \RuntimeException('php -S cannot be started');
        }
        $this->process = $process;
        for ($i = 0; $i < 600 && proc_get_status($process)['running']; $i++) {
            usleep(50000);
            if (strpos($this->log(), "$address) started") !== false) {
                $this->url = "http://$address";
                return;
            }
        }
    }

    public function log(): string
    {
        return (string) file_get_contents($this->log);
    }

    public function get(string $path = '/'): string
    {
        return (string) file_get_contents($this->url . $path);
    }

    public function post(string $body): string
    {
        $type = $body !== '' && $body[0] === '{' ? 'application/json' : 'application/x-www-form-urlencoded';
        $http = ['method' => 'POST', 'header' => "Content-Type: $type", 'content' => $body, 'ignore_errors' => true];
        return (string) file_get_contents($this->url . '/', false, stream_context_create(['http' => $http]));
    }

    public function __destruct()
    {
        proc_terminate($this->process);
        proc_close($this->process);
        unlink($this->log);
    }
}
