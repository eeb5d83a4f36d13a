"""The one way to count: entries in, state out. The server and the auditor run this same code (spec/record.md, 5).

No I/O and no clock: the same entries always give the same state, findings and obligations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ruban.errors import LetterClosed, Message, ProofInvalid, RubanError, RuleBroken
from ruban.proof import Claim
from ruban.record.entry import Entry, parse_entry
from ruban.record.kinds import MEMBER_KINDS
from ruban.record.rules.attestation import AttesterNamed, RollAttested
from ruban.record.rules.dispute import DisputeRule, DisputeSettled
from ruban.record.rules.electorate import ElectorateRule
from ruban.record.rules.group import GroupOpened
from ruban.record.rules.letter import LetterChanged, LetterClosedRule, LetterOpened, find_letter
from ruban.record.rules.log import BatchRule, Erasure, end_batch
from ruban.record.rules.roll import RollCheckpoint, RollRow
from ruban.record.rules.rule import Placed, Rule
from ruban.record.rules.signature import Signature, Statement
from ruban.record.rules.struck import StruckRule
from ruban.record.rules.update import UpdateRule
from ruban.record.state import Batch, State

RULES: dict[str, Rule] = {
    "group.opened": GroupOpened(),
    "roll.row": RollRow(),
    "roll.checkpoint": RollCheckpoint(),
    "letter.opened": LetterOpened(),
    "signature": Signature(),
    "statement": Statement(),
    "letter.changed": LetterChanged(),
    "letter.closed": LetterClosedRule(),
    "update": UpdateRule(),
    "struck": StruckRule(),
    "electorate": ElectorateRule(),
    "attester.named": AttesterNamed(),
    "roll.attested": RollAttested(),
    "dispute": DisputeRule(),
    "dispute.settled": DisputeSettled(),
    "batch": BatchRule(),
    "erasure": Erasure(),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an entry, which then has no effect; a batch that holds too few keeps its own."""

    index: int
    kind: str | None
    error: RubanError


@dataclass(frozen=True, slots=True)
class Obligation:
    """A parsed proof that the caller still has to judge; if it fails, replay again with its index rejected."""

    index: int
    claim: Claim


@dataclass(slots=True)
class Outcome:
    """What some entries gave, beside the state."""

    findings: list[Finding] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)


def replay(state: State, leaves: Iterable[bytes], rejected: frozenset[int] = frozenset()) -> Outcome:
    """Advance `state` by these leaves, in order. An entry that breaks a rule stays, has no effect, and is a finding.

    `rejected` holds the indexes of entries whose proof is known to fail: they have no effect either. A row's obligation
    depends on the group alone, a signature's or statement's on rows, epochs and letters but on no other signature. So
    the first replay shows which rows fail, the second with those rejected which signatures, and a third counts.
    """
    outcome = Outcome()
    for leaf in leaves:
        _step(state, leaf, rejected, outcome)
    return outcome


def _step(state: State, leaf: bytes, rejected: frozenset[int], outcome: Outcome) -> None:
    index, kind = state.size, None
    batch = state.batch if state.batch is not None and state.batch.left > 0 else None
    try:
        entry = parse_entry(leaf)
        kind = entry.kind
        if not entry.known:
            state.unknown += 1
        else:
            state.counts[kind] = state.counts.get(kind, 0) + 1
            _judge(state, Placed(entry, index, _time_of(state, entry)), batch, rejected, outcome)
    except RubanError as error:
        outcome.findings.append(Finding(index, kind, error))
    state.size += 1
    if batch is not None:
        batch.left -= 1
        if batch.left == 0:
            outcome.findings += [Finding(batch.index, "batch", error) for error in end_batch(state, batch)]


def _judge(state: State, placed: Placed, batch: Batch | None, rejected: frozenset[int], outcome: Outcome) -> None:
    kind = placed.entry.kind
    rule = RULES[kind]
    if kind != "group.opened":
        _ = state.opened
    claim = rule.claim(state, placed)
    if placed.index in rejected:
        raise ProofInvalid("proof", Message("one whose equations hold"), Message("one whose equations do not"))
    if claim is not None:
        outcome.obligations.append(Obligation(placed.index, claim))
    # After the claim: which rows' proofs fail must not depend on where batches stand.
    if (kind in MEMBER_KINDS) != (batch is not None):
        raise RuleBroken(
            "batch",
            Message("members' entries, and they alone, inside a batch"),
            Message("an entry of kind {kind}", kind=kind),
        )
    rule.check(state, placed)
    rule.apply(state, placed)
    if batch is not None and "letter" in placed.entry.data:
        batch.letters.add(placed.entry.bytes_of("letter"))


def _time_of(state: State, entry: Entry) -> int:
    """The time an entry bears itself; else that of its batch or of whatever came before it."""
    for field_name in ("at", "time"):
        if field_name in entry.data:
            return int(entry.data[field_name])
    return state.clock


def finish(state: State) -> list[Finding]:
    """What is wrong with a record that ends here: a batch cut short."""
    if state.batch is not None and state.batch.left > 0:
        missing = RuleBroken("batch", Message("{n} more entries", n=state.batch.left), Message("the end of the record"))
        return [Finding(state.batch.index, "batch", missing)]
    return []


def permit(state: State, entry: Entry) -> None:
    """Raise unless `entry`, which is no member's, would have effect if it came next."""
    if entry.kind in MEMBER_KINDS:
        raise RuleBroken("kind", Message("an entry that members do not send"), entry.kind)
    placed = Placed(entry, state.size, _time_of(state, entry))
    RULES[entry.kind].claim(state, placed)
    RULES[entry.kind].check(state, placed)


def admit(state: State, entry: Entry, now: int) -> Claim:
    """What a member's entry sent at `now` must still prove; raises if the record will not take it.

    The server's question before it acknowledges, answered by the rules of the recount.
    """
    if entry.kind not in MEMBER_KINDS:
        raise RuleBroken("kind", Message("an entry that members send"), entry.kind)
    rule = RULES[entry.kind]
    placed = Placed(entry, state.size, now)
    if "letter" in entry.data:
        letter = find_letter(state, entry)
        if letter.ended or now >= letter.closing:
            raise LetterClosed("letter", Message("one that is still open"), Message("a closed one"))
    claim = rule.claim(state, placed)
    rule.check(state, placed)
    if claim is None:
        raise RuleBroken("kind", Message("an entry with a proof"), entry.kind)
    return claim
