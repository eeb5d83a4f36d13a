"""spec/record.md says what the code does: tables made from it, limits its constants, steps beside it, examples real."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from ruban.record.commitment import parse_opening, verify_opening
from ruban.record.entry import parse_entry
from ruban.record.kinds import KINDS
from tests.record.tables_of_spec import SPEC, with_tables
from tests.record.vectors_of_record import FOLDER

ROOT = Path(__file__).resolve().parents[2]
TEXT = SPEC.read_text(encoding="utf-8")
SOURCES = [
    *sorted((ROOT / "src/ruban/record").rglob("*.py")),
    *sorted((ROOT / "src/ruban/audit").rglob("*.py")),
    ROOT / "src/ruban/published.py",
]


def _examples(name: str) -> list[bytes]:
    return [found.encode() for found in re.findall(rf"^```{name}\n(.*?)\n```$", TEXT, re.MULTILINE | re.DOTALL)]


def test_the_tables_are_made_from_the_kinds() -> None:
    assert with_tables(TEXT) == TEXT, "run `python -m tests.record.tables_of_spec`"
    for kind in KINDS.values():
        assert f"### `{kind.name}`\n" in TEXT


def test_a_field_more_would_make_the_tables_stale() -> None:
    assert with_tables(TEXT.replace("| `slots` |", "| `slot` |")) == TEXT


def test_the_examples_are_those_of_the_small_record() -> None:
    entries = (FOLDER / "entries.txt").read_bytes().split(b"\n")
    examples = _examples("entry")
    assert [parse_entry(example).kind for example in examples] == ["batch", "erasure"]
    assert set(examples) <= set(entries)
    [line] = _examples("opening")
    assert line in (FOLDER / "small/payloads/000").read_bytes().split(b"\n")
    opening = parse_opening(line)
    assert opening.payload.decode() == "Hôtel de l'Ours"
    verify_opening(parse_entry(entries[0]).bytes_of("title"), opening)


def test_every_limit_in_the_code_is_listed_with_its_value() -> None:
    listed = dict(re.findall(r"^\| `(MAX_\w+)` \| (\d+) \|", TEXT, re.MULTILINE))
    in_code = {}
    for source in SOURCES:
        name = ".".join(source.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
        for limit in re.findall(r"^(MAX_\w+)(?:: int)? =", source.read_text(encoding="utf-8"), re.MULTILINE):
            in_code[limit] = str(getattr(importlib.import_module(name), limit))
    assert listed == in_code


def test_every_step_of_an_audit_stands_in_the_code_that_takes_it() -> None:
    steps = re.findall(r"^- (7\.\d) ", TEXT, re.MULTILINE)
    assert steps == [f"7.{number}" for number in range(1, 10)]
    verify = (ROOT / "src/ruban/audit/verify.py").read_text(encoding="utf-8")
    comments = re.findall(r'(?:# |""")((?:7\.\d(?:, | and | )?)+)', verify)
    assert {step for comment in comments for step in re.findall(r"7\.\d", comment)} == set(steps)


def test_every_section_that_the_code_refers_to_exists() -> None:
    sections = set(re.findall(r"^## (\d)\. ", TEXT, re.MULTILINE)) | set(
        re.findall(r"^- (\d\.\d+) ", TEXT, re.MULTILINE)
    )
    referred = set()
    for source in (ROOT / "src/ruban").rglob("*.py"):
        for numbers in re.findall(
            r"spec/record\.md,? (?:sections? )?([\d., and]+)", source.read_text(encoding="utf-8")
        ):
            referred |= set(re.findall(r"\d(?:\.\d+)?", numbers))
    assert {"1", "2", "3", "4", "5", "6", "7", "6.4", "7.8"} <= referred
    assert referred <= sections
