// The life cycle of an order: create, query, wait, fetch, notify, reissue, cancel, revoke.
//
//   WOTRUS_TOKEN=tk_... node order.js example.csr licence.pdf fullchain.pem
//
// The library reads no environment variables. This program reads WOTRUS_TOKEN, WOTRUS_BASE_URL and WOTRUS_CA_FILE;
// "wotrus sandbox" prints values to try it free of charge.
'use strict';

const fs = require('fs');
const wotrus = require('wotrus');

async function run(client, csr, licence, fullChain, signal) {
  const { orderId } = await client.createOrder({
    fields: {
      productID: '76ECE651-B59E-48F2-A47B-135614AADAD9', commonName: '沃通', OrgName: '沃通', countryCode: 'CN',
      month: 12, csR_RSA: csr,
      // With your database key as idempotenceID the order can be sent again safely.
      idempotenceID: `example-${Date.now()}`,
    },
    documents: [{ documentType: wotrus.DocumentType.BUSINESS_LICENCE, path: licence }],
  }, { signal });
  console.log('created:', orderId);
  console.log('status:', (await client.queryOrder(orderId, { signal })).get('status'));

  // A manual review takes days: a real system ends here and continues when the push arrives.
  const certificate = await client.waitForCertificate(orderId, 60, { signal });
  if (!certificate.matchesCsr(csr)) throw new Error(`${orderId}: the certificate is for another key than the CSR`);
  fs.writeFileSync(fullChain, certificate.fullChain());
  console.log('written:', fullChain);

  await client.notifyByEmail(orderId, 'https://example.com/collect', { signal });
  const reissued = await client.reissueCertificate({
    fields: {
      orderID: orderId, csr, reason: 'new server',
      // Each reissue of an order has its own.
      idempotenceID: `reissue-1-${orderId}`,
    },
  }, { signal });
  // Cancels the new order before it is issued, and revokes the first certificate.
  await client.cancelOrder(reissued.orderId, 'a mistake', { signal });
  await client.revokeCertificate(orderId, 'no longer used', licence, { signal });
  console.log('reissued, cancelled, revoked');
}

async function main([csrFile, licence, fullChain]) {
  if (!fullChain) throw new Error('usage: order.js CSR LICENCE FULLCHAIN');
  // Ctrl-C ends the call in progress.
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const client = new wotrus.Client({
    token: process.env.WOTRUS_TOKEN,
    baseUrl: process.env.WOTRUS_BASE_URL,
    caFile: process.env.WOTRUS_CA_FILE,
  });
  try {
    await run(client, fs.readFileSync(csrFile, 'ascii'), licence, fullChain, controller.signal);
  } finally {
    client.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  // Delivery tells whether the order may exist. Give the RequestID to the service's support.
  const details = error instanceof wotrus.WotrusError
    ? ` (${error.kind}, ${error.cause}, delivery ${error.delivery}, RequestID ${error.requestId})` : '';
  console.error(error.message + details);
  process.exitCode = 1;
});
