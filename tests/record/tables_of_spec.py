"""Makes the tables of spec/record.md that follow from record/kinds.py, between their markers."""

from __future__ import annotations

from pathlib import Path

from ruban.record.kinds import KINDS, Fields, Kind

SPEC = Path(__file__).resolve().parents[2] / "spec" / "record.md"
BEGIN, END = "<!-- made from record/kinds.py: begin -->\n", "<!-- made from record/kinds.py: end -->\n"


def _rows(fields: Fields, optional: frozenset[str] = frozenset()) -> list[str]:
    rows = []
    for name, (kind, meaning) in fields.items():
        words = kind.words.replace("|", "\\|")
        rows.append(f"| `{name}`{' (optional)' if name in optional else ''} | {words} | {meaning} |\n")
    return rows


def table_of(kind: Kind) -> str:
    """One kind: meaning, who vouches for it, fields, and those of its variants."""
    lines = [f"### `{kind.name}`\n\n{kind.meaning} Vouched for by {kind.vouched_by}.\n\n"]
    lines += ["| field | holds | meaning |\n|---|---|---|\n", *_rows(kind.fields, kind.optional)]
    for name, fields in kind.variants:
        lines.append(f"| `{kind.variant_field}` | `{name}` | {'with' if fields else 'no more fields'} |\n")
        lines += _rows(fields)
    return "".join(lines)


def tables() -> str:
    """All kinds, in the order of the code."""
    return "\n" + "\n".join(table_of(kind) for kind in KINDS.values()) + "\n"


def with_tables(spec: str) -> str:
    """The specification with its tables made anew; ValueError without the markers."""
    before, found, rest = spec.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError("spec/record.md lacks the markers of its tables")
    return before + BEGIN + tables() + END + after


def write_tables() -> None:
    """Bring the specification up to date."""
    SPEC.write_text(with_tables(SPEC.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write_tables()
