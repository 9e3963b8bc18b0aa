using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Wotrus
{
    /// <summary>The native library.</summary>
    public static class Library
    {
        /// <summary>Its version, such as "0.2.0".</summary>
        public static string Version { get { return Text.Out(Native.wotrus_version()); } }

        internal static void CheckAbi()
        {
            int abi = Native.wotrus_abi();
            if (abi != Native.Abi)
                throw new NotSupportedException(
                    "the library has the ABI " + abi + ", and this assembly needs " + Native.Abi);
        }
    }

    internal static partial class Native
    {
        // The same program may run with 32 and 64 bits on Windows: the package puts both libraries beside it, in x86
        // and x64. A library that is loaded already is found by its name. Elsewhere the runtime finds it.
        static Native()
        {
            if (Environment.OSVersion.Platform != PlatformID.Win32NT) return;
            string folder = AppDomain.CurrentDomain.BaseDirectory;
            string path = Path.Combine(Path.Combine(folder, IntPtr.Size == 8 ? "x64" : "x86"), "wotrus.dll");
            if (File.Exists(path)) LoadLibrary(path);
        }

        [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true, EntryPoint = "LoadLibraryW")]
        private static extern IntPtr LoadLibrary(string path);
    }
}
