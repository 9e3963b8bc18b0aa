"""External declarations for Delphi and Free Pascal, an include file of a unit that defines WotrusLibrary.

TWotrusSize is size_t; Delphi 7 has no NativeUInt, and its targets have 32 bits.
"""
from header import statuses, document_types
from csharp import pascal_case

FILE = "pascal/WotrusApi.inc"
TYPES = {
    "int": "Integer", "unsigned": "Cardinal", "size": "TWotrusSize", "text": "PAnsiChar", "bytes": "Pointer",
    "size_out": "PWotrusSize", "pointer": "Pointer", "callback": "TWotrusCallback",
}


def write(header, notice):
    lines = [
        f"{{ {notice} }}",
        "type",
        "  TWotrusSize = {$ifdef FPC}SizeUInt{$else}{$ifdef CPUX64}NativeUInt{$else}Cardinal{$endif}{$endif};",
        "  PWotrusSize = ^TWotrusSize;",
        "  TWotrusCallback = function(User: Pointer; EventJson: PAnsiChar; Len: TWotrusSize): Integer; cdecl;",
        *(f"  PWotrus{pascal_case(struct)} = type Pointer;" for struct in header.structs),
        "",
        "const",
        # Pascal ignores case: WOTRUS_ABI would be the name of the function wotrus_abi.
        *constants([header.constants[0]._replace(name="WOTRUS_ABI_NUMBER")]),
        *constants(statuses(header) + document_types(header)),
        "",
    ]
    for f in header.functions:
        parameters = "; ".join(f"{pascal_case(p.name)}: {pascal_type(p.type)}" for p in f.parameters)
        word, result = ("procedure", "") if f.result.kind == "void" else ("function", f": {pascal_type(f.result)}")
        head = f"{word} {f.name}" + (f"({parameters})" if parameters else "") + result
        lines.append(f"{head}; cdecl; external WotrusLibrary name '{f.name}';")
    return "\n".join(lines) + "\n"


def constants(values):
    for constant in values:
        yield f"  {constant.name} = {constant.value}; {{ {constant.comment} }}"


def pascal_type(type_):
    return f"PWotrus{pascal_case(type_.struct)}" if type_.kind == "handle" else TYPES[type_.kind]
