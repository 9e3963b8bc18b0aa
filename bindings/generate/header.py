"""Reads the functions, constants and types of include/wotrus.ffi.h and the comments of include/wotrus.h.

The header uses few C types. Each has a kind here, from which a language derives its own type:

  void int unsigned size   as in C (unsigned is unsigned int, size is size_t)
  text                     const char *: NUL-terminated in, borrowed and NUL-terminated out
  bytes                    const void *: a payload with its length in the next parameter
  size_out                 size_t *: receives a length
  pointer                  void *: handed back unchanged to the callback
  callback                 wotrus_callback
  handle                   a pointer to one of the opaque structs; Type.struct is its name without wotrus_
"""
import re
from collections import namedtuple

Type = namedtuple("Type", "kind struct")
Parameter = namedtuple("Parameter", "name type")
Function = namedtuple("Function", "name result parameters")
Constant = namedtuple("Constant", "name value comment")
Header = namedtuple("Header", "structs constants functions")

KINDS = {
    "void": "void", "int": "int", "unsigned int": "unsigned", "size_t": "size", "size_t *": "size_out",
    "const char *": "text", "const void *": "bytes", "void *": "pointer", "wotrus_callback": "callback",
}
CALLBACK = "typedef int (*wotrus_callback)(void *user, const char *event_json, size_t len)"


def read(parsers_header, documented_header):
    """Reads both headers; a declaration that is not understood is an error, never left out."""
    code = re.sub(r"/\*.*?\*/", "", parsers_header, flags=re.S)
    comments = constant_comments(documented_header)
    structs, constants, functions = [], [], []
    for declaration in code.split(";"):
        declaration = " ".join(declaration.split())
        if not declaration or declaration == CALLBACK:
            continue
        struct = re.fullmatch(r"typedef struct wotrus_(\w+) wotrus_\1", declaration)
        enum = re.fullmatch(r"enum \{(.*)\}", declaration)
        if struct:
            structs.append(struct[1])
        elif enum:
            for member in enum[1].split(","):
                name, value = (part.strip() for part in member.split("="))
                constants.append(Constant(name, int(value), comments[name]))
        else:
            functions.append(function(declaration, structs))
    return Header(structs, constants, functions)


def function(declaration, structs):
    match = re.fullmatch(r"(.*?)(wotrus_\w+)\((.*)\)", declaration)
    if not match:
        raise SystemExit(f"not understood: {declaration}")
    result, name, parameters = match.groups()
    listed = [] if parameters == "void" else parameters.split(", ")
    return Function(name, c_type(result, structs), [parameter(text, structs) for text in listed])


def parameter(text, structs):
    c, name = re.fullmatch(r"(.*?)(\w+)", text).groups()
    return Parameter(name, c_type(c, structs))


def c_type(text, structs):
    text = text.strip()
    if text in KINDS:
        return Type(KINDS[text], None)
    match = re.fullmatch(r"(?:const )?wotrus_(\w+) \*", text)
    if match and match[1] in structs:
        return Type("handle", match[1])
    raise SystemExit(f"a type without a kind: {text}")


def constant_comments(documented_header):
    """The comment above each #define, as one line."""
    found = re.findall(r"/\*\*((?:(?!\*/).)*)\*/\n#define (WOTRUS_\w+) ", documented_header, flags=re.S)
    return {name: " ".join(comment.replace(" * ", " ").split()) for comment, name in found}


def statuses(header):
    """The constants that wotrus_reply_status returns. Their names in lower case are the kinds."""
    names = [constant.name for constant in header.constants]
    first, last = names.index("WOTRUS_OK"), names.index("WOTRUS_INTERNAL")
    return header.constants[first:last + 1]


def document_types(header):
    """The constants that stand after the statuses."""
    return header.constants[header.constants.index(statuses(header)[-1]) + 1:]


def has_length(function):
    """Whether the result's length is returned in a parameter, because it may contain NULs or be large."""
    return any(p.type.kind == "size_out" for p in function.parameters)
