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
        internal readonly ReplyHandle Handle;

        internal Reply(ReplyHandle handle) { Handle = handle; }

        /// <summary>Frees the memory.</summary>
        public void Dispose() { Handle.Dispose(); }

        /// <summary>Returns the reply of a call, or throws the error that it tells of.</summary>
        internal static Reply OrThrow(ReplyHandle handle, Exception stopped)
        {
            var reply = new Reply(handle);
            if (Native.wotrus_reply_status(handle) == (int)Kind.Ok) return reply;
            using (reply) throw WotrusException.Of(reply, stopped);
        }

        /// <summary>The service's own message (successMsg), or "".</summary>
        public string Message { get { return Text.Out(Native.wotrus_reply_message(Handle)); } }

        /// <summary>The HTTP status; null for a push.</summary>
        public int? HttpStatus
        {
            get
            {
                int status = Native.wotrus_reply_http_status(Handle);
                return status == 0 ? (int?)null : status;
            }
        }

        /// <summary>The RequestID that was sent, by which the service finds the call in its logs.</summary>
        public string RequestId { get { return Text.Out(Native.wotrus_reply_request_id(Handle)); } }

        /// <summary>The idempotenceID of the order or reissue.</summary>
        public string IdempotenceId { get { return Text.Out(Native.wotrus_reply_idempotence_id(Handle)); } }

        /// <summary>How often the call was sent.</summary>
        public int Attempts { get { return (int)Native.wotrus_reply_attempts(Handle); } }

        /// <summary>Such as: the answer is about another order than the one that was asked for.</summary>
        public IList<string> Warnings
        {
            get { return All(index => Native.wotrus_reply_warning(Handle, index)); }
        }

        /// <summary>The ID of the order that was created, queried, reissued or pushed.</summary>
        public string OrderId { get { return Text.Out(Native.wotrus_reply_order_id(Handle)); } }

        /// <summary>
        /// A field, such as "status", "org.orgName" or "chains_RSA.0", in any ASCII case. Numbers and booleans are
        /// returned as text, objects and arrays as JSON, null and absent fields as null.
        /// </summary>
        public string Get(string path) { return Text.Out(Native.wotrus_reply_get(Handle, Text.In(path, "path"))); }

        /// <summary>The whole reply: the answer with its envelope, or the push. May contain personal data.</summary>
        public string Json
        {
            get
            {
                UIntPtr length;
                return Text.Out(Native.wotrus_reply_json(Handle, out length), length);
            }
        }

        /// <summary>The answer or the push as the bytes that came, in UTF-8.</summary>
        public byte[] Body
        {
            get
            {
                UIntPtr length;
                IntPtr bytes = Native.wotrus_reply_body(Handle, out length);
                return bytes == IntPtr.Zero ? null : Text.Copy(bytes, (int)length);
            }
        }

        // Certificates: which is "RSA" (also for ECC keys), "Sign" or "Encrypt" (SM2); null is the first that came.

        /// <summary>The certificate in PEM; null if it did not come.</summary>
        public string Pem(string which = null) { return Text.Out(Native.wotrus_reply_pem(Handle, Which(which))); }

        /// <summary>The content of a server's certificate file: the certificate, then each issuer, without the
        /// root.</summary>
        public string FullChain(string which = null)
        {
            return Text.Out(Native.wotrus_reply_full_chain(Handle, Which(which)));
        }

        /// <summary>The same followed by the root, if the service sent it.</summary>
        public string FullChainWithRoot(string which = null)
        {
            return Text.Out(Native.wotrus_reply_full_chain_with_root(Handle, Which(which)));
        }

        /// <summary>The issuers alone, without the root; "" if there are none.</summary>
        public string Intermediates(string which = null)
        {
            return Text.Out(Native.wotrus_reply_intermediates(Handle, Which(which)));
        }

        /// <summary>"complete", "incomplete" (clients will not trust the server) or "none".</summary>
        public string ChainStatus(string which = null)
        {
            return Text.Out(Native.wotrus_reply_chain_status(Handle, Which(which)));
        }

        /// <summary>The chain as the service sent it: the top root first.</summary>
        public IList<string> Chain(string which = null)
        {
            return All(index => Native.wotrus_reply_chain(Handle, Which(which), index));
        }

        /// <summary>The root; null if the service did not send the chain up to it.</summary>
        public string Root(string which = null) { return Text.Out(Native.wotrus_reply_root(Handle, Which(which))); }

        /// <summary>Whether the certificate belongs to the key of the CSR (PEM); null if one of the two cannot be
        /// read.</summary>
        public bool? MatchesCsr(string csr, string which = null)
        {
            int matches = Native.wotrus_reply_matches_csr(Handle, Which(which), Text.In(csr, "csr"));
            return matches < 0 ? (bool?)null : matches == 1;
        }

        private static byte[] Which(string which) { return Text.In(which, "which"); }

        private static IList<string> All(Func<UIntPtr, IntPtr> item)
        {
            var items = new List<string>();
            for (string text; (text = Text.Out(item((UIntPtr)(uint)items.Count))) != null; ) items.Add(text);
            return items;
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
