/// <reference types="node" />

/** What stands in an answer, an event or a request. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Options of docs/options.md; times are in seconds. undefined leaves an option at its default. */
export interface ClientOptions {
  /** API token, tk_... */
  token: string;
  /** https://...; http:// for loopback only. */
  baseUrl?: string;
  /** For a whole call: every attempt and pause. */
  timeout?: number;
  /** For resolving a name, and again for connecting. */
  connectTimeout?: number;
  /** Maximum number of retries, where a retry is safe. */
  retries?: number;
  /** PEM file of the CAs to trust instead of the built-in ones. */
  caFile?: string;
  /** http://[user:password@]host:port */
  proxy?: string;
  /** Maximum size of an answer's body in bytes. */
  maxAnswerSize?: number;
  userAgent?: string;
  /** RequestID of all calls; by default each call has its own. */
  requestId?: string;
  /** Language of the messages of errors; English by default. */
  lang?: 'en' | 'zh';
  /** Is called with each event of the calls, see Event. */
  onEvent?: OnEvent;
}

/** Options of one call. What is left out is that of the client. */
export interface CallOptions {
  /**
   * Cancels this call. It fails with CancelledError, or with UnknownOutcomeError if an order may exist; the error's
   * reason is that of the signal.
   */
  signal?: AbortSignal;
  requestId?: string;
  timeout?: number;
  retries?: number;
  lang?: 'en' | 'zh';
  onEvent?: OnEvent;
}

/** Something that a call does. */
export type Event =
  | { event: 'sending'; operation: string; method: string; path: string; request_id: string;
      idempotence_id: string | null; attempt: number }
  | { event: 'uploading'; sent: number; total: number }
  | { event: 'answered'; http_status: number; bytes: number; elapsed_ms: number }
  | { event: 'failed'; cause: string; delivery: Delivery; message: string; elapsed_ms: number }
  | { event: 'retrying'; pause_ms: number }
  | { event: 'waiting'; order_id: string; status: string; pause_ms: number; elapsed_ms: number };

/**
 * Is called on the event loop; the call waits until it returns. What it throws at "sending" prevents the request
 * (record an order there, before it can exist), and at "waiting" ends the wait: the call then fails with
 * CancelledError, whose reason is what was thrown. At other events it is reported by process.emitWarning.
 *
 * It must not be asynchronous, because the call cannot wait for a promise: at "sending" and "waiting" a promise
 * stops the call like an error.
 */
export type OnEvent = (event: Event) => void;

export type Delivery = 'not_sent' | 'answered' | 'unknown';

/** Fields by the names of the service's document, in any ASCII case; null and undefined leave a field out. */
export type Fields = { [name: string]: string | number | boolean | null | undefined };

/** A file to send: its path (it is read while it is sent), or bytes. */
export type Document =
  | string
  | { path: string; fileType?: string }
  | { bytes: Uint8Array; fileType: string };

/** documentType in section 2. */
export const DocumentType: {
  /** Letter of authorisation. */
  readonly AUTHORIZATION: 1;
  readonly BUSINESS_LICENCE: 2;
  readonly IDENTITY_CARD: 3;
};

export interface Order {
  fields: Fields;
  documents?: Array<{ documentType: number } & Exclude<Document, string>>;
}

/** orderID, csr and reason; csR_Encrypt for SM2; idempotenceID. */
export interface Reissue {
  fields: Fields;
  /** The organisation's proof on WoTrus's template, which SM2 and Sectigo products require. */
  proof?: Document;
}

/**
 * A client of the service, with its connections. Create it once and keep it.
 *
 * Sections are those of the service's document. Calls run on the threads of Node's pool; those that find no thread
 * wait for their turn. UV_THREADPOOL_SIZE less one is the number of calls at the same time, by default 3.
 */
export class Client {
  /** Throws ConfigError. */
  constructor(options: ClientOptions);

  /** Creates an order (section 2). With an idempotenceID a lost answer is harmless. */
  createOrder(order: Order, options?: CallOptions): Promise<Reply>;
  /** Queries an order (section 3): status, cn, org.orgName, ... */
  queryOrder(orderId: string, options?: CallOptions): Promise<Reply>;
  /** Retrieves an issued certificate (section 4). NotReadyError before it is issued. */
  retrieveCertificate(orderId: string, options?: CallOptions): Promise<Reply>;
  /** Cancels an order that is neither issued nor revoked (section 5). */
  cancelOrder(orderId: string, reason: string, options?: CallOptions): Promise<Reply>;
  /** Requests a revocation (section 6) with the organisation's proof. */
  revokeCertificate(orderId: string, reason: string, proof: Document, options?: CallOptions): Promise<Reply>;
  /** Requests a reissue (section 7); orderId of the reply is that of the new order. */
  reissueCertificate(reissue: Reissue, options?: CallOptions): Promise<Reply>;
  /** Makes the service tell the customer by e-mail that the order is issued (section 9). */
  notifyByEmail(orderId: string, collectUrl: string, options?: CallOptions): Promise<Reply>;
  /**
   * Waits until an order is issued, timeout seconds (600) at most, then retrieves its certificate. It occupies a
   * thread of the pool. A manual review takes days: prefer the push.
   */
  waitForCertificate(orderId: string, timeout?: number, options?: CallOptions): Promise<Reply>;
  /**
   * Calls an operation by name ("create_order") with the document's JSON, or any endpoint ("GET /v1/...", without
   * data). data: a value, or JSON as a string or bytes.
   */
  call(operation: string, data?: Json | Uint8Array, options?: CallOptions): Promise<Reply>;

  /** Cancels the calls in progress; later calls work. To cancel one call, use its signal. */
  cancel(): void;
  /** Closes the client. Calls in progress go on to their end; the connections close after the last. */
  close(): void;
}

/**
 * Reads the body of a push (section 8): orderId, get("dataAction"), get("isIssued"), get("isRevoked").
 *
 * A push is not authenticated: query the order before acting on it. Answer the request with HTTP 200. body must be
 * as it came, not a value that a framework has parsed.
 */
export function readPush(body: Uint8Array | string): Reply;

/**
 * The reply of a call that succeeded. which is "RSA" (also for ECC keys), "Sign" or "Encrypt"; by default the first
 * that came.
 */
export class Reply {
  private constructor();
  /** The service's own message (successMsg), or "". */
  readonly message: string;
  /** null if no answer came, as for a push. */
  readonly httpStatus: number | null;
  /** The RequestID that was sent, by which the service finds the call in its logs. */
  readonly requestId: string | null;
  readonly idempotenceId: string | null;
  /** How often the call was sent. */
  readonly attempts: number;
  /** Such as: the answer is about another order than the one that was asked for. */
  readonly warnings: string[];
  /** The ID of the order that was created, queried, reissued or pushed. */
  readonly orderId: string | null;
  /**
   * A field, such as "status", "org.orgName" or "chains_RSA.0", in any ASCII case. Numbers and booleans are returned
   * as text, objects and arrays as JSON, null and absent fields as null.
   */
  get(path: string): string | null;
  /** The whole reply: the answer with its envelope, or the push. May contain personal data. */
  json(): any;
  /** The answer or the push as the bytes that came, in UTF-8. */
  body(): Buffer | null;
  /** The certificate in PEM; null if it did not come. */
  pem(which?: string): string | null;
  /** The content of a server's certificate file: the certificate, then each issuer, without the root. */
  fullChain(which?: string): string | null;
  /** The same followed by the root, if the service sent it. */
  fullChainWithRoot(which?: string): string | null;
  /** The issuers alone, without the root; "" if there are none. */
  intermediates(which?: string): string | null;
  /** "incomplete": clients will not trust the server. */
  chainStatus(which?: string): 'complete' | 'incomplete' | 'none' | null;
  /** The root; null if the service did not send the chain up to it. */
  root(which?: string): string | null;
  /** The chain as the service sent it: the top root first. */
  chain(which?: string): string[];
  /** Whether the certificate belongs to the key of the CSR (PEM); null if one of the two cannot be read. */
  matchesCsr(csr: string, which?: string): boolean | null;
  /** Frees the reply now; otherwise the garbage collector does. Afterwards its fields and methods throw an Error. */
  close(): void;
}

/** A call failed. message is one sentence for a person, without secrets. */
export class WotrusError extends Error {
  protected constructor();
  /** The kind as a word, such as "unknown_outcome". */
  readonly kind: string;
  /** A finer word than the kind: "dns", "tls", "timeout", "connection_lost", "http_status", ... */
  readonly cause: string;
  /** Whether the service received the call, over all attempts. */
  readonly delivery: Delivery;
  /** The HTTP status of the last answer. */
  readonly httpStatus: number | null;
  /** The RequestID that was sent, by which the service finds the call in its logs. */
  readonly requestId: string | null;
  readonly idempotenceId: string | null;
  /** 0 if the call was refused before the first. */
  readonly attempts: number;
  /** How long the service asked to wait, in seconds. */
  readonly retryAfter: number | null;
  /** The field or option that was refused. */
  readonly field: string | null;
  /** The service's own words. */
  readonly serviceMessage: string | null;
  /** If the call was cancelled: the signal's reason, or what onEvent threw. */
  readonly reason?: unknown;
}

/** An argument was refused before anything was sent; field names it. */
export class ArgumentError extends WotrusError {}
/** An option is invalid. */
export class ConfigError extends WotrusError {}
/** The service rejected the token. */
export class AuthError extends WotrusError {}
/** The service refused the call and said why, or the order ended without a certificate. */
export class RefusedError extends WotrusError {}
/** The certificate is not issued yet. */
export class NotReadyError extends WotrusError {}
/** A writing call may have been processed, and no usable answer came: the order may exist. */
export class UnknownOutcomeError extends WotrusError {}
/** Nothing was sent, or a reading call got no answer. */
export class NetworkError extends WotrusError {}
/** The answer cannot be used. */
export class ProtocolError extends WotrusError {}
/** A local file cannot be read. */
export class FileError extends WotrusError {}
/** The call was ended by its signal, by cancel() or by onEvent. */
export class CancelledError extends WotrusError {}
/** A defect of the library. */
export class InternalError extends WotrusError {}

/**
 * Loads the library; the first call of anything else does it by itself. By default it is the file in this package's
 * folder natives, and otherwise the one that the system finds. Throws an Error if it is absent or has another ABI.
 */
export function loadLibrary(file?: string): void;

/** The version of the library, such as "0.2.0". */
export function version(): string;
