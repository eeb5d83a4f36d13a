"""What a screen reader is given on the way from invitation to withdrawal, kept in both languages and read by people.

`RUBAN_WRITE_TRANSCRIPTS=1` writes them anew, into tests/journeys/transcripts.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import MakeContext
from tests.journeys.stage import PHONE, Stage, staged

FOLDER = Path(__file__).parent / "transcripts"


class Transcript:
    """The accessibility tree of each step, without what differs from run to run."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def take(self, step: str, page: Page) -> None:
        tree = page.locator("body").aria_snapshot()
        tree = re.sub(r"(/letters/)[a-z2-7]{26}", r"\1TOKEN", tree)
        tree = re.sub(r"localhost:[0-9]+", "localhost:PORT", tree)
        tree = re.sub(r"#[0-9A-Z-]{17}", "#CODE", tree)
        tree = re.sub(r"[0-9]{1,2}(?:er)? [^\W\d]+ [0-9]{4}(?:,| at| à)? [0-9]{2}:[0-9]{2}(?: UTC)?", "TIME", tree)
        self.steps.append(f"# {step}\n{tree}\n")

    def text(self) -> str:
        return "\n".join(self.steps)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_way_from_invitation_to_withdrawal_as_it_is_read_aloud(
    tmp_path: Path, context: MakeContext, language: str
) -> None:
    transcript = Transcript()
    with staged(tmp_path) as stage:
        page = context(**PHONE, locale=language).new_page()
        _walk(stage, page, language, transcript)
    kept = FOLDER / f"member.{language}.txt"
    if os.environ.get("RUBAN_WRITE_TRANSCRIPTS"):
        FOLDER.mkdir(exist_ok=True)
        kept.write_text(transcript.text(), "utf-8")
    assert transcript.text() == kept.read_text("utf-8")


def _walk(stage: Stage, page: Page, language: str, transcript: Transcript) -> None:
    at = stage.at + f"/{language}"
    letter = stage.letter.replace("/cast/", f"/cast/{language}/")
    page.goto(f"{at}/enrol/")
    transcript.take("enrol", page)
    page.goto(f"{at}/enrol/#{stage.codes[0]}")
    expect(page.locator("[data-stage=whose]")).to_be_visible()
    transcript.take("whose invitation it is", page)
    page.locator("[data-stage=whose] button.main").click()
    expect(page.locator("[data-stage=done] [data-if=on-roll]")).to_be_visible()
    transcript.take("enrolled", page)
    page.goto(f"{letter}/")
    transcript.take("the letter", page)
    page.goto(f"{letter}/sign/")
    expect(page.locator("[data-stage=ready]")).to_be_visible()
    transcript.take("how to sign", page)
    page.locator("[data-stage=ready] button.main").click()
    expect(page.locator("[data-stage=confirm]")).to_be_visible()
    transcript.take("confirm", page)
    page.locator("[data-stage=confirm] button.main").click()
    expect(page.locator("[data-stage=sent] h2[data-if=recorded]")).to_be_visible()
    transcript.take("recorded", page)
    page.reload()
    expect(page.locator("[data-stage=used] [data-if=can-change]").first).to_be_visible()
    transcript.take("what one can still do", page)
