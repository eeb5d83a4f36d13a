"""Collect what people read from src/ and bring the catalogues up to date: `python3 run.py messages`.

Read from the syntax tree rather than by pybabel's tokens, because hints and expectations of errors are keyword and
second arguments, which pybabel's keywords cannot name.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import jinja2
import jinja2.nodes
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as PoMessage
from babel.messages.pofile import read_po, write_po

from ruban import errors

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ruban"
LOCALE = SOURCE / "locale"

ERRORS = {name for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.RubanError)}


def _literals(node: ast.AST) -> Iterator[str]:
    """The text of a literal, or of each branch of `a if x else b`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))


def _texts(call: ast.Call) -> Iterator[str | tuple[str, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    strings = [text for argument in call.args for text in _literals(argument)]
    if name == "ngettext" and len(strings) == 2:
        yield strings[0], strings[1]
    elif name == "say":
        yield from strings
    elif name in {"_", "Message"}:
        yield from (text for argument in call.args[:1] for text in _literals(argument))
    elif name in ERRORS:
        said = [*call.args[1:2], *(k.value for k in call.keywords if k.arg in {"expected", "hint"})]
        yield from (text for argument in said for text in _literals(argument))


def _of_templates() -> Iterator[str | tuple[str, str]]:
    """What `_` and `ngettext` say in the pages' templates."""
    environment = jinja2.Environment()
    for file in sorted((SOURCE / "web" / "templates").rglob("*.*")):
        for node in environment.parse(file.read_text("utf-8")).find_all(jinja2.nodes.Call):
            if isinstance(node.node, jinja2.nodes.Name) and node.node.name in {"_", "ngettext"}:
                said = [text for argument in node.args for text in _of_expression(argument)]
                if node.node.name == "ngettext":
                    yield said[0], said[1]
                else:
                    yield from said


def _of_expression(node: jinja2.nodes.Node) -> Iterator[str]:
    if isinstance(node, jinja2.nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, jinja2.nodes.CondExpr):
        yield from (*_of_expression(node.expr1), *(_of_expression(node.expr2) if node.expr2 else ()))


def extracted() -> set[str | tuple[str, str]]:
    """Every text of src/ that people read; a pair where it has a plural."""
    trees = (ast.parse(file.read_text("utf-8")) for file in SOURCE.rglob("*.py"))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {text for call in calls for text in _texts(call) if text} | set(_of_templates())


def _template() -> Catalog:
    template = Catalog(project="Ruban", version="", charset="utf-8", fuzzy=False)
    for text in extracted():
        template.add(text)
    return template


def _write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=110, sort_output=True, ignore_obsolete=True, no_location=True)


def _translated(message: PoMessage) -> bool:
    said = message.string
    return bool(said) if isinstance(said, str) else all(said or [""])


def main() -> None:
    template = _template()
    for path in sorted(LOCALE.rglob("*.po")):
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=path.parent.parent.name)
        born, revised = catalogue.creation_date, catalogue.revision_date
        catalogue.update(template, no_fuzzy_matching=True)
        # A date that changes with every run would be a difference in every commit.
        catalogue.creation_date, catalogue.revision_date = born, revised
        catalogue.msgid_bugs_address = catalogue.last_translator = ""
        _write(path, catalogue)
        missing = [m.id for m in catalogue if m.id and not _translated(m)]
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {len(missing)} without translation")
        for text in missing:
            print(f"  {text!r}")


if __name__ == "__main__":
    main()
