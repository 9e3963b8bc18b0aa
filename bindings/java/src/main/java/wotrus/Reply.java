package wotrus;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The reply of a call that succeeded. It is immutable; any number of threads may read it. close frees its memory at
 * once; otherwise it is freed some time after the reply became garbage.
 *
 * <p>In the methods about certificates, which is "RSA" (also for ECC keys), "Sign" or "Encrypt" (SM2); without it they
 * are about the first certificate that came.
 */
public final class Reply implements AutoCloseable {
    private final Handle handle;

    private Reply(Pointer reply) {
        handle = new Handle(reply, Client.NATIVE::wotrus_reply_free).ownedBy(this);
    }

    /** Returns the reply of a call, or throws the error that it tells of. */
    static Reply orThrow(Pointer pointer, Throwable stopped) {
        Reply reply = new Reply(pointer);
        if (reply.handle.use(Client.NATIVE::wotrus_reply_status) == Native.OK) {
            return reply;
        }
        try {
            throw WotrusException.of(reply, stopped);
        } finally {
            reply.close();
        }
    }

    @Override
    public void close() {
        handle.close();
    }

    String kind() {
        return text(Client.NATIVE::wotrus_reply_kind);
    }

    /** The service's own message (successMsg), or "". */
    public String message() {
        return text(Client.NATIVE::wotrus_reply_message);
    }

    /** The HTTP status; null for a push. */
    public Integer httpStatus() {
        int status = handle.use(Client.NATIVE::wotrus_reply_http_status);
        return status == 0 ? null : status;
    }

    /** The RequestID of the call, by which the service finds it in its logs; null if it was refused before it was sent. */
    public String requestId() {
        return text(Client.NATIVE::wotrus_reply_request_id);
    }

    /** The idempotenceID of the order or reissue; null if it had none. */
    public String idempotenceId() {
        return text(Client.NATIVE::wotrus_reply_idempotence_id);
    }

    /** How often the call was sent. */
    public int attempts() {
        return handle.use(Client.NATIVE::wotrus_reply_attempts);
    }

    Duration retryAfter() {
        int milliseconds = handle.use(Client.NATIVE::wotrus_reply_retry_after_ms);
        return milliseconds < 0 ? null : Duration.ofMillis(milliseconds);
    }

    /** Such as: the answer is about another order than the one that was asked for. */
    public List<String> warnings() {
        return all(Client.NATIVE::wotrus_reply_warning);
    }

    /** The ID of the order that was created, queried, reissued or pushed; null for other calls. */
    public String orderId() {
        return text(Client.NATIVE::wotrus_reply_order_id);
    }

    /**
     * A field, such as "status", "org.orgName" or "chains_RSA.0", in any ASCII case. Numbers and booleans are returned
     * as text, objects and arrays as JSON, null and absent fields as null.
     */
    public String get(String path) {
        byte[] name = Text.in(path, "path");
        return text(reply -> Client.NATIVE.wotrus_reply_get(reply, name));
    }

    /** The whole reply: the answer with its envelope, or the push. It may contain personal data. */
    public String json() {
        return handle.use(reply -> {
            Memory length = new Memory(com.sun.jna.Native.SIZE_T_SIZE);
            Pointer json = Client.NATIVE.wotrus_reply_json(reply, length);
            return Text.out(json, size(length));
        });
    }

    /** The answer or the push as the bytes that came, in UTF-8. */
    public byte[] body() {
        return handle.use(reply -> {
            Memory length = new Memory(com.sun.jna.Native.SIZE_T_SIZE);
            Pointer body = Client.NATIVE.wotrus_reply_body(reply, length);
            return body == null ? null : body.getByteArray(0, (int) size(length));
        });
    }

    /** The first certificate in PEM; null if none came. */
    public String pem() {
        return pem(null);
    }

    /** The certificate in PEM; null if it did not come. */
    public String pem(String which) {
        return certificate(Client.NATIVE::wotrus_reply_pem, which);
    }

    /** The same for the first certificate. */
    public String fullChain() {
        return fullChain(null);
    }

    /** The content of a server's certificate file: the certificate, then each issuer, without the root. */
    public String fullChain(String which) {
        return certificate(Client.NATIVE::wotrus_reply_full_chain, which);
    }

    /** The same followed by the root, if the service sent it. */
    public String fullChainWithRoot(String which) {
        return certificate(Client.NATIVE::wotrus_reply_full_chain_with_root, which);
    }

    /** The issuers alone, without the root; "" if there are none. */
    public String intermediates(String which) {
        return certificate(Client.NATIVE::wotrus_reply_intermediates, which);
    }

    /** "complete", "incomplete" (clients will not trust the server) or "none". */
    public String chainStatus(String which) {
        return certificate(Client.NATIVE::wotrus_reply_chain_status, which);
    }

    /** The chain as the service sent it: the top root first. */
    public List<String> chain(String which) {
        byte[] name = Text.in(which, "which");
        return all((reply, index) -> Client.NATIVE.wotrus_reply_chain(reply, name, index));
    }

    /** The root; null if the service did not send the chain up to it. */
    public String root(String which) {
        return certificate(Client.NATIVE::wotrus_reply_root, which);
    }

    /** The same for the first certificate. */
    public Boolean matchesCsr(String csr) {
        return matchesCsr(csr, null);
    }

    /** Whether the certificate belongs to the key of the CSR (PEM); null if one of the two cannot be read. */
    public Boolean matchesCsr(String csr, String which) {
        byte[] name = Text.in(which, "which");
        byte[] pem = Text.in(csr, "csr");
        int matches = handle.use(reply -> Client.NATIVE.wotrus_reply_matches_csr(reply, name, pem));
        return matches < 0 ? null : matches == 1;
    }

    String text(Function<Pointer, Pointer> function) {
        return handle.use(reply -> Text.out(function.apply(reply)));
    }

    private String certificate(BiFunction<Pointer, byte[], Pointer> function, String which) {
        byte[] name = Text.in(which, "which");
        return text(reply -> function.apply(reply, name));
    }

    private List<String> all(BiFunction<Pointer, Native.SizeT, Pointer> function) {
        List<String> items = new ArrayList<>();
        while (true) {
            Native.SizeT index = new Native.SizeT(items.size());
            String text = text(reply -> function.apply(reply, index));
            if (text == null) {
                return items;
            }
            items.add(text);
        }
    }

    private static long size(Memory length) {
        return length.size() == 8 ? length.getLong(0) : length.getInt(0);
    }
}
