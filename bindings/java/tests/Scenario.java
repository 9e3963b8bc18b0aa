// Executes bindings/scenario; its README describes the steps and what is printed.
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import wotrus.Client;
import wotrus.Document;
import wotrus.Options;
import wotrus.Order;
import wotrus.Push;
import wotrus.Reissue;
import wotrus.Reply;
import wotrus.WotrusException;

public final class Scenario {
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    private final JsonObject step;
    private final JsonObject options;
    private final Client client;
    private final Map<String, String> texts;
    private final JsonArray events = new JsonArray();

    private Scenario(JsonObject step, JsonObject options, Client client, Map<String, String> texts) {
        this.step = step;
        this.options = options;
        this.client = client;
        this.texts = texts;
    }

    public static void main(String[] arguments) throws Exception {
        byte[] file = Files.readAllBytes(Paths.get(System.getenv("WOTRUS_SCENARIO")));
        JsonObject scenario = JsonParser.parseString(new String(file, StandardCharsets.UTF_8)).getAsJsonObject();
        Map<String, String> texts = new HashMap<>();
        scenario.getAsJsonObject("texts").entrySet().forEach(text -> texts.put(text.getKey(), text.getValue().getAsString()));
        JsonObject options = scenario.getAsJsonObject("options");
        JsonArray results = new JsonArray();
        try (Client client = new Client(options(options, text -> text))) {
            for (JsonElement step : scenario.getAsJsonArray("steps")) {
                results.add(new Scenario(step.getAsJsonObject(), options, client, texts).run());
            }
        }
        new PrintStream(System.out, true, "UTF-8").print(GSON.toJson(results));
    }

    private JsonObject run() throws InterruptedException {
        JsonObject result = new JsonObject();
        result.addProperty("name", text("name"));
        switch (text("do")) {
            case "abi":
                result.addProperty("abi", !Client.libraryVersion().isEmpty());
                break;
            case "concurrent_orders":
                result.add("kinds", concurrentOrders());
                break;
            default:
                try (Reply reply = call()) {
                    success(result, reply);
                } catch (WotrusException error) {
                    failure(result, error);
                }
                if (step.has("events")) {
                    result.add("events", events);
                }
        }
        return result;
    }

    private Reply call() {
        Client called = client;
        if (step.has("client")) {
            JsonObject changed = options.deepCopy();
            step.getAsJsonObject("client").entrySet().forEach(option -> changed.add(option.getKey(), option.getValue()));
            called = new Client(options(changed, this::replaced));
        }
        if (text("do").equals("check")) {
            return null;
        }
        if (text("do").equals("read_push")) {
            return Push.parse(text("body").getBytes(StandardCharsets.UTF_8));
        }
        Options with = options(step.getAsJsonObject("with"), this::replaced);
        String stopAt = text("stop_at");
        with.onEvent(event -> {
            if (!event.name().equals("uploading")) {
                events.add(event.name());
            }
            if (event.name().equals(stopAt)) {
                throw new IllegalStateException("stopped");
            }
        });
        if (step.has("cancel_after_ms")) {
            with.cancelOwn();
        }
        Client own = called.with(with);
        if (step.has("cancel_after_ms")) {
            new Thread(() -> {
                pause();
                own.cancel();
            }).start();
        }
        return perform(own);
    }

    private Reply perform(Client called) {
        String id = text("order_id");
        switch (text("do")) {
            case "create_order": return called.createOrder(order(this::replaced));
            case "query_order": return called.queryOrder(id);
            case "retrieve_certificate": return called.retrieveCertificate(id);
            case "cancel_order": return called.cancelOrder(id, text("reason"));
            case "revoke_certificate": return called.revokeCertificate(id, text("reason"), document(step.get("proof")));
            case "reissue_certificate":
                Reissue reissue = new Reissue();
                step.getAsJsonObject("fields").entrySet().forEach(field ->
                    reissue.set(field.getKey(), replaced(field.getValue().getAsString())));
                if (step.has("proof")) {
                    reissue.proof(document(step.get("proof")));
                }
                return called.reissueCertificate(reissue);
            case "notify_by_email": return called.notifyByEmail(id, text("collect_url"));
            case "wait_for_certificate":
                return called.waitForCertificate(id, Duration.ofMillis(step.get("timeout_ms").getAsLong()));
            case "call":
                return text("json").isEmpty()
                    ? called.call(text("operation"))
                    : called.call(text("operation"), text("json"));
            default: throw new IllegalArgumentException(text("do"));
        }
    }

    private JsonArray concurrentOrders() {
        List<Client> clients = new ArrayList<>();
        List<CompletableFuture<String>> kinds = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        for (int number = 1; number <= step.get("orders").getAsInt(); number++) {
            String digits = Integer.toString(number);
            UnaryOperator<String> numbered = text -> replaced(text).replace("${NUMBER}", digits);
            Client own = client.with(options(step.getAsJsonObject("with"), numbered).cancelOwn());
            clients.add(own);
            kinds.add(CompletableFuture.supplyAsync(() -> {
                try {
                    own.createOrder(order(numbered)).close();
                    return "ok";
                } catch (WotrusException error) {
                    return error.kind();
                }
            }, threads));
        }
        pause();
        clients.get(step.get("cancel").getAsInt() - 1).cancel();
        JsonArray found = new JsonArray();
        kinds.forEach(kind -> found.add(kind.join()));
        threads.shutdown();
        return found;
    }

    private void success(JsonObject result, Reply reply) {
        result.addProperty("kind", "ok");
        if (reply == null) {
            return;
        }
        if (step.has("save")) {
            texts.put(text("save"), reply.orderId());
        }
        result.addProperty("http_status", reply.httpStatus());
        result.addProperty("request_id", reply.requestId());
        result.addProperty("idempotence_id", reply.idempotenceId());
        result.addProperty("attempts", reply.attempts());
        if (step.has("show")) {
            JsonObject shown = new JsonObject();
            step.getAsJsonArray("show").forEach(item ->
                shown.add(item.getAsString(), GSON.toJsonTree(shown(reply, item.getAsString().split(":")))));
            result.add("shown", shown);
        }
    }

    private Object shown(Reply reply, String[] item) {
        String which = item.length > 1 ? item[1] : null;
        switch (item[0]) {
            case "order_id": return reply.orderId();
            case "get": return reply.get(which);
            case "warning": return at(reply.warnings(), which);
            case "json": return reply.json();
            case "body": return new String(reply.body(), StandardCharsets.UTF_8);
            case "chain_status": return reply.chainStatus(which);
            case "matches_csr": return reply.matchesCsr(texts.get(item[2]), which);
            case "pem": return certificates(reply.pem(which));
            case "full_chain": return certificates(reply.fullChain(which));
            case "full_chain_with_root": return certificates(reply.fullChainWithRoot(which));
            case "intermediates": return certificates(reply.intermediates(which));
            case "root": return certificates(reply.root(which));
            case "chain": return certificates(at(reply.chain(which), item[2]));
            default: throw new IllegalArgumentException(item[0]);
        }
    }

    private static String at(List<String> items, String index) {
        int number = Integer.parseInt(index);
        return number < items.size() ? items.get(number) : null;
    }

    private static Integer certificates(String pem) {
        return pem == null ? null : pem.split("BEGIN CERTIFICATE", -1).length - 1;
    }

    private static void failure(JsonObject result, WotrusException error) {
        result.addProperty("kind", error.kind());
        result.addProperty("cause", error.cause());
        result.addProperty("delivery", error.delivery());
        result.addProperty("message", error.getMessage());
        result.addProperty("http_status", error.httpStatus());
        result.addProperty("request_id", error.requestId());
        result.addProperty("idempotence_id", error.idempotenceId());
        result.addProperty("attempts", error.attempts());
        result.addProperty("retry_after_ms", error.retryAfter() == null ? null : error.retryAfter().toMillis());
        result.addProperty("field", error.field());
        result.addProperty("service_message", error.serviceMessage());
    }

    private Order order(UnaryOperator<String> replaced) {
        Order order = new Order();
        step.getAsJsonObject("fields").entrySet().forEach(field ->
            order.set(field.getKey(), replaced.apply(field.getValue().getAsString())));
        if (step.has("documents")) {
            step.getAsJsonArray("documents").forEach(item ->
                order.addDocument(item.getAsJsonObject().get("documentType").getAsInt(), document(item)));
        }
        return order;
    }

    private Document document(JsonElement item) {
        JsonObject members = item.getAsJsonObject();
        return members.has("path")
            ? Document.ofPath(replaced(members.get("path").getAsString()))
            : Document.ofBytes(members.get("bytes").getAsString().getBytes(StandardCharsets.UTF_8),
                members.get("fileType").getAsString());
    }

    private static Options options(JsonObject members, UnaryOperator<String> replaced) {
        Options options = new Options();
        if (members != null) {
            members.entrySet().forEach(member ->
                options.set(member.getKey(), replaced.apply(member.getValue().getAsString())));
        }
        return options;
    }

    private void pause() {
        try {
            Thread.sleep(step.get("cancel_after_ms").getAsLong());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(String member) {
        return step.has(member) ? replaced(step.get(member).getAsString()) : null;
    }

    private String replaced(String text) {
        for (Map.Entry<String, String> known : texts.entrySet()) {
            text = text.replace("${" + known.getKey() + "}", known.getValue());
        }
        return text;
    }
}
