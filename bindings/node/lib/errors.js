// Errors: one class for each kind. index.d.ts describes them.
'use strict';

class WotrusError extends Error {
  constructor(message, properties) {
    super(message);
    Object.assign(this, {
      kind: '', cause: 'invalid', delivery: 'not_sent', httpStatus: null, requestId: null, idempotenceId: null,
      attempts: 0, retryAfter: null, field: null, serviceMessage: null, ...properties,
    });
  }

  get name() {
    return this.constructor.name;
  }
}

class ArgumentError extends WotrusError {}
class ConfigError extends WotrusError {}
class AuthError extends WotrusError {}
class RefusedError extends WotrusError {}
class NotReadyError extends WotrusError {}
class UnknownOutcomeError extends WotrusError {}
class NetworkError extends WotrusError {}
class ProtocolError extends WotrusError {}
class FileError extends WotrusError {}
class CancelledError extends WotrusError {}
class InternalError extends WotrusError {}

const CLASSES = {
  argument: ArgumentError, config: ConfigError, auth: AuthError, refused: RefusedError, not_ready: NotReadyError,
  unknown_outcome: UnknownOutcomeError, network: NetworkError, protocol: ProtocolError, file: FileError,
  cancelled: CancelledError, internal: InternalError,
};

// An error of a kind; WotrusError itself for a kind that a later version of the library adds.
function failure(message, properties) {
  return new (CLASSES[properties.kind] || WotrusError)(message, properties);
}

function argumentError(field, message) {
  return failure(message, { kind: 'argument', field });
}

module.exports = {
  WotrusError, ArgumentError, ConfigError, AuthError, RefusedError, NotReadyError, UnknownOutcomeError, NetworkError,
  ProtocolError, FileError, CancelledError, InternalError, failure, argumentError, CLASSES,
};
