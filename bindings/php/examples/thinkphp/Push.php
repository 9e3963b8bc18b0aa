<?php
// ThinkPHP 6 and 8: app/controller/Push.php, Route::post('wotrus/push', 'Push/receive'). Not run, only parsed:
// there was no ThinkPHP to test it with.

declare(strict_types=1);

namespace app\controller;

use think\facade\Db;
use think\Request;
use think\Response;
use Wotrus\Exception\WotrusException;

class Push
{
    /** Marks the order. A command in cron queries it, as in examples/pdo/cron.php. */
    public function receive(Request $request): Response
    {
        try {
            $id = \Wotrus\Push::parse((string) $request->getInput())->orderId();
        } catch (WotrusException $error) {
            return response('', 400);
        }
        if ($id !== null) {
            Db::name('orders')->where('order_id', $id)->update(['check_now' => 1]);
        }
        return response('', 200);
    }
}
