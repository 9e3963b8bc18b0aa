package wotrus;

import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.function.Function;

/** A call with its arguments, before it is made. close frees what the arguments have in the library. */
final class Operation implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofMillis(0xFFFFFFFFL);

    private final Function<Pointer, Pointer> call;
    /** The order, reissue or document; null for calls whose arguments are texts. */
    private final Handle request;

    private Operation(Function<Pointer, Pointer> call) {
        this.call = call;
        request = null;
    }

    private Operation(Handle request, Call call) {
        this.request = request;
        this.call = client -> request.use(opened -> call.on(client, opened));
    }

    private interface Call {
        Pointer on(Pointer client, Pointer request);
    }

    /** Makes the call on a client of the library and returns its reply. */
    Pointer on(Pointer client) {
        return call.apply(client);
    }

    @Override
    public void close() {
        if (request != null) {
            request.close();
        }
    }

    static Operation createOrder(Order order) {
        return new Operation(order.open(), Client.NATIVE::wotrus_create_order);
    }

    static Operation queryOrder(String orderId) {
        byte[] id = Text.in(orderId, "orderID");
        return new Operation(client -> Client.NATIVE.wotrus_query_order(client, id));
    }

    static Operation retrieveCertificate(String orderId) {
        byte[] id = Text.in(orderId, "orderID");
        return new Operation(client -> Client.NATIVE.wotrus_retrieve_certificate(client, id));
    }

    static Operation cancelOrder(String orderId, String reason) {
        byte[] id = Text.in(orderId, "orderID");
        byte[] why = Text.in(reason, "reason");
        return new Operation(client -> Client.NATIVE.wotrus_cancel_order(client, id, why));
    }

    static Operation revokeCertificate(String orderId, String reason, Document proof) {
        byte[] id = Text.in(orderId, "orderID");
        byte[] why = Text.in(reason, "reason");
        return new Operation(proof.open(), (client, document) ->
            Client.NATIVE.wotrus_revoke_certificate(client, id, why, document));
    }

    static Operation reissueCertificate(Reissue reissue) {
        return new Operation(reissue.open(), Client.NATIVE::wotrus_reissue_certificate);
    }

    static Operation notifyByEmail(String orderId, String collectUrl) {
        byte[] id = Text.in(orderId, "orderID");
        byte[] url = Text.in(collectUrl, "collectUrl");
        return new Operation(client -> Client.NATIVE.wotrus_notify_by_email(client, id, url));
    }

    static Operation waitForCertificate(String orderId, Duration timeout) {
        byte[] id = Text.in(orderId, "orderID");
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST_WAIT) > 0) {
            throw WotrusException.found("argument", "timeout", "must be between 1 ms and 49 days");
        }
        int milliseconds = (int) timeout.toMillis();
        return new Operation(client -> Client.NATIVE.wotrus_wait_for_certificate(client, id, milliseconds));
    }

    static Operation call(String operation, String json) {
        byte[] name = Text.in(operation, "operation");
        byte[] body = json == null ? null : Text.bytes(json, "json");
        Native.SizeT length = new Native.SizeT(body == null ? 0 : body.length);
        return new Operation(client -> Client.NATIVE.wotrus_call(client, name, body, length));
    }
}
