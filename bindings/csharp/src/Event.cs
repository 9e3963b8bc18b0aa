using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Wotrus
{
    /// <summary>
    /// An event of a call. No event contains a secret. Each name has these members:
    /// sending: operation, method, path, request_id, idempotence_id, attempt;
    /// uploading (large bodies only): sent and total, in bytes;
    /// answered: http_status, bytes, elapsed_ms;
    /// failed: cause, delivery, message, elapsed_ms;
    /// retrying: pause_ms;
    /// waiting: order_id, status, pause_ms, elapsed_ms.
    /// </summary>
    public sealed class Event
    {
        // The members of an event are texts, numbers and null. .NET Framework and .NET share no reader of JSON.
        private static readonly Regex Member = new Regex(
            "\"((?:[^\"\\\\]|\\\\.)*)\":(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^,}]*))");
        private static readonly Regex Escape = new Regex(@"\\(?:u(....)|(.))");

        private readonly Dictionary<string, string> members = new Dictionary<string, string>();

        // Set when OnEvent stopped the call of this thread.
        [ThreadStatic]
        internal static Exception Stopped;

        internal Event(string json)
        {
            foreach (Match member in Member.Matches(json))
            {
                string value = member.Groups[2].Success ? Unescaped(member.Groups[2].Value) : member.Groups[3].Value;
                if (member.Groups[2].Success || value != "null") members[Unescaped(member.Groups[1].Value)] = value;
            }
        }

        /// <summary>"sending", "uploading", "answered", "failed", "retrying" or "waiting".</summary>
        public string Name { get { return this["event"]; } }

        /// <summary>A member such as "idempotence_id", as text; null if it is null or absent.</summary>
        public string this[string member]
        {
            get
            {
                string value;
                return members.TryGetValue(member, out value) ? value : null;
            }
        }

        private static string Unescaped(string text)
        {
            return Escape.Replace(text, match =>
            {
                if (match.Groups[1].Success) return ((char)Convert.ToInt32(match.Groups[1].Value, 16)).ToString();
                int control = "bfnrt".IndexOf(match.Groups[2].Value[0]);
                return control < 0 ? match.Groups[2].Value : "\b\f\n\r\t"[control].ToString();
            });
        }

        private static void Report(Exception exception)
        {
            try
            {
                Trace.TraceError("OnEvent: {0}", exception);
            }
            catch (Exception)
            {
                // A listener failed, which must not end the process.
            }
        }

        /// <summary>The native callback for OnEvent. No exception may leave it.</summary>
        internal static NativeCallback Callback(Action<Event> onEvent)
        {
            return (user, json, length) =>
            {
                string name = null;
                try
                {
                    var told = new Event(Text.Out(json, length));
                    name = told.Name;
                    onEvent(told);
                    return 0;
                }
                catch (Exception exception)
                {
                    if (name == "sending" || name == "waiting") Stopped = exception;
                    else Report(exception);
                    return 1;
                }
            };
        }
    }
}
