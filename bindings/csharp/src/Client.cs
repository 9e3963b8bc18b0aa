using System;
using System.Threading;
using System.Threading.Tasks;

namespace Wotrus
{
    /// <summary>
    /// A client of the service, with its connections. Create it once and keep it; any number of threads may use it.
    ///
    /// Each operation blocks until it has an answer; the Async methods do the same on a thread of their own. Cancelling
    /// the token ends that call alone, with a CancelledException, or with an UnknownOutcomeException if an order may
    /// exist. Operations throw a WotrusException when they fail.
    /// </summary>
    public sealed class Client : IDisposable
    {
        private readonly ClientHandle handle;
        // Must live as long as the handle, and that of the parent too, which the handle may use.
        private readonly NativeCallback callback;
        private readonly Client parent;

        /// <summary>Creates a client. Throws a ConfigException that names the invalid option.</summary>
        public Client(Options options) : this(null, options) { }

        private Client(Client parent, Options options)
        {
            Library.CheckAbi();
            this.parent = parent;
            callback = options.OnEvent == null ? null : Event.Callback(options.OnEvent);
            using (ConfigHandle config = options.Open(callback))
                handle = parent == null
                    ? Native.wotrus_client_new(config)
                    : Native.wotrus_client_with(parent.handle, config);
            try
            {
                Reply.OrThrow(Native.wotrus_client_check(handle), null).Dispose();
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }

        /// <summary>
        /// A client for calls with their own options, which shares the connections: RequestId, Timeout, Retries,
        /// OnEvent. With options["cancel"] = "own" its Cancel ends its own calls alone, and later calls on it fail too.
        /// </summary>
        public Client With(Options options) { return new Client(this, options); }

        /// <summary>
        /// Cancels the calls in progress on this client and on all that share its connections; later calls work.
        /// Call it from another thread or from OnEvent.
        /// </summary>
        public void Cancel() { Native.wotrus_client_cancel(handle); }

        /// <summary>Closes the client after the calls in progress.</summary>
        public void Dispose() { handle.Dispose(); }

        /// <summary>Creates an order (section 2). With an idempotenceID a lost answer is harmless.</summary>
        public Reply CreateOrder(Order order, CancellationToken cancellation = default(CancellationToken))
        {
            using (OrderHandle opened = order.Open())
                return Perform(cancellation, client => Native.wotrus_create_order(client, opened));
        }

        /// <summary>Queries an order (section 3): status, cn, org.orgName, ...</summary>
        public Reply QueryOrder(string orderId, CancellationToken cancellation = default(CancellationToken))
        {
            byte[] id = Text.In(orderId, "orderID");
            return Perform(cancellation, client => Native.wotrus_query_order(client, id));
        }

        /// <summary>Retrieves an issued certificate (section 4). NotReadyException before it is issued.</summary>
        public Reply RetrieveCertificate(string orderId, CancellationToken cancellation = default(CancellationToken))
        {
            byte[] id = Text.In(orderId, "orderID");
            return Perform(cancellation, client => Native.wotrus_retrieve_certificate(client, id));
        }

        /// <summary>Cancels an order that is neither issued nor revoked (section 5).</summary>
        public Reply CancelOrder(
            string orderId, string reason, CancellationToken cancellation = default(CancellationToken))
        {
            byte[] id = Text.In(orderId, "orderID"), why = Text.In(reason, "reason");
            return Perform(cancellation, client => Native.wotrus_cancel_order(client, id, why));
        }

        /// <summary>Requests a revocation (section 6) with the organisation's proof.</summary>
        public Reply RevokeCertificate(
            string orderId, string reason, Document proof, CancellationToken cancellation = default(CancellationToken))
        {
            byte[] id = Text.In(orderId, "orderID"), why = Text.In(reason, "reason");
            using (DocumentHandle document = proof.Open())
                return Perform(cancellation, client => Native.wotrus_revoke_certificate(client, id, why, document));
        }

        /// <summary>Requests a reissue (section 7); OrderId of the reply is that of the new order.</summary>
        public Reply ReissueCertificate(
            Reissue reissue, CancellationToken cancellation = default(CancellationToken))
        {
            using (ReissueHandle opened = reissue.Open())
                return Perform(cancellation, client => Native.wotrus_reissue_certificate(client, opened));
        }

        /// <summary>Makes the service tell the customer by e-mail that the order is issued (section 9).</summary>
        public Reply NotifyByEmail(
            string orderId, string collectUrl, CancellationToken cancellation = default(CancellationToken))
        {
            byte[] id = Text.In(orderId, "orderID"), url = Text.In(collectUrl, "collectUrl");
            return Perform(cancellation, client => Native.wotrus_notify_by_email(client, id, url));
        }

        /// <summary>
        /// Waits until an order is issued, then retrieves its certificate. A manual review takes days: prefer the push
        /// to a long wait.
        /// </summary>
        public Reply WaitForCertificate(
            string orderId, TimeSpan timeout, CancellationToken cancellation = default(CancellationToken))
        {
            byte[] id = Text.In(orderId, "orderID");
            double milliseconds = Math.Round(timeout.TotalMilliseconds);
            if (milliseconds < 1 || milliseconds > uint.MaxValue)
                throw WotrusException.Argument("timeout", "must be between 1 ms and 49 days");
            return Perform(
                cancellation, client => Native.wotrus_wait_for_certificate(client, id, (uint)milliseconds));
        }

        /// <summary>
        /// Calls an operation by name ("create_order") with the document's JSON, or any endpoint ("GET /v1/...", without
        /// JSON).
        /// </summary>
        public Reply Call(
            string operation, string json = null, CancellationToken cancellation = default(CancellationToken))
        {
            byte[] name = Text.In(operation, "operation"), body = json == null ? null : Text.Bytes(json, "json");
            UIntPtr length = (UIntPtr)(uint)(body == null ? 0 : body.Length);
            return Perform(cancellation, client => Native.wotrus_call(client, name, body, length));
        }

        /// <summary>CreateOrder on a separate thread.</summary>
        public Task<Reply> CreateOrderAsync(Order order, CancellationToken cancellation = default(CancellationToken))
        {
            Order copy = order.Copy();
            return Start(() => CreateOrder(copy, cancellation));
        }

        /// <summary>QueryOrder on a separate thread.</summary>
        public Task<Reply> QueryOrderAsync(string orderId, CancellationToken cancellation = default(CancellationToken))
        {
            return Start(() => QueryOrder(orderId, cancellation));
        }

        /// <summary>RetrieveCertificate on a separate thread.</summary>
        public Task<Reply> RetrieveCertificateAsync(
            string orderId, CancellationToken cancellation = default(CancellationToken))
        {
            return Start(() => RetrieveCertificate(orderId, cancellation));
        }

        /// <summary>CancelOrder on a separate thread.</summary>
        public Task<Reply> CancelOrderAsync(
            string orderId, string reason, CancellationToken cancellation = default(CancellationToken))
        {
            return Start(() => CancelOrder(orderId, reason, cancellation));
        }

        /// <summary>RevokeCertificate on a separate thread.</summary>
        public Task<Reply> RevokeCertificateAsync(
            string orderId, string reason, Document proof, CancellationToken cancellation = default(CancellationToken))
        {
            return Start(() => RevokeCertificate(orderId, reason, proof, cancellation));
        }

        /// <summary>ReissueCertificate on a separate thread.</summary>
        public Task<Reply> ReissueCertificateAsync(
            Reissue reissue, CancellationToken cancellation = default(CancellationToken))
        {
            Reissue copy = reissue.Copy();
            return Start(() => ReissueCertificate(copy, cancellation));
        }

        /// <summary>NotifyByEmail on a separate thread.</summary>
        public Task<Reply> NotifyByEmailAsync(
            string orderId, string collectUrl, CancellationToken cancellation = default(CancellationToken))
        {
            return Start(() => NotifyByEmail(orderId, collectUrl, cancellation));
        }

        /// <summary>WaitForCertificate on a separate thread.</summary>
        public Task<Reply> WaitForCertificateAsync(
            string orderId, TimeSpan timeout, CancellationToken cancellation = default(CancellationToken))
        {
            return Start(() => WaitForCertificate(orderId, timeout, cancellation));
        }

        /// <summary>Call on a separate thread.</summary>
        public Task<Reply> CallAsync(
            string operation, string json = null, CancellationToken cancellation = default(CancellationToken))
        {
            return Start(() => Call(operation, json, cancellation));
        }

        // Calls block for seconds, a wait for minutes: they must not occupy the threads of the pool.
        private static Task<Reply> Start(Func<Reply> call)
        {
            return Task.Factory.StartNew(
                call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        private Reply Perform(CancellationToken cancellation, Func<ClientHandle, ReplyHandle> call)
        {
            Event.Stopped = null;
            ReplyHandle reply;
            if (!cancellation.CanBeCanceled)
            {
                reply = call(handle);
            }
            else
            {
                // A separate handle, so that the token ends this call alone.
                using (ClientHandle own = Own())
                using (cancellation.Register(() => Native.wotrus_client_cancel(own)))
                    reply = call(own);
            }
            Exception stopped = Event.Stopped;
            Event.Stopped = null;
            // They have the callbacks that the handle uses.
            GC.KeepAlive(this);
            GC.KeepAlive(parent);
            return Reply.OrThrow(reply, stopped);
        }

        private ClientHandle Own()
        {
            using (ConfigHandle config = new Options { Values = { { "cancel", "own" } } }.Open(null))
                return Native.wotrus_client_with(handle, config);
        }
    }
}
