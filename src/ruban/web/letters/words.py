"""Words for what the record names: deeds of organisers, and how a letter stands."""

from __future__ import annotations

from ruban.errors import Message
from ruban.language import Language, say
from ruban.record.deeds import Deed
from ruban.record.phase import Phase

_DEEDS = {
    Deed.GROUP_OPENED: Message("began the group"),
    Deed.LETTER_OPENED: Message("opened the letter"),
    Deed.CLOSED_EARLY: Message("moved the closing to earlier"),
    Deed.EXTENDED: Message("moved the closing to later"),
    Deed.CANCELLED: Message("cancelled the letter"),
    Deed.SUPERSEDED: Message("put another letter in its place"),
    Deed.UPDATED: Message("published news"),
    Deed.STRUCK: Message("hid names or comments"),
    Deed.ELECTORATE_CORRECTED: Message("corrected the number of the entitled"),
    Deed.ATTESTER_NAMED: Message("named a second party that may attest the list"),
    Deed.DISPUTE_SETTLED: Message("settled a dispute about a used code"),
    Deed.ERASED: Message("erased a name or text on wish"),
}
_PHASES = {
    Phase.NOT_YET_OPEN: Message("not yet open"),
    Phase.OPEN: Message("open for signing"),
    Phase.THRESHOLD_MISSED: Message("closed, short of what it wanted"),
    Phase.CLOSED: Message("closed"),
    Phase.CANCELLED: Message("cancelled"),
    Phase.SUPERSEDED: Message("replaced by another letter"),
}


def deeds_in(language: Language) -> dict[Deed, str]:
    """What organisers did, in words."""
    return {deed: say(language, said) for deed, said in _DEEDS.items()}


def phases_in(language: Language) -> dict[Phase, str]:
    """How a letter stands, in words."""
    return {phase: say(language, said) for phase, said in _PHASES.items()}
