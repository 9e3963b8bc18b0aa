"""Runs the code of a README against the sandbox: readme.py README FOLDER, in which the order's files are put."""
import functools
import os
import pathlib
import re
import shutil
import sys

import wotrus

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Where Client connects to, in place of the service.
SANDBOX = functools.partial(
    wotrus.Client, base_url=os.environ["WOTRUS_BASE_URL"], ca_file=os.environ["WOTRUS_CA_FILE"])


def main(readme, folder):
    first_order, errors, push = re.findall(r"```python\n(.*?)```", pathlib.Path(readme).read_text("utf-8"), flags=re.S)
    os.chdir(folder)
    for file in ("example.csr", "licence.pdf"):
        shutil.copy(ROOT / "cli/assets" / file, file)
    pathlib.Path("token").write_text(os.environ["WOTRUS_TOKEN"] + "\n")
    wotrus.Client = SANDBOX
    names = {}
    exec(first_order.replace("/etc/wotrus/token", "token"), names)
    assert pathlib.Path("fullchain.pem").read_text().count("BEGIN CERTIFICATE") == 2

    names["client"] = SANDBOX(token=os.environ["WOTRUS_TOKEN"])
    exec(errors, names)
    body = '{"dataAction":"order","orderID":"%s","isIssued":true,"isRevoked":false}' % names["order_id"]
    names["request_body"] = body.encode()
    exec(push, names)
    assert names["status"] == "issued", names["status"]


if __name__ == "__main__":
    main(*sys.argv[1:])
