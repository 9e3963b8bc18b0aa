// The end of the process while calls are in progress.
//
// Node waits for the threads of its pool before it ends. So the calls are cancelled, and end soon. But a call with onEvent
// waits for the event loop with its next event, and the loop does not run any more: then the process is ended without
// Node, which would wait for ever.
'use strict';

const fs = require('fs');
const util = require('util');
const { isMainThread } = require('worker_threads');
const { library } = require('./library');

// Each has the client of the library, events if there are any, and isRunning.
const calls = new Set();

// The error that ends the process, which Node would print.
let fatal;

function begun(call) {
  if (calls.size === 0) process.on('uncaughtExceptionMonitor', remember);
  calls.add(call);
  // Behind the listeners of the program.
  process.off('exit', end);
  process.on('exit', end);
}

function ended(call) {
  calls.delete(call);
  if (calls.size > 0) return;
  process.off('exit', end);
  process.off('uncaughtExceptionMonitor', remember);
}

function remember(error) {
  fatal = error;
  // A listener of the program may have handled it.
  setImmediate(() => { fatal = undefined; });
}

function end(code) {
  let waitsForEvents = false;
  for (const call of calls) {
    library().client_cancel(call.own);
    waitsForEvents = waitsForEvents || (call.events !== null && call.isRunning());
  }
  // The end of a worker is not that of the process.
  if (!waitsForEvents || !isMainThread) return;
  if (fatal !== undefined) fs.writeSync(2, `${util.inspect(fatal)}\n`);
  library().exit(process.exitCode === undefined ? code : Number(process.exitCode));
}

module.exports = { begun, ended };
