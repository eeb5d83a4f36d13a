#!/usr/bin/env python3
"""Write the vectors about the proof (README.md beside this file). The same bytes come out every time.

python vectors/generate.py
"""

import json
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from tests.reference import other_cases, proof_cases  # noqa: E402


def text_of(cases: list[dict[str, Any]]) -> str:
    """A list with one case a line, so that a change shows as the lines it changes."""
    lines = [json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def files() -> dict[str, str]:
    """The name of each file and its text."""
    made = {"proof.json": proof_cases.cases(), **other_cases.files()}
    return {name: text_of(cases) for name, cases in made.items()}


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
