"""cdef.py HEADER LIBRARY: one call through cffi, which parses the header."""
import os
import sys

import cffi

ffi = cffi.FFI()
with open(sys.argv[1], encoding="utf-8") as header:
    ffi.cdef(header.read())
wotrus = ffi.dlopen(sys.argv[2])
config = wotrus.wotrus_config_new()
for name, variable in [("token", "WOTRUS_TOKEN"), ("base_url", "WOTRUS_BASE_URL"), ("ca_file", "WOTRUS_CA_FILE")]:
    wotrus.wotrus_config_set(config, name.encode(), os.environ[variable].encode())
client = wotrus.wotrus_client_new(config)
reply = wotrus.wotrus_query_order(client, b"644A3E60-F1AA-4E25-821A-ACFBC462BC37")
message = ffi.string(wotrus.wotrus_reply_message(reply)).decode()
assert wotrus.wotrus_reply_status(reply) == wotrus.WOTRUS_REFUSED, message
assert wotrus.wotrus_reply_order_id(reply) == ffi.NULL
wotrus.wotrus_reply_free(reply)
wotrus.wotrus_client_free(client)
wotrus.wotrus_config_free(config)
