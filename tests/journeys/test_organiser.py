"""A first-time organiser in real Chromium: from an empty folder to an open letter that three members sign."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import MakeContext
from tests.journeys.stage import PHONE, Stage, counted
from tests.journeys.test_members import enrolled, signed
from tests.server import Running, serving

MOST_SCREENS_AND_FIELDS = 12


@dataclass
class Walk:
    """What an organiser meets on the way: each screen with a press, each field filled."""

    page: Page
    met: list[str] = field(default_factory=list)

    def fill(self, label: str, text: str) -> None:
        self.met.append(f"field: {label}")
        self.page.get_by_label(label, exact=True).first.fill(text)

    def press(self, name: str) -> None:
        heading = self.page.get_by_role("heading", level=1).inner_text()
        self.met.append(f"screen: {heading}")
        self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path / "data") as running:
        yield running


def begun(server: Running, walk: Walk, folder: Path) -> list[dict[str, str]]:
    """Sign in, begin the group with a list of three, and fetch the codes."""
    people = folder / "people.csv"
    people.write_text("name,email\nAnaïs Roy,a@x.example\nBo Li,b@x.example\nCy Ba,c@x.example\n", "utf-8")
    page = walk.page
    page.goto(first_link(folder))
    walk.press("Sign in")
    walk.fill("Name of the group", "Atelier")
    walk.fill("Your name", "Ada")
    walk.met.append("field: The list of those entitled")
    page.get_by_label("The list of those entitled").set_input_files(people)
    page.get_by_text("More: another number of entitled").click()
    page.get_by_label("How often signatures are published").select_option("0")
    walk.press("Look at it")
    expect(page.get_by_text("3 people are invited, of 3 entitled.")).to_be_visible()
    walk.press("Begin the group and make the codes")
    expect(page.get_by_role("heading", name="Write a letter")).to_be_visible()
    page.get_by_role("link", name="Get the codes").click()
    with page.expect_download() as cards:
        page.locator("a[href$='cards.pdf']").click()
    assert cards.value.path().read_bytes().startswith(b"%PDF")
    with page.expect_download() as table:
        page.locator("a[href$='codes.csv']").click()
    return list(csv.DictReader(io.StringIO(table.value.path().read_text("utf-8-sig"))))


def first_link(folder: Path) -> str:
    """The one-time link that the server printed when it started."""
    said = (folder / "data.serve.log").read_text("utf-8")
    found = re.search(r"http://\S+/organiser/link/\S+", said)
    assert found is not None, said
    return found[0]


def test_from_an_empty_folder_to_an_open_letter_that_is_signed(
    server: Running, tmp_path: Path, context: MakeContext
) -> None:
    page = context().new_page()
    walk = Walk(page)
    codes = begun(server, walk, tmp_path)
    at = f"http://{server.host}/atelier"
    names = tuple(row["name"] for row in codes)
    stage = Stage(at, "", tuple(row["code"] for row in codes), names)
    phones = [context(**PHONE) for _ in range(3)]
    pages = [enrolled(stage, phone, member) for member, phone in enumerate(phones)]

    page.goto(f"http://{server.host}/organiser/letters/new/")
    walk.fill("Title", "To the board")
    walk.fill("To whom", "The board")
    walk.fill("The letter", "We ask you to *listen*.")
    walk.fill("Demand 1", "Listen to us")
    walk.press("Save and look at it")
    walk.press("Open the letter for good")
    expect(page.get_by_text("The letter is in the record.")).to_be_visible()
    assert len(walk.met) <= MOST_SCREENS_AND_FIELDS, walk.met

    link = page.locator("p.mono a").inner_text()
    stage = Stage(at, link.rstrip("/"), stage.codes, names)
    signed(stage, pages[0], "With my name")
    said = counted(stage)
    assert "1 signed, of 3 enrolled, of 3 entitled" in said


def test_a_link_signs_in_once(server: Running, tmp_path: Path, context: MakeContext) -> None:
    first, second = context().new_page(), context().new_page()
    link = first_link(tmp_path)
    first.goto(link)
    second.goto(link)
    first.get_by_role("button", name="Sign in").click()
    expect(first.get_by_role("heading", name="Who are you, and who may sign?")).to_be_visible()
    second.get_by_role("button", name="Sign in").click()
    expect(second.get_by_text("This link does not work", exact=False)).to_be_visible()
