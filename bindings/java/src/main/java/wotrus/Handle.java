package wotrus;

import com.sun.jna.Pointer;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An object of the library. It is freed when it is closed and no call uses it any more, so that one thread may close a
 * client while another still makes a call.
 */
final class Handle implements AutoCloseable {
    private final Pointer pointer;
    private final Consumer<Pointer> free;
    /** What the object uses: its callback, and the client that it was derived from. */
    private final Object[] kept;
    private int users = 1;
    private boolean closed;

    Handle(Pointer pointer, Consumer<Pointer> free, Object... kept) {
        this.pointer = pointer;
        this.free = free;
        this.kept = kept;
    }

    <T> T use(Function<Pointer, T> call) {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the client or reply is closed");
            }
            users++;
        }
        try {
            return call.apply(pointer);
        } finally {
            release();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        release();
    }

    private void release() {
        boolean last;
        synchronized (this) {
            last = --users == 0;
        }
        if (last) {
            free.accept(pointer);
        }
    }

    /** Closes the handle when its owner is garbage; the owner is then a reply or a client that was not closed. */
    Handle ownedBy(Object owner) {
        Garbage.collect();
        Garbage.WATCHED.add(new Garbage(owner, this));
        return this;
    }

    private static final class Garbage extends PhantomReference<Object> {
        static final Set<Garbage> WATCHED = ConcurrentHashMap.newKeySet();
        private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();
        private final Handle handle;

        Garbage(Object owner, Handle handle) {
            super(owner, QUEUE);
            this.handle = handle;
        }

        static void collect() {
            for (Object found; (found = QUEUE.poll()) != null;) {
                Garbage garbage = (Garbage) found;
                WATCHED.remove(garbage);
                garbage.handle.close();
            }
        }
    }
}
