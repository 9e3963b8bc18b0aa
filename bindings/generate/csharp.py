"""P/Invoke declarations for C#, with a SafeHandle class for each type.

Text goes in as a byte array that ends with a NUL and comes out as IntPtr: a parameter of the type string would
be converted to the ANSI code page, and a result of that type would be freed by the runtime.
"""
from header import statuses, document_types

FILE = "csharp/src/Native.cs"
TYPES = {
    "void": "void", "int": "int", "unsigned": "uint", "size": "UIntPtr", "text": "byte[]", "bytes": "byte[]",
    "size_out": "out UIntPtr", "pointer": "IntPtr", "callback": "NativeCallback",
}


def write(header, notice):
    lines = [
        f"// {notice}",
        "using System;",
        "using System.Runtime.InteropServices;",
        "",
        "namespace Wotrus",
        "{",
        "    /// <summary>What kind of failure a call ended with.</summary>",
        "    public enum Kind",
        "    {",
        *members(statuses(header)),
        "    }",
        "",
        "    /// <summary>The types of documents (documentType in section 2).</summary>",
        "    public enum DocumentType",
        "    {",
        *members(document_types(header)),
        "    }",
        "",
        "    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]",
        "    internal delegate int NativeCallback(IntPtr user, IntPtr eventJson, UIntPtr len);",
        "",
        *(line for struct in header.structs for line in handle(struct)),
        "    internal static partial class Native",
        "    {",
        '        private const string Library = "wotrus";',
        f"        internal const int Abi = {header.constants[0].value};",
        *(line for f in header.functions for line in declaration(f)),
        "    }",
        "}",
        "",
    ]
    return "\n".join(lines)


def members(constants):
    for constant in constants:
        yield f"        /// <summary>{constant.comment}</summary>"
        yield f"        {pascal_case(constant.name[7:].lower())} = {constant.value},"


def handle(struct):
    name = handle_class(struct)
    return [
        f"    internal sealed class {name} : SafeHandle",
        "    {",
        f"        private {name}() : base(IntPtr.Zero, true) {{ }}",
        "        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }",
        f"        protected override bool ReleaseHandle() {{ Native.wotrus_{struct}_free(handle); return true; }}",
        "    }",
        "",
    ]


def declaration(function):
    result = {"text": "IntPtr", "bytes": "IntPtr"}.get(function.result.kind) or cs_type(function.result)
    # ReleaseHandle has the pointer itself.
    frees = function.name.endswith("_free")
    parameters = ", ".join(
        f"{'IntPtr' if frees else cs_type(p.type)} {camel_case(p.name)}" for p in function.parameters)
    yield ""
    yield "        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]"
    yield f"        internal static extern {result} {function.name}({parameters});"


def cs_type(type_):
    return handle_class(type_.struct) if type_.kind == "handle" else TYPES[type_.kind]


def handle_class(struct):
    return f"{pascal_case(struct)}Handle"


def pascal_case(name):
    return "".join(part.capitalize() for part in name.split("_"))


def camel_case(name):
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
