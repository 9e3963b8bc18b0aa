// Events. One callback of koffi serves all calls; the pointer that the library hands back is a call's number.
'use strict';

const koffi = require('koffi');
const { CALLBACK } = require('./declarations');
const { text } = require('./library');

const calls = new Map();
let lastNumber = 0n;
let callback = null;

// Calls onEvent with the events of one call. reason is what it threw to stop the call.
class Events {
  reason = undefined;
  #onEvent;

  constructor(onEvent) {
    this.#onEvent = onEvent;
    this.number = ++lastNumber;
    calls.set(this.number, this);
  }

  close() {
    calls.delete(this.number);
  }

  // Returns what the callback of the library returns: 0 to go on.
  deliver(json) {
    const event = JSON.parse(json);
    const stops = event.event === 'sending' || event.event === 'waiting';
    try {
      const result = this.#onEvent(event);
      if (!result || typeof result.then !== 'function') return 0;
      // The library cannot wait for a promise. Its failure is that of onEvent, and is not to be reported twice.
      result.then(undefined, () => {});
      throw new TypeError('onEvent must not be asynchronous: the call does not wait for it');
    } catch (error) {
      if (stops) this.reason = error;
      else process.emitWarning(error instanceof Error ? error : String(error));
      return 1;
    }
  }
}

function callbackOfAllCalls() {
  if (callback === null) {
    const type = koffi.pointer(koffi.proto(null, ...CALLBACK));
    callback = koffi.register((number, json, length) => (
      calls.get(BigInt(number)).deliver(text(json, Number(length)))), type);
  }
  return callback;
}

module.exports = { Events, callbackOfAllCalls };
