"""One honest and one dishonest record that differ in one line; the dishonest one has one finding, and no effect."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from ruban.errors import RubanError
from ruban.record.replay import finish
from ruban.record.state import State
from tests.scribe import Scribe

Act = Callable[..., Any]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`act(scribe, letter)` is honest; with `changes` it breaks one rule."""

    name: str
    act: Act
    error: type[RubanError]
    field: str
    changes: dict[str, Any] = dataclasses.field(default_factory=dict)


def effect(state: State) -> tuple[Any, ...]:
    """All that counts, but for the clock, which a batch moves before its entries are judged."""
    letters = [
        (
            *(letter.letter_id, letter.closing, letter.ended, letter.extended, letter.enrolled_at_close),
            *(letter.named, letter.unnamed, letter.withdrawn, sorted(letter.signatures), tuple(letter.reasons)),
            *(tuple(letter.updates), tuple(letter.strikes), [each.comment for each in letter.signatures.values()]),
        )
        for letter in state.letters.values()
    ]
    return (
        *(state.group is not None, len(state.roll.rows), len(state.roll.stubs), list(state.roll.epochs)),
        *(letters, sorted(state.tags), state.slots_taken, sorted(state.erased), sorted(state.commitments)),
        *(sorted(state.struck), list(state.electorates), state.group, list(state.acts)),
    )


def faults_of(scribe: Scribe) -> list[tuple[str, str]]:
    """Type and field of each finding."""
    found = [*scribe.findings, *finish(scribe.state)]
    return [(type(finding.error).__name__, finding.error.field) for finding in found]


def judge(make: Callable[[], tuple[Scribe, bytes]], fault: Fault) -> None:
    """Fail unless the honest act counts, and the dishonest one is the only finding and has no effect."""
    scribe, letter = make()
    before = effect(scribe.state)
    fault.act(scribe, letter)
    assert faults_of(scribe) == []
    assert effect(scribe.state) != before
    scribe, letter = make()
    before = effect(scribe.state)
    fault.act(scribe, letter, **fault.changes)
    assert faults_of(scribe) == [(fault.error.__name__, fault.field)]
    assert effect(scribe.state) == before
