"""doctor.py FPM: the doctor's page reports that php-fpm refuses FFI with its default settings."""
import os
import sys
import urllib.request

from servers import Servers

os.environ.setdefault("WOTRUS_TEST_OPTIONS", "{}")
page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "doctor.php")
servers = Servers(sys.argv[1], os.path.realpath(page), "php_admin_value[ffi.enable] = preload")
try:
    with urllib.request.urlopen(f"http://127.0.0.1:{servers.port}/", timeout=60) as answer:
        report = answer.read().decode()
finally:
    servers.stop()
print(report)
for expected in ("ffi.enable=preload allows FFI on the command line only, and this is the SAPI fpm-fcgi",
               "php_admin_value[ffi.enable]=1", "the extension wotrus is not loaded",
               "Wotrus\\Client cannot be used"):
    assert expected in report, expected
