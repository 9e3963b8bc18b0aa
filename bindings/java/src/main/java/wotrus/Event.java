package wotrus;

import com.sun.jna.Pointer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An event of a call. No event contains a secret. Each name has these members:
 *
 * <ul>
 *   <li>sending: operation, method, path, request_id, idempotence_id, attempt
 *   <li>uploading (large bodies only): sent and total, in bytes
 *   <li>answered: http_status, bytes, elapsed_ms
 *   <li>failed: cause, delivery, message, elapsed_ms
 *   <li>retrying: pause_ms
 *   <li>waiting: order_id, status, pause_ms, elapsed_ms
 * </ul>
 */
public final class Event {
    /** Set when onEvent stopped the call of this thread. */
    static final ThreadLocal<Throwable> STOPPED = new ThreadLocal<>();

    // The members of an event are texts, numbers and null. Java has no reader of JSON.
    private static final Pattern MEMBER = Pattern.compile(
        "\"((?:[^\"\\\\]|\\\\.)*+)\":(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^,}]*))");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(....)|(.))");

    private final Map<String, String> members = new HashMap<>();

    Event(String json) {
        Matcher member = MEMBER.matcher(json);
        while (member.find()) {
            boolean isText = member.group(2) != null;
            String value = isText ? unescaped(member.group(2)) : member.group(3);
            if (isText || !value.equals("null")) {
                members.put(unescaped(member.group(1)), value);
            }
        }
    }

    /** "sending", "uploading", "answered", "failed", "retrying" or "waiting". */
    public String name() {
        return get("event");
    }

    /** A member such as "idempotence_id", as text; null if it is null or absent. */
    public String get(String member) {
        return members.get(member);
    }

    private static String unescaped(String text) {
        Matcher escape = ESCAPE.matcher(text);
        StringBuffer found = new StringBuffer();
        while (escape.find()) {
            char c;
            if (escape.group(1) != null) {
                c = (char) Integer.parseInt(escape.group(1), 16);
            } else {
                c = escape.group(2).charAt(0);
                int control = "bfnrt".indexOf(c);
                c = control < 0 ? c : "\b\f\n\r\t".charAt(control);
            }
            escape.appendReplacement(found, Matcher.quoteReplacement(String.valueOf(c)));
        }
        return escape.appendTail(found).toString();
    }

    /** The native callback for onEvent. No exception may leave it. */
    static Native.Callback callback(Consumer<Event> onEvent) {
        return (Pointer user, Pointer json, Native.SizeT length) -> {
            String name = null;
            try {
                Event event = new Event(Text.out(json, length.longValue()));
                name = event.name();
                onEvent.accept(event);
                return 0;
            } catch (Throwable thrown) {
                if ("sending".equals(name) || "waiting".equals(name)) {
                    STOPPED.set(thrown);
                } else {
                    Thread thread = Thread.currentThread();
                    thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
                }
                return 1;
            }
        };
    }
}
