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
  if (calls.size === 0) {
    process.on('uncaughtExceptionMonitor', remember);
    // First, because a listener of the program that throws would keep it from running.
    process.prependListener('exit', end);
  }
  calls.add(call);
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
  const exit = (status) => library().exit(Number(status));
  // process.exit() in a listener of the program calls this function of Node.
  process.reallyExit = exit;
  try {
    runOtherListeners(code);
    if (fatal !== undefined) fs.writeSync(2, `${util.inspect(fatal)}\n`);
  } catch {
    // The process must end even if stderr cannot be written.
  } finally {
    exit(process.exitCode === undefined ? code : process.exitCode);
  }
}

// Runs the program's listeners that have not run yet. As in Node, one that throws is the last, and its error is printed
// unless another error ends the process.
function runOtherListeners(code) {
  const listeners = process.listeners('exit');
  try {
    for (const listener of listeners.slice(listeners.indexOf(end) + 1)) listener.call(process, code);
  } catch (error) {
    if (fatal !== undefined) return;
    fatal = error;
    if (process.exitCode === undefined) process.exitCode = 1;
  }
}

module.exports = { begun, ended };
