"""Open a letter: from now on its text is frozen, and the newest epoch may sign it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ruban.errors import Message, Refused
from ruban.record.commitment import Opening, commit, commit_line
from ruban.record.entry import letter_id
from ruban.record.rules.letter import default_ring_min, selectors_of
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.service.letter_file import LetterDraft
from ruban.service.release import release

WEEKEND_SECONDS = 72 * 3600
"""A letter that closes sooner takes new epochs at announced hours, and unnamed signatures from one of them on."""
ANNOUNCED_HOURS = (9, 13, 17, 21)
FIRST_UNNAMED_HOUR = 9
LEAST_WAIT_SECONDS = 8 * 3600


@one_at_a_time
def open_letter(keeper: Keeper, draft: LetterDraft, now: int, by: Sequence[int] | None = None) -> bytes:
    """Open the letter, signed by the organisers `by` (by all whose keys are here if None), and return its identifier.

    Opening and closing are moved to the ends of windows. A letter that closes within 72 hours announces its epochs at
    09, 13, 17 and 21 o'clock in the draft's zone (else UTC), and takes unnamed signatures from the first 09:00 that is
    at least 8 hours away, so that early signers do not hide among a handful. Refused while nobody is on the roll, and
    for signing by role in a group without roles;
    QuorumMissing if the group wants more organisers than sign.
    """
    release(keeper, now)
    state = keeper.state
    if "role" in draft.ways and not state.opened.roles:
        raise Refused(
            "ways",
            Message("name or unnamed, in a group without roles"),
            Message("role"),
            hint=Message("Roles are chosen when a group begins."),
        )
    group, epoch = state.opened, state.roll.newest_epoch
    if epoch is None:
        raise Refused(
            "letter",
            Message("a roll with an epoch"),
            Message("a roll without one"),
            hint=Message("Let people enrol first; the first epoch comes with the tenth of them, or after a day."),
        )
    window, zone = group.window or 1, draft.zone or "UTC"
    at = max(now, state.clock)
    opening = draft.opening // window * window
    closing = -(-draft.closing // window) * window
    # From now, not from the opening: announced hours hold up the epochs of every letter of the group until they come.
    announced = group.window > 0 and closing - at <= WEEKEND_SECONDS
    hours = announced_hours(max(at, opening), closing, zone) if announced else []
    unnamed_from = draft.unnamed_from
    if unnamed_from is None:
        unnamed_from = first_unnamed(max(at, opening), hours, zone) if announced else opening
    openings: list[Opening] = []

    def committed(opening: Opening) -> str:
        openings.append(opening)
        return opening.commitment.hex()

    texts = [
        {
            "lang": text.lang,
            "title": committed(commit_line("title", text.title)),
            "text": committed(commit(text.body)),
            "addressee": committed(commit_line("addressee", text.addressee)),
            "demands": [committed(commit_line("demand", demand)) for demand in text.demands],
        }
        for text in draft.texts
    ]
    entry = keeper.signed(
        {
            "kind": "letter.opened",
            "v": 1,
            "slot": state.slots_taken,
            "texts": texts,
            "selectors": selectors_of(group, group.roles if "role" in draft.ways else ()),
            "ways": [way for way in draft.ways if way != "role"],
            "opening": opening,
            "closing": closing,
            "unnamed_from": min(-(-unnamed_from // window) * window, closing),
            "ring_min": 2 if group.rehearsal else default_ring_min(group.electorate),
            "threshold": draft.threshold,
            "epoch": epoch.index,
            "epochs_at": hours,
            **({} if draft.retention_days is None else {"retention_days": draft.retention_days}),
            "at": at,
        },
        by,
    )
    keeper.append_entry(entry, openings=openings)
    return letter_id(entry.leaf)


def announced_hours(start: int, end: int, zone: str) -> list[int]:
    """The announced hours after `start` and before `end`, as Unix seconds."""
    tz = ZoneInfo(zone)
    day = datetime.fromtimestamp(start, tz).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    while int(day.timestamp()) < end:
        for hour in ANNOUNCED_HOURS:
            moment = int(day.replace(hour=hour).timestamp())
            if start < moment < end:
                found.append(moment)
        day = (day + timedelta(days=1)).replace(hour=0)
    return found


def first_unnamed(start: int, hours: list[int], zone: str) -> int:
    """The first announced 09:00 at least 8 hours after `start`; failing that the last announced hour, or `start`."""
    tz = ZoneInfo(zone)
    for moment in hours:
        if moment - start >= LEAST_WAIT_SECONDS and datetime.fromtimestamp(moment, tz).hour == FIRST_UNNAMED_HOUR:
            return moment
    return hours[-1] if hours else start
