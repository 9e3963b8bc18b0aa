package wotrus;

import java.util.concurrent.CompletableFuture;

/**
 * The reply of a call that is in progress, or its {@link WotrusException}, which get() and join() throw as the cause of
 * their exceptions.
 */
public final class PendingReply extends CompletableFuture<Reply> {
    private final Client own;
    private final Operation operation;

    PendingReply(Client own, Operation operation) {
        this.own = own;
        this.operation = operation;
    }

    static PendingReply failed(RuntimeException failure) {
        PendingReply pending = new PendingReply(null, null);
        pending.completeExceptionally(failure);
        return pending;
    }

    void run() {
        try (Client client = own) {
            Reply reply = client.perform(operation);
            // The program may have completed the future by itself.
            if (!complete(reply)) {
                reply.close();
            }
        } catch (Throwable failure) {
            completeExceptionally(failure);
        }
    }

    /**
     * Cancels this call alone. The future completes when the call has ended, which it soon does: with Cancelled, with
     * UnknownOutcome if an order may exist, or with the reply if it came first. So isCancelled stays false, and no
     * outcome is lost. Returns whether the call was in progress; the argument has no effect.
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        try {
            if (isDone()) {
                return false;
            }
            own.cancel();
            return true;
        } catch (IllegalStateException closed) {
            // The call ended meanwhile.
            return false;
        }
    }
}
