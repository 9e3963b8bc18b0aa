package wotrus;

import java.time.Duration;

/** A call failed; there is a class for each kind. The message is one sentence for a person, without secrets. */
// No program stores these exceptions.
@SuppressWarnings("serial")
public class WotrusException extends RuntimeException {
    private String kind;
    private String cause;
    private String delivery;
    private Integer httpStatus;
    private String requestId;
    private String idempotenceId;
    private int attempts;
    private Duration retryAfter;
    private String field;
    private String serviceMessage;

    WotrusException(String message) {
        super(message);
    }

    /** The kind as a word, such as "unknown_outcome"; a later version of the library may have further ones. */
    public String kind() {
        return kind;
    }

    /** A finer word than the kind: "dns", "tls", "timeout", "connection_lost", "http_status", ... */
    public String cause() {
        return cause;
    }

    /** Whether the service received the call, over all attempts: "not_sent", "answered" or "unknown". */
    public String delivery() {
        return delivery;
    }

    /** The HTTP status of the last answer; null if none came. */
    public Integer httpStatus() {
        return httpStatus;
    }

    /** The RequestID of the call, by which the service finds it in its logs; null if it was refused before it was sent. */
    public String requestId() {
        return requestId;
    }

    /** The idempotenceID of the order or reissue; null if it had none. */
    public String idempotenceId() {
        return idempotenceId;
    }

    /** The number of attempts; 0 if the call was refused before the first. */
    public int attempts() {
        return attempts;
    }

    /** How long the service asked to wait; null if it did not ask. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** The field or option that was refused; null for other failures. */
    public String field() {
        return field;
    }

    /** The service's own words; null if there are none. */
    public String serviceMessage() {
        return serviceMessage;
    }

    /** The error that a reply tells of; stopped is the exception by which a callback stopped the call. */
    static WotrusException of(Reply reply, Throwable stopped) {
        WotrusException error = create(reply.kind(), reply.message());
        error.kind = reply.kind();
        error.cause = reply.text(Client.NATIVE::wotrus_reply_cause);
        error.delivery = reply.text(Client.NATIVE::wotrus_reply_delivery);
        error.httpStatus = reply.httpStatus();
        error.requestId = reply.requestId();
        error.idempotenceId = reply.idempotenceId();
        error.attempts = reply.attempts();
        error.retryAfter = reply.retryAfter();
        error.field = reply.get("field");
        error.serviceMessage = reply.get("service_message");
        if (stopped != null) {
            error.initCause(stopped);
        }
        return error;
    }

    /** A mistake that is found before the library is called. */
    static WotrusException found(String kind, String field, String mistake) {
        WotrusException error = create(kind, field + ": " + mistake);
        error.kind = kind;
        error.cause = "invalid";
        error.delivery = "not_sent";
        error.field = field;
        return error;
    }

    private static WotrusException create(String kind, String message) {
        switch (kind) {
            case "argument": return new Argument(message);
            case "config": return new Config(message);
            case "auth": return new Auth(message);
            case "refused": return new Refused(message);
            case "not_ready": return new NotReady(message);
            case "unknown_outcome": return new UnknownOutcome(message);
            case "network": return new Network(message);
            case "protocol": return new Protocol(message);
            case "file": return new File(message);
            case "cancelled": return new Cancelled(message);
            case "internal": return new Internal(message);
            default: return new WotrusException(message);
        }
    }

    /** An argument was refused before anything was sent; {@link #field} names it. */
    public static final class Argument extends WotrusException {
        Argument(String message) {
            super(message);
        }
    }

    /** An option of the client is invalid; {@link #field} names it. */
    public static final class Config extends WotrusException {
        Config(String message) {
            super(message);
        }
    }

    /** The service rejected the token. */
    public static final class Auth extends WotrusException {
        Auth(String message) {
            super(message);
        }
    }

    /** The service refused the call and said why, or the order ended without a certificate. */
    public static final class Refused extends WotrusException {
        Refused(String message) {
            super(message);
        }
    }

    /** The certificate is not issued yet. */
    public static final class NotReady extends WotrusException {
        NotReady(String message) {
            super(message);
        }
    }

    /** A writing call may have been processed, and no usable answer came: the order may exist. */
    public static final class UnknownOutcome extends WotrusException {
        UnknownOutcome(String message) {
            super(message);
        }
    }

    /** Nothing was sent, or a reading call got no answer. */
    public static final class Network extends WotrusException {
        Network(String message) {
            super(message);
        }
    }

    /** The answer cannot be used. */
    public static final class Protocol extends WotrusException {
        Protocol(String message) {
            super(message);
        }
    }

    /** A local file cannot be read. */
    public static final class File extends WotrusException {
        File(String message) {
            super(message);
        }
    }

    /** The call was cancelled, or stopped by onEvent, whose exception is then {@link #getCause}. */
    public static final class Cancelled extends WotrusException {
        Cancelled(String message) {
            super(message);
        }
    }

    /** A defect of the library. */
    public static final class Internal extends WotrusException {
        Internal(String message) {
            super(message);
        }
    }
}
