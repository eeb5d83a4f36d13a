"""Python's traps and the house's rules: none in src/ruban, and each rule is seen to bite."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import ROOT, kept_files, modules
from tests.house.traps import TRAPS, Trap

MAX_LINES = 400
BITES = {
    "assert": ["assert x"],
    "splitlines": ["text.splitlines()"],
    "bare split": ["text.split()", "text.split(None, 1)", "text.rsplit(maxsplit=1)"],
    "json.loads": ["json.loads(x)", "json.load(f)", "from json import loads\nloads(x)"],
    "other deserialisers": ["yaml.load(x)", "pickle.loads(x)", "eval(x)"],
    "lenient hex and base64": ["bytes.fromhex(x)", "import base64", "from binascii import unhexlify"],
    "int of text": ["int(text)", "int(match.group(1))", "int(text, 16)", "int(entry['n'])"],
    "$ in a pattern": ["re.compile(r'^a$')", "re.match(rb'a$', x)"],
    "randomness by another door": ["import random", "from secrets import token_bytes", "os.urandom(8)"],
    "a verifier that answers or shrugs": [
        "def verify_x(a: int) -> bool:\n    return check(a)",
        "def verify_x(a):\n    check(a)",
        "def verify_x(a) -> None:\n    'Accept only if it holds.'",
        "def verify_x(a) -> None:\n    pass",
    ],
    "a loose dataclass": ["@dataclass\nclass A: ...", "@dataclasses.dataclass(frozen=True)\nclass A: ..."],
    "a sentence that is not written where it is said": [
        "Message(text)",
        "_(f'{n} x')",
        "Message('a' if x else b, n=1)",
    ],
    "except of everything": ["try:\n    f()\nexcept:\n    pass", "try:\n    f()\nexcept BaseException:\n    pass"],
    "clock, disk and screen below the store": [
        "open(p)",
        "print(1)",
        "datetime.now(UTC)",
        "date.today()",
        "os.environ",
    ],
}
PASSES = [
    "text.split('\\n')\ntext.split(sep=',')",
    "int(round(x))\nint(a == b)\nint('7')\nint(n // 2)",
    "re.compile(r'a\\$\\Z')",
    "def verify_x(a: int) -> None:\n    check(a)",
    "@dataclass(frozen=True, slots=True, kw_only=True)\nclass A: ...",
    "Message('{n} x', n=1)\n_('a' if x else 'b')\nngettext(language, 'a', 'b', n)",
    "try:\n    f()\nexcept BaseException:\n    close()\n    raise",
    "try:\n    f()\nexcept ValueError:\n    pass",
]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_no_module_falls_into_the_trap(trap: Trap) -> None:
    found = [
        f"src/ruban/{path}:{getattr(node, 'lineno', 0)}"
        for path, tree in modules().items()
        if trap.holds_in(path)
        for node in trap.broken_by(tree)
    ]
    assert not found, f"{trap.name}: {trap.why}: {', '.join(found)}"


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_the_trap_bites_on_each_example(trap: Trap) -> None:
    assert BITES[trap.name]
    for example in BITES[trap.name]:
        assert list(trap.broken_by(ast.parse(example))), example


@pytest.mark.parametrize("example", PASSES)
def test_no_trap_bites_on_what_is_right(example: str) -> None:
    assert not [trap.name for trap in TRAPS if list(trap.broken_by(ast.parse(example)))]


def test_files_where_a_trap_is_allowed_exist() -> None:
    missing = [path for trap in TRAPS for path in trap.allowed_in if not any(m.startswith(path) for m in modules())]
    assert not missing


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [path for path in modules() if drawers & set(path.removesuffix(".py").split("/"))]


def test_no_source_file_is_longer_than_400_lines() -> None:
    sources = [f for f in kept_files() if f.suffix in {".py", ".ts"} and "third_party" not in f.parts]
    assert len(sources) > 20
    lengths = {f.relative_to(ROOT).as_posix(): f.read_bytes().count(b"\n") for f in sources}
    assert not {name: lines for name, lines in lengths.items() if lines > MAX_LINES}


def test_every_module_says_what_it_is() -> None:
    silent = [path for path, tree in modules().items() if tree.body and not ast.get_docstring(tree)]
    assert not silent
