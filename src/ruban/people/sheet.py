"""Tables that people open in a spreadsheet: what others wrote into a cell stays text there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# A spreadsheet takes a cell that begins so for a formula; some read the wide signs like the narrow ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_written(cell: str) -> str:
    """The cell before it was made harmless: a table that comes back must name the same people."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]], *, line_end: str = "\r\n") -> str:
    """A table as CSV, in which every cell is harmless."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows([harmless_cell(cell) for cell in row] for row in rows)
    return text.getvalue()
