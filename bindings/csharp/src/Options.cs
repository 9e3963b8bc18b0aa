using System;
using System.Collections.Generic;
using System.Globalization;

namespace Wotrus
{
    /// <summary>
    /// The options of a client, or of some of its calls (Client.With). What is not set has its default; the option
    /// "base_url" of docs/options.md is the property BaseUrl here and options["base_url"].
    /// </summary>
    public sealed class Options
    {
        internal readonly Dictionary<string, string> Values = new Dictionary<string, string>();

        /// <summary>An option by its name in docs/options.md; null unsets it.</summary>
        public string this[string name]
        {
            get
            {
                string value;
                return Values.TryGetValue(name, out value) ? value : null;
            }
            set
            {
                if (value == null) Values.Remove(name);
                else Values[name] = value;
            }
        }

        /// <summary>The API token, tk_...; required.</summary>
        public string Token { set { this["token"] = value; } }

        /// <summary>The service's address; plain HTTP only for loopback addresses.</summary>
        public string BaseUrl { set { this["base_url"] = value; } }

        /// <summary>The time for a whole call, with retries and pauses.</summary>
        public TimeSpan Timeout { set { this["timeout"] = Seconds(value); } }

        /// <summary>The time to resolve a name, and again to open a connection.</summary>
        public TimeSpan ConnectTimeout { set { this["connect_timeout"] = Seconds(value); } }

        /// <summary>How often a call is retried at most, if that is safe.</summary>
        public int Retries { set { this["retries"] = value.ToString(CultureInfo.InvariantCulture); } }

        /// <summary>A PEM file with the CAs to trust instead of the built-in ones.</summary>
        public string CaFile { set { this["ca_file"] = value; } }

        /// <summary>http://[user:password@]host:port.</summary>
        public string Proxy { set { this["proxy"] = value; } }

        /// <summary>The largest answer that is read, in bytes.</summary>
        public long MaxAnswerSize { set { this["max_answer_size"] = value.ToString(CultureInfo.InvariantCulture); } }

        /// <summary>The User-Agent header.</summary>
        public string UserAgent { set { this["user_agent"] = value; } }

        /// <summary>The RequestID of the calls; otherwise each has its own.</summary>
        public string RequestId { set { this["request_id"] = value; } }

        /// <summary>
        /// Is called with each event of a call, on the thread that makes the call. An exception that it throws at
        /// "sending" prevents the request, and at "waiting" ends the wait: the call then throws a CancelledException
        /// with that exception inside. At other events it is written to System.Diagnostics.Trace.
        /// </summary>
        public Action<Event> OnEvent { internal get; set; }

        private static string Seconds(TimeSpan time)
        {
            return time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        }

        internal ConfigHandle Open(NativeCallback callback)
        {
            if (this["charset"] != null)
                throw WotrusException.Found(Kind.Config, "charset",
                    "is not needed, because strings are Unicode; decode GBK text with Encoding.GetEncoding(936)");
            ConfigHandle config = Native.wotrus_config_new();
            foreach (var option in Values)
                Native.wotrus_config_set(config, Text.In(option.Key, "name"), Text.In(option.Value, option.Key));
            if (callback != null) Native.wotrus_config_set_callback(config, callback, IntPtr.Zero);
            return config;
        }
    }
}
