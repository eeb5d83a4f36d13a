"""From a draft to the letter that is opened: its times, what it warns of, and who has already agreed to open it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruban.errors import Message, Refused
from ruban.record.rules.letter import default_ring_min
from ruban.record.state import State
from ruban.service.letter_file import WAYS, LetterDraft, LetterText
from ruban.service.open_letter import WEEKEND_SECONDS, announced_hours, first_unnamed

USUAL_SECONDS = 14 * 86_400
ASK_SECONDS = 86_400
"""How long one organiser's wish to open waits for the others'."""
SMALL_GROUP = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What opening now would freeze, for the page that asks for it."""

    letter: LetterDraft
    digest: str
    unnamed_from: int
    enrolled: int
    """Rows in the newest epoch, the ones that can sign at once."""
    ring_min: int
    quorum: int
    small: bool
    weekend: bool
    cannot: Message | None


def letter_of(draft: Mapping[str, Any], zone: str, now: int) -> LetterDraft:
    """The letter of a draft: without an opening it opens now, without a closing it closes 14 days later. Refused if
    its closing has passed meanwhile."""
    opening = draft["opening"] or now
    closing = draft["closing"] or max(opening, now) + USUAL_SECONDS
    if closing <= max(opening, now):
        raise Refused(
            "closing",
            Message("a moment to come, after the opening"),
            Message("another"),
            hint=Message("Change the draft, then open it."),
        )
    return LetterDraft(
        texts=tuple(
            LetterText(
                lang=text["lang"],
                title=text["title"],
                addressee=text["addressee"],
                demands=tuple(text["demands"]),
                body=text["body"],
            )
            for text in draft["texts"]
        ),
        opening=opening,
        closing=closing,
        unnamed_from=draft["unnamed_from"],
        threshold=draft["threshold"],
        ways=tuple(way for way in WAYS if way in draft["ways"]),
        retention_days=draft.get("retention_days"),
        zone=zone,
    )


def digest_of(draft: Mapping[str, Any]) -> str:
    """SHA-256 of what two organisers must have seen alike: every text and every setting of the draft."""
    settings = ("texts", "opening", "closing", "unnamed_from", "threshold", "ways", "retention_days")
    shown = {name: draft.get(name) for name in settings}
    return hashlib.sha256(json.dumps(shown, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()


def outlook(state: State, draft: Mapping[str, Any], zone: str, now: int) -> Outlook:
    """What opening the draft now would do. Hold the keeper's lock."""
    group, epoch, letter = state.opened, state.roll.newest_epoch, letter_of(draft, zone, now)
    weekend = group.window > 0 and letter.closing - now <= WEEKEND_SECONDS
    start = max(now, letter.opening)
    unnamed_from = letter.unnamed_from
    if unnamed_from is None:
        hours = announced_hours(start, letter.closing, zone) if weekend else []
        unnamed_from = first_unnamed(start, hours, zone) if weekend else start
    cannot = None
    if epoch is None:
        cannot = Message("Nobody who has enrolled can sign yet: wait for ten people, or for a day after the first.")
    elif "role" in letter.ways and not group.roles:
        cannot = Message("This group publishes no roles, so that nobody can sign as one of theirs. Change the draft.")
    elif state.slots_taken >= group.slots:
        cannot = Message("This group has opened as many letters as it can. Begin a new group for the next one.")
    return Outlook(
        letter=letter,
        digest=digest_of(draft),
        unnamed_from=unnamed_from,
        enrolled=0 if epoch is None else epoch.rows,
        ring_min=2 if group.rehearsal else default_ring_min(group.electorate),
        quorum=group.quorum,
        small=group.electorate < SMALL_GROUP,
        weekend=weekend,
        cannot=cannot,
    )


def asked_places(draft: Mapping[str, Any], now: int) -> tuple[int, ...]:
    """The organisers who have asked to open exactly this draft, no longer than a day ago."""
    asked = draft.get("asked")
    if asked is None or asked["until"] <= now or asked["digest"] != digest_of(draft):
        return ()
    return tuple(asked["places"])


def ask(draft: Mapping[str, Any], place: int, now: int) -> dict[str, Any]:
    """The draft with one more organiser who wants to open it; who asked for another text counts no more."""
    places = sorted({*asked_places(draft, now), place})
    return {**draft, "asked": {"places": places, "until": now + ASK_SECONDS, "digest": digest_of(draft)}}
