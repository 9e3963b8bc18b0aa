'use strict';

const { Client, readPush } = require('./lib/client');
const { Reply } = require('./lib/reply');
const { DocumentType } = require('./lib/requests');
const { loadLibrary, version } = require('./lib/library');
const {
  WotrusError, ArgumentError, ConfigError, AuthError, RefusedError, NotReadyError, UnknownOutcomeError, NetworkError,
  ProtocolError, FileError, CancelledError, InternalError,
} = require('./lib/errors');

module.exports = {
  Client, readPush, Reply, DocumentType, loadLibrary, version,
  WotrusError, ArgumentError, ConfigError, AuthError, RefusedError, NotReadyError, UnknownOutcomeError, NetworkError,
  ProtocolError, FileError, CancelledError, InternalError,
};
