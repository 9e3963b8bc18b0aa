using System;
using System.Collections.Generic;

namespace Wotrus
{
    /// <summary>
    /// The reply of a call that succeeded. It is immutable; any number of threads may read it. Dispose frees its
    /// memory at once, and the garbage collector does it otherwise.
    /// </summary>
    public sealed class Reply : IDisposable
    {
        private readonly ReplyHandle handle;

        internal Reply(ReplyHandle handle) { this.handle = handle; }

        /// <summary>Frees the memory.</summary>
        public void Dispose() { handle.Dispose(); }

        /// <summary>Returns the reply of a call, or throws the error that it tells of.</summary>
        internal static Reply OrThrow(ReplyHandle handle, Exception stopped)
        {
            var reply = new Reply(handle);
            if (reply.Status == (int)Kind.Ok) return reply;
            using (reply) throw WotrusException.Of(reply, stopped);
        }

        internal int Status { get { return Native.wotrus_reply_status(handle); } }

        internal int RetryAfterMs { get { return Native.wotrus_reply_retry_after_ms(handle); } }

        internal string Cause { get { return ReadText(Native.wotrus_reply_cause); } }

        internal string Delivery { get { return ReadText(Native.wotrus_reply_delivery); } }

        /// <summary>The service's own message (successMsg), or "".</summary>
        public string Message { get { return ReadText(Native.wotrus_reply_message); } }

        /// <summary>The HTTP status; null for a push.</summary>
        public int? HttpStatus
        {
            get
            {
                int status = Native.wotrus_reply_http_status(handle);
                return status == 0 ? (int?)null : status;
            }
        }

        /// <summary>The RequestID that was sent, by which the service finds the call in its logs.</summary>
        public string RequestId { get { return ReadText(Native.wotrus_reply_request_id); } }

        /// <summary>The idempotenceID of the order or reissue.</summary>
        public string IdempotenceId { get { return ReadText(Native.wotrus_reply_idempotence_id); } }

        /// <summary>How often the call was sent.</summary>
        public int Attempts { get { return (int)Native.wotrus_reply_attempts(handle); } }

        /// <summary>Such as: the answer is about another order than the one that was asked for.</summary>
        public IList<string> Warnings
        {
            get { return All(Native.wotrus_reply_warning); }
        }

        /// <summary>The ID of the order that was created, queried, reissued or pushed.</summary>
        public string OrderId { get { return ReadText(Native.wotrus_reply_order_id); } }

        /// <summary>
        /// A field, such as "status", "org.orgName" or "chains_RSA.0", in any ASCII case. Numbers and booleans are
        /// returned as text, objects and arrays as JSON, null and absent fields as null.
        /// </summary>
        public string Get(string path)
        {
            byte[] name = Text.In(path, "path");
            return ReadText(reply => Native.wotrus_reply_get(reply, name));
        }

        /// <summary>The whole reply: the answer with its envelope, or the push. May contain personal data.</summary>
        public string Json
        {
            get
            {
                return Read(reply =>
                {
                    UIntPtr length;
                    return Text.Out(Native.wotrus_reply_json(reply, out length), length);
                });
            }
        }

        /// <summary>The answer or the push as the bytes that came, in UTF-8.</summary>
        public byte[] Body
        {
            get
            {
                return Read(reply =>
                {
                    UIntPtr length;
                    IntPtr bytes = Native.wotrus_reply_body(reply, out length);
                    return bytes == IntPtr.Zero ? null : Text.Copy(bytes, (int)length);
                });
            }
        }

        // Certificates: which is "RSA" (also for ECC keys), "Sign" or "Encrypt" (SM2); null is the first that came.

        /// <summary>The certificate in PEM; null if it did not come.</summary>
        public string Pem(string which = null) { return Certificate(Native.wotrus_reply_pem, which); }

        /// <summary>The content of a server's certificate file: the certificate, then each issuer, without the
        /// root.</summary>
        public string FullChain(string which = null)
        {
            return Certificate(Native.wotrus_reply_full_chain, which);
        }

        /// <summary>The same followed by the root, if the service sent it.</summary>
        public string FullChainWithRoot(string which = null)
        {
            return Certificate(Native.wotrus_reply_full_chain_with_root, which);
        }

        /// <summary>The issuers alone, without the root; "" if there are none.</summary>
        public string Intermediates(string which = null)
        {
            return Certificate(Native.wotrus_reply_intermediates, which);
        }

        /// <summary>"complete", "incomplete" (clients will not trust the server) or "none".</summary>
        public string ChainStatus(string which = null)
        {
            return Certificate(Native.wotrus_reply_chain_status, which);
        }

        /// <summary>The chain as the service sent it: the top root first.</summary>
        public IList<string> Chain(string which = null)
        {
            byte[] name = Which(which);
            return All((reply, index) => Native.wotrus_reply_chain(reply, name, index));
        }

        /// <summary>The root; null if the service did not send the chain up to it.</summary>
        public string Root(string which = null) { return Certificate(Native.wotrus_reply_root, which); }

        /// <summary>Whether the certificate belongs to the key of the CSR (PEM); null if one of the two cannot be
        /// read.</summary>
        public bool? MatchesCsr(string csr, string which = null)
        {
            int matches = Native.wotrus_reply_matches_csr(handle, Which(which), Text.In(csr, "csr"));
            return matches < 0 ? (bool?)null : matches == 1;
        }

        private static byte[] Which(string which) { return Text.In(which, "which"); }

        private string Certificate(Func<ReplyHandle, byte[], IntPtr> text, string which)
        {
            byte[] name = Which(which);
            return ReadText(reply => text(reply, name));
        }

        private IList<string> All(Func<ReplyHandle, UIntPtr, IntPtr> item)
        {
            return Read(reply =>
            {
                var items = new List<string>();
                for (string text; (text = Text.Out(item(reply, (UIntPtr)(uint)items.Count))) != null; ) items.Add(text);
                return items;
            });
        }

        private string ReadText(Func<ReplyHandle, IntPtr> text) { return Read(reply => Text.Out(text(reply))); }

        // A text belongs to the reply, which must not be freed before the text is copied: neither by the garbage
        // collector, which may collect this object as soon as its last member was read, nor by Dispose.
        private T Read<T>(Func<ReplyHandle, T> read)
        {
            bool isHeld = false;
            try
            {
                handle.DangerousAddRef(ref isHeld);
                return read(handle);
            }
            finally
            {
                if (isHeld) handle.DangerousRelease();
            }
        }
    }

    /// <summary>A push, a request that the service sent to your push URL (section 8).</summary>
    public static class Push
    {
        /// <summary>
        /// Reads the body of the request: OrderId, Get("dataAction"), Get("isIssued"), Get("isRevoked"). A push is
        /// not authenticated: query the order before acting on it. Answer the request with HTTP 200.
        /// </summary>
        public static Reply Parse(byte[] body)
        {
            return Reply.OrThrow(Native.wotrus_read_push(body, (UIntPtr)(uint)(body == null ? 0 : body.Length)), null);
        }
    }
}
