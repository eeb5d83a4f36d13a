"""Who enrols while a letter is open: the device keeps a choice for later, and a calendar file says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from ruban.service.release import release
from tests.journeys.conftest import MakeDevice
from tests.journeys.stage import Device, Stage
from tests.journeys.through import Through
from tests.service.cast import DAY, Cast, cast_of
from tests.web.states import page_of

REMINDER = {"en": "Reminder", "fr": "Rappel"}
LONGEST_WAIT_SECONDS = 6 * 3600
"""A kept choice is carried out at most so long after the time that it waited for."""


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    """What is sent waits for the end of a quarter of an hour, and the list grows at announced hours."""
    with cast_of(tmp_path, entitled=24) as made:
        yield made


@pytest.fixture
def hall(cast: Cast, through: Through) -> Stage:
    """A letter of two days: who enrols now waits for the next announced hour."""
    token = page_of(cast.open_letter(2 * DAY)).token
    at = f"http://{through.host}/group"
    invited = cast.invited[12:]
    names = tuple(one.person.name for one in invited)
    return Stage(at, f"{at}/letters/{token}", tuple(one.code for one in invited), names)


def open_again(phone: Device, cast: Cast, now: int) -> None:
    """The page is opened once more, at that time of the server's and of the device's."""
    cast.now = now
    release(cast.keeper, now)
    phone.page.context.clock.set_fixed_time(datetime.fromtimestamp(now, UTC))
    phone.open_letter()


def enrolled_late(phone: Device, cast: Cast) -> Locator:
    """The step of somebody whose row is on the list, and whom no signature can hide yet."""
    phone.bring_code(0)
    phone.part("enrol").click()
    expect(phone.page.locator("[data-if=checking]")).to_be_visible()
    cast.release()
    phone.enrolled()
    phone.open_letter()
    waiting = phone.at("wait")
    expect(waiting.locator("[data-if=epoch-known]")).to_be_visible()
    return waiting


def recorded(phone: Device, cast: Cast) -> None:
    """A signature is received, and recorded once the server may release it."""
    phone.at("sent")
    while signed(cast) == 0:
        cast.release()
    phone.recorded()


def others_enrol(cast: Cast) -> None:
    """Ten more come: the list grows at its next announced hour."""
    cast.enrol(range(14, 24))
    cast.release()


def keep(phone: Device, cast: Cast, way: str) -> None:
    enrolled_late(phone, cast).locator(f"#wish-{way}").check()
    phone.part("keep-wish").click()
    expect(phone.at("wished").locator(f"[data-if=wished-{way}]")).to_be_visible()


def terms(cast: Cast) -> tuple[int, int, int]:
    """The next announced signing time, from when names need not be shown, the closing."""
    [letter] = cast.keeper.state.letters.values()
    return next(at for at in letter.epochs_at if at > cast.now), letter.unnamed_from, letter.closing


def signed(cast: Cast) -> int:
    [letter] = cast.keeper.state.letters.values()
    return len(letter.signatures)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("way", ["unnamed", "name"])
def test_a_kept_choice_is_carried_out_when_the_page_is_opened_after_its_time(
    cast: Cast, device: MakeDevice, language: str, way: str
) -> None:
    phone = device(language)
    keep(phone, cast, way)
    next_time, unnamed_from, _ = terms(cast)
    ripe = max(next_time, unnamed_from if way == "unnamed" else 0) + LONGEST_WAIT_SECONDS
    others_enrol(cast)
    open_again(phone, cast, next_time - 60)
    phone.at("wished")
    assert signed(cast) == 0, "nothing is sent before"
    open_again(phone, cast, ripe)
    recorded(phone, cast)
    assert signed(cast) == 1
    phone.open_letter()
    expect(phone.at("used").locator(f"[data-if=stands-{way}]")).to_be_visible()
    assert signed(cast) == 1, "it is carried out once"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_kept_choice_outlasts_a_time_at_which_too_few_had_enrolled(
    cast: Cast, device: MakeDevice, tmp_path: Path, language: str
) -> None:
    phone = device(language)
    keep(phone, cast, "unnamed")
    next_time, _, closing = terms(cast)
    open_again(phone, cast, next_time + LONGEST_WAIT_SECONDS)
    phone.at("wished")
    assert says_nothing(phone, "calendar-wish", tmp_path, REMINDER[language]) > cast.now
    open_again(phone, cast, closing - 1800)
    recorded(phone, cast)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_choice_that_was_forgotten_is_not_carried_out(cast: Cast, device: MakeDevice, language: str) -> None:
    phone = device(language)
    keep(phone, cast, "name")
    phone.part("drop-wish").click()
    phone.at("wait")
    next_time, _, _ = terms(cast)
    others_enrol(cast)
    open_again(phone, cast, next_time + LONGEST_WAIT_SECONDS)
    phone.at("ready")
    assert signed(cast) == 0


@pytest.mark.parametrize(("language", "said"), [("en", "This letter is closed"), ("fr", "Cette lettre est close")])
def test_a_choice_that_comes_after_the_closing_is_dropped_and_said_so(
    cast: Cast, device: MakeDevice, language: str, said: str
) -> None:
    phone = device(language)
    keep(phone, cast, "name")
    *_, closing = terms(cast)
    open_again(phone, cast, closing + 60)
    expect(phone.at("closed").locator("h2")).to_have_text(said)
    assert signed(cast) == 0
    phone.goto("device/")
    phone.at("holds")
    expect(phone.part("mine-list").locator("li")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reminder_before_the_choice_tells_the_next_signing_time_and_nothing_else(
    cast: Cast, device: MakeDevice, tmp_path: Path, language: str
) -> None:
    phone = device(language)
    enrolled_late(phone, cast)
    at = says_nothing(phone, "calendar", tmp_path, REMINDER[language])
    assert at == terms(cast)[0]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reminder_of_a_kept_choice_tells_when_to_open_the_page_and_nothing_else(
    cast: Cast, device: MakeDevice, tmp_path: Path, language: str
) -> None:
    phone = device(language)
    keep(phone, cast, "name")
    at = says_nothing(phone, "calendar-wish", tmp_path, REMINDER[language])
    next_time = terms(cast)[0]
    assert next_time <= at <= next_time + LONGEST_WAIT_SECONDS
    others_enrol(cast)
    open_again(phone, cast, at)
    recorded(phone, cast)


def says_nothing(phone: Device, button: str, folder: Path, title: str) -> int:
    """When the event of the downloaded calendar file begins, which has its title and no word besides."""
    with phone.page.expect_download() as download:
        phone.part(button).click()
    assert download.value.suggested_filename == "reminder.ics"
    download.value.save_as(folder / "reminder.ics")
    lines = (folder / "reminder.ics").read_bytes().decode().split("\r\n")
    own = ("UID:", "DTSTAMP:", "DTSTART:", "DTEND:")
    assert [line for line in lines if not line.startswith(own)] == [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Reminder//EN", "BEGIN:VEVENT", f"SUMMARY:{title}"),
        *("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:PT0M", f"DESCRIPTION:{title}", "END:VALARM"),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    said = dict(line.split(":", 1) for line in lines if line.startswith(own))
    assert re.fullmatch(r"[0-9a-f-]{36}", said["UID"]), "a number that nothing else bears"
    return int(datetime.strptime(said["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp())
