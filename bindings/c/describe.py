#!/usr/bin/env python3
"""Writes what the C headers declare as JSON (bindings/c/dmss.json): enumerations, structs, callbacks and functions with their annotations
and comments. Generators of bindings read that file and need no compiler. Needs libclang (Debian: python3-clang-19).

usage: describe.py [--check]   --check: writes nothing and fails when the committed file is not what the headers say
"""

import json
import pathlib
import sys

try:
    from clang import cindex
except ImportError:
    sys.path.append("/usr/lib/python3/dist-packages")  # an interpreter that is not the distribution's
    try:
        from clang import cindex
    except ImportError:
        print("describe.py: libclang's Python package is not installed (Debian: python3-clang-19)", file=sys.stderr)
        sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = ("dmss.h", "dmss_config.h", "dmss_control.h", "dmss_events.h")
OUTPUT = HERE / "dmss.json"
Kind, Type = cindex.CursorKind, cindex.TypeKind

PRIMITIVES = {Type.VOID: "void", Type.INT: "int32", Type.CHAR_S: "char", Type.UCHAR: "uint8", Type.SCHAR: "int8", Type.FLOAT: "float",
              Type.DOUBLE: "double"}
BY_TYPEDEF = {"int8_t": "int8", "uint8_t": "uint8", "int16_t": "int16", "uint16_t": "uint16", "int32_t": "int32",
              "uint32_t": "uint32", "int64_t": "int64", "uint64_t": "uint64", "size_t": "size"}


def describe_type(t):
    """{"type": "int32"}, {"type": "dmss_str", "const": true, "pointers": 1}, {"type": "uint8", "array": 16}"""
    out = {}
    if t.kind == Type.CONSTANTARRAY:
        out = describe_type(t.element_type)
        out["array"] = [t.element_count] + out.get("array", [])
        return out
    pointers = 0
    while t.kind == Type.POINTER:
        pointers += 1
        t = t.get_pointee()
    name = t.spelling.replace("const ", "").replace("struct ", "").strip()
    if name in BY_TYPEDEF:
        name = BY_TYPEDEF[name]
    elif t.kind in PRIMITIVES:
        name = PRIMITIVES[t.kind]
    elif not name.startswith("dmss_"):
        raise SystemExit(f"describe.py: no name for the type {t.spelling}")
    out["type"] = name
    if t.is_const_qualified():
        out["const"] = True
    if pointers:
        out["pointers"] = pointers
    return out


def comment(cursor):
    text = cursor.raw_comment
    if not text:
        return None
    lines = [line.strip().lstrip("/").strip("*").strip() for line in text.removesuffix("*/").splitlines()]
    text = " ".join(line for line in lines if line)
    return None if not text or set(text) <= set("- ") or text.startswith("----") else text


def with_notes(cursor, out):
    """Annotations, and what the comment says."""
    for child in cursor.get_children():
        if child.kind != Kind.ANNOTATE_ATTR:
            continue
        word, _, value = child.displayname.partition(":")
        out[word] = value if value else True
    if text := comment(cursor):
        out["doc"] = text
    return out


def parameter(cursor):
    return with_notes(cursor, {"name": cursor.spelling, **describe_type(cursor.type)})


def parameters(cursor):
    return [parameter(p) for p in cursor.get_children() if p.kind == Kind.PARM_DECL]


def is_function_pointer(cursor):
    t = cursor.underlying_typedef_type
    return t.kind == Type.POINTER and t.get_pointee().get_canonical().kind == Type.FUNCTIONPROTO


def describe_header(name, out):
    unit = cindex.Index.create().parse(str(HERE / "include" / name),
                                       args=["-x", "c", "-std=c11", "-DDMSS_ANNOTATE", "-fparse-all-comments"],
                                       options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
    problems = [d for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
    if problems:
        raise SystemExit("\n".join(str(d) for d in problems))
    defined = set()
    for cursor in unit.cursor.get_children():
        if not cursor.location.file or pathlib.Path(cursor.location.file.name).name != name:
            continue
        if cursor.kind == Kind.MACRO_DEFINITION:
            defined.add(cursor.spelling)
        elif cursor.kind == Kind.ENUM_DECL:
            constants = [with_notes(c, {"name": c.spelling, "value": c.enum_value}) for c in cursor.get_children()]
            out["enums"].append(with_notes(cursor, {"header": name, "constants": constants}))
        elif cursor.kind == Kind.TYPEDEF_DECL and is_function_pointer(cursor):
            result = cursor.underlying_typedef_type.get_pointee().get_canonical().get_result()
            out["callbacks"].append(with_notes(cursor, {"header": name, "name": cursor.spelling, "returns": describe_type(result),
                                                        "parameters": parameters(cursor)}))
        elif cursor.kind == Kind.STRUCT_DECL and cursor.is_definition():
            fields = [parameter(f) for f in cursor.get_children() if f.kind == Kind.FIELD_DECL]
            out["structs"].append(with_notes(cursor, {"header": name, "name": cursor.spelling, "fields": fields}))
        elif cursor.kind == Kind.STRUCT_DECL:
            out["handles"].append({"header": name, "name": cursor.spelling})
        elif cursor.kind == Kind.FUNCTION_DECL:
            out["functions"].append(with_notes(cursor, {"header": name, "name": cursor.spelling,
                                                        "returns": describe_type(cursor.result_type),
                                                        "parameters": parameters(cursor)}))
    for struct in out["structs"]:
        initialiser = struct["name"].upper() + "_INIT"
        if initialiser in defined:
            struct["init"] = initialiser


def describe():
    cindex.Config.set_library_file("libclang-19.so.1")
    out = {"abi": None, "handles": [], "enums": [], "structs": [], "callbacks": [], "functions": []}
    text = (HERE / "include" / "dmss.h").read_text()
    out["abi"] = int(text.split("#define DMSS_ABI_VERSION ")[1].split("u")[0])
    for name in HEADERS:
        describe_header(name, out)
    complete = {s["name"] for s in out["structs"]}
    seen = set()
    out["handles"] = [h for h in out["handles"]
                      if h["name"] not in complete and not (h["name"] in seen or seen.add(h["name"]))]
    return to_text(out)


def to_text(out):
    """One line a declaration, so that a change is a change of its line."""
    parts = []
    for key, value in out.items():
        if isinstance(value, list):
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f'"{key}": [\n  {rows}\n ]')
        else:
            parts.append(f'"{key}": {json.dumps(value)}')
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        raise SystemExit(__doc__)
    text = describe()
    if sys.argv[1:]:
        if not OUTPUT.exists() or OUTPUT.read_text() != text:
            raise SystemExit(f"{OUTPUT.name} is not what the headers say: run bindings/c/describe.py")
        return
    OUTPUT.write_text(text)


if __name__ == "__main__":
    main()
