"""How a group stands, in sums alone, and the one thing to do next: what `ruban status` says."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from ruban.errors import FormatError, Message
from ruban.record.phase import Phase, letter_phase
from ruban.service.keeper import TWO_RECORDS, Keeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Of one moment. Never who, and no time finer than what the record says."""

    entries: int
    entitled: int
    invited: int
    """Invitations, used or not."""
    enrolled: int
    waiting: int
    """Entries that are acknowledged and wait for a release."""
    letters_open: int
    letters_to_come: int
    letters_over: int
    frozen: bool = False
    forked: bool = False
    """Frozen, and not merely shorter than what is signed elsewhere."""
    paused: bool = False
    """Whether nothing is taken in: too little disk, or a store that fails."""
    moved: bool = False
    """Whether the group lives on another machine now."""
    unwitnessed: bool = False
    """Whether what is published waits for its witnesses."""


def standing_of(keeper: Keeper, now: int, *, paused: bool = False, unwitnessed: bool = False) -> Standing:
    """How the group stands at `now`, Unix seconds; StoreError where the disk refuses."""
    with keeper.lock:
        state = keeper.state
        phases = [letter_phase(state, letter, now) for letter in state.letters.values()]
        return Standing(
            entries=state.size,
            entitled=state.opened.electorate,
            invited=keeper.desk.invitation_counts()[0],
            enrolled=len(state.roll.rows),
            waiting=len(keeper.store.pending()),
            letters_open=phases.count(Phase.OPEN),
            letters_to_come=phases.count(Phase.NOT_YET_OPEN),
            letters_over=sum(phase.over for phase in phases),
            frozen=keeper.frozen is not None,
            forked=keeper.frozen is not None and keeper.frozen.forked,
            paused=paused,
            moved=keeper.moved is not None,
            unwitnessed=unwitnessed,
        )


def parse_standing(said: dict[str, Any]) -> Standing:
    """What a server said of itself. FormatError unless it is exactly that."""
    wanted = {one.name: one.type for one in dataclasses.fields(Standing)}
    if {name: type(value).__name__ for name, value in said.items()} != wanted:
        raise FormatError("status", Message("what this version of ruban says"), Message("another"))
    return Standing(**said)


def next_step(standing: Standing) -> str:
    """The one thing to do, or that there is nothing: what keeps signatures from counting comes first."""
    if standing.moved:
        return Message(
            "This group has moved. Once the other machine serves it, delete it here, keys first; if that never began:"
            " ruban move back."
        )
    if standing.forked:
        return TWO_RECORDS
    if standing.frozen:
        return Message("Bring back the rest of the record: ruban log adopt, with a bundle or the address of a copy.")
    if standing.paused:
        return Message("Make room on the disk, or see what ails it: until then nobody can sign.")
    if standing.unwitnessed:
        return Message("Ask those who run the witnesses in witnesses.policy: until a quorum answers the count stays.")
    if standing.invited == 0:
        return Message("Hand out codes: in the organisers' pages, or with ruban roll invite.")
    if standing.letters_open or standing.letters_to_come:
        return Message("Nothing. Keep a backup outside this machine: ruban backup FILE.")
    if standing.enrolled == 0:
        return Message("Wait until people enrol, or remind them. A letter can be written meanwhile.")
    if standing.letters_over == 0:
        return Message("Write the letter and open it: in the organisers' pages, or with ruban letter open.")
    return Message("Every letter is over: write the next one, or keep it all as a folder with ruban export DIR.")
