"""Pictures of every page for docs/screenshots, from a real server in Chromium: `python3 run.py screenshots`.

A wide light one in English, and a narrow dark one in French: between them both languages, widths and colour schemes.
"""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ruban.record.member import comment, sign_by_name, sign_unnamed
from ruban.service.publish_update import publish_update
from ruban.service.release import release
from ruban.service.submit import submit
from tests.house.source import ROOT
from tests.journeys.chromium import CHROMIUM
from tests.server import Running, give_page, serving
from tests.service.cast import DAY, Cast, cast_of

FOLDER = ROOT / "docs" / "screenshots"
LOOKS = (("wide-en", "en", "light", 1280), ("narrow-fr", "fr", "dark", 320))
PEOPLE = 90


def _staged(folder: Path) -> tuple[bytes, list[str]]:
    """A group of ninety whose letter most have signed, one way or the other; the identifier, and two codes left."""
    with cast_of(folder, entitled=PEOPLE, enrolled=PEOPLE - 2, window=0) as cast:
        cast.now = int(time.time())
        letter = cast.open_letter(5 * DAY, threshold=60)
        _sign(cast, letter.letter_id)
        publish_update(cast.keeper, letter, {"en": "The board has asked us to a meeting on Monday."}, cast.now)
        return letter.letter_id, [one.code for one in cast.invited[-len(LOOKS) :]]


def _sign(cast: Cast, letter_id: bytes) -> None:
    letter = cast.keeper.state.letters[letter_id]
    for member in range(60):
        by_name = member % 3 == 0
        made = (
            sign_by_name(cast.keeper.state, letter, cast.secrets[member], cast.name(member))
            if by_name
            else sign_unnamed(cast.keeper.state, letter, cast.secrets[member])
        )
        submit(cast.keeper, made, cast.now)
    release(cast.keeper, cast.now)
    submit(cast.keeper, comment(cast.keeper.state, letter, cast.secrets[0], "For those who come after us."), cast.now)
    release(cast.keeper, cast.now)


def _take(page: Page, name: str, look: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=True)


def _of_members(context: BrowserContext, at: str, language: str, token: str, code: str, look: str) -> None:
    page = context.new_page()
    letter = f"{at}/{language}/letters/{token}"
    for name, address in (
        ("group", f"{at}/{language}/"),
        ("letter", f"{letter}/"),
        ("names", f"{letter}/names/"),
        ("check", f"{letter}/check/"),
        ("doubt", f"{letter}/doubt/"),
        ("enrol", f"{at}/{language}/enrol/"),
        ("nothing", f"{at}/{language}/nowhere/"),
    ):
        page.goto(address)
        _take(page, name, look)
    page.goto(f"{at}/{language}/enrol/#{code}")
    page.locator("[data-stage=whose]").wait_for()
    _take(page, "enrol-whose", look)
    page.locator("[data-stage=whose] button.main").click()
    page.locator("[data-stage=done]").wait_for()
    _take(page, "enrolled", look)
    page.goto(f"{letter}/sign/")
    page.locator("[data-stage=ready]").wait_for()
    _take(page, "sign", look)
    page.goto(f"{at}/{language}/device/")
    page.wait_for_timeout(500)
    _take(page, "device", look)


def _of_organisers(browser: Browser, server: Running, token: str) -> None:
    found = re.search(r"http://\S+/organiser/link/\S+", server.log.read_text("utf-8"))
    if found is None:
        raise RuntimeError("no link of an organiser")
    context = browser.new_context()
    page = context.new_page()
    page.goto(found[0])
    page.locator("main button").first.click()
    at = f"http://{server.host}/organiser"
    for look, language, scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 720})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for name, path in (
            ("organiser", ""),
            ("organiser-people", "people/"),
            ("organiser-settings", "settings/"),
            ("organiser-letters", "letters/"),
            ("organiser-letter", f"letters/{token}/"),
            ("organiser-new-letter", "letters/new/"),
            ("organiser-update", f"letters/{token}/update/"),
            ("organiser-strike", f"letters/{token}/strike/?q=member+3"),
        ):
            page.goto(f"{at}/{path}{'&' if '?' in path else '?'}lang={language}")
            _take(page, name, look)
    context.close()


def _of_beginning(browser: Browser, folder: Path) -> None:
    """What a first-time organiser sees before there is a group."""
    with serving(folder) as server:
        found = re.search(r"http://\S+/organiser/link/\S+", server.log.read_text("utf-8"))
        if found is None:
            raise RuntimeError("no link of an organiser")
        page = browser.new_context().new_page()
        page.goto(found[0])
        _take(page, "organiser-link", "wide-en")
        page.locator("main button").first.click()
        for look, language, scheme, width in LOOKS:
            page.set_viewport_size({"width": width, "height": 720})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(f"http://{server.host}/organiser/?lang={language}")
            _take(page, "organiser-begin", look)
        page.context.close()


def main() -> None:
    """Take them all anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        folder = Path(name) / "data"
        folder.mkdir(mode=0o700)
        letter_id, codes = _staged(folder)
        with serving(folder) as server:
            token = give_page(folder, letter_id, public=True)
            for (look, language, scheme, width), code in zip(LOOKS, codes, strict=True):
                context = browser.new_context(
                    viewport={"width": width, "height": 720},
                    color_scheme="dark" if scheme == "dark" else "light",
                    locale=language,
                )
                _of_members(context, f"http://{server.host}/cast", language, token, code, look)
                context.close()
            _of_organisers(browser, server, token)
        _of_beginning(browser, Path(name) / "new")
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
