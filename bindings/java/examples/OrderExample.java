// The life cycle of an order: create, query, wait, fetch, notify, reissue, cancel, revoke.
//
//   WOTRUS_TOKEN=tk_... java -cp wotrus.jar:jna.jar:. OrderExample example.csr licence.pdf fullchain.pem
//
// The library reads no environment variables. This program reads WOTRUS_TOKEN, WOTRUS_BASE_URL and WOTRUS_CA_FILE;
// "wotrus sandbox" prints values to try it free of charge.
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import wotrus.Client;
import wotrus.Document;
import wotrus.Options;
import wotrus.Order;
import wotrus.Reissue;
import wotrus.Reply;
import wotrus.WotrusException;

public final class OrderExample {
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: OrderExample CSR LICENCE FULLCHAIN");
            System.exit(2);
        }
        Options options = new Options()
            .token(System.getenv("WOTRUS_TOKEN"))
            .baseUrl(System.getenv("WOTRUS_BASE_URL"))
            .caFile(System.getenv("WOTRUS_CA_FILE"));
        String csr = new String(Files.readAllBytes(Paths.get(arguments[0])), StandardCharsets.US_ASCII);
        try (Client client = new Client(options)) {
            run(client, csr, Document.ofPath(arguments[1]), Paths.get(arguments[2]));
        } catch (WotrusException error) {
            // Delivery tells whether the order may exist. Give the RequestID to the service's support.
            System.err.printf("%s (%s, %s, delivery %s, RequestID %s)%n",
                error.getMessage(), error.kind(), error.cause(), error.delivery(), error.requestId());
            System.exit(1);
        }
    }

    private static void run(Client client, String csr, Document licence, Path fullChain) throws IOException {
        Order order = new Order()
            .set("productID", "76ECE651-B59E-48F2-A47B-135614AADAD9")
            .set("commonName", "沃通").set("OrgName", "沃通").set("countryCode", "CN")
            .set("month", 12).set("csR_RSA", csr)
            // With your database key as idempotenceID the order can be sent again safely.
            .set("idempotenceID", "example-" + System.currentTimeMillis())
            .addDocument(Document.BUSINESS_LICENCE, licence);
        String id;
        try (Reply reply = client.createOrder(order)) {
            id = reply.orderId();
        }
        System.out.println("created: " + id);
        try (Reply reply = client.queryOrder(id)) {
            System.out.println("status: " + reply.get("status"));
        }

        // A manual review takes days: a real system ends here and continues when the push arrives.
        try (Reply certificate = client.waitForCertificate(id, Duration.ofMinutes(1))) {
            if (!Boolean.TRUE.equals(certificate.matchesCsr(csr))) {
                throw new IOException(id + ": the certificate is for another key than the CSR");
            }
            Files.write(fullChain, certificate.fullChain().getBytes(StandardCharsets.US_ASCII));
        }
        System.out.println("written: " + fullChain);

        client.notifyByEmail(id, "https://example.com/collect").close();
        Reissue reissue = new Reissue().set("orderID", id).set("csr", csr).set("reason", "new server")
            // Each reissue of an order has its own.
            .set("idempotenceID", "reissue-1-" + id);
        try (Reply reissued = client.reissueCertificate(reissue)) {
            // Cancels the new order before it is issued, and revokes the first certificate.
            client.cancelOrder(reissued.orderId(), "a mistake").close();
        }
        client.revokeCertificate(id, "no longer used", licence).close();
        System.out.println("reissued, cancelled, revoked");
    }
}
