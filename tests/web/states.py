"""A site with a letter in each state that a reader can meet, for tests of views and for Chromium alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ruban.record.member import comment, sign_by_name, sign_unnamed, withdraw
from ruban.record.state import Letter
from ruban.service.change_letter import change_letter
from ruban.service.letter_file import LetterText
from ruban.service.open_letter import open_letter
from ruban.service.publish_update import publish_update
from ruban.service.release import release
from ruban.service.strike import strike
from ruban.service.submit import submit
from ruban.web.letters.models import LetterPage
from ruban.web.site import Site
from tests.service.cast import DAY, Cast, draft

DRAFT = {
    "texts": [
        {
            "lang": "en",
            "title": "To the board",
            "addressee": "The board",
            "demands": ["One", "Two"],
            "body": "We *ask*.",
        }
    ],
    "opening": None,
    "closing": None,
    "unnamed_from": None,
    "threshold": None,
    "ways": ["name", "unnamed"],
}


def page_of(letter: Letter, *, public: bool = True) -> LetterPage:
    return LetterPage.objects.create(letter_id=letter.letter_id.hex(), announced=True, public=public)


def signed_by_some(cast: Cast, letter: Letter) -> None:
    """Members 0 to 2 by name, 3 to 6 without; 6 withdraws; 0 comments; 1 is struck. News once."""
    state = cast.keeper.state
    for member in range(3):
        submit(cast.keeper, sign_by_name(state, letter, cast.secrets[member], cast.name(member)), cast.now)
    for member in range(3, 7):
        submit(cast.keeper, sign_unnamed(state, letter, cast.secrets[member]), cast.now)
    cast.now += 3600
    release(cast.keeper, cast.now)
    submit(cast.keeper, withdraw(state, letter, cast.secrets[6]), cast.now)
    submit(cast.keeper, comment(state, letter, cast.secrets[0], "For my children."), cast.now)
    release(cast.keeper, cast.now)
    claim = next(
        state.roll.rows[recorded.row].claim for recorded in letter.signatures.values() if recorded.row is not None
    )
    strike(cast.keeper, letter, [claim], "an insult", cast.now)
    publish_update(cast.keeper, letter, {"en": "The board will **meet** us."}, cast.now)


def _opened(cast: Cast, **changes: object) -> Letter:
    letter = cast.open_letter(**changes)  # type: ignore[arg-type]  # a test's shorthand
    signed_by_some(cast, letter)
    return letter


def opened(site: Site, cast: Cast) -> LetterPage:
    return page_of(_opened(cast))


def unlisted(site: Site, cast: Cast) -> LetterPage:
    return page_of(_opened(cast), public=False)


def nobody_yet(site: Site, cast: Cast) -> LetterPage:
    return page_of(cast.open_letter(threshold=9))


def from_right_to_left(site: Site, cast: Cast) -> LetterPage:
    """In Arabic, which prevails, and in French."""
    texts = (
        LetterText(
            lang="ar",
            title="إلى مجلس الإدارة",
            addressee="مجلس الإدارة",
            demands=("أجور عادلة (2027)", "لا تسريح في 2027"),
            body="نحن نكتب إليكم بشأن **Meridian**.",
        ),
        LetterText(
            lang="fr",
            title="Au conseil d’administration",
            addressee="Le conseil",
            demands=("Un", "Deux"),
            body="Nous demandons.",
        ),
    )
    text = replace(draft(cast.now, cast.now + 5 * DAY), texts=texts)
    letter = cast.keeper.state.letters[open_letter(cast.keeper, text, cast.now)]
    signed_by_some(cast, letter)
    return page_of(letter)


def drafted(site: Site, cast: Cast) -> LetterPage:
    return LetterPage.objects.create(draft=DRAFT)


def enrolling(site: Site, cast: Cast) -> LetterPage:
    return LetterPage.objects.create(draft=DRAFT, announced=True)


def not_yet_open(site: Site, cast: Cast) -> LetterPage:
    text = draft(cast.now + DAY, cast.now + 5 * DAY)
    return page_of(cast.keeper.state.letters[open_letter(cast.keeper, text, cast.now)])


def paused(site: Site, cast: Cast) -> LetterPage:
    page = opened(site, cast)
    site.paused = cast.now
    return page


def threshold_missed(site: Site, cast: Cast) -> LetterPage:
    page = page_of(_opened(cast, threshold=9))
    cast.now += 6 * DAY
    release(cast.keeper, cast.now)
    return page


def closed(site: Site, cast: Cast) -> LetterPage:
    page = opened(site, cast)
    cast.now += 6 * DAY
    release(cast.keeper, cast.now)
    return page


def _changed(action: str, **more: object) -> Callable[[Site, Cast], LetterPage]:
    def make(site: Site, cast: Cast) -> LetterPage:
        letter = _opened(cast)
        if action == "extend":
            more["closing"] = letter.closing + 2 * DAY
        if action == "supersede":
            more["successor"] = cast.open_letter().letter_id
        change_letter(cast.keeper, letter, action, "We were heard", cast.now, **more)  # type: ignore[arg-type]  # by name
        return page_of(letter)

    return make


def under_review(site: Site, cast: Cast) -> LetterPage:
    page = opened(site, cast)
    site.under_review = cast.now
    return page


STATES: dict[str, Callable[[Site, Cast], LetterPage]] = {
    "open": opened,
    "unlisted": unlisted,
    "nobody yet": nobody_yet,
    "enrolling": enrolling,
    "not yet open": not_yet_open,
    "paused": paused,
    "threshold missed": threshold_missed,
    "closed": closed,
    "extended": _changed("extend"),
    "cancelled": _changed("cancel"),
    "superseded": _changed("supersede"),
    "under review": under_review,
    "from right to left": from_right_to_left,
}
"""Each makes the site so, and returns the letter's page."""
