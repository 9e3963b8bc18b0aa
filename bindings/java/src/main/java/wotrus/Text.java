package wotrus;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Texts on their way into the library and out of it, always UTF-8. */
final class Text {
    private Text() {
    }

    /** The text with a NUL at its end. Refuses what would not arrive whole. */
    static byte[] in(String text, String name) {
        if (text == null) {
            return null;
        }
        byte[] bytes = bytes(text, name);
        if (text.indexOf('\0') >= 0) {
            throw WotrusException.found("argument", name, "contains a NUL");
        }
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** The value of a field as a text. Other objects are refused: their toString() is no value of a field. */
    static byte[] ofField(Object value, String name) {
        boolean isFinite = !(value instanceof Double || value instanceof Float)
            || Math.abs(((Number) value).doubleValue()) <= Double.MAX_VALUE;
        boolean isText = value instanceof CharSequence || value instanceof Character || value instanceof Enum
            || value instanceof UUID || value instanceof Boolean || value instanceof Number && isFinite;
        if (!isText) {
            throw WotrusException.found("argument", name, "is neither a text nor a number");
        }
        return in(value.toString(), name);
    }

    /** The text without a NUL at its end. */
    static byte[] bytes(String text, String name) {
        try {
            // A new encoder reports what it cannot encode; String.getBytes would replace it.
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(encoded.array(), encoded.limit());
        } catch (CharacterCodingException e) {
            throw WotrusException.found("argument", name, "has half of a surrogate pair");
        }
    }

    /** A copy of a text that belongs to the library. */
    static String out(Pointer text) {
        return text == null ? null : text.getString(0, "UTF-8");
    }

    static String out(Pointer text, long length) {
        return text == null ? null : new String(text.getByteArray(0, (int) length), StandardCharsets.UTF_8);
    }
}
