// The package against a sandbox, which packaging/with-sandbox starts (suite 89-node).
'use strict';

const assert = require('assert');
const { spawn } = require('child_process');
const { once } = require('events');
const fs = require('fs');
const path = require('path');
const test = require('node:test');
const util = require('util');
const { Worker } = require('worker_threads');
const wotrus = require('wotrus');

const ROOT = process.env.WOTRUS_ROOT;
const TOKEN = process.env.WOTRUS_TOKEN;
const CSR = fs.readFileSync(path.join(ROOT, 'tests/fixtures/example.csr'), 'utf8');
const FIELDS = {
  productID: '76ECE651-B59E-48F2-A47B-135614AADAD9', commonName: '沃通', OrgName: '沃通', countryCode: 'CN', month: 12,
};
const connect = (options) => new wotrus.Client({ token: TOKEN, baseUrl: process.env.WOTRUS_HTTP_URL, ...options });
const order = (fields) => ({ fields: { ...FIELDS, ...fields } });
const client = connect();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// An order that is never issued: it has no CSR.
async function openOrder() {
  return (await client.createOrder(order())).orderId;
}

async function failed(promise, type = wotrus.WotrusError) {
  const error = await promise.then(() => assert.fail('it succeeded'), (reason) => reason);
  assert.ok(error instanceof type, util.inspect(error));
  return error;
}

test('every kind has a class, which is exported and declared', () => {
  const { KINDS } = require('wotrus/lib/declarations');
  const { CLASSES } = require('wotrus/lib/errors');
  assert.deepStrictEqual(Object.keys(CLASSES).sort(), Object.values(KINDS).slice(1).sort());
  for (const type of Object.values(CLASSES)) assert.strictEqual(wotrus[type.name], type);
});

test('index.d.ts declares what the package exports, and no more', () => {
  const source = fs.readFileSync(require.resolve('wotrus/index.d.ts'), 'utf8');
  const declared = [...source.matchAll(/^export (?:class|const|function) (\w+)/gm)].map((match) => match[1]);
  assert.deepStrictEqual(declared.sort(), Object.keys(wotrus).sort());
  for (const type of [wotrus.Client, wotrus.Reply]) {
    const body = source.match(new RegExp(`^export class ${type.name} {$(.*?)^}$`, 'ms'))[1];
    const members = [...body.matchAll(/^  (?:private |readonly )?(\w+)[(:]/gm)].map((match) => match[1]);
    assert.deepStrictEqual(members.sort(), Object.getOwnPropertyNames(type.prototype).sort());
  }
});

test('text that would not arrive whole is refused', async () => {
  for (const value of ['a\0b', '\ud800', 'x\udc00y']) {
    const error = await failed(client.createOrder(order({ commonName: value })), wotrus.ArgumentError);
    assert.strictEqual(error.field, 'commonName');
    await failed(client.queryOrder(value), wotrus.ArgumentError);
  }
  await failed(client.queryOrder(undefined), wotrus.ArgumentError);
  await failed(client.createOrder({ ...order(), documents: [{ documentType: 1 }] }), wotrus.ArgumentError);
  const error = await failed(
    client.createOrder({ ...order(), documents: [{ type: 1, path: 'licence.pdf' }] }), wotrus.ArgumentError);
  assert.strictEqual(error.field, 'documentType');
  assert.throws(() => connect({ token: 'tk_\0' }), wotrus.ArgumentError);
});

test('JSON that would not arrive whole is refused', async () => {
  for (const half of ['x\ud800y', 'x\udc00']) {
    const json = `{"orderinfoPost":{"commonName":"${half}"}}`;
    assert.strictEqual((await failed(client.call('create_order', json), wotrus.ArgumentError)).field, 'json');
    await failed(client.call('create_order', JSON.parse(json)), wotrus.ArgumentError);
    assert.throws(() => wotrus.readPush(`{"dataAction":"order","orderID":"${half}"}`), { kind: 'argument', field: 'body' });
  }
  assert.strictEqual(wotrus.readPush('{"dataAction":"order","orderID":"沃通𠮷"}').orderId, '沃通𠮷');
});

test('what is empty is reported as empty', async () => {
  for (const body of ['', Buffer.alloc(0), new ArrayBuffer(0)]) {
    assert.throws(() => wotrus.readPush(body), /push: .*empty/);
    const document = { documentType: 2, fileType: '.pdf', bytes: Buffer.alloc(0) };
    assert.match((await failed(client.createOrder({ ...order(), documents: [document] }))).message, /empty/);
  }
  const error = await failed(
    client.createOrder({ ...order(), documents: [{ documentType: 2, path: '' }] }), wotrus.ArgumentError);
  assert.strictEqual(error.field, 'path');
});

test('options may be null, and others that are no object are refused before anything is sent', async () => {
  assert.strictEqual((await client.createOrder(order({ idempotenceID: 'null' }), null)).idempotenceId, 'null');
  assert.ok((await client.createOrder(order(), { signal: null, onEvent: null, requestId: null })).orderId);
  assert.strictEqual((await failed(client.createOrder(order(), 5), wotrus.ArgumentError)).field, 'options');
});

test('an order is freed whatever the options are', async () => {
  const { library } = require('wotrus/lib/library');
  const free = library().order_free;
  let freed = 0;
  library().order_free = (handle) => { freed += 1; free(handle); };
  const unreadable = { get signal() { throw new Error('unreadable'); } };
  for (const options of [undefined, null, {}, 5, unreadable]) {
    await client.createOrder(order(), options).catch(() => {});
  }
  library().order_free = free;
  assert.strictEqual(freed, 5);
});

test('a value of another type is refused', async () => {
  for (const value of [['a'], { a: 1 }, new Date(), NaN, Infinity, () => 'a', Symbol('a')]) {
    const error = await failed(client.createOrder(order({ idempotenceID: value })), wotrus.ArgumentError);
    assert.strictEqual(error.field, 'idempotenceID');
    await failed(client.queryOrder(value), wotrus.ArgumentError);
  }
  const documents = (document) => client.createOrder({ ...order(), documents: [{ documentType: 2, ...document }] });
  for (const [document, field] of [
    [{ bytes: 'text', fileType: '.pdf' }, 'bytes'], [{ bytes: [1, 2], fileType: '.pdf' }, 'bytes'],
    [{ path: 'licence.pdf', documentType: 2 ** 32 + 2 }, 'documentType'],
    [{ path: 'licence.pdf', documentType: -1 }, 'documentType'], [{ path: {} }, 'path'],
  ]) assert.strictEqual((await failed(documents(document), wotrus.ArgumentError)).field, field);
});

test('binary content is read by its bytes', async () => {
  const push = Buffer.from('{"dataAction":"order","orderID":"ab" }');
  const copy = Uint8Array.from(push).buffer;
  for (const body of [push, new Uint8Array(copy), copy, new DataView(copy), new Uint16Array(copy)]) {
    assert.strictEqual(wotrus.readPush(body).orderId, 'ab');
  }
});

test('content may change after a call has begun', async () => {
  const { OrgName, countryCode, ...orderinfoPost } = { ...FIELDS, idempotenceID: 'unchanged' };
  const json = Buffer.from(JSON.stringify({ orderinfoPost, organizationPost: { OrgName, countryCode } }));
  const call = client.call('create_order', json);
  json.fill(0);
  assert.strictEqual((await call).idempotenceId, 'unchanged');
});

test('a member with a wrong name is refused, not left out', async () => {
  const proof = 'licence.pdf';
  for (const [wrong, field] of [
    [client.createOrder({ ...order(), document: [] }), 'document'], [client.createOrder(FIELDS), 'productID'],
    [client.createOrder({}), 'fields'], [client.reissueCertificate({ fields: {}, proofs: proof }), 'proofs'],
  ]) assert.strictEqual((await failed(wrong, wotrus.ArgumentError)).field, field);
});

test('options that this package does not name reach the library', async () => {
  assert.throws(() => connect({ futureOption: 'x' }), { kind: 'config', field: 'future_option' });
  await failed(client.queryOrder('x', { futureOption: 'x' }), wotrus.ConfigError);
  assert.throws(() => connect({ charset: 'GB18030' }), { kind: 'config', field: 'charset' });
});

test('an invalid option of a call is refused before the call', async () => {
  for (const [options, field] of [[{ timeout: 0 }, 'timeout'], [{ retries: -1 }, 'retries']]) {
    assert.strictEqual((await failed(client.createOrder(order(), options), wotrus.ConfigError)).field, field);
  }
});

test('characters outside the basic plane arrive', async () => {
  const created = await client.createOrder(order({ csR_RSA: CSR, OrgName: '沃通𠮷' }));
  assert.strictEqual((await client.queryOrder(created.orderId)).get('org.orgName'), '沃通𠮷');
});

test('invalid options are reported at once', async () => {
  assert.throws(() => connect({ proxy: 'no proxy' }), wotrus.ConfigError);
  assert.throws(() => connect({ base_url: 'https://example.com' }), { kind: 'config', field: 'base_url' });
  assert.throws(() => new wotrus.Client({}), wotrus.ConfigError);
  await failed(client.queryOrder('x', { baseUrl: 'https://example.com' }), wotrus.ConfigError);
});

test('a closed client makes no calls, and lets calls in progress end', async () => {
  const own = connect();
  const waiting = own.waitForCertificate(await openOrder(), 0.5);
  own.close();
  own.close();
  await assert.rejects(own.queryOrder('x'), /closed/);
  await failed(waiting, wotrus.NotReadyError);
});

test('cancel ends all calls in progress, also those that have no thread yet', async () => {
  const id = await openOrder();
  const calls = Array.from({ length: 40 }, () => failed(client.waitForCertificate(id, 60), wotrus.CancelledError));
  await pause(300);
  client.cancel();
  await Promise.all(calls);
  assert.strictEqual((await client.queryOrder(id)).get('status'), 'pending');
});

test('a signal ends one call, in any state', async () => {
  const id = await openOrder();
  const reason = new Error('the customer left');
  const before = await failed(client.queryOrder(id, { signal: AbortSignal.abort(reason) }), wotrus.CancelledError);
  assert.deepStrictEqual([before.reason, before.delivery], [reason, 'not_sent']);
  const occupied = Array.from({ length: 40 }, () => failed(client.waitForCertificate(id, 60), wotrus.CancelledError));
  const controller = new AbortController();
  const queued = failed(client.createOrder(order(), { signal: controller.signal }), wotrus.CancelledError);
  controller.abort(reason);
  assert.deepStrictEqual([(await queued).reason, (await queued).delivery], [reason, 'not_sent']);
  client.cancel();
  await Promise.all(occupied);
  // The sandbox has a fault for this RequestID.
  const slow = client.createOrder(
    order({ idempotenceID: 'node-slow' }), { requestId: 'slow-1', signal: AbortSignal.timeout(300) });
  assert.strictEqual((await failed(slow, wotrus.UnknownOutcomeError)).reason.name, 'TimeoutError');
});

test('files and DNS go on while many calls wait', async () => {
  const id = await openOrder();
  const calls = Array.from({ length: 40 }, () => failed(client.waitForCertificate(id, 60), wotrus.CancelledError));
  await pause(100);
  await fs.promises.readFile(__filename);
  client.cancel();
  await Promise.all(calls);
});

test('secrets are in no text', async () => {
  const own = connect({ proxy: 'http://user:secret@127.0.0.1:1' });
  const error = await failed(client.queryOrder('no-such-order'), wotrus.RefusedError);
  const reply = await client.queryOrder(await openOrder());
  const text = util.inspect([own, error, reply], { depth: 9, showHidden: true }) + JSON.stringify([own, error, reply]);
  for (const secret of [TOKEN, 'secret', 'pending']) assert.ok(!text.includes(secret), text);
});

test('what onEvent throws prevents the order, and is the reason', async () => {
  const reason = new Error('no room in the database');
  const onEvent = ({ event }) => { if (event === 'sending') throw reason; };
  const error = await failed(client.createOrder(order(), { onEvent }), wotrus.CancelledError);
  assert.deepStrictEqual([error.delivery, error.reason], ['not_sent', reason]);
});

test('an asynchronous onEvent prevents the order', async () => {
  const onEvent = async () => { throw new Error('not waited for'); };
  const error = await failed(client.createOrder(order(), { onEvent }), wotrus.CancelledError);
  assert.ok(error.reason instanceof TypeError);
});

test('what onEvent throws at another event is a warning, and the call goes on', async () => {
  const warned = new Promise((resolve) => process.once('warning', resolve));
  const onEvent = ({ event }) => { if (event === 'answered') throw new Error('ignored'); };
  assert.ok((await connect({ onEvent }).createOrder(order())).orderId);
  assert.strictEqual((await warned).message, 'ignored');
});

test('onEvent may start calls', async () => {
  const id = await openOrder();
  const inside = [];
  await client.queryOrder(id, { onEvent: () => { inside.push(client.queryOrder(id)); } });
  assert.deepStrictEqual((await Promise.all(inside)).map((reply) => reply.get('status')), ['pending', 'pending']);
});

test('a closed reply refuses to be read', async () => {
  const reply = await client.queryOrder(await openOrder());
  assert.ok(reply.body().length > 0);
  reply.close();
  reply.close();
  const fields = Object.entries(Object.getOwnPropertyDescriptors(wotrus.Reply.prototype));
  for (const [name, property] of fields) {
    if (['constructor', 'close'].includes(name)) continue;
    assert.throws(() => (property.get ? reply[name] : reply[name]('x')), /the reply is closed/, name);
  }
});

test('a worker thread makes calls, with events', async () => {
  const id = await openOrder();
  const worker = new Worker(`
    const { parentPort, workerData } = require('worker_threads');
    const wotrus = require('wotrus');
    const events = [];
    new wotrus.Client({ ...workerData.options, onEvent: ({ event }) => { events.push(event); } })
      .queryOrder(workerData.id).then((reply) => parentPort.postMessage([reply.get('status'), ...events]));
  `, { eval: true, workerData: { id, options: { token: TOKEN, baseUrl: process.env.WOTRUS_HTTP_URL } } });
  const message = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  assert.deepStrictEqual(message, ['pending', 'sending', 'answered']);
});

// Runs end in a program while a call is in progress. One that does not end soon is killed.
async function ended({ onEvent = 'onEvent: () => {}', before = '', end, onStart = () => {} }) {
  const program = `
    const wotrus = require('wotrus');
    const on = (name, then = () => {}) => process.on('exit', (code) => { console.log(name, code); then(); });
    const fail = () => { throw new Error('a mistake'); };
    ${before};
    const client = new wotrus.Client(
      { token: process.env.WOTRUS_TOKEN, baseUrl: process.env.WOTRUS_HTTP_URL, ${onEvent} });
    client.createOrder(${JSON.stringify(order())}, { requestId: 'slow-2' });
    setTimeout(() => { console.log('ending'); ${end}; }, 500);`;
  const child = spawn(process.execPath, ['-e', program], { timeout: 60000, killSignal: 'SIGKILL' });
  let output = '';
  let errors = '';
  let timer;
  child.stdout.on('data', (data) => {
    output += data;
    timer = timer || setTimeout(() => child.kill('SIGKILL'), 10000);
  });
  child.stderr.on('data', (data) => { errors += data; });
  onStart(child);
  const status = await once(child, 'close');
  clearTimeout(timer);
  return { status, output, errors };
}

test('the process ends while calls are in progress', async () => {
  for (const onEvent of ['', 'onEvent: () => {}']) {
    for (const [end, code, printed] of [
      ['process.exit(7)', 7, ''], ['process.exitCode = 8; process.exit()', 8, ''], ['fail()', 1, 'a mistake'],
    ]) {
      const { status, errors } = await ended({ onEvent, end });
      assert.deepStrictEqual(status, [code, null], onEvent + end);
      assert.ok(printed === '' ? errors === '' : errors.includes(printed), errors);
    }
  }
});

test('the process ends if its error cannot be printed', async () => {
  for (const program of [
    { end: 'fail()', onStart: (child) => child.stderr.destroy() },
    { end: 'throw { [require("util").inspect.custom]: fail }' },
  ]) {
    const { status, output } = await ended(program);
    assert.deepStrictEqual([status, output], [[1, null], 'ending\n'], program.end);
  }
});

test('listeners of the end run, whenever they were added', async () => {
  for (const onEvent of ['', 'onEvent: () => {}']) {
    for (const [program, code, lines, printed] of [
      [{ before: 'on("a")', end: 'on("b"); process.once("exit", () => console.log("c")); process.exit(7)' }, 7,
        ['a 7', 'b 7', 'c'], ''],
      [{ before: 'on("a")', end: 'process.prependListener("exit", () => console.log("b")); process.exit(7)' }, 7,
        ['b', 'a 7'], ''],
      [{ before: 'on("a")', end: 'on("b"); fail()' }, 1, ['a 1', 'b 1'], 'a mistake'],
      // What a listener does is done as without calls.
      [{ end: 'on("a", () => { process.exitCode = 9; }); process.exit(7)' }, 9, ['a 7'], ''],
      [{ before: 'on("a", () => process.exit(9)); on("b")', end: 'process.exit(7)' }, 9, ['a 7'], ''],
      [{ before: 'on("a", fail); on("b")', end: 'process.exit(7)' }, 7, ['a 7'], 'a mistake'],
      [{ end: 'on("a", fail); process.exit()' }, 1, ['a 0'], 'a mistake'],
    ]) {
      const { status, output, errors } = await ended({ onEvent, ...program });
      assert.deepStrictEqual(
        [status, output], [[code, null], ['ending', ...lines, ''].join('\n')], util.inspect(program) + onEvent);
      assert.ok(printed === '' ? errors === '' : errors.includes(printed), errors);
    }
  }
});

test('ten thousand calls with errors do not grow', async () => {
  const told = connect({ onEvent: () => {} });
  const closedPort = connect({ baseUrl: 'http://127.0.0.1:1', retries: 0 });
  const id = (await client.createOrder(order({ csR_RSA: CSR }))).orderId;
  const calls = async (count, closed) => {
    for (let number = 0; number < count; number++) {
      const reply = await told.queryOrder(id, number % 2 ? {} : { signal: new AbortController().signal });
      reply.json();
      if (closed) reply.close();
      if (number % 5) continue;
      await failed(told.queryOrder('no-such-order'), wotrus.RefusedError);
      await failed(told.createOrder(order({ month: 7 })), wotrus.ArgumentError);
      await failed(closedPort.queryOrder(id), wotrus.NetworkError);
      (await told.retrieveCertificate(id)).fullChain();
      wotrus.readPush('{"dataAction":"order","orderID":"x"}');
      if (number % 500 === 0) await collected();
    }
  };
  // The memory of Node itself grows during the first thousands of calls.
  await calls(3000, true);
  await calls(1000, false);
  const before = await resident();
  await calls(4000, true);
  await calls(1000, false);
  const grown = await resident() - before;
  assert.ok(grown < 4000, `${grown} KiB`);
});

async function collected() {
  global.gc();
  // Finalizers run on the event loop.
  await pause(10);
}

// The memory of this process in KiB.
async function resident() {
  await collected();
  await collected();
  return Number(fs.readFileSync('/proc/self/status', 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
}
