"""What may not be written in src/ruban, each with the few files where it may: Python's traps and the house's rules.

A rule takes a syntax tree and yields the nodes that break it. Nothing here knows a type: where a rule needs one
(`int` of a stranger's text), it forbids the call everywhere but in the files listed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Rule = Callable[[ast.Module], Iterator[ast.AST]]

# Pure: no disk, clock or screen. `language` reads its own catalogue, as package data.
PURE = ("errors.py", "language.py", "published.py", "primitives/", "proof/", "record/", "log/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """One rule: what is wrong and why, where it holds and where it does not (beginnings of paths; all if empty)."""

    name: str
    why: str
    broken_by: Rule
    only_in: tuple[str, ...] = ()
    allowed_in: tuple[str, ...] = ()

    def holds_in(self, path: str) -> bool:
        return (not self.only_in or path.startswith(self.only_in)) and not path.startswith(self.allowed_in or ("\0",))


def dotted(node: ast.AST) -> str:
    """`a.b.c` as written; a call or subscript in it becomes `?`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _method(*names: str) -> Rule:
    return lambda tree: (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in names)


def _call_of(*names: str) -> Rule:
    return lambda tree: (c for c in _calls(tree) if dotted(c.func) in names)


def _imports(*roots: str) -> Rule:
    def broken_by(tree: ast.Module) -> Iterator[ast.AST]:
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name == root or name.startswith(root + ".") for name in names for root in roots):
                yield node

    return broken_by


def _bare_split(tree: ast.Module) -> Iterator[ast.AST]:
    for call in _calls(tree):
        named = {k.arg for k in call.keywords}
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"split", "rsplit"}:
            nothing = not call.args and "sep" not in named
            if nothing or (call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value is None):
                yield call


def _int_of_text(tree: ast.Module) -> Iterator[ast.AST]:
    """int(x), unless x is a literal, a comparison, arithmetic, or the result of a call that gives a number."""
    numeric = {"time.time", "round", "len", "sum", "min", "max", "abs", "math.ceil", "math.floor"}
    for call in _calls(tree):
        if dotted(call.func) == "int" and call.args:
            argument = call.args[0]
            number = isinstance(argument, (ast.Compare, ast.BinOp, ast.UnaryOp)) or (
                isinstance(argument, ast.Call)
                and (dotted(argument.func) in numeric or dotted(argument.func).endswith(".timestamp"))
            )
            if not (number or isinstance(argument, ast.Constant)) or len(call.args) > 1:
                yield call


def _dollar(tree: ast.Module) -> Iterator[ast.AST]:
    for call in _calls(tree):
        if dotted(call.func).startswith("re.") and call.args and isinstance(call.args[0], ast.Constant):
            pattern = call.args[0].value
            text = pattern.decode("latin-1") if isinstance(pattern, bytes) else str(pattern)
            if "$" in text.replace("\\$", ""):
                yield call


def _verifier_that_answers(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.lstrip("_").startswith("verify_"):
            says_none = isinstance(node.returns, ast.Constant) and node.returns.value is None
            only_docstring = all(isinstance(s, (ast.Pass, ast.Expr)) and not _does(s) for s in node.body)
            if not says_none or only_docstring:
                yield node


def _does(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, (ast.Call, ast.Await))


def _loose_dataclass(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                if dotted(call.func if call else decorator).endswith("dataclass"):
                    true = {k.arg for k in (call.keywords if call else []) if getattr(k.value, "value", None) is True}
                    if not {"frozen", "slots"} <= true:
                        yield node


def _sentence_from_elsewhere(tree: ast.Module) -> Iterator[ast.AST]:
    for call in _calls(tree):
        if dotted(call.func) in {"Message", "_", "ngettext"}:
            choices = [a for c in call.args[:1] for a in ([c.body, c.orelse] if isinstance(c, ast.IfExp) else [c])]
            # ngettext's first argument is the language.
            written = (ast.Constant, ast.Name) if dotted(call.func) == "ngettext" else ast.Constant
            if not choices or not all(isinstance(a, written) for a in choices):
                yield call


def _bare_except(tree: ast.Module) -> Iterator[ast.AST]:
    """`except:`, and `except BaseException` unless it ends by raising the same again."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            last = node.body[-1]
            raised_again = isinstance(last, ast.Raise) and last.exc is None
            if node.type is None or (dotted(node.type) == "BaseException" and not raised_again):
                yield node


TRAPS = (
    Trap(
        name="assert",
        why="python -O removes it",
        broken_by=lambda tree: (n for n in ast.walk(tree) if isinstance(n, ast.Assert)),
    ),
    Trap(name="splitlines", why="it splits at eight more characters than line feed", broken_by=_method("splitlines")),
    Trap(name="bare split", why="it splits at any white space and drops the empty parts", broken_by=_bare_split),
    Trap(
        name="json.loads",
        why="it accepts duplicate keys, NaN, floats and huge integers",
        broken_by=_call_of("json.loads", "json.load", "loads"),
        # The page's manifest is our own, from the build.
        allowed_in=("record/canonical.py", "web/pages.py"),
    ),
    Trap(
        name="other deserialisers",
        why="they run code, or guess types, from a stranger's bytes",
        broken_by=_call_of("pickle.loads", "pickle.load", "marshal.loads", "yaml.load", "eval", "exec"),
    ),
    Trap(
        name="lenient hex and base64",
        why="they accept white space, capitals and stray bits",
        broken_by=lambda tree: (
            n for rule in (_method("fromhex"), _imports("base64", "binascii", "codecs")) for n in rule(tree)
        ),
        # Besides the one door: fields whose lower-case hex a schema has checked just before.
        allowed_in=(
            *("primitives/encoding.py", "published.py", "record/"),
            *("service/enrol.py", "service/release.py", "people/table.py"),
        ),
    ),
    Trap(
        name="int of text",
        why='int("１２"), int("1_0") and int(" +4 ") are numbers to it',
        broken_by=_int_of_text,
        # Each reads only what a strict pattern, the JSON parser, a schema or our own database has already let in.
        allowed_in=(
            *("primitives/encoding.py", "log/tiles.py", "proof/ring.py"),
            *("record/canonical.py", "record/replay.py", "service/letter_time.py", "service/submit.py"),
            *("store/desk.py", "store/keys.py", "store/sqlite_files.py"),
            *("service/device_files.py", "manage/demo_serve.py", "web/configuration.py", "web/hot/asgi.py"),
            *("web/letters/views/names.py", "web/organiser/letter_form.py"),
        ),
    ),
    Trap(name="$ in a pattern", why="it also matches before a final line feed; write \\Z", broken_by=_dollar),
    Trap(
        name="randomness by another door",
        why="primitives/randomness.py is the only one, and is tested over its whole range",
        broken_by=lambda tree: (
            n for rule in (_imports("random", "secrets", "uuid"), _method("urandom", "getrandom")) for n in rule(tree)
        ),
        allowed_in=("primitives/randomness.py",),
    ),
    Trap(
        name="a verifier that answers or shrugs",
        why="a result can be ignored: verify_* returns None or raises, and does something",
        broken_by=_verifier_that_answers,
    ),
    Trap(
        name="a loose dataclass",
        why="values are frozen and slotted; only what a replay or an audit builds up as it goes is not",
        broken_by=_loose_dataclass,
        allowed_in=(
            "record/state.py",
            "record/replay.py",
            "audit/verify.py",
            "service/keeper.py",
            # What a form finds wrong, what waits in memory, how far a round of mail is.
            "web/organiser/begin.py",
            "web/organiser/letter_form.py",
            "web/organiser/letter_wishes.py",
            # The one context of a server, and its limits.
            "web/site.py",
            "web/rate.py",
            "web/organiser/holding.py",
            "web/organiser/mailing.py",
        ),
    ),
    Trap(
        name="a sentence that is not written where it is said",
        why="it cannot be collected for translation; write the literal in Message, _ or ngettext",
        broken_by=_sentence_from_elsewhere,
        # These make Messages anew from others' templates.
        allowed_in=(
            *("errors.py", "language.py", "cli/command.py", "cli/harmless.py"),
            *("people/findings.py", "web/speech.py"),
        ),
    ),
    Trap(name="except of everything", why="it hides the interrupt and the exit", broken_by=_bare_except),
    Trap(
        name="clock, disk and screen below the store",
        why="time and bytes come in as arguments",
        broken_by=lambda tree: (
            n
            for rule in (
                _call_of("open", "print", "input"),
                _method("utcnow", "today", "environ", "getenv", "read_text", "read_bytes", "write_text", "write_bytes"),
                _call_of("datetime.now", "datetime.datetime.now", "dt.datetime.now"),
            )
            for n in rule(tree)
        ),
        only_in=PURE,
    ),
)
