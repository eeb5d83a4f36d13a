"""Signatures, and what the holder of a tag says later."""

from __future__ import annotations

from ruban.errors import (
    CommitmentInvalid,
    LetterClosed,
    LetterNotOpen,
    Message,
    RuleBroken,
    TagReused,
)
from ruban.primitives.group import POINT_BYTES
from ruban.proof import Claim, ControlClaim, NameClaim, Ring, RingClaim, Selector
from ruban.proof.statement import NO_PREVIOUS, control_statement, name_statement
from ruban.proof.verify import statement_digest
from ruban.record.entry import Entry
from ruban.record.rules.letter import find_letter, least_ring
from ruban.record.rules.rule import Placed, note_commitments
from ruban.record.state import Letter, Recorded, State

CONTROLLED = ("withdraw", "comment")
"""What the holder of a tag says as such, without opening a row."""


def tag_of(entry: Entry) -> bytes:
    """The tag of a signature or statement."""
    if "tag" in entry.data:
        return entry.bytes_of("tag")
    return entry.bytes_of("proof")[:POINT_BYTES]


def statement_of(state: State, entry: Entry) -> bytes:
    """sd: the digest of what a signature or statement says, which the tag's next statement names as `prev`."""
    data, letter, tag = entry.data, find_letter(state, entry), tag_of(entry)
    if data.get("action") in CONTROLLED:
        return control_statement(letter.letter_id, tag, data["seq"], entry.bytes_of("prev"), entry.body)
    ring = state.ring(data["epoch"], letter.slot, data["selector"])
    if data.get("way") == "unnamed":
        return statement_digest(ring, letter.letter_id, tag, entry.body)
    seq, prev = (data["seq"], entry.bytes_of("prev")) if entry.kind == "statement" else (0, NO_PREVIOUS)
    return name_statement(ring, data["index"], letter.letter_id, tag, seq, prev, entry.body)


def _name_claim(state: State, entry: Entry) -> Claim:
    data, letter = entry.data, find_letter(state, entry)
    ring = state.ring(data["epoch"], letter.slot, data["selector"])
    return NameClaim.parse(ring, data["index"], statement_of(state, entry), tag_of(entry), entry.bytes_of("sig"))


def _require_open(letter: Letter, time: int) -> None:
    if time < letter.opening:
        raise LetterNotOpen("time", Message("{time} or later, when the letter opens", time=letter.opening), str(time))
    if letter.closed or time > letter.closing:
        raise LetterClosed("time", Message("{time} or earlier, when the letter closes", time=letter.closing), str(time))


def _row_of(state: State, letter: Letter, entry: Entry) -> int:
    """The row that a signature by name opens; CommitmentInvalid unless it names that row's claim."""
    data = entry.data
    row = state.row_at(data["epoch"], letter.slot, data["selector"], data["index"])
    if state.roll.rows[row].claim != entry.bytes_of("claim"):
        raise CommitmentInvalid("claim", Message("the commitment of the row that signs"), Message("another"))
    return row


def check_hides(state: State, letter: Letter, epoch_index: int, ring: Ring, role: str | None) -> None:
    """RuleBroken if an unnamed signature over the ring would hide too few: among all, the letter says how many.

    By role, those with it and those without are both as many as the smallest ring: else the one tells of the other.
    """
    if role is None:
        if len(ring.stubs) < letter.ring_min:
            raise RuleBroken("ring", Message("at least {n} rows", n=letter.ring_min), str(len(ring.stubs)))
        return
    epoch, least = state.roll.epochs[epoch_index], least_ring(state.opened)
    having = epoch.roles.get(role, 0)
    if min(having, epoch.rows - having) < least:
        raise RuleBroken(
            "ring",
            Message("at least {n} rows with the role, and as many without", n=least),
            Message("{having} with it, {others} without", having=having, others=epoch.rows - having),
        )


class Signature:
    """One record per tag and letter, the first in log order, whichever the way of signing."""

    def claim(self, state: State, placed: Placed) -> Claim:
        entry = placed.entry
        letter = find_letter(state, entry)
        if entry.data["way"] == "name":
            return _name_claim(state, entry)
        ring = state.ring(entry.data["epoch"], letter.slot, entry.data["selector"])
        return RingClaim.parse(ring, letter.letter_id, entry.body, entry.bytes_of("proof"))

    def check(self, state: State, placed: Placed) -> None:
        entry, data = placed.entry, placed.entry.data
        letter, tag = find_letter(state, entry), tag_of(placed.entry)
        _require_open(letter, placed.time)
        if data["way"] not in letter.ways:
            raise RuleBroken("way", Message("one of {options}", options=", ".join(letter.ways)), data["way"])
        role = Selector.parse(data["selector"]).role
        if ("all" if role is None else f"role:{role}") not in letter.selectors:
            raise RuleBroken("selector", Message("one of the letter's"), data["selector"])
        if data["epoch"] < letter.epoch:
            raise RuleBroken("epoch", Message("{n} or later", n=letter.epoch), str(data["epoch"]))
        ring = state.ring(data["epoch"], letter.slot, data["selector"])
        if data["way"] == "unnamed":
            if placed.time < letter.unnamed_from:
                raise LetterNotOpen(
                    "time",
                    Message("{time} or later, when unnamed signing opens", time=letter.unnamed_from),
                    str(placed.time),
                )
            check_hides(state, letter, data["epoch"], ring, role)
        else:
            _row_of(state, letter, entry)
        if tag in letter.signatures:
            raise TagReused("tag", Message("one that has not signed this letter"), tag.hex())
        if tag in state.tags:
            raise TagReused("tag", Message("one of this letter's slot"), tag.hex())

    def apply(self, state: State, placed: Placed) -> None:
        entry = placed.entry
        letter, tag = find_letter(state, entry), tag_of(entry)
        named = entry.data["way"] == "name"
        letter.signatures[tag] = Recorded(
            index=placed.index,
            epoch=entry.data["epoch"],
            selector=entry.data["selector"],
            seq=0,
            prev=statement_of(state, entry),
            row=_row_of(state, letter, entry) if named else None,
            batch=state.batch.index if state.batch else 0,
        )
        state.tags[tag] = letter.letter_id
        if named:
            # 5.11 A name that is given anew is erased no more.
            state.erased.discard(entry.bytes_of("claim"))
            letter.named += 1
        else:
            letter.unnamed += 1
            if state.batch is not None:
                group = letter.letter_id, entry.data["selector"]
                state.batch.unnamed[group] = state.batch.unnamed.get(group, 0) + 1


class Statement:
    """Withdraw, step forward, comment: the next of its tag's chain, at most one a batch. A withdrawal is final."""

    def claim(self, state: State, placed: Placed) -> Claim:
        entry = placed.entry
        if entry.data["action"] in CONTROLLED:
            return ControlClaim.parse(statement_of(state, entry), tag_of(entry), entry.bytes_of("sig"))
        return _name_claim(state, entry)

    def check(self, state: State, placed: Placed) -> None:
        entry, data = placed.entry, placed.entry.data
        letter = find_letter(state, entry)
        _require_open(letter, placed.time)
        recorded = letter.signatures.get(tag_of(entry))
        if recorded is None:
            raise RuleBroken("tag", Message("one whose signature is in the record"), data["tag"])
        if recorded.withdrawn:
            raise RuleBroken("tag", Message("one that has not withdrawn"), data["tag"])
        if data["seq"] != recorded.seq + 1:
            raise RuleBroken("seq", str(recorded.seq + 1), str(data["seq"]))
        if entry.bytes_of("prev") != recorded.prev:
            raise RuleBroken("prev", Message("the digest of this tag's last record"), Message("another"))
        if state.batch is not None and state.batch.left > 0 and recorded.batch == state.batch.index:
            raise RuleBroken("tag", Message("one entry a batch"), Message("two"))
        if data["action"] == "name":
            if "name" not in letter.ways:
                raise RuleBroken("action", Message("a letter that may be signed by name"), Message("another"))
            if recorded.row is not None:
                raise RuleBroken("action", Message("an unnamed signature"), Message("one by name"))
            if (data["epoch"], data["selector"]) != (recorded.epoch, recorded.selector):
                raise RuleBroken("epoch", Message("that of the recorded signature"), Message("another"))
            _row_of(state, letter, entry)

    def apply(self, state: State, placed: Placed) -> None:
        entry = placed.entry
        letter = find_letter(state, entry)
        recorded = letter.signatures[tag_of(entry)]
        recorded.seq += 1
        recorded.prev = statement_of(state, entry)
        recorded.batch = state.batch.index if state.batch else 0
        if entry.data["action"] == "withdraw":
            recorded.withdrawn = True
            letter.withdrawn += 1
            if recorded.row is None:
                letter.unnamed -= 1
            else:
                letter.named -= 1
        elif entry.data["action"] == "comment":
            if recorded.comment is not None:
                letter.old_comments.add(recorded.comment)
            recorded.comment = entry.bytes_of("text")
            note_commitments(state, placed.index, [recorded.comment])
        else:
            recorded.row = _row_of(state, letter, entry)
            state.erased.discard(entry.bytes_of("claim"))
            letter.unnamed -= 1
            letter.named += 1
