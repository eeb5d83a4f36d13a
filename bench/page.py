"""What a member waits for in Chromium at N = 770: the page, and the proof, after five seconds of reading and at once.

The proof is ready when the browser begins to send it. Each figure is the median of as many members as `--members`, each
with a browser of their own.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench._machine import arguments, machine, write
from tests.server import give_page, serving
from tests.service.cast import DAY, cast_of

PEOPLE = 770
READING_SECONDS = 5.0


def _sign(browser: Browser, at: str, letter: str, code: str, reading: float) -> dict[str, float]:
    """Enrol, open the page, wait as long as one reads, sign without a name; milliseconds."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{at}/enrol/#{code}")
    page.get_by_role("button", name="Yes, enrol me").click()
    page.get_by_role("heading", name="You are enrolled").wait_for(timeout=60_000)
    page.close()
    page = context.new_page()
    sent: list[float] = []
    page.on("request", lambda request: sent.append(time.perf_counter()) if request.url.endswith("/submit") else None)
    began = time.perf_counter()
    page.goto(f"{letter}/sign/")
    page.get_by_role("heading", name="How do you want to sign?").wait_for()
    usable = time.perf_counter() - began
    page.wait_for_timeout(reading * 1000)
    page.get_by_role("button", name="Continue").click()
    pressed = time.perf_counter()
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_role("heading", name="Recorded").wait_for(timeout=60_000)
    recorded = time.perf_counter() - pressed
    context.close()
    return {"usable": usable * 1000, "proof": (sent[0] - pressed) * 1000, "recorded": recorded * 1000}


def _medians(runs: list[dict[str, float]]) -> dict[str, int]:
    return {f"{name}_ms": round(statistics.median(run[name] for run in runs)) for name in runs[0]}


def main() -> None:
    """Measure, print, and write the file if one is named."""
    parser = arguments(__doc__)
    parser.add_argument("--members", type=int, default=5, help="members for each figure")
    chosen = parser.parse_args()
    chromium = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir(mode=0o700)
        new = 2 * chosen.members
        with cast_of(folder, entitled=PEOPLE, enrolled=PEOPLE - new, window=0) as cast:
            cast.now = int(time.time())
            letter = cast.open_letter(5 * DAY)
            codes = [cast.invited[member].code for member in range(PEOPLE - new, PEOPLE)]
        with serving(folder) as server, sync_playwright() as playwright:
            token = give_page(folder, letter.letter_id)
            at = f"http://{server.host}/cast"
            browser = playwright.chromium.launch(executable_path=chromium)
            version = browser.version
            address = f"{at}/letters/{token}"
            read = [_sign(browser, at, address, code, READING_SECONDS) for code in codes[: chosen.members]]
            cold = [_sign(browser, at, address, code, 0.0) for code in codes[chosen.members :]]
            browser.close()
    result: dict[str, Any] = {
        "machine": machine("playwright") | {"chromium": version},
        "people": PEOPLE,
        "members": chosen.members,
        "after reading for five seconds": _medians(read),
        "at once": _medians(cold),
    }
    write(result, chosen.out)


if __name__ == "__main__":
    main()
