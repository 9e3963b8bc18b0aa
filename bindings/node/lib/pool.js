// How many calls run at the same time. They run on the threads of Node's pool, which files and DNS need too, so one
// thread is left to these. UV_THREADPOOL_SIZE is the number of threads, 4 by default.
'use strict';

const { promisify } = require('util');

const limit = Math.max(1, (Number(process.env.UV_THREADPOOL_SIZE) || 4) - 1);
// In the order in which they came.
const waiting = new Set();
let running = 0;

// A call, which waits for its turn.
class PoolCall {
  #started = false;
  #start;
  #turn = new Promise((resolve) => { this.#start = resolve; });
  // The garbage collector must not free a buffer that the library reads.
  #args;

  // Calls a function of the library.
  async run(function_, ...args) {
    this.#args = args;
    waiting.add(this);
    if (running < limit) this.hurry();
    try {
      await this.#turn;
      return await promisify(function_.async)(...this.#args);
    } finally {
      this.#args = null;
      running--;
      const [next] = waiting;
      if (next && running < limit) next.hurry();
    }
  }

  // Whether it has a thread.
  isRunning() { return this.#started; }

  // Starts the call now. A call that was cancelled ends at once and need not wait.
  hurry() {
    if (this.#started) return;
    this.#started = true;
    waiting.delete(this);
    running++;
    this.#start();
  }
}

module.exports = { PoolCall };
