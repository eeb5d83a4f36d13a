"""Every kind of entry, each with one schema. spec/record.md is made from this file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ruban.proof.enrol import MAX_SLOTS
from ruban.proof.ring import MAX_ROLE_BYTES
from ruban.record.schema import Choice, Flag, Hex, Int, ListOf, Nullable, Object, Text, Type

MAX_ENTRY_BYTES = 8192
MAX_ORGANISERS = 16
MAX_ROLES = 64
MAX_ATTESTERS = 16
MAX_PEOPLE = 100_000_000
MAX_DEMANDS = 20
MAX_LANGUAGES = 8
MAX_ERASED = 64
MAX_STRUCK = 64
MAX_WINDOW_SECONDS = 86_400
MAX_ANNOUNCED_EPOCHS = 32
MAX_PROOF_BYTES = 1024
MAX_TIME_UNIX_SECONDS = 253_402_300_799
"""The last second of the year 9999: every calendar can say it."""
SEAL_FIELDS = frozenset({"proof", "sig", "sigs"})
"""The fields that prove an entry and are left out of the bytes that they prove."""

Fields = dict[str, tuple[Type, str]]

_C = Hex(32)
_TIME = Int(0, MAX_TIME_UNIX_SECONDS)
_SIGS = (
    ListOf(Object({"key": (Hex(32), "an organiser's key"), "sig": (Hex(64), "Ed25519 signature")}), 1, MAX_ORGANISERS),
    "by the group's quorum of organisers, in ascending order of key",
)
_ANY_SIGS = (_SIGS[0], "by at least one of the organisers, in ascending order of key")
_ELECTORATE: Fields = {
    "electorate": (Int(1, MAX_PEOPLE), "E, how many are entitled"),
    "electorate_date": (Text(10, r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "the day E was true"),
    "electorate_source": (_C, "commitment to where E comes from"),
}
_LANG = (Text(16, r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?"), "language tag")
_LETTER = (Hex(32), "letter identifier")
_AT = (_TIME, "when the organisers did this, Unix seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of entry: its meaning, who vouches for it, and its fields, which may depend on one of them."""

    name: str
    meaning: str
    vouched_by: str
    fields: Fields
    optional: frozenset[str] = frozenset()
    variant_field: str | None = None
    variants: tuple[tuple[str, Fields], ...] = ()

    def check(self, data: dict[str, Any]) -> None:
        """Accept only an entry with exactly the fields of this kind and of its variant; FormatError otherwise."""
        variant = None
        if self.variant_field is not None:
            # First: which fields there must be hangs on it.
            variant = data.get(self.variant_field)
            Choice(tuple(name for name, _ in self.variants)).check(self.variant_field, variant)
        self.schema(variant).check("", data)

    def schema(self, variant: str | None) -> Object:
        """The schema of an entry of one of the variants; of the kind itself if it has none."""
        base: Fields = {"kind": (Choice((self.name,)), "the kind"), "v": (Int(1, 1), "version of the schema")}
        if self.variant_field is None:
            return Object(base | self.fields, self.optional)
        names = tuple(name for name, _ in self.variants)
        chosen = dict(self.variants)[variant or ""]
        return Object(base | {self.variant_field: (Choice(names), "which")} | self.fields | chosen, self.optional)


GROUP_OPENED = Kind(
    name="group.opened",
    meaning="Opens the log (index 0) and says what the group is.",
    vouched_by="the quorum of organisers it names",
    fields={
        "origin": (Text(240, r"[a-z0-9][a-z0-9.:-]*(/[a-z0-9][a-z0-9._-]*)*"), "the log's name, a URL without scheme"),
        "log_key": (Hex(32), "Ed25519 key that signs checkpoints"),
        "receipt_key": (Hex(32), "Ed25519 key that signs promises"),
        "title": (_C, "commitment to the group's name"),
        "organisers": (
            ListOf(
                Object({"key": (Hex(32), "Ed25519 key"), "name": (_C, "commitment to the name")}), 1, MAX_ORGANISERS
            ),
            "who may write to the record for the group",
        ),
        "quorum": (Int(1, MAX_ORGANISERS), "how many organisers must sign"),
        **_ELECTORATE,
        "slots": (Int(1, MAX_SLOTS), "stubs in each row: letters and questions this roll can serve"),
        "window": (Int(0, MAX_WINDOW_SECONDS), "seconds between releases, dividing a day; 0 on a loopback origin only"),
        "minimum": (Int(1, 1000), "unnamed signatures released together, at least"),
        "ways_in": (ListOf(Choice(("invitation",)), 1, 8, unique=True), "how one gets on the roll"),
        "roles": (ListOf(Text(MAX_ROLE_BYTES, "[^#]+"), 0, MAX_ROLES, unique=True), "public roles a row may bear"),
        "predecessor": (Nullable(Hex(32)), "roll identifier of the group this one continues"),
        "rehearsal": (Flag(), "a rehearsal is never counted"),
        "at": _AT,
        "sigs": _SIGS,
    },
)
ROLL_ROW = Kind(
    name="roll.row",
    meaning="Puts a member's stubs on the roll.",
    vouched_by="the member's enrolment proof; admission by the log key",
    fields={
        "stubs": (ListOf(Hex(32), 1, MAX_SLOTS, unique=True), "one stub a slot"),
        "key": (Hex(32), "the row's Ed25519 key"),
        "claim": (_C, "commitment to the member's name"),
        "way": (Choice(("invitation",)), "the way in"),
        "role": (Text(MAX_ROLE_BYTES), "public role"),
        "proof": (Hex(96), "enrolment proof"),
    },
    optional=frozenset({"role"}),
)
ROLL_CHECKPOINT = Kind(
    name="roll.checkpoint",
    meaning="An epoch: fixes the rows that a ring is made of.",
    vouched_by="replay, which derives every field but the time",
    fields={
        "rows": (Int(1), "valid rows so far"),
        "columns": (ListOf(Hex(32), 1, MAX_SLOTS), "per slot, SHA-256 of the active rows' stubs in row order"),
        "roles": (Hex(32), "SHA-256 of each active row's role and a line feed, in row order"),
        "at": (_TIME, "end of a window, Unix seconds: when this epoch was due"),
    },
)
LETTER_OPENED = Kind(
    name="letter.opened",
    meaning="Opens a letter and freezes its text.",
    vouched_by="the quorum of organisers",
    fields={
        "slot": (Int(0, MAX_SLOTS - 1), "the next slot of the roll"),
        "texts": (
            ListOf(
                Object(
                    {
                        "lang": _LANG,
                        "title": (_C, "commitment"),
                        "text": (_C, "commitment"),
                        "addressee": (_C, "commitment"),
                        "demands": (ListOf(_C, 1, MAX_DEMANDS), "commitments"),
                    }
                ),
                1,
                MAX_LANGUAGES,
            ),
            "the letter in its languages; the first prevails",
        ),
        "selectors": (
            ListOf(Text(5 + MAX_ROLE_BYTES, "all|role:[^#]+"), 1, 1 + MAX_ROLES, unique=True),
            "which rings may sign: all, and the rows of which roles",
        ),
        "ways": (ListOf(Choice(("name", "unnamed")), 1, 2, unique=True), "which ways of signing are open"),
        "opening": (_TIME, "Unix seconds"),
        "closing": (_TIME, "Unix seconds"),
        "unnamed_from": (_TIME, "when unnamed signing opens, Unix seconds, the end of a window"),
        "ring_min": (Int(1, 4096), "smallest ring an unnamed signature may speak about"),
        "threshold": (Nullable(Int(1)), "signatures the letter waits for"),
        "epoch": (Int(1), "index of the first epoch that may sign"),
        "retention_days": (Int(1), "days after the closing, when names and comments are erased"),
        "epochs_at": (ListOf(_TIME, 0, MAX_ANNOUNCED_EPOCHS, unique=True), "announced times of the next epochs"),
        "at": _AT,
        "sigs": _SIGS,
    },
    optional=frozenset({"retention_days"}),
)
SIGNATURE = Kind(
    name="signature",
    meaning="A member signs: one of the roll, unnamed, or by name.",
    vouched_by="the member's proof",
    fields={
        "letter": _LETTER,
        "epoch": (Int(1), "index of the epoch whose ring is meant"),
        "selector": (Text(96), "which ring of the epoch"),
    },
    variant_field="way",
    variants=(
        ("unnamed", {"proof": (Hex(most=MAX_PROOF_BYTES), "ring proof; its first 32 bytes are the tag")}),
        (
            "name",
            {
                "tag": (Hex(32), "P"),
                "index": (Int(0, 4095), "place in the ring"),
                "claim": (_C, "the row's commitment, whose opening is published"),
                "sig": (Hex(128), "proof by name"),
            },
        ),
    ),
)
STATEMENT = Kind(
    name="statement",
    meaning="The holder of a tag withdraws, steps forward by name, or comments on the letter.",
    vouched_by="the tag's key; by name, the stub as well",
    fields={
        "letter": _LETTER,
        "tag": (Hex(32), "P"),
        "seq": (Int(1, 1000), "1 for the first statement after the signature"),
        "prev": (Hex(64), "digest of the record of this tag before this one"),
    },
    variant_field="action",
    variants=(
        ("withdraw", {"sig": (Hex(64), "control signature")}),
        (
            "name",
            {
                "epoch": (Int(1), "index of the recorded signature's epoch"),
                "selector": (Text(96), "selector of the recorded signature"),
                "index": (Int(0, 4095), "place in that ring"),
                "claim": (_C, "the row's commitment, whose opening is published"),
                "sig": (Hex(128), "proof by name"),
            },
        ),
        (
            "comment",
            {
                "text": (_C, "commitment to the comment, which takes the place of an earlier one"),
                "sig": (Hex(64), "control signature"),
            },
        ),
    ),
)
LETTER_CHANGED = Kind(
    name="letter.changed",
    meaning="The organisers close a letter early, extend it once, cancel it, or replace it by another.",
    vouched_by="the quorum of organisers",
    fields={
        "letter": _LETTER,
        "closing": (_TIME, "the closing from now on, Unix seconds"),
        "reason": (_C, "commitment to the reason"),
        "at": _AT,
        "sigs": _SIGS,
    },
    variant_field="action",
    variants=(
        ("close", {}),
        ("extend", {}),
        ("cancel", {}),
        ("supersede", {"by": (Hex(32), "the letter that takes its place; no signature is carried over")}),
    ),
)
LETTER_CLOSED = Kind(
    name="letter.closed",
    meaning="Nothing more is counted for this letter.",
    vouched_by="the log key",
    fields={"letter": _LETTER, "at": (_TIME, "Unix seconds, not before the closing")},
)
UPDATE = Kind(
    name="update",
    meaning="Organisers' news on a letter; also after it has closed.",
    vouched_by="any one organiser",
    fields={
        "letter": _LETTER,
        "texts": (
            ListOf(Object({"lang": _LANG, "text": (_C, "commitment")}), 1, MAX_LANGUAGES),
            "the news in its languages",
        ),
        "at": _AT,
        "sigs": _ANY_SIGS,
    },
)
STRUCK = Kind(
    name="struck",
    meaning="Organisers hide names or comments of a letter for abuse; the count stands.",
    vouched_by="any one organiser",
    fields={
        "letter": _LETTER,
        "commitments": (ListOf(_C, 1, MAX_STRUCK, unique=True), "the names and comments that are hidden"),
        "reason": (_C, "commitment to the reason"),
        "at": _AT,
        "sigs": _ANY_SIGS,
    },
)
ELECTORATE = Kind(
    name="electorate",
    meaning="Corrects E from now on.",
    vouched_by="the quorum of organisers",
    fields={**_ELECTORATE, "at": _AT, "sigs": _SIGS},
)
ATTESTER_NAMED = Kind(
    name="attester.named",
    meaning="Names a second party, a works council say, that may attest the roll in its own name.",
    vouched_by="the quorum of organisers",
    fields={
        "key": (Hex(32), "the second party's Ed25519 key"),
        "name": (_C, "commitment to its name"),
        "at": _AT,
        "sigs": _SIGS,
    },
)
ROLL_ATTESTED = Kind(
    name="roll.attested",
    meaning="A second party says how the list of those invited compares with its own list of the entitled.",
    vouched_by="the key of a second party that the organisers have named; admission by the log key",
    fields={
        "key": (Hex(32), "the second party's"),
        "date": (Text(10, r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "the day it compared"),
        "epoch": (Int(1), "index of the epoch it looked at"),
        "rows": (Int(1), "rows of that epoch"),
        "entitled": (Int(1, MAX_PEOPLE), "people on its own list"),
        "invited": (Int(0, MAX_PEOPLE), "people on the list of those invited that it was shown"),
        "found": (Int(0, MAX_PEOPLE), "of them, those on its own list"),
        "spent": (Int(0, MAX_PEOPLE), "invitations used by then, as it was told"),
        "method": (_C, "commitment to how it compared"),
        "sig": (Hex(64), "Ed25519 signature"),
    },
)
DISPUTE = Kind(
    name="dispute",
    meaning="Somebody who was invited says that another used their code: one row may not be its person's.",
    vouched_by="the log key, which has seen the used code",
    fields={"id": (Hex(16), "follows from the code, and tells nothing of it")},
)
DISPUTE_SETTLED = Kind(
    name="dispute.settled",
    meaning="Organisers close a dispute; it stays in the record.",
    vouched_by="the quorum of organisers",
    fields={
        "id": (Hex(16), "that of the dispute"),
        "reason": (_C, "commitment to how it was settled"),
        "at": _AT,
        "sigs": _SIGS,
    },
)
BATCH = Kind(
    name="batch",
    meaning="The entries that follow were released together, in random order.",
    vouched_by="the log key",
    fields={
        "first": (Int(1), "its own index + 1"),
        "count": (Int(1, 1_000_000), "entries released"),
        "time": (_TIME, "end of the window, Unix seconds: the only time that a member's entry bears"),
    },
)
ERASURE = Kind(
    name="erasure",
    meaning="Openings that no longer exist; the count stands.",
    vouched_by="the log key",
    fields={
        "commitments": (ListOf(_C, 1, MAX_ERASED, unique=True), "whose openings were deleted"),
        "reason": (Choice(("request", "retention", "order")), "why"),
    },
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        GROUP_OPENED,
        ROLL_ROW,
        ROLL_CHECKPOINT,
        LETTER_OPENED,
        SIGNATURE,
        STATEMENT,
        LETTER_CHANGED,
        LETTER_CLOSED,
        UPDATE,
        STRUCK,
        ELECTORATE,
        ATTESTER_NAMED,
        ROLL_ATTESTED,
        DISPUTE,
        DISPUTE_SETTLED,
        BATCH,
        ERASURE,
    )
}
MEMBER_KINDS = frozenset({"roll.row", "signature", "statement", "dispute"})
"""Kinds that members send and batches release."""
