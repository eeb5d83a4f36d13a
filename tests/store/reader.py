"""Run as a process: `python -m tests.store.reader FOLDER` opens a store and says as JSON how it was refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ruban.errors import RubanError
from tests.store.group_log import reopen


def main(folder: Path) -> None:
    """One line: the kind of the error, what it wanted, and whether it says what to do; null if it opened."""
    refusal: dict[str, object] | None = None
    try:
        reopen(folder).close()
    except RubanError as error:
        refusal = {"refusal": type(error).__name__, "expected": str(error.expected), "hint": bool(error.hint)}
    print(json.dumps(refusal))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
