// The client. index.d.ts describes the methods.
'use strict';

const { library, encoded, required, content, utf8, withLength } = require('./library');
const { Events, callbackOfAllCalls } = require('./events');
const { failure, argumentError } = require('./errors');
const { PoolCall } = require('./pool');
const { taken } = require('./reply');
const requests = require('./requests');
const shutdown = require('./shutdown');

const registry = new FinalizationRegistry((pointer) => library().client_free(pointer));

class Client {
  #pointer;
  #onEvent;
  // What cancels each of the calls in progress.
  #calls = new Set();
  #closed = false;

  constructor({ onEvent, ...options } = {}) {
    this.#onEvent = onEvent;
    const config = configOf(options);
    const pointer = library().client_new(config);
    library().config_free(config);
    try {
      taken(library().client_check(pointer)).close();
    } catch (error) {
      library().client_free(pointer);
      throw error;
    }
    this.#pointer = pointer;
    registry.register(this, pointer, this);
  }

  close() {
    this.#closed = true;
    this.#freeUnused();
  }

  cancel() {
    for (const abort of this.#calls) abort();
  }

  async createOrder(order, options) {
    const handle = requests.order(order);
    return this.#perform('create_order', [handle], options, () => library().order_free(handle));
  }

  async queryOrder(orderId, options) {
    return this.#perform('query_order', [required(orderId, 'orderID')], options);
  }

  async retrieveCertificate(orderId, options) {
    return this.#perform('retrieve_certificate', [required(orderId, 'orderID')], options);
  }

  async cancelOrder(orderId, reason, options) {
    return this.#perform('cancel_order', [required(orderId, 'orderID'), required(reason, 'reason')], options);
  }

  async revokeCertificate(orderId, reason, proof, options) {
    const texts = [required(orderId, 'orderID'), required(reason, 'reason')];
    const document = requests.document(proof);
    return this.#perform(
      'revoke_certificate', [...texts, document], options, () => library().document_free(document));
  }

  async reissueCertificate(reissue, options) {
    const handle = requests.reissue(reissue);
    return this.#perform('reissue_certificate', [handle], options, () => library().reissue_free(handle));
  }

  async notifyByEmail(orderId, collectUrl, options) {
    const texts = [required(orderId, 'orderID'), required(collectUrl, 'collectUrl')];
    return this.#perform('notify_by_email', texts, options);
  }

  async waitForCertificate(orderId, timeout = 600, options = undefined) {
    const milliseconds = Math.round(timeout * 1000);
    if (!(milliseconds >= 1 && milliseconds < 2 ** 32)) {
      throw argumentError('timeout', 'timeout: must be between 1 ms and 49 days');
    }
    return this.#perform('wait_for_certificate', [required(orderId, 'orderID'), milliseconds], options);
  }

  async call(operation, data, options) {
    const [json, length] = payload(data, 'json');
    // '' is no data, which is what an endpoint without data needs.
    return this.#perform('call', [required(operation, 'operation'), length > 0 ? json : null, length], options);
  }

  // Makes a call on a separate handle, which its signal cancels, and which has its callback. free frees the
  // arguments. The handle is made before the first await, so that a client may be closed after a call has begun.
  async #perform(name, args, options, free = () => {}) {
    let own = null;
    let events = null;
    const call = new PoolCall();
    const abort = () => {
      library().client_cancel(own);
      call.hurry();
    };
    try {
      const { signal, onEvent, ...others } = callOptions(options, this.#onEvent);
      if (this.#closed) throw new Error('the client is closed');
      if (signal && signal.aborted) throw notStarted(signal);
      events = onEvent ? new Events(onEvent) : null;
      own = this.#own(others, events);
      if (signal) signal.addEventListener('abort', abort, { once: true });
      this.#calls.add(abort);
      const inProgress = { own, events, isRunning: () => call.isRunning() };
      shutdown.begun(inProgress);
      try {
        const reply = await call.run(library()[name], own, ...args);
        return taken(reply, stoppedBy(events, signal));
      } finally {
        shutdown.ended(inProgress);
        this.#calls.delete(abort);
        if (signal) signal.removeEventListener('abort', abort);
        this.#freeUnused();
      }
    } finally {
      if (events) events.close();
      library().client_free(own);
      free();
    }
  }

  #own(options, events) {
    const config = configOf({ ...options, cancel: 'own' });
    if (events) library().config_set_callback(config, callbackOfAllCalls(), events.number);
    const own = library().client_with(this.#pointer, config);
    library().config_free(config);
    return own;
  }

  #freeUnused() {
    if (!this.#closed || this.#calls.size > 0 || !this.#pointer) return;
    registry.unregister(this);
    library().client_free(this.#pointer);
    this.#pointer = null;
  }
}

function readPush(body) {
  return taken(library().read_push(...payload(body, 'body')));
}

// null is like undefined, also as the value of an option.
function callOptions(options, clientsOnEvent) {
  const given = options ?? {};
  if (typeof given !== 'object') throw argumentError('options', 'options: are no object');
  return { ...given, onEvent: given.onEvent ?? clientsOnEvent };
}

// A configuration, which the caller frees. Names are in camelCase here and in snake_case in the library, which refuses
// those that it does not have.
function configOf(options) {
  const texts = Object.entries(options).map(([name, value]) => {
    if (name.includes('_')) throw failure(`${name}: there is no such option here`, { kind: 'config', field: name });
    const libraryName = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (libraryName === 'charset') {
      throw failure('charset: is not needed, because strings are Unicode', { kind: 'config', field: 'charset' });
    }
    return [encoded(libraryName, 'name'), encoded(value, libraryName)];
  });
  const config = library().config_new();
  for (const [name, value] of texts) if (value) library().config_set(config, name, value);
  return config;
}

// JSON as two arguments, bytes and their length; null for nothing.
function payload(data, name) {
  if (data === undefined || data === null) return [null, 0];
  const isBinary = ArrayBuffer.isView(data) || data instanceof ArrayBuffer;
  return withLength(isBinary ? content(data, name) : utf8(typeof data === 'string' ? data : JSON.stringify(data), name));
}

function notStarted(signal) {
  const error = failure('the signal was aborted before the call', { kind: 'cancelled', cause: 'cancelled' });
  error.reason = signal.reason;
  return error;
}

// What stopped a call: the error of onEvent, or the reason of the signal.
function stoppedBy(events, signal) {
  if (events && events.reason !== undefined) return events.reason;
  return signal && signal.aborted ? signal.reason : undefined;
}

module.exports = { Client, readPush };
