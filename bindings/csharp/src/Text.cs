using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Wotrus
{
    /// <summary>Texts on their way into the library and out of it, always UTF-8.</summary>
    internal static class Text
    {
        private static readonly UTF8Encoding Utf8 = new UTF8Encoding(false, true);

        /// <summary>The text with a NUL at its end. Refuses what would not arrive whole.</summary>
        internal static byte[] In(string text, string name)
        {
            if (text == null) return null;
            byte[] bytes = Bytes(text, name);
            if (Array.IndexOf(bytes, (byte)0) >= 0) throw WotrusException.Argument(name, "contains a NUL");
            Array.Resize(ref bytes, bytes.Length + 1);
            return bytes;
        }

        /// <summary>The text without a NUL at its end.</summary>
        internal static byte[] Bytes(string text, string name)
        {
            try
            {
                return Utf8.GetBytes(text);
            }
            catch (EncoderFallbackException)
            {
                throw WotrusException.Argument(name, "has half of a surrogate pair");
            }
        }

        /// <summary>A copy of a text that belongs to the library.</summary>
        internal static string Out(IntPtr text)
        {
            if (text == IntPtr.Zero) return null;
            int length = 0;
            while (Marshal.ReadByte(text, length) != 0) length++;
            return Utf8.GetString(Copy(text, length));
        }

        internal static string Out(IntPtr text, UIntPtr length)
        {
            return text == IntPtr.Zero ? null : Utf8.GetString(Copy(text, (int)length));
        }

        internal static byte[] Copy(IntPtr bytes, int length)
        {
            var copy = new byte[length];
            Marshal.Copy(bytes, copy, 0, length);
            return copy;
        }
    }
}
