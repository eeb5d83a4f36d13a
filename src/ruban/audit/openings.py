"""The openings beside a record: each opens a commitment that somebody published, and none that is needed is missing.

Ruled by spec/record.md, 2 and 7.8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ruban.audit.fetch import Source
from ruban.errors import CommitmentInvalid, FetchFailed, FormatError, Message, RubanError
from ruban.log.tiles import TILE_WIDTH_COUNT
from ruban.published import MAX_OPENING_BYTES, MAX_PAYLOADS_BYTES, payloads_path
from ruban.record.commitment import (
    parse_claim,
    parse_comment,
    parse_line,
    parse_opening,
    parse_text,
    parse_update,
)
from ruban.record.state import State

MAX_OPENINGS_COUNT = 128 * TILE_WIDTH_COUNT
"""Lines of one payloads file, at most: no entry has room for more commitments."""

Found = Callable[[RubanError, int | None], None]
"""Told what does not hold, and of which entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """What the openings say, as far as anybody will be shown it."""

    seen: set[bytes] = field(default_factory=set)
    lines: dict[bytes, str] = field(default_factory=dict)
    """Titles, demands, addressees, reasons, by commitment."""
    updates: dict[bytes, str] = field(default_factory=dict)
    """Organisers' news, by commitment."""
    comments: dict[bytes, str] = field(default_factory=dict)
    claims: dict[bytes, tuple[str, str | None]] = field(default_factory=dict)
    """Name and role, by commitment."""


def read_openings(source: Source, bundles: int, state: State, found: Found) -> Openings:
    """The openings of the record's first `bundles` entry bundles, each of them checked."""
    openings = Openings()
    published = state.required_openings(withdrawn=True)
    bodies = {text.text for letter in state.letters.values() for text in letter.texts}
    claims = {
        state.roll.rows[recorded.row].claim
        for letter in state.letters.values()
        for recorded in letter.signatures.values()
        if recorded.row is not None
    }
    updates = {said.text for letter in state.letters.values() for update in letter.updates for said in update.texts}
    comments = {
        recorded.comment
        for letter in state.letters.values()
        for recorded in letter.signatures.values()
        if recorded.comment is not None
    }.union(*(letter.old_comments for letter in state.letters.values()))
    lines = _lines_of(state)
    for number in range(bundles):
        where = payloads_path(number)
        previous = b""
        for line in _lines(source, where, found):
            try:
                opening = parse_opening(line)
            except RubanError as error:
                found(error, None)
                continue
            commitment, payload = opening.commitment, opening.payload
            if commitment <= previous:
                found(FormatError(where, Message("openings once each, sorted by c"), Message("another order")), None)
            previous = commitment
            place = state.commitments.get(commitment)
            wrong = _misplaced(state, commitment, place, number, published)
            if wrong is not None:
                found(CommitmentInvalid(where, wrong, commitment.hex()), place)
                continue
            openings.seen.add(commitment)
            try:
                # A commitment may serve twice; its payload must then have both forms.
                if commitment in bodies:
                    parse_text("payload", payload)
                if commitment in lines:
                    openings.lines[commitment] = parse_line("payload", payload)
                if commitment in updates:
                    openings.updates[commitment] = parse_update("payload", payload)
                if commitment in comments:
                    openings.comments[commitment] = parse_comment("payload", payload)
                if commitment in claims:
                    openings.claims[commitment] = parse_claim(payload)
            except FormatError as error:
                found(error, place)
    return openings


def _lines_of(state: State) -> set[bytes]:
    """Commitments to short texts: of the group, and of each letter all but its body."""
    lines = state.group_openings()
    for letter in state.letters.values():
        for text in letter.texts:
            lines |= {text.title, text.addressee, *text.demands}
        lines.update(letter.reasons)
        lines.update(strike.reason for strike in letter.strikes)
    return lines


def _lines(source: Source, where: str, found: Found) -> Iterator[bytes]:
    """The lines of a payloads file, one at a time: a file of nothing but line feeds must not become a list of them."""
    try:
        data = source.read(where, MAX_PAYLOADS_BYTES)
    except (FetchFailed, FormatError) as error:
        found(error, None)
        return
    start = count = 0
    while start < len(data):
        end = data.find(b"\n", start)
        count += 1
        if end < 0 or end - start > MAX_OPENING_BYTES or count > MAX_OPENINGS_COUNT:
            most = Message("at most {n} lines, each ended by a line feed", n=MAX_OPENINGS_COUNT)
            found(FormatError(where, most, Message("something else")), None)
            return
        yield data[start:end]
        start = end + 1


def _misplaced(
    state: State, commitment: bytes, place: int | None, number: int, published: set[bytes]
) -> Message | None:
    """What an opening should have been, if it has no business here."""
    if place is None or place // TILE_WIDTH_COUNT != number:
        return Message("openings of this bundle's entries")
    if commitment in state.erased:
        return Message("no opening that the record says was erased")
    # Whoever publishes the claim of a row that has signed nothing by name exposes somebody.
    if commitment not in published:
        return Message("openings that somebody has published")
    return None


def check_needed(openings: Openings, state: State, letters: set[bytes], found: Found) -> None:
    """Find each opening that a reader of the group and these letters needs and that is neither there nor erased."""
    needed = state.group_openings().union(*(state.required_openings(letter) for letter in letters))
    missing = needed - openings.seen - state.erased
    for commitment in sorted(missing, key=lambda c: (state.commitments.get(c, 0), c)):
        wanted = Message("one for {c}, or its erasure", c=commitment.hex())
        found(CommitmentInvalid("opening", wanted, Message("none")), state.commitments.get(commitment))
