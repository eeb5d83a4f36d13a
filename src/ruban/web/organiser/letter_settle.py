"""A letter that was opened while its row could not be written: the record has it, and its draft still stands beside."""

from __future__ import annotations

from typing import Any

from ruban.record.state import Letter, LetterText
from ruban.service.keeper import Keeper
from ruban.web.letters.models import LetterPage
from ruban.web.site import Site
from ruban.web.texts import text_of


def settle_drafts(here: Site) -> None:
    """Give each letter of the record that has no page the draft's that says the same, with its address.

    To be called when the server starts and before a letter is opened, so that no crash in between opens one twice.
    """
    if here.keeper is None or here.under_review is not None:
        return
    keeper = here.keeper
    with keeper.lock:
        drafts = [(page, page.draft) for page in LetterPage.objects.filter(letter_id__isnull=True) if page.draft]
        if not drafts:
            return
        paged = set(LetterPage.objects.exclude(letter_id=None).values_list("letter_id", flat=True))
        for letter in keeper.state.letters.values():
            if letter.letter_id.hex() in paged:
                continue
            said = [_said(keeper, text) for text in letter.texts]
            same = next((one for one in drafts if said == [_drafted(text) for text in one[1]["texts"]]), None)
            if same is not None:
                settle(same[0], letter)
                drafts.remove(same)


def settle(page: LetterPage, letter: Letter) -> None:
    """The draft is a letter now."""
    page.letter_id, page.draft = letter.letter_id.hex(), None
    page.save(update_fields=["letter_id", "draft"])


def _said(keeper: Keeper, text: LetterText) -> tuple[object, ...]:
    parts = (text.title, text.addressee, text.text, *text.demands)
    return (text.lang, *(text_of(keeper, part) for part in parts))


def _drafted(text: dict[str, Any]) -> tuple[object, ...]:
    return (text["lang"], text["title"], text["addressee"], text["body"], *text["demands"])
