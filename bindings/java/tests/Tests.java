// The jar against a sandbox, which packaging/with-sandbox starts (suite 89-java).
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import wotrus.AsyncClient;
import wotrus.Client;
import wotrus.Document;
import wotrus.Options;
import wotrus.Order;
import wotrus.PendingReply;
import wotrus.Push;
import wotrus.Reissue;
import wotrus.Reply;
import wotrus.WotrusException;

public final class Tests {
    private static final String TOKEN = System.getenv("WOTRUS_TOKEN");
    private static final String HTTP = System.getenv("WOTRUS_HTTP_URL");

    public static void main(String[] arguments) throws Exception {
        int failed = 0;
        for (Method test : Tests.class.getDeclaredMethods()) {
            boolean isTest = test.getParameterCount() == 0 && test.getReturnType() == void.class
                && Modifier.isStatic(test.getModifiers()) && !test.isSynthetic();
            if (!isTest) {
                continue;
            }
            try {
                test.invoke(null);
                System.out.println("ok      " + test.getName());
            } catch (InvocationTargetException error) {
                failed++;
                System.out.println("FAILED  " + test.getName());
                error.getCause().printStackTrace(System.out);
            }
        }
        System.exit(failed == 0 ? 0 : 1);
    }

    private static void everyKindHasAClass() {
        equal(11, WotrusException.class.getDeclaredClasses().length);
    }

    private static void textThatWouldNotArriveWholeIsRefused() {
        try (Client client = connect()) {
            for (String name : new String[] {"a\0b", "\ud800"}) {
                WotrusException error = fails(WotrusException.Argument.class,
                    () -> client.createOrder(order().set("commonName", name)));
                equal("commonName", error.field());
                equal("not_sent", error.delivery());
                fails(WotrusException.Argument.class, () -> client.queryOrder(name));
            }
        }
        fails(WotrusException.Argument.class, () -> new Client(new Options().token("tk_\0")));
    }

    private static void chineseReadFromAFileInGbkArrives() {
        byte[] bytes = "沃通电子认证".getBytes(Charset.forName("GBK"));
        try (Client client = connect();
            Reply created = client.createOrder(order().set("OrgName", new String(bytes, Charset.forName("GBK"))));
            Reply queried = client.queryOrder(created.orderId())) {
            equal("沃通电子认证", queried.get("org.orgName"));
        }
    }

    private static void theOptionCharsetIsRefused() {
        equal("charset", fails(WotrusException.Config.class,
            () -> new Client(new Options().set("charset", "GB18030"))).field());
    }

    private static void optionsThatThisPackageDoesNotNameReachTheLibrary() {
        equal("future_option", fails(WotrusException.Config.class,
            () -> new Client(new Options().token("tk_x").set("future_option", "x"))).field());
    }

    private static void aValueOfAnotherTypeIsRefused() {
        Object[] values = {
            new String[] {"a"}, Arrays.asList("a"), new char[] {'a'}, new Object(), Optional.of("a"), Double.NaN,
            Float.POSITIVE_INFINITY};
        try (Client client = connect()) {
            for (Object value : values) {
                Order order = order().set("idempotenceID", value);
                equal("idempotenceID",
                    fails(WotrusException.Argument.class, () -> client.createOrder(order)).field());
                Reissue reissue = new Reissue().set("reason", value);
                equal("reason",
                    fails(WotrusException.Argument.class, () -> client.reissueCertificate(reissue)).field());
            }
            UUID key = UUID.randomUUID();
            for (Object value : new Object[] {"order-1", new StringBuilder("order-2"), 3, 4.5, 6L, true, 'x', key}) {
                try (Reply created = client.createOrder(order().set("idempotenceID", value))) {
                    equal(value.toString(), created.idempotenceId());
                }
            }
        }
        equal("documentType", fails(WotrusException.Argument.class,
            () -> order().addDocument(-1, Document.ofPath("licence.pdf"))).field());
    }

    private static void aClosedClientMakesNoCalls() {
        Client client = connect();
        client.close();
        client.close();
        fails(IllegalStateException.class, () -> client.queryOrder("x"));
    }

    private static void closeLetsACallOfAnotherThreadEnd() throws Exception {
        try (Client client = connect()) {
            String id = openOrder(client);
            CountDownLatch waiting = new CountDownLatch(1);
            Client waiter = client.with(new Options().onEvent(event -> waiting.countDown()));
            CompletableFuture<String> wait = started(() -> waiter.waitForCertificate(id, Duration.ofSeconds(1)));
            waiting.await();
            waiter.close();
            equal("not_ready", wait.get());
        }
    }

    private static void theTokenIsInNoText() {
        try (Client client = connect()) {
            WotrusException error = fails(WotrusException.Refused.class, () -> client.queryOrder("no-such-order"));
            if ((client + error.toString() + new Options().token(TOKEN)).contains(TOKEN)) {
                throw new AssertionError("the token is shown");
            }
        }
    }

    private static void anExceptionOfOnEventPreventsTheOrderAndIsTheCause() {
        Options options = new Options().onEvent(event -> {
            if (event.name().equals("sending")) {
                throw new UncheckedIOException(new IOException("no room for " + event.get("idempotence_id")));
            }
        });
        try (Client client = connect(); Client told = client.with(options); Client own = client.with(new Options().cancelOwn())) {
            WotrusException error = fails(WotrusException.Cancelled.class,
                () -> told.createOrder(order().set("idempotenceID", "订单\"1\"\\")));
            equal("not_sent", error.delivery());
            equal("no room for 订单\"1\"\\", error.getCause().getCause().getMessage());
            // The next call is not affected.
            own.cancel();
            equal(null, fails(WotrusException.Cancelled.class, () -> own.queryOrder("x")).getCause());
        }
    }

    private static void anErrorHasTheExceptionOfItsOwnCall() {
        try (Client client = connect()) {
            String id = openOrder(client);
            Client inner = client.with(new Options().onEvent(event -> {
                throw new IllegalStateException("the inner one");
            }));
            Options stopping = new Options().onEvent(event -> {
                if (event.name().equals("sending")) {
                    throw new IllegalStateException("the outer one");
                }
                // At "failed": a call that ends well.
                client.queryOrder(id).close();
            });
            try (Client told = client.with(stopping)) {
                equal("the outer one",
                    fails(WotrusException.Cancelled.class, () -> told.createOrder(order())).getCause().getMessage());
            }
            Options calling = new Options().onEvent(event -> fails(WotrusException.Cancelled.class, () -> inner.queryOrder(id)));
            try (Client told = client.with(calling)) {
                equal(null, fails(WotrusException.Refused.class, () -> told.queryOrder("no-such-order")).getCause());
            }
            inner.close();
        }
    }

    private static void aVeryLongTimeIsRefusedByItsName() {
        Duration time = Duration.ofSeconds(Long.MAX_VALUE);
        equal("timeout", fails(WotrusException.Config.class,
            () -> new Client(new Options().token("tk_x").timeout(time))).field());
        equal("connect_timeout", fails(WotrusException.Config.class,
            () -> new Client(new Options().token("tk_x").connectTimeout(time))).field());
        try (Client client = connect()) {
            for (Duration wait : new Duration[] {time, time.negated(), Duration.ZERO, Duration.ofDays(50)}) {
                equal("timeout",
                    fails(WotrusException.Argument.class, () -> client.waitForCertificate("x", wait)).field());
            }
            client.with(new Options().timeout(Duration.ofMillis(2500))).close();
        }
    }

    private static void anOptionOfADerivedClientIsRefusedAtOnce() {
        try (Client client = connect()) {
            equal("timeout", fails(WotrusException.Config.class,
                () -> client.with(new Options().timeout(Duration.ZERO))).field());
            equal("retries", fails(WotrusException.Config.class, () -> client.with(new Options().retries(-1))).field());
        }
    }

    private static void whatIsEmptyIsReportedAsEmpty() {
        try (Client client = connect()) {
            Object[][] documents = {{"path", Document.ofPath("")}, {"fileContent", Document.ofBytes(new byte[0], ".pdf")}};
            for (Object[] document : documents) {
                WotrusException error = fails(WotrusException.Argument.class,
                    () -> client.createOrder(order().addDocument(2, (Document) document[1])));
                equal(document[0], error.field());
                equal(true, error.getMessage().contains("empty"));
            }
        }
        equal(true, fails(WotrusException.Argument.class, () -> Push.parse(new byte[0])).getMessage().contains("empty"));
    }

    private static void anExceptionAtAnotherEventIsReportedAndTheCallGoesOn() throws Exception {
        List<String> reported = new ArrayList<>();
        Options options = new Options().onEvent(event -> {
            if (event.name().equals("answered")) {
                throw new IllegalStateException("full");
            }
        });
        Thread thread = new Thread(() -> {
            try (Client client = connect(); Client told = client.with(options); Reply reply = told.createOrder(order())) {
                reported.add(reply.orderId());
            }
        });
        thread.setUncaughtExceptionHandler((where, error) -> reported.add(error.getMessage()));
        thread.start();
        thread.join();
        equal("full", reported.get(0));
        equal(2, reported.size());
    }

    private static void onEventRunsOnTheThreadOfTheCallAndMayUseTheClient() {
        List<Object> seen = new ArrayList<>();
        try (Client client = connect()) {
            String id = openOrder(client);
            Options options = new Options().onEvent(event -> {
                seen.add(Thread.currentThread());
                try (Reply reply = client.queryOrder(id)) {
                    seen.add(reply.get("status"));
                }
            });
            try (Client told = client.with(options)) {
                told.queryOrder(id).close();
            }
        }
        equal(Thread.currentThread(), seen.get(0));
        equal("pending", seen.get(1));
    }

    private static void cancelEndsTheCallsOfItsOwnClientAlone() throws Exception {
        try (Client client = connect(); Client own = client.with(new Options().cancelOwn())) {
            String id = openOrder(client);
            CompletableFuture<String> cancelled = started(() -> own.waitForCertificate(id, Duration.ofSeconds(60)));
            CompletableFuture<String> other = started(() -> client.waitForCertificate(id, Duration.ofSeconds(1)));
            Thread.sleep(300);
            long time = System.nanoTime();
            own.cancel();
            equal("cancelled", cancelled.get());
            if (System.nanoTime() - time > Duration.ofSeconds(5).toNanos()) {
                throw new AssertionError("the cancelled call did not end");
            }
            equal("not_ready", other.get());
        }
    }

    private static void aCancelledOrderTellsThatItMayExist() throws Exception {
        try (Client client = connect(); Client own = client.with(new Options().requestId("slow-1").cancelOwn())) {
            CompletableFuture<String> creating =
                started(() -> own.createOrder(order().set("idempotenceID", "slow-1")));
            Thread.sleep(1000);
            own.cancel();
            equal("unknown_outcome", creating.get());
        }
    }

    private static void asynchronousCallsRunAtTheSameTimeAndOneIsCancelled() throws Exception {
        List<PendingReply> pending = new ArrayList<>();
        try (Client client = connect(); Client slow = client.with(new Options().requestId("slow-1"))) {
            String id = openOrder(client);
            for (int number = 0; number < 8; number++) {
                pending.add(client.async().createOrder(order().set("idempotenceID", "async-" + number)));
            }
            PendingReply waiting = client.async().waitForCertificate(id, Duration.ofSeconds(60));
            PendingReply creating = slow.async().createOrder(order().set("idempotenceID", "async-slow"));
            Thread.sleep(1000);
            equal(true, waiting.cancel(true));
            equal(true, creating.cancel(true));
            equal(WotrusException.Cancelled.class, failure(waiting).getClass());
            WotrusException unknown = failure(creating);
            equal(WotrusException.UnknownOutcome.class, unknown.getClass());
            equal("async-slow", unknown.idempotenceId());
            equal(false, waiting.cancel(true));
            equal(false, waiting.isCancelled());
        }
        for (PendingReply one : pending) {
            try (Reply reply = one.get()) {
                equal(200, reply.httpStatus());
            }
        }
    }

    private static void failuresOfAsynchronousCallsAreThoseOfTheFuture() throws Exception {
        Client client = connect();
        AsyncClient calls = client.async();
        equal(WotrusException.Argument.class, failure(calls.queryOrder("a\0b")).getClass());
        equal(WotrusException.Argument.class, failure(calls.waitForCertificate("x", Duration.ZERO)).getClass());
        equal("month", failure(calls.createOrder(order().set("month", 7))).field());
        equal(WotrusException.Refused.class, failure(calls.queryOrder("no-such-order")).getClass());
        AsyncClient refusing = client.async(work -> {
            throw new RejectedExecutionException("full");
        });
        PendingReply refused = refusing.queryOrder("x");
        equal("full", fails(CompletionException.class, refused::join).getCause().getMessage());
        // A call that the program no longer waits for, and one whose executor has no thread yet.
        List<Runnable> queue = new ArrayList<>();
        PendingReply queued = client.async(queue::add).createOrder(order());
        PendingReply replaced = client.async(queue::add).createOrder(order());
        client.close();
        replaced.complete(null);
        queued.cancel(true);
        queue.forEach(Runnable::run);
        equal("not_sent", failure(queued).delivery());
        equal(null, replaced.get());
        fails(CompletionException.class, () -> calls.queryOrder("x").join());
    }

    private static void asynchronousCallsHaveEvents() {
        List<String> events = new CopyOnWriteArrayList<>();
        Options options = new Options().onEvent(event -> {
            events.add(event.name());
            if (event.name().equals("waiting")) {
                throw new IllegalStateException("enough");
            }
        });
        try (Client client = connect(); Client told = client.with(options)) {
            WotrusException error = failure(told.async().waitForCertificate(openOrder(client), Duration.ofSeconds(60)));
            equal("enough", error.getCause().getMessage());
        }
        equal("sending", events.get(0));
    }

    private static WotrusException failure(PendingReply pending) {
        return (WotrusException) fails(CompletionException.class, pending::join).getCause();
    }

    private static void tenThousandCallsWithErrorsDoNotGrow() throws Exception {
        String csr = new String(Files.readAllBytes(Paths.get("tests/fixtures/example.csr")), StandardCharsets.US_ASCII);
        try (Client client = connect();
            Client told = client.with(new Options().onEvent(event -> { }));
            Client closedPort = new Client(new Options().token(TOKEN).baseUrl("http://127.0.0.1:1").retries(0))) {
            String id = told.createOrder(order().set("csR_RSA", csr)).orderId();
            byte[] push = "{\"dataAction\":\"order\",\"orderID\":\"x\"}".getBytes(StandardCharsets.UTF_8);
            calls(6000, id, push, told, closedPort);
            // The virtual machine itself grows now and then; a leak grows in each round.
            long grown = Long.MAX_VALUE;
            for (int round = 0; round < 4 && grown > 10_000; round++) {
                long before = resident();
                calls(6000, id, push, told, closedPort);
                grown = resident() - before;
            }
            if (grown > 10_000) {
                throw new AssertionError("grew by " + grown + " KiB in the last of four rounds");
            }
        }
    }

    private static void calls(int count, String id, byte[] push, Client client, Client closedPort) {
        for (int number = 0; number < count; number++) {
            // Every other reply is left to the garbage collector.
            Reply reply = client.queryOrder(id);
            if (number % 2 == 0) {
                reply.close();
            }
            if (number % 5 == 0) {
                fails(WotrusException.Refused.class, () -> client.queryOrder("no-such-order"));
                fails(WotrusException.Argument.class, () -> client.createOrder(order().set("month", 7)));
                fails(WotrusException.Network.class, () -> closedPort.queryOrder(id));
                try (Reply certificate = client.retrieveCertificate(id)) {
                    certificate.fullChain();
                }
                Push.parse(push);
                client.async().queryOrder(id).join();
                failure(client.async().queryOrder("no-such-order"));
            }
        }
    }

    /** The memory of this process in KiB; the suite limits the heap, so that it does not grow by itself. */
    private static long resident() throws Exception {
        System.gc();
        Thread.sleep(200);
        for (String line : Files.readAllLines(Paths.get("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IllegalStateException("no VmRSS");
    }

    private static Client connect() {
        return new Client(new Options().token(TOKEN).baseUrl(HTTP));
    }

    private static Order order() {
        return new Order().set("productID", "76ECE651-B59E-48F2-A47B-135614AADAD9").set("commonName", "沃通")
            .set("OrgName", "沃通").set("countryCode", "CN").set("month", 12);
    }

    /** An order that is never issued: it has no CSR. */
    private static String openOrder(Client client) {
        try (Reply reply = client.createOrder(order())) {
            return reply.orderId();
        }
    }

    private static CompletableFuture<String> started(Supplier<Reply> call) {
        CompletableFuture<String> kind = new CompletableFuture<>();
        new Thread(() -> {
            try {
                call.get().close();
                kind.complete("ok");
            } catch (WotrusException error) {
                kind.complete(error.kind());
            }
        }).start();
        return kind;
    }

    private static <E extends Throwable> E fails(Class<E> expected, Supplier<Object> action) {
        try {
            action.get();
        } catch (Throwable error) {
            if (expected.isInstance(error)) {
                return expected.cast(error);
            }
            throw error;
        }
        throw new AssertionError(expected + " expected");
    }

    private static void equal(Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
    }
}
