// The library: found, loaded once, and its texts.
'use strict';

const fs = require('fs');
const path = require('path');
const koffi = require('koffi');
const declarations = require('./declarations');
const { argumentError } = require('./errors');

// [the file in natives/, the name by which the system finds it]
const FILES = {
  win32: ['wotrus.dll', 'wotrus.dll'],
  darwin: ['libwotrus.dylib', 'libwotrus.dylib'],
};
// A call needs 128 KiB of stack, and what koffi adds.
const STACK = 512 * 1024;

let loaded = null;

function loadLibrary(file) {
  if (loaded) return;
  const name = file || found();
  enlargeStack();
  const library = koffi.load(name);
  const functions = {};
  for (const prototype of declarations.FUNCTIONS) {
    functions[prototype.match(/wotrus_(\w+)\(/)[1]] = library.func(prototype);
  }
  const abi = functions.abi();
  if (abi !== declarations.ABI) {
    throw new Error(`${name} has the ABI ${abi}, and this package needs ${declarations.ABI}`);
  }
  // The system's function, which ends the process at once: shutdown.js tells what for.
  const system = process.platform === 'win32' ? koffi.load('msvcrt.dll') : library;
  functions.exit = system.func('void _exit(int code)');
  loaded = functions;
}

function enlargeStack() {
  if (koffi.config().async_stack_size >= STACK) return;
  try {
    koffi.config({ async_stack_size: STACK });
  } catch (error) {
    throw new Error('another package used koffi first, with too small a stack: load wotrus before it (loadLibrary), '
      + `or call koffi.config({ async_stack_size: ${STACK} }) at the start of the program`, { cause: error });
  }
}

function found() {
  const [file, system] = FILES[process.platform] || ['libwotrus.so', `libwotrus.so.${declarations.ABI}`];
  const inside = path.join(__dirname, '..', 'natives', platform(), file);
  return fs.existsSync(inside) ? inside : system;
}

// The folder in natives/, such as linux-x64 or linux-x64-musl.
function platform() {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return name;
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  return glibc ? name : `${name}-musl`;
}

// The functions without their prefix wotrus_.
function library() {
  if (!loaded) loadLibrary();
  return loaded;
}

function version() {
  return text(library().version());
}

// A text as an argument; null for undefined and null. Refuses what would not arrive whole, and values whose String() is
// no value of a field, such as "[object Object]" and "NaN".
function encoded(value, name) {
  if (value === undefined || value === null) return null;
  const isText = ['string', 'boolean', 'bigint'].includes(typeof value) || Number.isFinite(value);
  if (!isText) throw argumentError(name, `${name}: is neither a text nor a number`);
  const string = String(value);
  if (string.includes('\0')) throw argumentError(name, `${name}: contains a NUL`);
  return utf8(string + '\0', name);
}

// A string as bytes. Half of a surrogate pair would become another character.
function utf8(string, name) {
  if (/\p{Surrogate}/u.test(string)) throw argumentError(name, `${name}: has half of a surrogate pair`);
  return Buffer.from(string);
}

// Bytes as two arguments. An empty buffer would be passed as NULL, which is another mistake.
function withLength(buffer) {
  return [buffer.length === 0 ? Buffer.alloc(1) : buffer, buffer.length];
}

// A text that the library requires: "null" or "undefined" would be sent otherwise.
function required(value, name) {
  if (value === undefined || value === null) throw argumentError(name, `${name}: is missing`);
  return encoded(value, name);
}

// Content as an argument, which the program may change afterwards. Refuses other types, whose length is not in bytes.
function content(value, name) {
  if (value instanceof ArrayBuffer) return Buffer.from(value.slice(0));
  if (!ArrayBuffer.isView(value)) throw argumentError(name, `${name}: is no Uint8Array`);
  return Buffer.from(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
}

// A text of the library; null for NULL.
function text(pointer, length) {
  if (pointer === null) return null;
  return length === undefined ? koffi.decode.string(pointer) : koffi.decode.string(pointer, length);
}

// A copy of bytes of the library; null for NULL.
function bytes(pointer, length) {
  if (pointer === null) return null;
  return length === 0 ? Buffer.alloc(0) : Buffer.from(koffi.decode(pointer, 'uint8_t', length));
}

module.exports = { loadLibrary, library, version, encoded, required, content, utf8, withLength, text, bytes };
