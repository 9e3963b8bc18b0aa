// Replies. index.d.ts describes the methods.
'use strict';

const { library, encoded, required, text, bytes } = require('./library');
const { failure } = require('./errors');

const registry = new FinalizationRegistry((pointer) => library().reply_free(pointer));

class Reply {
  #pointer;
  // A copy, whose size also tells the garbage collector about that of the reply.
  #body;

  // The reply takes over the pointer.
  constructor(pointer) {
    this.#pointer = pointer;
    const length = [0];
    const body = library().reply_body(pointer, length);
    this.#body = bytes(body, Number(length[0]));
    registry.register(this, pointer, this);
  }

  close() {
    if (this.#pointer === null) return;
    registry.unregister(this);
    library().reply_free(this.#pointer);
    this.#pointer = null;
    this.#body = null;
  }

  get message() { return this.#text('message') || ''; }
  get httpStatus() { return library().reply_http_status(this.#opened()) || null; }
  get requestId() { return this.#text('request_id'); }
  get idempotenceId() { return this.#text('idempotence_id'); }
  get attempts() { return library().reply_attempts(this.#opened()); }
  get warnings() { return this.#all((index) => this.#text('warning', index)); }
  get orderId() { return this.#text('order_id'); }

  get(path) { return this.#text('get', required(path, 'path')); }

  json() {
    const length = [0];
    const pointer = library().reply_json(this.#opened(), length);
    return JSON.parse(text(pointer, Number(length[0])) || 'null');
  }

  body() {
    this.#opened();
    return this.#body && Buffer.from(this.#body);
  }

  pem(which) { return this.#text('pem', encoded(which, 'which')); }
  fullChain(which) { return this.#text('full_chain', encoded(which, 'which')); }
  fullChainWithRoot(which) { return this.#text('full_chain_with_root', encoded(which, 'which')); }
  intermediates(which) { return this.#text('intermediates', encoded(which, 'which')); }
  chainStatus(which) { return this.#text('chain_status', encoded(which, 'which')); }
  root(which) { return this.#text('root', encoded(which, 'which')); }

  chain(which) {
    const name = encoded(which, 'which');
    return this.#all((index) => this.#text('chain', name, index));
  }

  matchesCsr(csr, which) {
    const matches = library().reply_matches_csr(this.#opened(), encoded(which, 'which'), required(csr, 'csr'));
    return matches < 0 ? null : matches === 1;
  }

  #opened() {
    if (this.#pointer === null) throw new Error('the reply is closed');
    return this.#pointer;
  }

  #text(name, ...args) {
    return text(library()[`reply_${name}`](this.#opened(), ...args));
  }

  #all(read) {
    const texts = [];
    for (let value = read(0); value !== null; value = read(texts.length)) texts.push(value);
    return texts;
  }
}

// Takes over a reply of the library: returns a Reply, or throws the error that it describes. reason is what
// stopped the call, if something did.
function taken(pointer, reason) {
  if (library().reply_status(pointer) === 0) return new Reply(pointer);
  try {
    throw errorOf(pointer, reason);
  } finally {
    library().reply_free(pointer);
  }
}

function errorOf(pointer, reason) {
  const read = (name, ...args) => text(library()[`reply_${name}`](pointer, ...args));
  const retryAfter = library().reply_retry_after_ms(pointer);
  const cause = read('cause');
  const error = failure(read('message'), {
    kind: read('kind'), cause, delivery: read('delivery'),
    httpStatus: library().reply_http_status(pointer) || null, requestId: read('request_id'),
    idempotenceId: read('idempotence_id'), attempts: library().reply_attempts(pointer),
    retryAfter: retryAfter < 0 ? null : retryAfter / 1000,
    field: read('get', encoded('field')), serviceMessage: read('get', encoded('service_message')),
  });
  if (cause === 'cancelled' && reason !== undefined) error.reason = reason;
  return error;
}

module.exports = { Reply, taken };
