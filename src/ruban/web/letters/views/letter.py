"""The page of a letter: its text, its count, and what the number is worth. The same address from draft to end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from ruban.errors import Message
from ruban.language import Language, translator
from ruban.primitives.encoding import parse_hex
from ruban.record.phase import Phase
from ruban.service.keeper import window_end
from ruban.web.access import page_for_letter, page_for_token
from ruban.web.errors import NotFound
from ruban.web.letters.draft import draft_version, draft_versions
from ruban.web.letters.models import LetterPage
from ruban.web.letters.reading import Reading, phase_of, reading_of
from ruban.web.letters.words import deeds_in
from ruban.web.middleware import only
from ruban.web.pages import language_of_request, render, render_part
from ruban.web.site import site

SHOWN_NAMES = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """How a letter stands now, and what comes next."""

    phase: Phase
    now: int
    paused_since: int | None
    moved: bool
    next_release: int | None
    next_epoch: int | None

    @property
    def may_sign(self) -> bool:
        """Whether the page leads to signing."""
        return self.phase is Phase.OPEN


@only("GET")
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """The reader's page."""
    page = page_for_token(token)
    if page.letter_id is None:
        return _draft(request, page)
    context = context_of(request, page)
    return render(request, "letters/letter.html", context | {"told": _told(request, context)})


def _told(request: HttpRequest, context: dict[str, Any]) -> Markup:
    """What the reading alone says, which is rendered once for each of its languages and addresses."""
    reading: Reading = context["reading"]
    key = (language_of_request(request), request.path)
    if key not in reading.told:
        reading.told[key] = render_part(request, "letters/told.html", context | {"shown_names": SHOWN_NAMES})
    return reading.told[key]


def context_of(request: HttpRequest, page: LetterPage) -> dict[str, Any]:
    """What the pages of a letter that is in the record have in common."""
    if page.letter_id is None:
        raise NotFound("letter", Message("one that has been opened"), Message("a draft"))
    letter_id = parse_hex("letter", page.letter_id, 32)
    reading = reading_of(site(), letter_id)
    language = language_of_request(request)
    after = None if reading.successor is None else page_for_letter(parse_hex("letter", reading.successor, 32))
    # The page of a public letter must not give away the address of one that is listed nowhere.
    successor = after.token if after is not None and (after.public or not page.public) else None
    zone = ZoneInfo(site().configuration.time_zone)
    return {
        "page": page,
        "reading": reading,
        "own": reading.version(language),
        "standing": _standing(letter_id, reading),
        "successor": successor,
        "Phase": Phase,
        "deeds": deeds_in(translator(language)),
        "local": lambda seconds: local_time(translator(language), seconds, zone),
    }


def local_time(language: Language, seconds: int, zone: ZoneInfo) -> str | None:
    """`22 November 2026, 10:00, Europe/Paris`, the time on the clocks there; None where that is UTC itself."""
    if zone.key == "UTC":
        return None
    when = datetime.fromtimestamp(seconds, zone)
    return f"{when.day} {language.months[when.month - 1]} {when.year}, {when:%H:%M}, {zone.key}"


def _standing(letter_id: bytes, reading: Reading) -> Standing:
    here = site()
    now, phase = here.clock(), phase_of(here, letter_id)
    state = here.kept.state
    epochs = state.letters[letter_id].epochs_at
    return Standing(
        phase=phase,
        now=now,
        paused_since=here.paused,
        moved=here.kept.moved is not None,
        next_release=None if phase.over or reading.window == 0 else window_end(state, now),
        next_epoch=next((at for at in epochs if at > now), None),
    )


def _draft(request: HttpRequest, page: LetterPage) -> HttpResponse:
    """A draft, for whoever has its link once the organisers let them read it; it is nowhere before."""
    if not page.announced or page.draft is None:
        raise NotFound("letter", Message("one at this address"), Message("none"))
    draft = page.draft
    return render(
        request,
        "letters/enrolling.html",
        {
            "page": page,
            "own": draft_version(draft, language_of_request(request)),
            "versions": draft_versions(draft),
            "opening": draft.get("opening"),
            "enrolled": site().snapshot("rows", b"", lambda state, keeper: len(state.roll.rows)),
            "entitled": site().kept.state.opened.electorate,
        },
    )
