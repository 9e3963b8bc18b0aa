package wotrus;

import com.sun.jna.Pointer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The options of a client, or of some of its calls ({@link Client#with}). What is not set has its default; the option
 * "base_url" of docs/options.md is the method baseUrl here and set("base_url", ...).
 */
public final class Options {
    private final Map<String, String> values = new LinkedHashMap<>();
    private Consumer<Event> onEvent;

    /** An option by its name in docs/options.md; null unsets it. */
    public Options set(String name, String value) {
        if (value == null) {
            values.remove(name);
        } else {
            values.put(name, value);
        }
        return this;
    }

    /** The API token, tk_...; required. */
    public Options token(String token) {
        return set("token", token);
    }

    /** The service's address; plain HTTP only for loopback addresses. */
    public Options baseUrl(String url) {
        return set("base_url", url);
    }

    /** The time for a whole call, with retries and pauses. */
    public Options timeout(Duration timeout) {
        return set("timeout", seconds(timeout));
    }

    /** The time to resolve a name, and again to open a connection. */
    public Options connectTimeout(Duration timeout) {
        return set("connect_timeout", seconds(timeout));
    }

    /** How often a call is retried at most, if that is safe. */
    public Options retries(int retries) {
        return set("retries", Integer.toString(retries));
    }

    /** A PEM file with the CAs to trust instead of the built-in ones. */
    public Options caFile(String path) {
        return set("ca_file", path);
    }

    /** http://[user:password@]host:port. */
    public Options proxy(String url) {
        return set("proxy", url);
    }

    /** The largest answer that is read, in bytes. */
    public Options maxAnswerSize(long bytes) {
        return set("max_answer_size", Long.toString(bytes));
    }

    /** The User-Agent header. */
    public Options userAgent(String userAgent) {
        return set("user_agent", userAgent);
    }

    /** The RequestID of the calls; otherwise each has its own. */
    public Options requestId(String requestId) {
        return set("request_id", requestId);
    }

    /**
     * For {@link Client#with}: {@link Client#cancel} of the new client ends its own calls alone, and later calls on it
     * fail too. Make one for each call that must be cancellable by itself.
     */
    public Options cancelOwn() {
        return set("cancel", "own");
    }

    /**
     * Is called with each event of a call, on the thread that makes the call. An exception that it throws at "sending"
     * prevents the request, and at "waiting" ends the wait: the call then throws Cancelled with that exception as its
     * cause. At other events it goes to the thread's handler of uncaught exceptions.
     */
    public Options onEvent(Consumer<Event> onEvent) {
        this.onEvent = onEvent;
        return this;
    }

    private static String seconds(Duration time) {
        // toMillis would fail for a very long time, which the library refuses by its name.
        return BigDecimal.valueOf(time.getSeconds()).add(BigDecimal.valueOf(time.getNano() / 1_000_000, 3)).toPlainString();
    }

    Native.Callback callback() {
        return onEvent == null ? null : Event.callback(onEvent);
    }

    Handle open(Native.Callback callback) {
        if (values.containsKey("charset")) {
            throw WotrusException.found("config", "charset",
                "is not needed, because strings are Unicode; decode GBK text with Charset.forName(\"GBK\")");
        }
        Pointer config = Client.NATIVE.wotrus_config_new();
        Handle handle = new Handle(config, Client.NATIVE::wotrus_config_free);
        try {
            values.forEach((name, value) ->
                Client.NATIVE.wotrus_config_set(config, Text.in(name, "name"), Text.in(value, name)));
            Client.NATIVE.wotrus_config_set_callback(config, callback, null);
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
        return handle;
    }
}
