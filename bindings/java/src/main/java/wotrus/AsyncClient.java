package wotrus;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The operations of a {@link Client} without waiting for their end; {@link Client#async} returns it. Every failure is
 * that of the future. What a call sends is read before its method returns, and the client may be closed after that.
 */
public final class AsyncClient {
    // Threads end after a second without work. They are no daemons: a program does not end during a call, whose outcome
    // would be lost.
    static final Executor THREADS = new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> new Thread(work, "wotrus call"));

    private final Client client;
    private final Executor executor;

    AsyncClient(Client client, Executor executor) {
        this.client = client;
        this.executor = executor;
    }

    /** See {@link Client#createOrder}. */
    public PendingReply createOrder(Order order) {
        return start(() -> Operation.createOrder(order));
    }

    /** See {@link Client#queryOrder}. */
    public PendingReply queryOrder(String orderId) {
        return start(() -> Operation.queryOrder(orderId));
    }

    /** See {@link Client#retrieveCertificate}. */
    public PendingReply retrieveCertificate(String orderId) {
        return start(() -> Operation.retrieveCertificate(orderId));
    }

    /** See {@link Client#cancelOrder}. */
    public PendingReply cancelOrder(String orderId, String reason) {
        return start(() -> Operation.cancelOrder(orderId, reason));
    }

    /** See {@link Client#revokeCertificate}. */
    public PendingReply revokeCertificate(String orderId, String reason, Document proof) {
        return start(() -> Operation.revokeCertificate(orderId, reason, proof));
    }

    /** See {@link Client#reissueCertificate}. */
    public PendingReply reissueCertificate(Reissue reissue) {
        return start(() -> Operation.reissueCertificate(reissue));
    }

    /** See {@link Client#notifyByEmail}. */
    public PendingReply notifyByEmail(String orderId, String collectUrl) {
        return start(() -> Operation.notifyByEmail(orderId, collectUrl));
    }

    /** See {@link Client#waitForCertificate}. */
    public PendingReply waitForCertificate(String orderId, Duration timeout) {
        return start(() -> Operation.waitForCertificate(orderId, timeout));
    }

    /** See {@link Client#call(String)}. */
    public PendingReply call(String operation) {
        return call(operation, null);
    }

    /** See {@link Client#call(String, String)}. */
    public PendingReply call(String operation, String json) {
        return start(() -> Operation.call(operation, json));
    }

    private PendingReply start(Supplier<Operation> arguments) {
        Operation operation = null;
        Client own = null;
        try {
            operation = arguments.get();
            own = client.with(new Options().cancelOwn());
            PendingReply pending = new PendingReply(own, operation);
            executor.execute(pending::run);
            return pending;
        } catch (RuntimeException e) {
            if (operation != null) {
                operation.close();
            }
            if (own != null) {
                own.close();
            }
            return PendingReply.failed(e);
        }
    }
}
