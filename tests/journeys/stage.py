"""What journeys of members share: a group with a letter behind a real server, devices, a stranger's recount."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.server import give_page, serving
from tests.service.cast import DAY, cast_of

PHONE = {"viewport": {"width": 360, "height": 740}}


@dataclass(frozen=True)
class Stage:
    """Where the group answers, its letter's page, and codes that nobody has used."""

    at: str
    letter: str
    codes: tuple[str, ...]
    names: tuple[str, ...]

    def enrol_link(self, member: int) -> str:
        return f"{self.at}/enrol/#{self.codes[member]}"


@contextmanager
def staged(folder: Path, port: int | None = None, **environment: str) -> Iterator[Stage]:
    """Twelve enrolled, four invited, one letter open now; released at once."""
    with cast_of(folder, entitled=16, window=0) as cast:
        cast.now = int(time.time())
        letter = cast.open_letter(5 * DAY)
        codes = tuple(cast.invited[member].code for member in range(12, 16))
        names = tuple(cast.name(member) for member in range(12, 16))
    with serving(folder, port, **environment) as server:
        token = give_page(folder, letter.letter_id, public=True)
        at = f"http://{server.host}/cast"
        yield Stage(at, f"{at}/letters/{token}", codes, names)


def counted(stage: Stage) -> str:
    """What a stranger's own recount says of the letter at its address."""
    command = [sys.executable, "-c", "from ruban.cli.main import main; main()", "verify", stage.letter, "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Device:
    """A member's browser on the group's pages in one language; steps are found by what the templates call them."""

    def __init__(self, stage: Stage, context: BrowserContext, language: str = "en") -> None:
        self.stage = stage
        self.language = language
        self.page: Page = context.new_page()

    def goto(self, path: str) -> None:
        """A page of the group, in this device's language."""
        self.page.goto(f"{self.stage.at}/{self.language}/{path}")

    def open_letter(self, path: str = "sign/") -> None:
        """The letter's page of that name."""
        token = self.stage.letter.rpartition("/")[2]
        self.goto(f"letters/{token}/{path}")

    def part(self, name: str) -> Locator:
        return self.page.locator(f'[data-part="{name}"]')

    def at(self, stage: str) -> Locator:
        """The step of this name, once it is shown."""
        found = self.page.locator(f'[data-stage="{stage}"]')
        expect(found).to_be_visible()
        return found

    def said(self, text: str) -> None:
        """That the page shows this text."""
        expect(self.page.get_by_text(text, exact=False).locator("visible=true").first).to_be_visible()

    def problem(self, name: str, text: str) -> None:
        """That the page says this problem, in these words."""
        shown = self.page.locator(f'[data-problem="{name}"]')
        expect(shown).to_be_visible()
        expect(shown).to_contain_text(text)

    def bring_code(self, member: int) -> None:
        self.goto(f"enrol/#{self.stage.codes[member]}")
        expect(self.at("whose").locator("[data-fill=name]")).to_have_text(self.stage.names[member])

    def enrol(self, member: int) -> None:
        """Enrol with secrets per letter, until the row stands in the record."""
        self.bring_code(member)
        self.part("enrol").click()
        self.enrolled()

    def enrolled(self) -> None:
        expect(self.at("done").locator("[data-if=on-roll]")).to_be_visible()

    def enrol_with_words(self, member: int, language: str) -> list[str]:
        """Enrol with a recoverable secret, and note its words in that list's language."""
        self.bring_code(member)
        self.part("more").locator("summary").click()
        self.page.locator("#kind-seed").check()
        self.part("enrol").click()
        self.at("words")
        self.page.locator(f"#words-{language}").check()
        self.part("show-words").click()
        expect(self.part("words-list").locator("li")).to_have_count(24)
        words = self.part("words-list").locator("li").all_inner_texts()
        for field, place in (("word-a", "word-a-place"), ("word-b", "word-b-place")):
            number = self.page.locator(f"[data-fill={place}]").inner_text()
            self.page.locator(f"#{field}").fill(words[int(number) - 1])
        self.part("words-form").locator("button").click()
        self.enrolled()
        return words

    def load_words(self, text: str) -> None:
        """On the page that signs: bring the secret of another device."""
        self.at("stranger").locator("summary").click()
        self.page.locator("#load-words").fill(text)
        self.part("load-words-form").locator("button").click()

    def ready(self, way: str) -> None:
        """On the page that signs: choose a way, and come to the question whether to."""
        self.at("ready").locator(f"#way-{way}").check()

    def confirm(self) -> None:
        self.at("ready").locator("button.main").click()
        self.at("confirm")

    def sign(self, way: str) -> None:
        """Sign, until it stands in the record."""
        self.open_letter()
        self.ready(way)
        self.confirm()
        self.part("sign").click()
        self.recorded()

    def recorded(self) -> None:
        expect(self.at("sent").locator("h2[data-if=recorded]")).to_be_visible()
