package wotrus;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
