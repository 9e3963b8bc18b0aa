#!/bin/sh
# make demo, the README's first command; OpenSSL verifies what it wrote.
# needs: openssl
. "$(dirname "$0")/../lib.sh"
require openssl
rm -rf demo-out
make demo
cd demo-out
openssl verify -CAfile root.pem -untrusted chain.pem leaf.pem
openssl verify -CAfile root.pem -untrusted fullchain.pem leaf.pem
# fullchain.pem begins with the leaf, which has the CSR's key.
[ "$(openssl x509 -in fullchain.pem -noout -fingerprint)" = "$(openssl x509 -in leaf.pem -noout -fingerprint)" ]
[ "$(openssl x509 -in leaf.pem -noout -pubkey)" = "$(openssl req -in ../tests/fixtures/example.csr -noout -pubkey)" ]
grep -q '"issued"' order.json
# The certificate that the C program wrote has it too.
[ "$(openssl x509 -in fullchain-c.pem -noout -pubkey)" = "$(openssl req -in ../tests/fixtures/example.csr -noout -pubkey)" ]
