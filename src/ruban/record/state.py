"""What a replay of the record knows after each entry. Only `replay` changes it; everybody else reads."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ruban.errors import FormatError, Message, RuleBroken
from ruban.proof.ring import Ring, Selector
from ruban.record.deeds import Act, Attestation, Attester, Dispute, Electorate, Settlement, Strike, Update

MAX_RINGS_KEPT = 32
DAY_SECONDS = 86_400
"""Rings remembered between entries: each can hold 4,096 stubs, and a record may ask for one with every entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What `group.opened` said, its electorate as the newest `electorate` corrects it."""

    roll_id: bytes
    origin: str
    log_key: bytes
    receipt_key: bytes
    title: bytes
    organisers: tuple[bytes, ...]
    organiser_names: tuple[bytes, ...]
    quorum: int
    electorate: int
    electorate_date: str
    electorate_source: bytes
    slots: int
    window: int
    minimum: int
    ways_in: tuple[str, ...]
    roles: tuple[str, ...]
    rehearsal: bool

    @property
    def epoch_minimum(self) -> int:
        """New rows that make an epoch due by themselves."""
        if self.window == 0:
            return 1
        return 2 if self.rehearsal else 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the roll, but for its stubs, which lie in the roll's columns."""

    index: int
    key: bytes
    claim: bytes
    way: str
    role: str | None
    time: int
    """That of the batch that brought it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """A frozen roll: the first `rows` rows."""

    index: int
    head: bytes
    rows: int
    roles: Mapping[str, int]
    """How many of them bear each role."""
    time: int


@dataclass(slots=True)
class Roll:
    """The rows in log order, their stubs by slot, and the running digests of the columns."""

    rows: list[Row] = field(default_factory=list)
    columns: list[list[bytes]] = field(default_factory=list)
    stubs: set[bytes] = field(default_factory=set)
    epochs: dict[int, Epoch] = field(default_factory=dict)
    roles: Counter[str] = field(default_factory=Counter)
    """How many rows bear each role."""
    unfixed_since: int | None = None
    """Time of the batch that brought the oldest row not yet in an epoch."""
    _digests: list[hashlib._Hash] = field(default_factory=list)
    _roles: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, row: Row, stubs: list[bytes]) -> None:
        """Append a row that the rules have accepted."""
        if not self.columns:
            self.columns = [[] for _ in stubs]
            self._digests = [hashlib.sha256() for _ in stubs]
        for column, digest, stub in zip(self.columns, self._digests, stubs, strict=True):
            column.append(stub)
            digest.update(stub)
        self._roles.update((row.role or "").encode("utf-8") + b"\n")
        if row.role is not None:
            self.roles[row.role] += 1
        self.stubs.update(stubs)
        self.rows.append(row)
        if self.unfixed_since is None:
            self.unfixed_since = row.time

    def enrolled_by(self, time: int) -> int:
        """Rows released at `time` or before."""
        return bisect_right(self.rows, time, key=lambda row: row.time)

    def column_digests(self) -> list[str]:
        """Per slot, the SHA-256 of the stubs in row order."""
        return [digest.hexdigest() for digest in self._digests]

    def roles_digest(self) -> str:
        """SHA-256 of each row's role and a line feed."""
        return self._roles.hexdigest()

    @property
    def newest_epoch(self) -> Epoch | None:
        """The epoch logged last."""
        return next(reversed(self.epochs.values())) if self.epochs else None

    @property
    def unfixed(self) -> int:
        """Rows that no epoch holds yet."""
        newest = self.newest_epoch
        return len(self.rows) - (newest.rows if newest else 0)


@dataclass(slots=True, kw_only=True)
class Recorded:
    """What stands for one tag under one letter."""

    index: int
    epoch: int
    selector: str
    seq: int
    prev: bytes
    """Digest of this tag's last record: what the next one must name."""
    row: int | None = None
    """The row, where the signer gave a name."""
    comment: bytes | None = None
    """Commitment to the signer's newest comment."""
    withdrawn: bool = False
    batch: int = 0
    """Index of the batch that brought the last record."""


@dataclass(frozen=True, slots=True)
class Point:
    """A letter's counts at the end of a batch."""

    time: int
    named: int
    unnamed: int
    withdrawn: int

    @property
    def signed(self) -> int:
        """Signatures that stand."""
        return self.named + self.unnamed


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """Commitments to a letter in one language."""

    lang: str
    title: bytes
    text: bytes
    addressee: bytes
    demands: tuple[bytes, ...]

    @property
    def commitments(self) -> tuple[bytes, ...]:
        """All that a reader of this language needs the openings of."""
        return (self.title, self.text, self.addressee, *self.demands)


@dataclass(slots=True, kw_only=True)
class Letter:
    """A letter and everything counted for it."""

    letter_id: bytes
    index: int
    slot: int
    texts: tuple[LetterText, ...]
    ways: tuple[str, ...]
    selectors: tuple[str, ...]
    opening: int
    closing: int
    unnamed_from: int
    ring_min: int
    threshold: int | None
    epoch: int
    epochs_at: tuple[int, ...]
    retention_days: int | None = None
    """How long after the closing names and comments may be read; None: as long as the record is."""
    extended: bool = False
    ended: str | None = None
    """`cancel` or `supersede` once the organisers said so."""
    superseded_by: bytes | None = None
    reasons: list[bytes] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    strikes: list[Strike] = field(default_factory=list)
    enrolled_at_close: int | None = None
    """Rows on the roll at the closing; None until `letter.closed` stands in the record."""
    entitled_at_close: int | None = None
    """E at the closing; None until then as well."""
    signatures: dict[bytes, Recorded] = field(default_factory=dict)
    old_comments: set[bytes] = field(default_factory=set)
    """Commitments to comments that a later one of the same signer has replaced."""
    named: int = 0
    unnamed: int = 0
    withdrawn: int = 0
    threshold_reached: int | None = None
    released: dict[str, int] = field(default_factory=dict)
    """Per selector, the time of the last batch that brought unnamed signatures."""
    series: list[Point] = field(default_factory=list)

    @property
    def kept_until(self) -> int | None:
        """When names and comments are to be erased, Unix seconds; None where the letter sets no end."""
        return None if self.retention_days is None else self.closing + self.retention_days * DAY_SECONDS

    @property
    def closed(self) -> bool:
        """Whether `letter.closed` stands in the record."""
        return self.enrolled_at_close is not None

    @property
    def signed(self) -> int:
        """Signatures that stand: withdrawn ones are not counted."""
        return self.named + self.unnamed


@dataclass(slots=True)
class Batch:
    """The batch being read: how many of its entries are still to come."""

    index: int
    time: int
    left: int
    letters: set[bytes] = field(default_factory=set)
    unnamed: dict[tuple[bytes, str], int] = field(default_factory=dict)
    """Unnamed signatures that it has brought, by letter and selector."""


@dataclass(slots=True)
class State:
    """Everything that the record says so far. Begin with `State()` and let `replay` advance it."""

    size: int = 0
    clock: int = 0
    """The latest time in the record: no later entry may bear an earlier one."""
    group: Group | None = None
    electorates: list[Electorate] = field(default_factory=list)
    """E as first stated, and each time it was corrected."""
    roll: Roll = field(default_factory=Roll)
    attesters: dict[bytes, Attester] = field(default_factory=dict)
    """Second parties, by key, in the order in which the organisers named them."""
    attestations: list[Attestation] = field(default_factory=list)
    """What they said of the roll, in the order of the log."""
    disputes: dict[bytes, Dispute] = field(default_factory=dict)
    """By their identifiers, open and settled."""
    letters: dict[bytes, Letter] = field(default_factory=dict)
    tags: dict[bytes, bytes] = field(default_factory=dict)
    """The letter under which each tag stands."""
    slots_taken: int = 0
    batch: Batch | None = None
    erased: set[bytes] = field(default_factory=set)
    struck: set[bytes] = field(default_factory=set)
    """Commitments to names and comments that organisers hid."""
    acts: list[Act] = field(default_factory=list)
    """What organisers did, in the order of the log."""
    commitments: dict[bytes, int] = field(default_factory=dict)
    """Every commitment of an entry with effect, and the index of the first that bears it."""
    counts: dict[str, int] = field(default_factory=dict)
    """Entries of known kinds, by kind. Unknown ones have no end: a record could give each entry a name of 8 KiB."""
    unknown: int = 0
    _rings: OrderedDict[tuple[int, int, str], tuple[Ring, Sequence[int]]] = field(default_factory=OrderedDict)

    @property
    def opened(self) -> Group:
        """The group; RuleBroken before `group.opened`."""
        if self.group is None:
            raise RuleBroken("entry 0", Message("group.opened"), Message("another kind"))
        return self.group

    def ring(self, epoch_index: int, slot: int, selector: str) -> Ring:
        """The one ring of epoch, slot and selector; RuleBroken without such an epoch, FormatError without a ring."""
        return self._ring_with_rows(epoch_index, slot, selector)[0]

    def row_at(self, epoch_index: int, slot: int, selector: str, place: int) -> int:
        """The row number at a place of a ring; errors as `ring`, and FormatError if there is no such place."""
        rows = self._ring_with_rows(epoch_index, slot, selector)[1]
        if not 0 <= place < len(rows):
            raise FormatError("index", Message("a place below {n}", n=len(rows)), str(place))
        return rows[place]

    def _ring_with_rows(self, epoch_index: int, slot: int, selector: str) -> tuple[Ring, Sequence[int]]:
        key = (epoch_index, slot, selector)
        if key in self._rings:
            self._rings.move_to_end(key)
        else:
            epoch = self.roll.epochs.get(epoch_index)
            if epoch is None:
                raise RuleBroken("epoch", Message("the index of an epoch in the record"), str(epoch_index))
            parsed = Selector.parse(selector)
            fitting: Sequence[int] = range(epoch.rows)
            if parsed.role is not None:
                fitting = [number for number in fitting if self.roll.rows[number].role == parsed.role]
            rows = parsed.members(self.opened.roll_id, fitting)
            column = self.roll.columns[slot]
            ring = Ring(
                roll_id=self.opened.roll_id,
                head=epoch.head,
                selector=selector,
                slot=slot,
                stubs=tuple(column[number] for number in rows),
            )
            self._rings[key] = ring, rows
            if len(self._rings) > MAX_RINGS_KEPT:
                self._rings.popitem(last=False)
        return self._rings[key]

    @property
    def open_disputes(self) -> int:
        """How many rows may not be their person's, as those say whose codes were used."""
        return len(self.disputes) - len(self.settlements)

    @property
    def settlements(self) -> tuple[Settlement, ...]:
        """How disputes were settled, in the order in which they were begun."""
        return tuple(dispute.settled for dispute in self.disputes.values() if dispute.settled is not None)

    @property
    def last_attestations(self) -> tuple[Attestation, ...]:
        """The last word of each second party."""
        return tuple({said.key: said for said in self.attestations}.values())

    def entitled_by(self, time: int) -> int:
        """E as it was last stated at `time` or before, which is not before the group was opened."""
        return next(stated for stated in reversed(self.electorates) if stated.at <= time).entitled

    def group_openings(self) -> set[bytes]:
        """Commitments of the group whose openings every reader needs.

        Its name, organisers and second parties, where each E comes from, how each second party compared, and how
        disputes were settled.
        """
        group = self.opened
        return {
            *(group.title, *group.organiser_names),
            *(stated.source for stated in self.electorates),
            *(attester.name for attester in self.attesters.values()),
            *(said.method for said in self.attestations),
            *(settled.reason for settled in self.settlements),
        }

    def required_openings(self, letter: bytes | None = None, *, withdrawn: bool = False) -> set[bytes]:
        """Commitments whose openings a reader needs: the group's, and those of one letter or of all.

        A name or comment is needed while the signature that gave it stands and organisers have not struck it. With
        `withdrawn`, those that were withdrawn, struck or replaced are there too: all that anybody has ever published.
        """
        needed = self.group_openings()
        for each in self.letters.values() if letter is None else [self.letters[letter]]:
            for text in each.texts:
                needed.update(text.commitments)
            needed.update(each.reasons)
            for update in each.updates:
                needed.update(said.text for said in update.texts)
            needed.update(strike.reason for strike in each.strikes)
            given = self.given(each, withdrawn=withdrawn)
            # From these alone: a comment may copy the commitment of anything, and is then struck without harm to it.
            needed |= given | each.old_comments if withdrawn else given - self.struck
        return needed

    def given(self, letter: Letter, *, withdrawn: bool) -> set[bytes]:
        """Commitments to the names and newest comments of a letter's standing signatures; or of withdrawn ones too."""
        standing = [each for each in letter.signatures.values() if withdrawn or not each.withdrawn]
        names = {self.roll.rows[each.row].claim for each in standing if each.row is not None}
        return names | {each.comment for each in standing if each.comment is not None}
