// Executes bindings/scenario; its README describes the steps and what is printed.
'use strict';

const fs = require('fs');
const timers = require('timers/promises');
const wotrus = require('wotrus');

const OPTIONS = { base_url: 'baseUrl', ca_file: 'caFile', request_id: 'requestId' };
const CERTIFICATES = {
  pem: 'pem', full_chain: 'fullChain', full_chain_with_root: 'fullChainWithRoot', intermediates: 'intermediates',
  root: 'root',
};

async function main() {
  const { options, texts, steps } = JSON.parse(fs.readFileSync(process.env.WOTRUS_SCENARIO, 'utf8'));
  const client = new wotrus.Client(renamed(options));
  const results = [];
  for (const raw of steps) {
    const step = replaced(raw, texts);
    results.push({ name: step.name, ...await run(step, client, options, texts) });
  }
  client.close();
  process.stdout.write(JSON.stringify(results));
}

async function run(step, client, options, texts) {
  if (step.do === 'abi') {
    wotrus.loadLibrary();
    return { abi: true };
  }
  if (step.do === 'concurrent_orders') return { kinds: await concurrentOrders(step, client) };
  const events = [];
  const result = await call(step, client, options, events).then((reply) => success(step, reply, texts), failure);
  return step.events ? { ...result, events } : result;
}

async function call(step, client, options, events) {
  if (step.client) client = new wotrus.Client(renamed({ ...options, ...step.client }));
  if (step.do === 'check') return null;
  if (step.do === 'read_push') return wotrus.readPush(step.body);
  const controller = new AbortController();
  const stopped = new Error('stopped');
  const callOptions = {
    ...renamed(step.with || {}),
    signal: controller.signal,
    onEvent: ({ event }) => {
      if (event !== 'uploading') events.push(event);
      if (event === step.stop_at) throw stopped;
    },
  };
  if (step.cancel_after_ms) setTimeout(() => controller.abort(stopped), step.cancel_after_ms);
  try {
    return await perform(step, client, callOptions);
  } catch (error) {
    if ((step.stop_at || step.cancel_after_ms) && error.reason !== stopped) throw new Error('the reason is lost');
    throw error;
  } finally {
    if (step.client) client.close();
  }
}

function perform(step, client, options) {
  switch (step.do) {
    case 'create_order': return client.createOrder(order(step), options);
    case 'query_order': return client.queryOrder(step.order_id, options);
    case 'retrieve_certificate': return client.retrieveCertificate(step.order_id, options);
    case 'cancel_order': return client.cancelOrder(step.order_id, step.reason, options);
    case 'revoke_certificate':
      return client.revokeCertificate(step.order_id, step.reason, document(step.proof), options);
    case 'reissue_certificate':
      return client.reissueCertificate({ fields: step.fields, proof: step.proof && document(step.proof) }, options);
    case 'notify_by_email': return client.notifyByEmail(step.order_id, step.collect_url, options);
    case 'wait_for_certificate':
      return client.waitForCertificate(step.order_id, step.timeout_ms / 1000, options);
    case 'call': return client.call(step.operation, step.json, options);
    default: throw new Error(`no such operation: ${step.do}`);
  }
}

async function concurrentOrders(step, client) {
  const controller = new AbortController();
  const calls = Array.from({ length: step.orders }, (_, index) => {
    const one = replaced(step, { NUMBER: String(index + 1) });
    const signal = index + 1 === step.cancel ? controller.signal : undefined;
    return client.createOrder(order(one), { ...renamed(one.with), signal }).then(() => 'ok', (error) => error.kind);
  });
  await timers.setTimeout(step.cancel_after_ms);
  controller.abort();
  return Promise.all(calls);
}

function success(step, reply, texts) {
  if (reply === null) return { kind: 'ok' };
  if (step.save) texts[step.save] = reply.orderId;
  const result = {
    kind: 'ok', http_status: reply.httpStatus, request_id: reply.requestId, idempotence_id: reply.idempotenceId,
    attempts: reply.attempts,
  };
  if (step.show) {
    result.shown = Object.fromEntries(step.show.map((item) => [item, shown(reply, item.split(':'), texts)]));
  }
  return result;
}

function shown(reply, [what, first, second], texts) {
  switch (what) {
    case 'order_id': return reply.orderId;
    case 'get': return reply.get(first);
    case 'warning': return reply.warnings[first] ?? null;
    case 'json': return JSON.stringify(reply.json());
    case 'body': return reply.body().toString();
    case 'chain_status': return reply.chainStatus(first);
    case 'matches_csr': return reply.matchesCsr(texts[second], first);
    case 'chain': return certificates(reply.chain(first)[second]);
    default: return certificates(reply[CERTIFICATES[what]](first));
  }
}

function certificates(pem) {
  return pem == null ? null : pem.split('BEGIN CERTIFICATE').length - 1;
}

function failure(error) {
  if (!(error instanceof wotrus.WotrusError)) throw error;
  return {
    kind: error.kind, cause: error.cause, delivery: error.delivery, message: error.message,
    http_status: error.httpStatus, request_id: error.requestId, idempotence_id: error.idempotenceId,
    attempts: error.attempts, retry_after_ms: error.retryAfter === null ? null : error.retryAfter * 1000,
    field: error.field, service_message: error.serviceMessage,
  };
}

function order({ fields, documents = [] }) {
  return {
    fields, documents: documents.map((item) => ({ documentType: item.documentType, ...document(item) })),
  };
}

function document({ path, bytes, fileType }) {
  return path ? { path } : { bytes: Buffer.from(bytes), fileType };
}

function renamed(options) {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [OPTIONS[name] || name, value]));
}

function replaced(value, texts) {
  if (typeof value === 'string') return value.replace(/\$\{(\w+)\}/g, (whole, name) => texts[name] ?? whole);
  if (Array.isArray(value)) return value.map((item) => replaced(item, texts));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaced(item, texts)]));
}

main();
