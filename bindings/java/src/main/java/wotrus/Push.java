package wotrus;

/** A push, a request that the service sent to your push URL (section 8). */
public final class Push {
    private Push() {
    }

    /**
     * Reads the body of the request: orderId(), get("dataAction"), get("isIssued"), get("isRevoked"). A push is not
     * authenticated: query the order before acting on it. Answer the request with HTTP 200.
     */
    public static Reply parse(byte[] body) {
        return Reply.orThrow(Client.NATIVE.wotrus_read_push(body, new Native.SizeT(body.length)), null);
    }
}
