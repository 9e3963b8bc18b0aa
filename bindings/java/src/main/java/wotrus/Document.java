package wotrus;

import com.sun.jna.Pointer;
import java.nio.file.Path;

/** A file to send. */
public final class Document {
    /** Letter of authorisation, as documentType of {@link Order#addDocument}. */
    public static final int AUTHORIZATION = Native.AUTHORIZATION;
    /** Business licence. */
    public static final int BUSINESS_LICENCE = Native.BUSINESS_LICENCE;
    /** Identity card. */
    public static final int IDENTITY_CARD = Native.IDENTITY_CARD;

    private final String path;
    private final byte[] bytes;
    private final String fileType;

    private Document(String path, byte[] bytes, String fileType) {
        this.path = path;
        this.bytes = bytes;
        this.fileType = fileType;
    }

    /** A file, which is read while it is sent. Its type (.jpg, .gif, .pdf) is derived from its name. */
    public static Document ofPath(String path) {
        return new Document(path, null, null);
    }

    /** A file, which is read while it is sent. Its type (.jpg, .gif, .pdf) is derived from its name. */
    public static Document ofPath(Path path) {
        return ofPath(path.toString());
    }

    /** Bytes in memory; fileType is ".jpg", ".gif", ".pdf", or another type that the service accepts. */
    public static Document ofBytes(byte[] bytes, String fileType) {
        return new Document(null, bytes.clone(), fileType);
    }

    Handle open() {
        if (bytes == null && path.isEmpty()) {
            throw WotrusException.found("argument", "path", "is empty");
        }
        byte[] type = Text.in(fileType, "fileType");
        Pointer document = bytes == null
            ? Client.NATIVE.wotrus_document_from_path(Text.in(path, "path"), type)
            : Client.NATIVE.wotrus_document_from_bytes(bytes, new Native.SizeT(bytes.length), type);
        return new Handle(document, Client.NATIVE::wotrus_document_free);
    }
}
