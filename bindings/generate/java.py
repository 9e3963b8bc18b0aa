"""A JNA interface for Java.

Text is byte[] in and Pointer out, so that the wrapper decides about the charset and JNA frees nothing.
"""
from header import statuses, document_types
from csharp import camel_case

FILE = "java/src/main/java/wotrus/Native.java"
TYPES = {
    "void": "void", "int": "int", "unsigned": "int", "size": "SizeT", "text": "byte[]", "bytes": "byte[]",
    "size_out": "Pointer", "pointer": "Pointer", "callback": "Callback", "handle": "Pointer",
}
RESULTS = {"text": "Pointer", "bytes": "Pointer"}


def write(header, notice):
    lines = [
        f"// {notice}",
        "package wotrus;",
        "",
        "import com.sun.jna.IntegerType;",
        "import com.sun.jna.Library;",
        "import com.sun.jna.Pointer;",
        "",
        "/** The functions of wotrus.h. */",
        "interface Native extends Library {",
        "    /** size_t, for which JNA has no public class. */",
        "    class SizeT extends IntegerType {",
        "        private static final long serialVersionUID = 1;",
        "",
        "        public SizeT() {",
        "            this(0);",
        "        }",
        "",
        "        public SizeT(long value) {",
        "            super(com.sun.jna.Native.SIZE_T_SIZE, value, true);",
        "        }",
        "    }",
        "",
        "    /** wotrus_callback. */",
        "    interface Callback extends com.sun.jna.Callback {",
        "        int invoke(Pointer user, Pointer eventJson, SizeT len);",
        "    }",
        "",
        f"    int ABI = {header.constants[0].value};",
        "",
        *constants(statuses(header)),
        *constants(document_types(header)),
    ]
    for f in header.functions:
        parameters = ", ".join(f"{TYPES[p.type.kind]} {camel_case(p.name)}" for p in f.parameters)
        result = RESULTS.get(f.result.kind, TYPES[f.result.kind])
        lines += [f"    {result} {f.name}({parameters});", ""]
    lines[-1:] = ["}", ""]
    return "\n".join(lines)


def constants(values):
    for constant in values:
        yield f"    /** {constant.comment} */"
        yield f"    int {constant.name[7:]} = {constant.value};"
        yield ""
