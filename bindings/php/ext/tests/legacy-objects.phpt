--TEST--
The class for old PHP: objects are sent as json_encode() writes them
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/service.inc';
require __DIR__ . '/../../legacy/WotrusClient.php';
class Name implements JsonSerializable
{
    #[\ReturnTypeWillChange]
    public function jsonSerialize()
    {
        return "\xce\xd6\xcd\xa8";
    }
}
class Organization
{
    public $OrgName;
    public $countryCode = 'CN';
    private $hidden = "\xff";
    protected $more = "\xff";
}
class Itself extends Organization implements JsonSerializable
{
    #[\ReturnTypeWillChange]
    public function jsonSerialize()
    {
        return $this;
    }
}
$client = new WotrusClient(options(array('charset' => 'GB18030')));
$organization = new Organization();
$organization->OrgName = new Name();
$order = array('organizationPost' => $organization) + order('x');
$created = $client->createOrder($order);
$queried = $client->queryOrder($created['order_id']);
echo bin2hex($queried['org']['orgName']), "\n";
/* An object that is its own JSON, and a closure. */
$itself = new Itself();
$itself->OrgName = $organization->OrgName;
$created = $client->createOrder(array('organizationPost' => $itself) + order('x'));
$queried = $client->queryOrder($created['order_id']);
echo bin2hex($queried['org']['orgName']), "\n";
foreach (array($organization, function () {
}, fopen(__FILE__, 'r')) as $value) {
    try {
        $order['organizationPost'] = array('OrgName' => $value, 'countryCode' => 'CN');
        $client->createOrder($order);
    } catch (WotrusException $e) {
        echo $e->getMessage(), "\n";
    }
}
--EXPECT--
ced6cda8
ced6cda8
OrgName: should be a text, but is an object
OrgName: should be a text, but is an object
OrgName: is neither text, a number, a boolean, null nor an array of these
