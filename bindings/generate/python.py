"""Declarations for ctypes."""
from header import has_length, statuses, document_types

FILE = "python/wotrus/_declarations.py"
TYPES = {
    "void": "None", "int": "c_int", "unsigned": "c_uint", "size": "c_size_t", "text": "c_char_p",
    "bytes": "c_void_p", "size_out": "POINTER(c_size_t)", "pointer": "c_void_p", "callback": "CALLBACK",
    "handle": "c_void_p",
}


def write(header, notice):
    lines = [
        f'"""{notice}"""',
        "from ctypes import CDLL, CFUNCTYPE, POINTER, c_char_p, c_int, c_size_t, c_uint, c_void_p",
        "",
        f"ABI = {header.constants[0].value}",
        "",
        "# wotrus_reply_status, and the word for it.",
        "KINDS = {",
        *(f'    {c.value}: "{c.name[7:].lower()}",  # {c.comment}' for c in statuses(header)),
        "}",
        "",
        *(f"{c.name[7:]} = {c.value}  # {c.comment}" for c in document_types(header)),
        "",
        "# The text is a pointer, because c_char_p would end it at a NUL.",
        "CALLBACK = CFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t)",
        "",
        "# Each function's result and parameters.",
        "FUNCTIONS = {",
        *(f"    {declaration(f)}" for f in header.functions),
        "}",
        "",
        "",
        "def load(path: str) -> CDLL:",
        '    """Loads the library and declares its functions; AttributeError if one is missing."""',
        "    library = CDLL(path)",
        "    for name, (result, parameters) in FUNCTIONS.items():",
        "        function = getattr(library, name)",
        "        function.restype, function.argtypes = result, parameters",
        "    return library",
        "",
    ]
    return "\n".join(lines)


def declaration(function):
    # A result with a length is a pointer for the same reason.
    result = "c_void_p" if has_length(function) else TYPES[function.result.kind]
    return f'"{function.name}": ({result}, [{", ".join(TYPES[p.type.kind] for p in function.parameters)}]),'
