"""The accessibility tree of each step of a way through the pages, kept in both languages and read by people."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).parent / "transcripts"


class Transcript:
    """The accessibility tree of each step, without what differs from run to run."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def take(self, step: str, page: Page) -> None:
        tree = page.locator("body").aria_snapshot()
        tree = re.sub(r"\b[a-z2-7]{26}\b", "TOKEN", tree)
        tree = re.sub(r"localhost:[0-9]+", "localhost:PORT", tree)
        tree = re.sub(r"#[0-9A-Z-]{17}", "#CODE", tree)
        tree = re.sub(r"\b[0-9a-f]{64}\b", "HASH", tree)
        tree = re.sub(r"[0-9]{1,2}(?:er)? [^\W\d]+ [0-9]{4}(?:,| at| à)? [0-9]{2}:[0-9]{2}(?: UTC)?", "TIME", tree)
        tree = re.sub(r"[0-9]{1,2}(?:er)? [^\W\d]+ [0-9]{4}", "DAY", tree)
        tree = re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2})?", "DATE", tree)
        self.steps.append(f"# {step}\n{tree}\n")

    def is_as_kept(self, name: str) -> None:
        """Compare with what is kept under this name; RUBAN_WRITE_TRANSCRIPTS=1 keeps this one instead."""
        kept = FOLDER / f"{name}.txt"
        said = "\n".join(self.steps)
        if os.environ.get("RUBAN_WRITE_TRANSCRIPTS"):
            FOLDER.mkdir(exist_ok=True)
            kept.write_text(said, "utf-8")
        assert said == kept.read_text("utf-8")
