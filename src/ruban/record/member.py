"""What a member's own device makes: a row, a signature, and what is said of it later. Pure, but for the nonces drawn.

Everything is derived from a state that the device has replayed itself: a ring handed over by somebody else could hold
one real stub among invented ones (spec/proof.md, 4).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ruban.errors import CommitmentInvalid, Message, Refused, RuleBroken, TagReused
from ruban.proof import (
    MemberSecret,
    Ring,
    SlotSecret,
    prove,
    prove_enrolment,
    prove_together,
    sign_control,
    sign_name,
)
from ruban.proof.ring import MAX_RING, Selector
from ruban.record.canonical import check_text, encode
from ruban.record.commitment import Opening, claim_payload, commit, parse_comment
from ruban.record.entry import Entry, body_of, make_entry
from ruban.record.rules.signature import check_hides, statement_of
from ruban.record.state import Letter, Recorded, State
from ruban.record.submission import Submission

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stub stands: epoch, which of its rings, and the place in it."""

    epoch: int
    selector: Selector
    ring: Ring
    index: int


def make_row(
    state: State, secret: MemberSecret, name: str, way: str = "invitation", role: str | None = None
) -> Submission:
    """A row for the roll. Its opening is for whoever checks the name; only a signature by name publishes it."""
    group = state.opened
    slots = [secret.slot(k) for k in range(group.slots)]
    claim = name_opening(secret, name, role)
    data: dict[str, Any] = {
        "kind": "roll.row",
        "v": 1,
        "stubs": [slot.stub.hex() for slot in slots],
        "key": secret.row_key.hex(),
        "claim": claim.commitment.hex(),
        "way": way,
    }
    if role is not None:
        data["role"] = role
    proof = prove_enrolment(group.roll_id, body_of(data), slots)
    return Submission(make_entry({**data, "proof": proof.hex()}).leaf, (claim,))


def name_opening(secret: MemberSecret, name: str, role: str | None = None) -> Opening:
    """The opening of a row's claim, with the salt that only its member can make. FormatError on a control character.

    Normalised: some keyboards and file systems spell é as two characters.
    """
    name = unicodedata.normalize("NFC", name)
    check_text("name", name)
    if role is not None:
        role = unicodedata.normalize("NFC", role)
        check_text("role", role)
    return Opening(secret.claim_salt, claim_payload(name, role))


def place_of(state: State, letter: Letter, secret: SlotSecret, *, by_role: bool = False) -> Place:
    """Where a secret's stub stands in the newest epoch, among all or among those with its row's role.

    Nobody chooses a ring. Refused if the secret has no row there, or `by_role` without a role that may sign.
    """
    newest = state.roll.newest_epoch
    if newest is None:
        raise RuleBroken("epoch", Message("one in the record"), Message("none"))
    # Where the roll needs blocks, only one of them holds the stub.
    for block in _blocks(newest.rows):
        ring = state.ring(newest.index, letter.slot, block.encode())
        if secret.stub in ring.stubs:
            place = Place(newest.index, block, ring, ring.stubs.index(secret.stub))
            return _among_role(state, letter, secret, place) if by_role else place
    raise Refused(
        "secret",
        Message("one whose row is in an epoch of this record"),
        Message("one without a row"),
        hint=Message("Somebody who has just enrolled can sign from the next signing time."),
    )


def role_of(state: State, letter: Letter, place: Place) -> str | None:
    """The role that the row at a place bears, if the letter may be signed by it."""
    row = state.row_at(place.epoch, letter.slot, place.selector.encode(), place.index)
    role = state.roll.rows[row].role
    return role if role is not None and Selector(role=role).encode() in letter.selectors else None


def _among_role(state: State, letter: Letter, secret: SlotSecret, among_all: Place) -> Place:
    role = role_of(state, letter, among_all)
    if role is None:
        raise Refused("role", Message("one by which this letter may be signed"), Message("another, or none"))
    for block in _blocks(state.roll.epochs[among_all.epoch].roles[role], role):
        ring = state.ring(among_all.epoch, letter.slot, block.encode())
        if secret.stub in ring.stubs:
            return Place(among_all.epoch, block, ring, ring.stubs.index(secret.stub))
    raise RuleBroken("ring", Message("one with this stub"), Message("none"))


def _blocks(rows: int, role: str | None = None) -> list[Selector]:
    blocks = max(1, -(-rows // MAX_RING))
    return [Selector(role=role, block=block, blocks=blocks) for block in range(blocks)]


def _unused(letter: Letter, secret: SlotSecret) -> None:
    if secret.tag in letter.signatures:
        raise TagReused("tag", Message("one that has not signed this letter"), secret.tag.hex())


def _recorded(letter: Letter, secret: SlotSecret) -> Recorded:
    recorded = letter.signatures.get(secret.tag)
    if recorded is None:
        raise RuleBroken("tag", Message("one whose signature is in the record"), secret.tag.hex())
    return recorded


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A member's row as the record has it."""

    role: str | None
    way: str
    fixed: bool
    """Whether an epoch has it, so that it can sign."""


def own_row(state: State, member: MemberSecret, name: str | None = None, role: str | None = None) -> OwnRow:
    """The member's row, compared with all that their secret says it must bear: key, stubs and, if given, the name.

    Refused if no row bears the secret's key; CommitmentInvalid for another stub, or another name or role.
    """
    number = next((number for number, row in enumerate(state.roll.rows) if row.key == member.row_key), None)
    if number is None:
        raise Refused(
            "row",
            Message("one with the key of this secret"),
            Message("none in this record"),
            hint=Message("If you have just enrolled, take a newer bundle after the next release."),
        )
    row = state.roll.rows[number]
    for slot, column in enumerate(state.roll.columns):
        # What has been erased cannot be compared, nor sign any more.
        with suppress(KeyError):
            if member.slot(slot).stub != column[number]:
                raise CommitmentInvalid("stub", Message("that of this secret"), Message("another"))
    if role is not None and row.role != role:
        raise CommitmentInvalid("role", repr(role), repr(row.role))
    if name is not None and name_opening(member, name, row.role).commitment != row.claim:
        raise CommitmentInvalid("name", Message("the name that you enrolled with"), Message("another"))
    newest = state.roll.newest_epoch
    return OwnRow(role=row.role, way=row.way, fixed=newest is not None and number < newest.rows)


def sign_unnamed(
    state: State,
    letter: Letter,
    member: MemberSecret,
    *,
    by_role: bool = False,
    nonce_salt: bytes | None = None,
    progress: Progress = lambda share: None,
) -> Submission:
    """A signature that comes from one of the ring, all or those with the member's role, and nobody in particular.

    Refused or RuleBroken if the secret has no row yet or the ring is smaller than it must be.
    """
    secret = member.slot(letter.slot)
    data, ring, place = _unnamed(state, letter, secret, by_role=by_role)
    proof = prove(ring, place, secret, letter.letter_id, body_of(data), nonce_salt=nonce_salt, progress=progress)
    return Submission(make_entry({**data, "proof": proof.hex()}).leaf)


def sign_unnamed_together(state: State, letter: Letter, members: Sequence[MemberSecret]) -> list[Submission]:
    """`sign_unnamed` for members who share a machine: as many signatures, their proofs verified together."""
    secrets = [member.slot(letter.slot) for member in members]
    prepared = [_unnamed(state, letter, secret) for secret in secrets]
    made: list[Submission | None] = [None] * len(members)
    for selector in {data["selector"] for data, _ring, _place in prepared}:
        numbers = [number for number, (data, _ring, _place) in enumerate(prepared) if data["selector"] == selector]
        data, ring, _ = prepared[numbers[0]]
        signers = [(prepared[number][2], secrets[number]) for number in numbers]
        proofs = prove_together(ring, signers, letter.letter_id, body_of(data))
        for number, proof in zip(numbers, proofs, strict=True):
            made[number] = Submission(make_entry({**data, "proof": proof.hex()}).leaf)
    return [submission for submission in made if submission is not None]


def _unnamed(
    state: State, letter: Letter, secret: SlotSecret, *, by_role: bool = False
) -> tuple[dict[str, Any], Ring, int]:
    """The entry still without its proof, its ring, and the signer's place in it."""
    _unused(letter, secret)
    place = place_of(state, letter, secret, by_role=by_role)
    check_hides(state, letter, place.epoch, place.ring, place.selector.role)
    return _signature(letter, "unnamed", place), place.ring, place.index


def sign_by_name(
    state: State,
    letter: Letter,
    member: MemberSecret,
    name: str,
    role: str | None = None,
    *,
    nonce_salt: bytes | None = None,
) -> Submission:
    """A signature that opens the member's own row. CommitmentInvalid in replay if the row claims another name."""
    secret = member.slot(letter.slot)
    _unused(letter, secret)
    place = place_of(state, letter, secret)
    claim = name_opening(member, name, role)
    data = _signature(letter, "name", place) | {
        "tag": secret.tag.hex(),
        "index": place.index,
        "claim": claim.commitment.hex(),
    }
    return Submission(_by_name(state, data, place.ring, place.index, secret, nonce_salt), (claim,))


def step_forward(
    state: State,
    letter: Letter,
    member: MemberSecret,
    name: str,
    role: str | None = None,
    *,
    nonce_salt: bytes | None = None,
) -> Submission:
    """Give a name to a recorded unnamed signature."""
    secret = member.slot(letter.slot)
    recorded = _recorded(letter, secret)
    ring = state.ring(recorded.epoch, letter.slot, recorded.selector)
    place = ring.stubs.index(secret.stub)
    claim = name_opening(member, name, role)
    data = _statement(letter, secret, recorded, "name") | {
        "epoch": recorded.epoch,
        "selector": recorded.selector,
        "index": place,
        "claim": claim.commitment.hex(),
    }
    return Submission(_by_name(state, data, ring, place, secret, nonce_salt), (claim,))


def withdraw(state: State, letter: Letter, member: MemberSecret, *, nonce_salt: bytes | None = None) -> Submission:
    """Take a recorded signature back, for good."""
    secret = member.slot(letter.slot)
    data = _statement(letter, secret, _recorded(letter, secret), "withdraw")
    return Submission(_controlled(state, data, secret, nonce_salt))


def comment(
    state: State, letter: Letter, member: MemberSecret, text: str, *, nonce_salt: bytes | None = None
) -> Submission:
    """Words beside a recorded signature, in place of earlier ones. FormatError unless 1 to 1,000 bytes of text.

    Whose way of writing is known is known by it, also where the signature bears no name.
    """
    opened = commit(text)
    parse_comment("comment", opened.payload)
    secret = member.slot(letter.slot)
    data = _statement(letter, secret, _recorded(letter, secret), "comment") | {"text": opened.commitment.hex()}
    return Submission(_controlled(state, data, secret, nonce_salt), (opened,))


def _controlled(state: State, data: dict[str, Any], secret: SlotSecret, nonce_salt: bytes | None) -> bytes:
    sig = sign_control(secret, statement_of(state, _unproven(data)), nonce_salt=nonce_salt)
    return make_entry({**data, "sig": sig.hex()}).leaf


def _by_name(
    state: State, data: dict[str, Any], ring: Ring, place: int, secret: SlotSecret, nonce_salt: bytes | None
) -> bytes:
    sig = sign_name(ring, place, secret, statement_of(state, _unproven(data)), nonce_salt=nonce_salt)
    return make_entry({**data, "sig": sig.hex()}).leaf


def _unproven(data: dict[str, Any]) -> Entry:
    """An entry that still lacks its proof, for computing what the proof is about."""
    return Entry(encode(data), data["kind"], data)


def _signature(letter: Letter, way: str, place: Place) -> dict[str, Any]:
    return {
        "kind": "signature",
        "v": 1,
        "letter": letter.letter_id.hex(),
        "way": way,
        "epoch": place.epoch,
        "selector": place.selector.encode(),
    }


def _statement(letter: Letter, secret: SlotSecret, recorded: Recorded, action: str) -> dict[str, Any]:
    return {
        "kind": "statement",
        "v": 1,
        "letter": letter.letter_id.hex(),
        "tag": secret.tag.hex(),
        "seq": recorded.seq + 1,
        "prev": recorded.prev.hex(),
        "action": action,
    }
