package wotrus;

import com.sun.jna.Pointer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A reissue (section 7): orderID, csr and reason; csR_Encrypt for SM2; idempotenceID. */
public final class Reissue {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private Document proof;

    /** Sets a field, to a text or a number; null leaves it out. */
    public Reissue set(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    /** The organisation's proof on WoTrus's template, which SM2 and Sectigo products require. */
    public Reissue proof(Document proof) {
        this.proof = proof;
        return this;
    }

    Handle open() {
        Pointer reissue = Client.NATIVE.wotrus_reissue_new();
        Handle handle = new Handle(reissue, Client.NATIVE::wotrus_reissue_free);
        try {
            fields.forEach((name, value) -> {
                if (value != null) {
                    Client.NATIVE.wotrus_reissue_set(reissue, Text.in(name, "name"), Text.ofField(value, name));
                }
            });
            if (proof != null) {
                try (Handle document = proof.open()) {
                    document.use(pointer -> {
                        Client.NATIVE.wotrus_reissue_set_proof(reissue, pointer);
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
