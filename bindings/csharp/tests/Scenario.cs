// Executes bindings/scenario; its README describes the steps and what is printed.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Wotrus;
using Members = System.Collections.Generic.Dictionary<string, object>;

static class Scenario
{
    static void Main()
    {
        var scenario = (Members)Json.Read(File.ReadAllText(Environment.GetEnvironmentVariable("WOTRUS_SCENARIO")));
        var texts = ((Members)scenario["texts"]).ToDictionary(text => text.Key, text => (string)text.Value);
        var options = (Members)scenario["options"];
        using (var client = new Client(Step.OptionsOf(options, text => text)))
        {
            var results = new List<object>();
            foreach (Members step in (List<object>)scenario["steps"])
                results.Add(new Step(step, options, client, texts).Run());
            Console.Out.Write(Json.Write(results));
        }
    }
}

sealed class Step
{
    readonly Members step;
    readonly Members options;
    readonly Client client;
    readonly Dictionary<string, string> texts;
    readonly List<object> events = new List<object>();

    public Step(Members step, Members options, Client client, Dictionary<string, string> texts)
    {
        this.step = step;
        this.options = options;
        this.client = client;
        this.texts = texts;
    }

    public Members Run()
    {
        string operation = Text("do");
        var result = new Members { { "name", Text("name") } };
        if (operation == "abi")
        {
            result["abi"] = Library.Version.Length > 0;
        }
        else if (operation == "concurrent_orders")
        {
            result["kinds"] = ConcurrentOrders();
        }
        else
        {
            try
            {
                Success(result, Call(operation));
            }
            catch (WotrusException error)
            {
                Failure(result, error);
            }
            if (Member("events") != null) result["events"] = events.Where(name => !name.Equals("uploading")).ToList();
        }
        return result;
    }

    Reply Call(string operation)
    {
        Client called = client;
        if (Member("client") != null)
        {
            Options changed = OptionsOf(options, Replaced);
            foreach (var option in (Members)Member("client")) changed[option.Key] = (string)option.Value;
            called = new Client(changed);
        }
        if (operation == "check") return null;
        if (operation == "read_push") return Push.Parse(Encoding.UTF8.GetBytes(Text("body")));

        Options with = OptionsOf((Members)Member("with"), Replaced);
        string stopAt = Text("stop_at");
        with.OnEvent = told =>
        {
            events.Add(told.Name);
            if (told.Name == stopAt) throw new Exception("stopped");
        };
        var cancellation = new CancellationTokenSource();
        if (Member("cancel_after_ms") != null)
            new Thread(() =>
            {
                Thread.Sleep((int)Member("cancel_after_ms"));
                cancellation.Cancel();
            }).Start();
        return Perform(called.With(with), operation, cancellation.Token);
    }

    Reply Perform(Client called, string operation, CancellationToken token)
    {
        string id = Text("order_id");
        switch (operation)
        {
            case "create_order": return called.CreateOrder(OrderOf(Replaced), token);
            case "query_order": return called.QueryOrder(id, token);
            case "retrieve_certificate": return called.RetrieveCertificate(id, token);
            case "cancel_order": return called.CancelOrder(id, Text("reason"), token);
            case "revoke_certificate":
                return called.RevokeCertificate(id, Text("reason"), DocumentOf((Members)Member("proof")), token);
            case "reissue_certificate":
                var reissue = new Reissue();
                foreach (var field in (Members)Member("fields")) reissue[field.Key] = Replaced((string)field.Value);
                if (Member("proof") != null) reissue.Proof = DocumentOf((Members)Member("proof"));
                return called.ReissueCertificate(reissue, token);
            case "notify_by_email": return called.NotifyByEmail(id, Text("collect_url"), token);
            case "wait_for_certificate":
                return called.WaitForCertificate(id, TimeSpan.FromMilliseconds((int)Member("timeout_ms")), token);
            case "call":
                return called.Call(Text("operation"), Text("json") == "" ? null : Text("json"), token);
            default: throw new NotSupportedException(operation);
        }
    }

    List<object> ConcurrentOrders()
    {
        int count = (int)Member("orders"), cancelled = (int)Member("cancel");
        var cancellation = new CancellationTokenSource();
        var tasks = new List<Task<Reply>>();
        for (int number = 1; number <= count; number++)
        {
            string digits = number.ToString();
            Func<string, string> numbered = text => Replaced(text).Replace("${NUMBER}", digits);
            tasks.Add(client.With(OptionsOf((Members)Member("with"), numbered)).CreateOrderAsync(
                OrderOf(numbered), number == cancelled ? cancellation.Token : CancellationToken.None));
        }
        Thread.Sleep((int)Member("cancel_after_ms"));
        cancellation.Cancel();
        return tasks.Select(KindOf).ToList();
    }

    static object KindOf(Task<Reply> task)
    {
        try
        {
            task.Result.Dispose();
            return "ok";
        }
        catch (AggregateException error)
        {
            return Word(((WotrusException)error.InnerException).Kind);
        }
    }

    void Success(Members result, Reply reply)
    {
        result["kind"] = "ok";
        if (reply == null) return;
        if (Text("save") != null) texts[Text("save")] = reply.OrderId;
        result["http_status"] = reply.HttpStatus;
        result["request_id"] = reply.RequestId;
        result["idempotence_id"] = reply.IdempotenceId;
        result["attempts"] = reply.Attempts;
        if (Member("show") != null)
            result["shown"] = ((List<object>)Member("show")).ToDictionary(
                item => (string)item, item => Shown(reply, ((string)item).Split(':')));
    }

    object Shown(Reply reply, string[] item)
    {
        string which = item.Length > 1 ? item[1] : null;
        switch (item[0])
        {
            case "order_id": return reply.OrderId;
            case "get": return reply.Get(which);
            case "warning": return reply.Warnings.ElementAtOrDefault(int.Parse(which));
            case "json": return reply.Json;
            case "body": return Encoding.UTF8.GetString(reply.Body);
            case "chain_status": return reply.ChainStatus(which);
            case "matches_csr": return reply.MatchesCsr(texts[item[2]], which);
            case "pem": return Certificates(reply.Pem(which));
            case "full_chain": return Certificates(reply.FullChain(which));
            case "full_chain_with_root": return Certificates(reply.FullChainWithRoot(which));
            case "intermediates": return Certificates(reply.Intermediates(which));
            case "root": return Certificates(reply.Root(which));
            case "chain": return Certificates(reply.Chain(which).ElementAtOrDefault(int.Parse(item[2])));
            default: throw new NotSupportedException(item[0]);
        }
    }

    static object Certificates(string pem)
    {
        return pem == null ? (object)null : Regex.Matches(pem, "BEGIN CERTIFICATE").Count;
    }

    static void Failure(Members result, WotrusException error)
    {
        result["kind"] = Word(error.Kind);
        result["cause"] = error.Cause;
        result["delivery"] = error.Delivery;
        result["message"] = error.Message;
        result["http_status"] = error.HttpStatus;
        result["request_id"] = error.RequestId;
        result["idempotence_id"] = error.IdempotenceId;
        result["attempts"] = error.Attempts;
        result["retry_after_ms"] = error.RetryAfter == null ? (object)null : (int)error.RetryAfter.Value.TotalMilliseconds;
        result["field"] = error.Field;
        result["service_message"] = error.ServiceMessage;
    }

    // NotReady is not_ready.
    static string Word(Kind kind) { return Regex.Replace(kind.ToString(), "(?<=.)([A-Z])", "_$1").ToLowerInvariant(); }

    Order OrderOf(Func<string, string> replaced)
    {
        var order = new Order();
        foreach (var field in (Members)Member("fields")) order[field.Key] = replaced((string)field.Value);
        if (Member("documents") != null)
            foreach (Members item in (List<object>)Member("documents"))
                order.AddDocument((DocumentType)(int)item["documentType"], DocumentOf(item));
        return order;
    }

    Document DocumentOf(Members item)
    {
        return item.ContainsKey("path")
            ? Document.FromPath(Replaced((string)item["path"]))
            : Document.FromBytes(Encoding.UTF8.GetBytes((string)item["bytes"]), (string)item["fileType"]);
    }

    public static Options OptionsOf(Members members, Func<string, string> replaced)
    {
        var options = new Options();
        if (members != null)
            foreach (var member in members) options[member.Key] = replaced((string)member.Value);
        return options;
    }

    object Member(string name) { return step.ContainsKey(name) ? step[name] : null; }

    string Text(string name) { return Member(name) == null ? null : Replaced((string)Member(name)); }

    string Replaced(string text)
    {
        return Regex.Replace(text, @"\$\{(\w+)\}", match =>
            texts.ContainsKey(match.Groups[1].Value) ? texts[match.Groups[1].Value] : match.Value);
    }
}
