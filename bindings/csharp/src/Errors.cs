using System;

namespace Wotrus
{
    /// <summary>
    /// A call failed; there is a class for each kind. Message is one sentence for a person, without secrets.
    /// </summary>
    public class WotrusException : Exception
    {
        internal WotrusException(string message, Exception inner) : base(message, inner) { }

        /// <summary>What kind of failure it is; a later version of the library may have further ones.</summary>
        public Kind Kind { get; private set; }

        /// <summary>A finer word than the kind: "dns", "tls", "timeout", "connection_lost", "http_status", ...</summary>
        public string Cause { get; private set; }

        /// <summary>Whether the service received the call, over all attempts: "not_sent", "answered" or
        /// "unknown".</summary>
        public string Delivery { get; private set; }

        /// <summary>The HTTP status of the last answer; null if none came.</summary>
        public int? HttpStatus { get; private set; }

        /// <summary>The RequestID that was sent, by which the service finds the call in its logs.</summary>
        public string RequestId { get; private set; }

        /// <summary>The idempotenceID of the order or reissue.</summary>
        public string IdempotenceId { get; private set; }

        /// <summary>The number of attempts; 0 if the call was refused before the first.</summary>
        public int Attempts { get; private set; }

        /// <summary>How long the service asked to wait; null if it did not ask.</summary>
        public TimeSpan? RetryAfter { get; private set; }

        /// <summary>The field or option that was refused.</summary>
        public string Field { get; private set; }

        /// <summary>The service's own words.</summary>
        public string ServiceMessage { get; private set; }

        /// <summary>The error that a reply tells of.</summary>
        internal static WotrusException Of(Reply reply, Exception inner)
        {
            int milliseconds = reply.RetryAfterMs;
            var kind = (Kind)reply.Status;
            WotrusException error = Create(kind, reply.Message, inner);
            error.Kind = kind;
            error.Cause = reply.Cause;
            error.Delivery = reply.Delivery;
            error.HttpStatus = reply.HttpStatus;
            error.RequestId = reply.RequestId;
            error.IdempotenceId = reply.IdempotenceId;
            error.Attempts = reply.Attempts;
            error.RetryAfter = milliseconds < 0 ? (TimeSpan?)null : TimeSpan.FromMilliseconds(milliseconds);
            error.Field = reply.Get("field");
            error.ServiceMessage = reply.Get("service_message");
            return error;
        }

        /// <summary>A mistake that is found before the library is called.</summary>
        internal static WotrusException Argument(string field, string mistake)
        {
            return Found(Kind.Argument, field, mistake);
        }

        internal static WotrusException Found(Kind kind, string field, string mistake)
        {
            WotrusException error = Create(kind, field + ": " + mistake, null);
            error.Kind = kind;
            error.Cause = "invalid";
            error.Delivery = "not_sent";
            error.Field = field;
            return error;
        }

        private static WotrusException Create(Kind kind, string message, Exception inner)
        {
            switch (kind)
            {
                case Kind.Argument: return new InvalidArgumentException(message, inner);
                case Kind.Config: return new ConfigException(message, inner);
                case Kind.Auth: return new AuthException(message, inner);
                case Kind.Refused: return new RefusedException(message, inner);
                case Kind.NotReady: return new NotReadyException(message, inner);
                case Kind.UnknownOutcome: return new UnknownOutcomeException(message, inner);
                case Kind.Network: return new NetworkException(message, inner);
                case Kind.Protocol: return new ProtocolException(message, inner);
                case Kind.File: return new FileException(message, inner);
                case Kind.Cancelled: return new CancelledException(message, inner);
                case Kind.Internal: return new InternalException(message, inner);
                default: return new WotrusException(message, inner);
            }
        }
    }

    /// <summary>An argument was refused before anything was sent; Field names it.</summary>
    public sealed class InvalidArgumentException : WotrusException
    {
        internal InvalidArgumentException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>An option of the client is invalid; Field names it.</summary>
    public sealed class ConfigException : WotrusException
    {
        internal ConfigException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>The service rejected the token.</summary>
    public sealed class AuthException : WotrusException
    {
        internal AuthException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>The service refused the call and said why, or the order ended without a certificate.</summary>
    public sealed class RefusedException : WotrusException
    {
        internal RefusedException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>The certificate is not issued yet.</summary>
    public sealed class NotReadyException : WotrusException
    {
        internal NotReadyException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>A writing call may have been processed, and no usable answer came: the order may exist.</summary>
    public sealed class UnknownOutcomeException : WotrusException
    {
        internal UnknownOutcomeException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>Nothing was sent, or a reading call got no answer.</summary>
    public sealed class NetworkException : WotrusException
    {
        internal NetworkException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>The answer cannot be used.</summary>
    public sealed class ProtocolException : WotrusException
    {
        internal ProtocolException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>A local file cannot be read.</summary>
    public sealed class FileException : WotrusException
    {
        internal FileException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>The call was cancelled, or stopped by OnEvent, whose exception is then the InnerException.</summary>
    public sealed class CancelledException : WotrusException
    {
        internal CancelledException(string message, Exception inner) : base(message, inner) { }
    }

    /// <summary>A defect of the library.</summary>
    public sealed class InternalException : WotrusException
    {
        internal InternalException(string message, Exception inner) : base(message, inner) { }
    }
}
