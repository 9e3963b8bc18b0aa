<?php
// cdef.php HEADER LIBRARY: one call through PHP FFI, which parses the header.
$wotrus = FFI::cdef(file_get_contents($argv[1]), $argv[2]);
$config = $wotrus->wotrus_config_new();
foreach (['token' => 'WOTRUS_TOKEN', 'base_url' => 'WOTRUS_BASE_URL', 'ca_file' => 'WOTRUS_CA_FILE'] as $name => $variable) {
    $wotrus->wotrus_config_set($config, $name, getenv($variable));
}
$client = $wotrus->wotrus_client_new($config);
$reply = $wotrus->wotrus_query_order($client, '644A3E60-F1AA-4E25-821A-ACFBC462BC37');
$status = $wotrus->wotrus_reply_status($reply);
$message = $wotrus->wotrus_reply_message($reply);
$absent = $wotrus->wotrus_reply_order_id($reply);
$wotrus->wotrus_reply_free($reply);
$wotrus->wotrus_client_free($client);
$wotrus->wotrus_config_free($config);
if ($status !== $wotrus->WOTRUS_REFUSED || !is_string($message) || $absent !== null) {
    fwrite(STDERR, "status $status: $message\n");
    exit(1);
}
