#!/usr/bin/env python3
"""Holds the table of modules against the includes of the sources, and their types apart.

A module may include itself, what the table names, and what those may include in turn. All modules
share the include root src/, so neither the compiler nor the linker guards the layers. Nor do they see
two types of one name in one namespace where no source includes both: the program then has the members
of one and the destructor of the other.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# HACKING.md explains the modules; "workers" are the runtimes' programs beside src/, "python" is the
# extension module of the package, "wattfor" the headers that programs include.
MAY_INCLUDE = {
    "base": set(),
    "units": {"base"},
    "measurement": {"base", "units"},
    "sensor": {"response", "base", "units"},
    "response": {"measurement", "units", "base"},
    "recording": {"response", "measurement", "base"},
    "simulation": {"sensor", "response", "recording"},
    "calibration": {"sensor", "response"},
    "meter": {"sensor", "response", "measurement"},
    "bench": {"meter", "measurement", "base"},
    "workers": {"bench", "base"},
    "store": {"measurement", "base"},
    "tracking": {"meter", "store"},
    "process": {"tracking", "meter", "simulation"},
    "wattfor": set(),
    "c_api": {"process", "wattfor"},
    "analysis": {"measurement", "units", "base"},
    "dataset": {"measurement", "base"},
    "document": {"measurement", "units", "base"},
    "report": {"document", "store", "analysis", "dataset", "meter", "recording"},
    "server": {"report"},
    "cli": {
        "server", "report", "bench", "workers", "tracking", "store", "dataset", "meter", "recording", "calibration",
        "simulation",
    },
    "python": {"process", "report"},
}
BESIDE_SRC = {"workers": "workers", "python": "python/bindings", "wattfor": "include/wattfor"}

# Headers that these modules alone may include.
RESERVED = {
    "sqlite3.h": {"store"},
    "CLI/": {"cli"},
    "sodium": {"base"},
    "dlfcn.h": {"base"},
    "Eigen/": {"analysis", "response"},
    "cairo": {"document"},
    "ft2build.h": {"document"},
    "boost/asio": {"server"},
    "boost/beast": {"server"},
    "zlib.h": {"server"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)
# What may hold a brace or a word that is none of the code's; separators of digits are no quotes.
NO_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL,
)
OPENS_NAMESPACE = re.compile(r"\bnamespace\s*([\w:]*)\s*$")
# The head of a definition, from the last brace or semicolon to its own brace.
DEFINES_TYPE = re.compile(
    r"(?:^|[\s>])(?:struct|class|union|enum(?:\s+(?:class|struct))?)\s+"
    r"(?:\[\[[^\]]*\]\]\s*|alignas\([^)]*\)\s*)*"
    r"([A-Za-z_][\w:]*(?:<[^{};]*?>)?)\s*(?:final\s*)?(?::(?!:)[^{};]*)?$"
)


def closure(table: dict[str, set[str]], module: str) -> set[str]:
    """Every module that `module` may include, itself among them."""
    reached, waiting = set(), [module]
    while waiting:
        current = waiting.pop()
        if current not in reached:
            reached.add(current)
            waiting.extend(table[current])
    return reached


def faults_of(path: Path, module: str, text: str, table: dict[str, set[str]]) -> list[str]:
    """The includes of one source that its module may not have, as 'file:line: reason'."""
    allowed = closure(table, module)
    faults = []
    for match in INCLUDE.finditer(text):
        quoted, header = match.group(1) == '"', match.group(2)
        line = text.count("\n", 0, match.start(1)) + 1
        target = header.split("/")[0]
        if quoted and target in table and target not in allowed:
            faults.append(f"{path}:{line}: {module} may not include {target} ({header})")
        for prefix, owners in RESERVED.items():
            if header.startswith(prefix) and module not in owners:
                only = " and ".join(sorted(owners))
                faults.append(f"{path}:{line}: only {only} may include {header}")
    return faults


def types_of(text: str) -> list[str]:
    """The types that a source defines in named namespaces, with their namespaces."""
    code = NO_CODE.sub(" ", text)
    code = re.sub(r"^\s*#.*(?:\\\n.*)*", "", code, flags=re.MULTILINE)
    types, open_scopes = [], []  # a scope is a namespace's name, or None where names are apart
    begin = 0
    for match in re.finditer(r"[{};]", code):
        head = " ".join(code[begin : match.start()].split())
        begin = match.end()
        if match.group() == "}" and open_scopes:
            open_scopes.pop()
        if match.group() != "{":
            continue
        namespace = OPENS_NAMESPACE.search(head)
        defined = DEFINES_TYPE.search(head)
        if defined and None not in open_scopes:
            types.append("::".join([*open_scopes, defined.group(1)]))
        open_scopes.append((namespace.group(1) or None) if namespace else None)
    return types


def clashes_of(sources: dict[Path, str]) -> list[str]:
    """Each type that more than one of the sources defines, as 'file: reason'."""
    first, faults = {}, []
    for path, text in sources.items():
        for name in dict.fromkeys(types_of(text)):
            if name in first:
                faults.append(f"{path}: {name} is defined in {first[name]} as well")
            first.setdefault(name, path)
    return faults


def main() -> int:
    faults = []
    sources = {}
    for module in MAY_INCLUDE:
        folder = ROOT / BESIDE_SRC.get(module, f"src/{module}")
        if not folder.is_dir():
            faults.append(f"{folder.relative_to(ROOT)}: the table names it and it is not there")
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".h", ".hpp", ".cpp")):
            name, text = path.relative_to(ROOT), path.read_text(encoding="utf-8")
            sources[name] = text
            faults += faults_of(name, module, text, MAY_INCLUDE)
    for folder in sorted((ROOT / "src").iterdir()):
        if folder.is_dir() and folder.name not in MAY_INCLUDE:
            faults.append(f"src/{folder.name}: a module that the table does not name")
    faults += clashes_of(sources)
    print("\n".join(faults) if faults else f"layers: {len(sources)} files hold to the table")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
