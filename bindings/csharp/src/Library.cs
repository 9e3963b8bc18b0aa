using System;
using System.Collections.Generic;
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
            foreach (string folder in Folders(AppDomain.CurrentDomain))
            {
                string path = Path.Combine(Path.Combine(folder, IntPtr.Size == 8 ? "x64" : "x86"), "wotrus.dll");
                if (!File.Exists(path)) continue;
                LoadLibrary(path);
                return;
            }
        }

        /// <summary>
        /// The folders that may have x64 and x86: the program's; those of its assemblies, which is bin for a site of
        /// ASP.NET; and where this assembly was before ASP.NET copied it.
        /// </summary>
        internal static IEnumerable<string> Folders(AppDomain domain)
        {
            yield return domain.BaseDirectory;
            foreach (string folder in (domain.RelativeSearchPath ?? "").Split(Path.PathSeparator))
                if (folder.Length > 0) yield return Path.Combine(domain.BaseDirectory, folder);
            string origin = Origin();
            if (origin != null) yield return Path.GetDirectoryName(origin);
        }

        private static string Origin()
        {
            try
            {
                var address = new Uri(typeof(Native).Assembly.CodeBase);
                return address.IsFile ? address.LocalPath : null;
            }
            catch (Exception)
            {
                // A program that is a single file has none.
                return null;
            }
        }

        [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true, EntryPoint = "LoadLibraryW")]
        private static extern IntPtr LoadLibrary(string path);
    }
}
