package wotrus;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * A client of the service, with its connections. Create it once and keep it; any number of threads may use it. Each
 * operation blocks until it has an answer, and throws a {@link WotrusException} when it fails.
 */
public final class Client implements AutoCloseable {
    static final Native NATIVE = load();

    private final Handle handle;

    /** Creates a client. Throws {@link WotrusException.Config}, which names the invalid option. */
    public Client(Options options) {
        this(null, options);
    }

    private Client(Handle parent, Options options) {
        Native.Callback callback = options.callback();
        Pointer client;
        try (Handle config = options.open(callback)) {
            client = config.use(made -> parent == null
                ? NATIVE.wotrus_client_new(made)
                : parent.use(derivedFrom -> NATIVE.wotrus_client_with(derivedFrom, made)));
        }
        handle = new Handle(client, NATIVE::wotrus_client_free, callback, parent).ownedBy(this);
        try {
            Reply.orThrow(handle.use(NATIVE::wotrus_client_check), null).close();
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    private static Native load() {
        File unpacked = unpacked();
        Native library = com.sun.jna.Native.load(unpacked == null ? "wotrus" : unpacked.getPath(), Native.class);
        if (unpacked != null) {
            delete(unpacked);
        }
        int abi = library.wotrus_abi();
        if (abi != Native.ABI) {
            throw new UnsatisfiedLinkError("the library has the ABI " + abi + ", and this jar needs " + Native.ABI);
        }
        // JNA looks for a function when it is first called, which is too late to find that the library is older.
        NativeLibrary functions = ((Library.Handler) Proxy.getInvocationHandler(library)).getNativeLibrary();
        for (Method function : Native.class.getDeclaredMethods()) {
            functions.getFunction(function.getName());
        }
        return library;
    }

    /**
     * The library of the jar as a file; null if the jar has none for this platform, or if jna.library.path says where
     * it is. JNA by itself would prefer a library of the system, which may have another version.
     */
    private static File unpacked() {
        if (System.getProperty("jna.library.path") != null) {
            return null;
        }
        try {
            return com.sun.jna.Native.extractFromResourcePath("wotrus", Client.class.getClassLoader());
        } catch (IOException e) {
            return null;
        }
    }

    /** Deletes a file that JNA has unpacked, as JNA does it: on Windows when Java starts again, by the mark. */
    private static void delete(File file) {
        if (!file.getName().startsWith("jna") || file.delete()) {
            return;
        }
        try {
            new File(file.getPath() + ".x").createNewFile();
        } catch (IOException e) {
            file.deleteOnExit();
        }
    }

    /** The version of the library, such as "0.2.0". */
    public static String libraryVersion() {
        return Text.out(NATIVE.wotrus_version());
    }

    /**
     * A client for calls with their own options, which shares the connections: requestId, timeout, retries, onEvent,
     * cancelOwn.
     */
    public Client with(Options options) {
        return new Client(handle, options);
    }

    /**
     * Cancels the calls in progress on this client and on all that share its connections; later calls work. They throw
     * Cancelled, or UnknownOutcome if an order may exist. On a client made with {@link Options#cancelOwn}: on this one
     * alone, and for ever. Call it from another thread or from onEvent.
     */
    public void cancel() {
        handle.use(client -> {
            NATIVE.wotrus_client_cancel(client);
            return null;
        });
    }

    /** Closes the client after the calls in progress. */
    @Override
    public void close() {
        handle.close();
    }

    /** Creates an order (section 2). With an idempotenceID a lost answer is harmless. */
    public Reply createOrder(Order order) {
        return perform(Operation.createOrder(order));
    }

    /** Queries an order (section 3): status, cn, org.orgName, ... */
    public Reply queryOrder(String orderId) {
        return perform(Operation.queryOrder(orderId));
    }

    /** Retrieves an issued certificate (section 4). NotReady before it is issued. */
    public Reply retrieveCertificate(String orderId) {
        return perform(Operation.retrieveCertificate(orderId));
    }

    /** Cancels an order that is neither issued nor revoked (section 5). */
    public Reply cancelOrder(String orderId, String reason) {
        return perform(Operation.cancelOrder(orderId, reason));
    }

    /** Requests a revocation (section 6) with the organisation's proof. */
    public Reply revokeCertificate(String orderId, String reason, Document proof) {
        return perform(Operation.revokeCertificate(orderId, reason, proof));
    }

    /** Requests a reissue (section 7); orderId of the reply is that of the new order. */
    public Reply reissueCertificate(Reissue reissue) {
        return perform(Operation.reissueCertificate(reissue));
    }

    /** Makes the service tell the customer by e-mail that the order is issued (section 9). */
    public Reply notifyByEmail(String orderId, String collectUrl) {
        return perform(Operation.notifyByEmail(orderId, collectUrl));
    }

    /**
     * Waits until an order is issued, then retrieves its certificate. A manual review takes days: prefer the push to a
     * long wait.
     */
    public Reply waitForCertificate(String orderId, Duration timeout) {
        return perform(Operation.waitForCertificate(orderId, timeout));
    }

    /** Calls an endpoint without JSON, such as "GET /v1/...". */
    public Reply call(String operation) {
        return call(operation, null);
    }

    /** Calls an operation by name ("create_order") with the document's JSON, or any endpoint ("POST /v1/..."). */
    public Reply call(String operation, String json) {
        return perform(Operation.call(operation, json));
    }

    /** The same operations without waiting for their end; each runs on a thread of its own. */
    public AsyncClient async() {
        return new AsyncClient(this, AsyncClient.THREADS);
    }

    /** The same on threads of an executor, which a call blocks until it has an answer. */
    public AsyncClient async(Executor executor) {
        return new AsyncClient(this, Objects.requireNonNull(executor));
    }

    /** Makes a call and frees its arguments. */
    Reply perform(Operation operation) {
        // onEvent may make calls, inside of another call.
        Throwable outer = Event.STOPPED.get();
        Event.STOPPED.remove();
        Pointer reply;
        Throwable stopped;
        try (Operation arguments = operation) {
            reply = handle.use(arguments::on);
            stopped = Event.STOPPED.get();
        } finally {
            Event.STOPPED.set(outer);
        }
        return Reply.orThrow(reply, stopped);
    }
}
