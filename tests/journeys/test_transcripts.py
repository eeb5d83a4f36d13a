"""What a screen reader is given on the way from invitation to withdrawal, kept in both languages and read by people.

`RUBAN_WRITE_TRANSCRIPTS=1` writes them anew, into tests/journeys/transcripts.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import MakeContext
from tests.journeys.stage import PHONE, Stage, staged
from tests.journeys.test_organiser import first_link
from tests.journeys.transcript import Transcript
from tests.server import Running, serving

PEOPLE = "name,email\nAnaïs Roy,a@x.example\nBo Li,b@x.example\nCy Ba,c@x.example\n"
LETTER = {
    "title-0": "To the board",
    "addressee-0": "The board of Meridian",
    "body-0": "We ask you to *listen*.",
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_way_from_invitation_to_withdrawal_as_it_is_read_aloud(
    tmp_path: Path, context: MakeContext, language: str
) -> None:
    transcript = Transcript()
    with staged(tmp_path) as stage:
        page = context(**PHONE, locale=language).new_page()
        _walk(stage, page, language, transcript)
    transcript.is_as_kept(f"member.{language}")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_way_from_a_first_link_to_a_closed_letter_as_it_is_read_aloud(
    tmp_path: Path, context: MakeContext, language: str
) -> None:
    transcript = Transcript()
    with serving(tmp_path / "data") as server:
        page = context(locale=language).new_page()
        codes = _begin(server, tmp_path, page, transcript)
        _enrol(context(**PHONE, locale=language).new_page(), f"http://{server.host}/atelier/enrol/#{codes[0]}")
        _write_and_open(server, page, transcript)
        _publish_and_close(page, transcript)
    transcript.is_as_kept(f"organiser.{language}")


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


def _begin(server: Running, folder: Path, page: Page, transcript: Transcript) -> list[str]:
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    page.goto(first_link(folder))
    transcript.take("the link that signs in once", page)
    page.locator("main button.main").click()
    transcript.take("begin a group", page)
    page.locator("[name=title]").fill("Atelier")
    page.locator("[name=name]").fill("Ada")
    (folder / "wrong.csv").write_text("name,email\nAnaïs Roy,nowhere\n,b@x.example\n", "utf-8")
    page.locator("[name=people]").set_input_files(folder / "wrong.csv")
    page.locator("main button.main").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    transcript.take("a list with errors", page)
    page.locator("[name=people]").set_input_files(folder / "people.csv")
    page.locator("main details").last.evaluate("one => { one.open = true }")
    page.locator("[name=window]").select_option("0")
    page.locator("main button.main").click()
    transcript.take("who is invited", page)
    page.locator("main button.main").click()
    transcript.take("the group has begun", page)
    page.locator("a[href*='/codes/']").first.click()
    transcript.take("the codes", page)
    with page.expect_download() as table:
        page.locator("a[href$='codes.csv']").click()
    codes = [row["code"] for row in csv.DictReader(io.StringIO(table.value.path().read_text("utf-8-sig")))]
    page.locator("a[href$='share/']").click()
    transcript.take("colleagues who hand them out", page)
    page.goto(f"http://{server.host}/organiser/people/")
    transcript.take("people", page)
    page.goto(f"http://{server.host}/organiser/settings/")
    transcript.take("organisers", page)
    return codes


def _enrol(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("[data-stage=whose] button.main").click()
    expect(page.locator("[data-stage=done] [data-if=on-roll]")).to_be_visible()


def _write_and_open(server: Running, page: Page, transcript: Transcript) -> None:
    page.goto(f"http://{server.host}/organiser/letters/new/")
    transcript.take("write a letter", page)
    for name, text in LETTER.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=demands-0]").fill("Publish the budget.")
    page.locator("button[name=more-demands]").first.click()
    expect(page.locator("[name=demands-0]").last).to_be_focused()
    page.keyboard.type("Answer us.")
    transcript.take("one more demand", page)
    page.locator("[name=title-0]").press("Enter")
    transcript.take("a draft, and how it opens", page)
    page.locator("main button.main").first.click()
    expect(page.locator("a[href$='update/']")).to_be_visible()
    transcript.take("an open letter", page)


def _publish_and_close(page: Page, transcript: Transcript) -> None:
    letter = page.url.partition("?")[0]
    page.goto(f"{letter}update/")
    transcript.take("news", page)
    page.locator("main textarea").first.fill("The board has asked us to a meeting.")
    page.locator("main button.main").click()
    transcript.take("news, looked at", page)
    page.locator("main button[name=publish]").click()
    transcript.take("news, published", page)
    page.goto(f"{letter}change/close/")
    transcript.take("close it", page)
    page.locator("[name=reason]").fill("The board has answered.")
    page.locator("main button.main").click()
    transcript.take("a closed letter", page)
    page.goto(f"{letter}strike/")
    transcript.take("hide a name", page)
