"""Prototypes for koffi. Text results are pointers, so that the wrapper decides about the charset."""
from header import statuses, document_types

FILE = "node/lib/declarations.js"
TYPES = {
    "void": "void", "int": "int", "unsigned": "unsigned int", "size": "size_t", "text": "const void *",
    "bytes": "const void *", "size_out": "_Out_ size_t *", "pointer": "void *", "callback": "void *",
    "handle": "void *",
}
RESULTS = {"text": "void *", "bytes": "void *"}


def write(header, notice):
    lines = [
        f"// {notice}",
        "'use strict';",
        "",
        f"exports.ABI = {header.constants[0].value};",
        "",
        "// wotrus_reply_status, and the word for it.",
        "exports.KINDS = {",
        *(f"  {c.value}: '{c.name[7:].lower()}', // {c.comment}" for c in statuses(header)),
        "};",
        "",
        *(f"exports.{c.name[7:]} = {c.value}; // {c.comment}" for c in document_types(header)),
        "",
        "// The result and the parameters of wotrus_callback, which has no name here: koffi's names are global.",
        "exports.CALLBACK = ['int', ['void *', 'void *', 'size_t']];",
        "",
        "exports.FUNCTIONS = [",
        *(f"  '{prototype(f)}'," for f in header.functions),
        "];",
        "",
    ]
    return "\n".join(lines)


def prototype(function):
    result = RESULTS.get(function.result.kind, TYPES[function.result.kind])
    parameters = ", ".join(joined(TYPES[p.type.kind], p.name) for p in function.parameters)
    return f"{joined(result, function.name)}({parameters or 'void'})"


def joined(c_type, name):
    return c_type + ("" if c_type.endswith("*") else " ") + name
