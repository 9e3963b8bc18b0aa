using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

/// <summary>JSON for the scenario program: objects are dictionaries, arrays lists, numbers int.</summary>
sealed class Json
{
    private readonly string text;
    private int at;

    private Json(string text) { this.text = text; }

    public static object Read(string text) { return new Json(text).Value(); }

    private object Value()
    {
        switch (Next())
        {
            case '{': return Items('}', new Dictionary<string, object>(), members =>
            {
                var name = (string)Value();
                Expect(':');
                members[name] = Value();
            });
            case '[': return Items(']', new List<object>(), items => items.Add(Value()));
            case '"': return String();
            case 't': return Word("true", true);
            case 'f': return Word("false", false);
            case 'n': return Word("null", null);
            default:
                int start = at;
                while (at < text.Length && "-0123456789".IndexOf(text[at]) >= 0) at++;
                return int.Parse(text.Substring(start, at - start), CultureInfo.InvariantCulture);
        }
    }

    private T Items<T>(char end, T items, Action<T> item)
    {
        at++;
        while (Next() != end)
        {
            item(items);
            if (Next() != end) Expect(',');
        }
        at++;
        return items;
    }

    private string String()
    {
        var found = new StringBuilder();
        for (at++; text[at] != '"'; at++)
        {
            if (text[at] != '\\')
            {
                found.Append(text[at]);
            }
            else if (text[++at] == 'u')
            {
                found.Append((char)Convert.ToInt32(text.Substring(at + 1, 4), 16));
                at += 4;
            }
            else
            {
                int control = "bfnrt".IndexOf(text[at]);
                found.Append(control < 0 ? text[at] : "\b\f\n\r\t"[control]);
            }
        }
        at++;
        return found.ToString();
    }

    private object Word(string word, object value)
    {
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) throw new FormatException("at " + at);
        at += word.Length;
        return value;
    }

    private char Next()
    {
        while (char.IsWhiteSpace(text[at])) at++;
        return text[at];
    }

    private void Expect(char c)
    {
        if (Next() != c) throw new FormatException("at " + at);
        at++;
    }

    public static string Write(object value)
    {
        if (value == null) return "null";
        if (value is bool) return (bool)value ? "true" : "false";
        if (value is int) return ((int)value).ToString(CultureInfo.InvariantCulture);
        if (value is string) return Quoted((string)value);
        var members = value as IDictionary<string, object>;
        if (members != null)
            return "{" + string.Join(",", members.Select(member => Quoted(member.Key) + ":" + Write(member.Value))) + "}";
        return "[" + string.Join(",", ((IEnumerable<object>)value).Select(Write)) + "]";
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            if (c == '"' || c == '\\') quoted.Append('\\').Append(c);
            else if (c < ' ' || c > '~') quoted.AppendFormat("\\u{0:x4}", (int)c);
            else quoted.Append(c);
        return quoted.Append('"').ToString();
    }
}
