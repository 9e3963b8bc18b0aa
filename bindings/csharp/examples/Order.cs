// The life cycle of an order: create, query, wait, fetch, notify, reissue, cancel, revoke.
//
//   WOTRUS_TOKEN=tk_... mono Order.exe example.csr licence.pdf fullchain.pem
//
// The library reads no environment variables. This program reads WOTRUS_TOKEN, WOTRUS_BASE_URL and WOTRUS_CA_FILE;
// "wotrus sandbox" prints values to try it free of charge.
using System;
using System.IO;
using Wotrus;

static class Program
{
    static int Main(string[] arguments)
    {
        if (arguments.Length != 3)
        {
            Console.Error.WriteLine("usage: Order CSR LICENCE FULLCHAIN");
            return 2;
        }
        try
        {
            using (var client = new Client(new Options
            {
                Token = Environment.GetEnvironmentVariable("WOTRUS_TOKEN"),
                BaseUrl = Environment.GetEnvironmentVariable("WOTRUS_BASE_URL"),
                CaFile = Environment.GetEnvironmentVariable("WOTRUS_CA_FILE"),
            }))
                return Run(client, File.ReadAllText(arguments[0]), arguments[1], arguments[2]);
        }
        catch (WotrusException error)
        {
            // Delivery tells whether the order may exist. Give the RequestID to the service's support.
            Console.Error.WriteLine("{0} ({1}, {2}, delivery {3}, RequestID {4})",
                error.Message, error.Kind, error.Cause, error.Delivery, error.RequestId);
            return 1;
        }
    }

    static int Run(Client client, string csr, string licence, string fullChain)
    {
        var order = new Order
        {
            ["productID"] = "76ECE651-B59E-48F2-A47B-135614AADAD9", ["commonName"] = "沃通", ["OrgName"] = "沃通",
            ["countryCode"] = "CN", ["month"] = "12", ["csR_RSA"] = csr,
            // With your database key as idempotenceID the order can be sent again safely.
            ["idempotenceID"] = "example-" + DateTime.UtcNow.Ticks
        };
        order.AddDocument(DocumentType.BusinessLicence, licence);
        string id = client.CreateOrder(order).OrderId;
        Console.WriteLine("created: " + id);
        Console.WriteLine("status: " + client.QueryOrder(id).Get("status"));

        // A manual review takes days: a real system ends here and continues when the push arrives.
        Reply certificate = client.WaitForCertificate(id, TimeSpan.FromMinutes(1));
        if (certificate.MatchesCsr(csr) != true)
        {
            Console.Error.WriteLine(id + ": the certificate is for another key than the CSR");
            return 1;
        }
        File.WriteAllText(fullChain, certificate.FullChain());
        Console.WriteLine("written: " + fullChain);

        client.NotifyByEmail(id, "https://example.com/collect");
        var reissue = new Reissue
        {
            ["orderID"] = id, ["csr"] = csr, ["reason"] = "new server",
            // Each reissue of an order has its own.
            ["idempotenceID"] = "reissue-1-" + id
        };
        Reply reissued = client.ReissueCertificate(reissue);
        // Cancels the new order before it is issued, and revokes the first certificate.
        client.CancelOrder(reissued.OrderId, "a mistake");
        client.RevokeCertificate(id, "no longer used", Document.FromPath(licence));
        Console.WriteLine("reissued, cancelled, revoked");
        return 0;
    }
}
