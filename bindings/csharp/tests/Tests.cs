// The assembly against a sandbox, which packaging/with-sandbox starts (suite 89-csharp).
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Wotrus;

static class Tests
{
    static readonly string Token = Environment.GetEnvironmentVariable("WOTRUS_TOKEN");
    static readonly string Http = Environment.GetEnvironmentVariable("WOTRUS_HTTP_URL");
    static readonly string Csr = File.ReadAllText("tests/fixtures/example.csr");

    static int Main()
    {
        int failed = 0;
        var tests = typeof(Tests).GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
            .Where(method => method.Name != "SetFolders")
            .Where(method => method.GetParameters().Length == 0 && method.ReturnType == typeof(void))
            .Where(method => !method.Name.StartsWith("<"));
        foreach (MethodInfo test in tests)
        {
            try
            {
                test.Invoke(null, null);
                Console.WriteLine("ok      " + test.Name);
            }
            catch (TargetInvocationException error)
            {
                failed++;
                Console.WriteLine("FAILED  " + test.Name + ": " + error.InnerException);
            }
        }
        return failed == 0 ? 0 : 1;
    }

    static void Every_kind_has_a_class()
    {
        var classes = typeof(WotrusException).Assembly.GetTypes().Where(type => type.BaseType == typeof(WotrusException));
        Equal(Enum.GetValues(typeof(Kind)).Length - 1, classes.Count());
    }

    static void Text_that_would_not_arrive_whole_is_refused()
    {
        using (var client = Connect())
            foreach (string name in new[] { "a\0b", "\ud800" })
            {
                Order order = AnOrder();
                order["commonName"] = name;
                var error = Throws<InvalidArgumentException>(() => client.CreateOrder(order));
                Equal("commonName", error.Field);
                Equal("not_sent", error.Delivery);
                Throws<InvalidArgumentException>(() => client.QueryOrder(name));
            }
        Throws<InvalidArgumentException>(() => new Client(new Options { Token = "tk_\0" }));
    }

    static void Chinese_read_from_a_file_in_GBK_arrives()
    {
        // 沃通电子认证 in GBK.
        byte[] bytes = { 0xCE, 0xD6, 0xCD, 0xA8, 0xB5, 0xE7, 0xD7, 0xD3, 0xC8, 0xCF, 0xD6, 0xA4 };
        Order order = AnOrder();
        order["OrgName"] = Gbk().GetString(bytes);
        using (var client = Connect())
        using (Reply created = client.CreateOrder(order))
        using (Reply queried = client.QueryOrder(created.OrderId))
            Equal("沃通电子认证", queried.Get("org.orgName"));
    }

    // .NET has GBK after this call; .NET Framework and Mono without it.
    static Encoding Gbk()
    {
        Type provider = Type.GetType("System.Text.CodePagesEncodingProvider, System.Text.Encoding.CodePages");
        if (provider != null)
            typeof(Encoding).GetMethod("RegisterProvider").Invoke(
                null, new[] { provider.GetProperty("Instance").GetValue(null, null) });
        return Encoding.GetEncoding(936);
    }

    static void The_option_charset_is_refused()
    {
        var options = new Options();
        options["charset"] = "GB18030";
        Equal("charset", Throws<ConfigException>(() => new Client(options)).Field);
    }

    static void Options_that_the_assembly_does_not_name_reach_the_library()
    {
        var options = new Options { Token = "tk_x" };
        options["future_option"] = "x";
        Equal("future_option", Throws<ConfigException>(() => new Client(options)).Field);
    }

    static void An_option_of_a_derived_client_is_refused_at_once()
    {
        using (var client = Connect())
        {
            Equal("timeout", Throws<ConfigException>(() => client.With(new Options { Timeout = TimeSpan.Zero })).Field);
            Equal("retries", Throws<ConfigException>(() => client.With(new Options { Retries = -1 })).Field);
            Equal("request_id", Throws<ConfigException>(() => client.With(new Options { RequestId = "a b\n" })).Field);
        }
    }

    static void What_is_not_a_document_is_refused()
    {
        Equal("bytes", Throws<InvalidArgumentException>(() => Document.FromBytes(null, ".pdf")).Field);
        Document document = Document.FromBytes(new byte[] { 1 }, ".pdf");
        Equal("documentType", Throws<InvalidArgumentException>(
            () => AnOrder().AddDocument((DocumentType)(-1), document)).Field);
    }

    static void What_is_empty_is_reported_as_empty()
    {
        var documents = new Dictionary<string, Document>
        {
            { "path", Document.FromPath("") }, { "fileContent", Document.FromBytes(new byte[0], ".pdf") }
        };
        using (var client = Connect())
            foreach (var document in documents)
            {
                Order order = AnOrder();
                order.AddDocument(DocumentType.BusinessLicence, document.Value);
                var error = Throws<InvalidArgumentException>(() => client.CreateOrder(order));
                Equal(document.Key, error.Field);
                Equal(true, error.Message.Contains("empty"));
            }
        Equal(true, Throws<InvalidArgumentException>(() => Push.Parse(new byte[0])).Message.Contains("empty"));
    }

    static void The_library_is_found_where_a_site_has_its_assemblies()
    {
        string origin = Path.GetDirectoryName(new Uri(typeof(Client).Assembly.CodeBase).LocalPath);
        Equal(true, Folders().Contains(origin));
        // .NET has no further application domains.
        if (Type.GetType("Mono.Runtime") != null) The_folder_bin_of_a_site_is_among_the_folders(origin);
    }

    static void The_folder_bin_of_a_site_is_among_the_folders(string origin)
    {
        string site = Path.GetDirectoryName(origin), bin = Path.GetFileName(origin);
        AppDomain domain = AppDomain.CreateDomain(
            "site", null, new AppDomainSetup { ApplicationBase = site, PrivateBinPath = bin });
        try
        {
            domain.DoCallBack(SetFolders);
            Equal(origin, ((string[])domain.GetData("folders"))[1]);
        }
        finally
        {
            AppDomain.Unload(domain);
        }
    }

    static void SetFolders()
    {
        AppDomain.CurrentDomain.SetData("folders", Folders());
    }

    static string[] Folders()
    {
        var folders = typeof(Client).Assembly.GetType("Wotrus.Native")
            .GetMethod("Folders", BindingFlags.NonPublic | BindingFlags.Static);
        return ((IEnumerable<string>)folders.Invoke(null, new object[] { AppDomain.CurrentDomain })).ToArray();
    }

    static void A_reply_stays_while_a_text_of_it_is_read()
    {
        string text = new string('x', 3000);
        byte[] push = Encoding.UTF8.GetBytes(
            "{\"dataAction\":\"order\",\"orderID\":\"x\",\"text\":\"" + text + "\"}");
        bool isOver = false;
        var collector = new Thread(() =>
        {
            while (!isOver)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            for (var time = Stopwatch.StartNew(); time.ElapsedMilliseconds < 2000; )
                Equal(text, Push.Parse(push).Get("text"));
        }
        finally
        {
            isOver = true;
            collector.Join();
        }
    }

    static void A_disposed_client_makes_no_calls()
    {
        Client client = Connect();
        client.Dispose();
        Throws<ObjectDisposedException>(() => client.QueryOrder("x"));
    }

    static void Dispose_lets_a_call_of_another_thread_end()
    {
        using (var client = Connect())
        {
            string id = OpenOrder(client);
            var waiting = new ManualResetEvent(false);
            Client waiter = client.With(new Options { OnEvent = told => waiting.Set() });
            Task<Reply> wait = waiter.WaitForCertificateAsync(id, TimeSpan.FromSeconds(1));
            waiting.WaitOne();
            waiter.Dispose();
            Equal(Kind.NotReady, KindOf(wait));
        }
    }

    static void An_order_may_change_after_an_asynchronous_call_has_begun()
    {
        using (var client = Connect())
        {
            Order order = AnOrder();
            var created = new List<Task<Reply>>();
            for (int number = 0; number < 8; number++)
            {
                order["idempotenceID"] = "changed-" + number;
                created.Add(client.CreateOrderAsync(order));
            }
            for (int number = 0; number < 8; number++)
                Equal("changed-" + number, created[number].Result.IdempotenceId);
        }
    }

    static void The_token_is_in_no_text()
    {
        using (var client = Connect())
        {
            var error = Throws<RefusedException>(() => client.QueryOrder("no-such-order"));
            if ((client + error.ToString()).Contains(Token)) throw new Exception("the token is shown");
        }
    }

    static void An_exception_of_OnEvent_prevents_the_order_and_is_inside()
    {
        var options = new Options
        {
            OnEvent = told =>
            {
                if (told.Name == "sending") throw new IOException("no room for " + told["idempotence_id"]);
            }
        };
        using (var client = Connect())
        using (var told = client.With(options))
        {
            Order order = AnOrder();
            order["idempotenceID"] = "订单\"1\"\\";
            var error = Throws<CancelledException>(() => told.CreateOrder(order));
            Equal("not_sent", error.Delivery);
            Equal("no room for 订单\"1\"\\", error.InnerException.Message);
            // The next call is not affected.
            Equal(null, Throws<CancelledException>(
                () => client.QueryOrder("x", new CancellationToken(true))).InnerException);
        }
    }

    static void An_exception_at_another_event_is_traced_and_the_call_goes_on()
    {
        var traced = new StringWriter();
        var listener = new TextWriterTraceListener(traced);
        Trace.Listeners.Clear();
        Trace.Listeners.Add(listener);
        using (var client = Connect())
        using (var told = client.With(new Options
        {
            OnEvent = e => { if (e.Name == "answered") throw new IOException("full"); }
        }))
        using (Reply reply = told.CreateOrder(AnOrder()))
            if (reply.OrderId == null) throw new Exception("no id");
        Trace.Flush();
        if (!traced.ToString().Contains("full")) throw new Exception("not traced: " + traced);
    }

    static void OnEvent_runs_on_the_thread_of_the_call_and_may_use_the_client()
    {
        var threads = new HashSet<int>();
        using (var client = Connect())
        {
            string id = OpenOrder(client), status = null;
            using (var told = client.With(new Options
            {
                OnEvent = e =>
                {
                    threads.Add(Thread.CurrentThread.ManagedThreadId);
                    using (Reply reply = client.QueryOrder(id)) status = reply.Get("status");
                }
            }))
                told.QueryOrder(id).Dispose();
            Equal("pending", status);
        }
        Equal(Thread.CurrentThread.ManagedThreadId, threads.Single());
    }

    static void Cancelling_the_token_ends_one_call()
    {
        using (var client = Connect())
        using (var cancellation = new CancellationTokenSource())
        {
            string id = OpenOrder(client);
            Task<Reply> cancelled = client.WaitForCertificateAsync(id, TimeSpan.FromSeconds(60), cancellation.Token);
            Task<Reply> other = client.WaitForCertificateAsync(id, TimeSpan.FromSeconds(1));
            Thread.Sleep(300);
            var time = Stopwatch.StartNew();
            cancellation.Cancel();
            Equal(Kind.Cancelled, KindOf(cancelled));
            if (time.Elapsed > TimeSpan.FromSeconds(5)) throw new Exception("took " + time.Elapsed);
            Equal(Kind.NotReady, KindOf(other));
        }
    }

    static void A_cancelled_order_tells_that_it_may_exist()
    {
        using (var client = Connect())
        using (var slow = client.With(new Options { RequestId = "slow-1" }))
        using (var cancellation = new CancellationTokenSource())
        {
            Order order = AnOrder();
            order["idempotenceID"] = "slow-1";
            Task<Reply> creating = slow.CreateOrderAsync(order, cancellation.Token);
            Thread.Sleep(1000);
            cancellation.Cancel();
            Equal(Kind.UnknownOutcome, KindOf(creating));
        }
    }

    static void Ten_thousand_calls_with_errors_do_not_grow()
    {
        using (var client = Connect())
        using (var told = client.With(new Options { OnEvent = e => { } }))
        using (var closedPort = new Client(new Options { Token = Token, BaseUrl = "http://127.0.0.1:1", Retries = 0 }))
        {
            Order order = AnOrder(), invalid = AnOrder();
            order["csR_RSA"] = Csr;
            invalid["month"] = "7";
            string id = told.CreateOrder(order).OrderId;
            byte[] push = Encoding.UTF8.GetBytes("{\"dataAction\":\"order\",\"orderID\":\"x\"}");
            Action<int> calls = count =>
            {
                for (int number = 0; number < count; number++)
                {
                    // Every other reply is left to the garbage collector.
                    Reply reply = told.QueryOrder(id);
                    if (number % 2 == 0) reply.Dispose();
                    if (number % 5 != 0) continue;
                    Throws<RefusedException>(() => told.QueryOrder("no-such-order"));
                    Throws<InvalidArgumentException>(() => told.CreateOrder(invalid));
                    Throws<NetworkException>(() => closedPort.QueryOrder(id));
                    using (var cancellation = new CancellationTokenSource())
                    using (Reply certificate = told.RetrieveCertificate(id, cancellation.Token)) certificate.FullChain();
                    Push.Parse(push);
                }
            };
            // .NET first lets its heap grow to its own size.
            calls(5000);
            long before = Resident();
            calls(5000);
            long grown = Resident() - before;
            if (grown > 3000) throw new Exception("grew by " + grown + " KiB");
        }
    }

    // The memory of this process in KiB.
    static long Resident()
    {
        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        string line = File.ReadAllLines("/proc/self/status").Single(text => text.StartsWith("VmRSS:"));
        return long.Parse(line.Split(new[] { ' ', '\t' }, StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    static Client Connect() { return new Client(new Options { Token = Token, BaseUrl = Http }); }

    static Order AnOrder()
    {
        return new Order
        {
            ["productID"] = "76ECE651-B59E-48F2-A47B-135614AADAD9", ["commonName"] = "沃通", ["OrgName"] = "沃通",
            ["countryCode"] = "CN", ["month"] = "12"
        };
    }

    // An order that is never issued: it has no CSR.
    static string OpenOrder(Client client)
    {
        using (Reply reply = client.CreateOrder(AnOrder())) return reply.OrderId;
    }

    static Kind KindOf(Task<Reply> task)
    {
        try
        {
            task.Result.Dispose();
            return Kind.Ok;
        }
        catch (AggregateException error)
        {
            return ((WotrusException)error.InnerException).Kind;
        }
    }

    static E Throws<E>(Action action) where E : Exception
    {
        try
        {
            action();
        }
        catch (E error)
        {
            return error;
        }
        throw new Exception(typeof(E).Name + " expected");
    }

    static void Equal(object expected, object found)
    {
        if (!Equals(expected, found)) throw new Exception("expected " + expected + ", found " + found);
    }
}
