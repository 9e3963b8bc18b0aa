package wotrus;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An order, with the names of the document's fields (section 2) in any ASCII case. A field that the document does not
 * have needs its part: set("orderinfoPost.Hosts", ...).
 */
public final class Order {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final List<Integer> documentTypes = new ArrayList<>();
    private final List<Document> documents = new ArrayList<>();

    /** Sets a field, to a text or a number; null leaves it out. */
    public Order set(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    /** Adds a document; documentType is {@link Document#BUSINESS_LICENCE} or another type of the service. */
    public Order addDocument(int documentType, Document document) {
        if (documentType < 0) {
            throw WotrusException.found("argument", "documentType", "is negative");
        }
        documentTypes.add(documentType);
        documents.add(document);
        return this;
    }

    Handle open() {
        Pointer order = Client.NATIVE.wotrus_order_new();
        Handle handle = new Handle(order, Client.NATIVE::wotrus_order_free);
        try {
            fields.forEach((name, value) -> {
                if (value != null) {
                    Client.NATIVE.wotrus_order_set(order, Text.in(name, "name"), Text.ofField(value, name));
                }
            });
            for (int index = 0; index < documents.size(); index++) {
                int type = documentTypes.get(index);
                try (Handle document = documents.get(index).open()) {
                    document.use(pointer -> {
                        Client.NATIVE.wotrus_order_add_document(order, type, pointer);
                        return null;
                    });
                }
            }
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
        return handle;
    }
}
