"""What a member's own device makes: a row, a signature, and what is said of it later. Pure, but for the nonces drawn.

Everything is derived from a state that the device has replayed itself: a ring handed over by somebody else could hold
one real stub among invented ones (spec/proof.md, 4).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from ruban.errors import Message, Refused, RuleBroken, TagReused
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
from ruban.record.rules.signature import statement_of
from ruban.record.state import Letter, Recorded, State
from ruban.record.submission import Submission

Progress = Callable[[float], None]


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


def _place(state: State, letter: Letter, secret: SlotSecret) -> tuple[int, str, Ring, int]:
    """Epoch, selector, ring and place of a secret's stub in the newest epoch: nobody chooses a ring."""
    newest = state.roll.newest_epoch
    if newest is None:
        raise RuleBroken("epoch", Message("one in the record"), Message("none"))
    # Where the roll needs blocks, only one of them holds the stub.
    for selector in _selectors(newest.rows):
        ring = state.ring(newest.index, letter.slot, selector)
        if secret.stub in ring.stubs:
            return newest.index, selector, ring, ring.stubs.index(secret.stub)
    raise Refused(
        "secret",
        Message("one whose row is in an epoch of this record"),
        Message("one without a row"),
        hint=Message("Somebody who has just enrolled can sign from the next signing time."),
    )


def _selectors(rows: int) -> list[str]:
    blocks = max(1, -(-rows // MAX_RING))
    return [Selector(block=block, blocks=blocks).encode() for block in range(blocks)]


def _unused(letter: Letter, secret: SlotSecret) -> None:
    if secret.tag in letter.signatures:
        raise TagReused("tag", Message("one that has not signed this letter"), secret.tag.hex())


def _recorded(letter: Letter, secret: SlotSecret) -> Recorded:
    recorded = letter.signatures.get(secret.tag)
    if recorded is None:
        raise RuleBroken("tag", Message("one whose signature is in the record"), secret.tag.hex())
    return recorded


def sign_unnamed(
    state: State,
    letter: Letter,
    member: MemberSecret,
    *,
    nonce_salt: bytes | None = None,
    progress: Progress = lambda share: None,
) -> Submission:
    """A signature that comes from one of the ring, and from nobody in particular.

    Refused or RuleBroken if the secret has no row yet or the ring is smaller than the letter wants.
    """
    secret = member.slot(letter.slot)
    data, ring, place = _unnamed(state, letter, secret)
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


def _unnamed(state: State, letter: Letter, secret: SlotSecret) -> tuple[dict[str, Any], Ring, int]:
    """The entry still without its proof, its ring, and the signer's place in it."""
    _unused(letter, secret)
    epoch, selector, ring, place = _place(state, letter, secret)
    if len(ring.stubs) < letter.ring_min:
        raise RuleBroken("ring", Message("at least {n} rows", n=letter.ring_min), str(len(ring.stubs)))
    return _signature(letter, "unnamed", epoch, selector), ring, place


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
    epoch, selector, ring, place = _place(state, letter, secret)
    claim = name_opening(member, name, role)
    data = _signature(letter, "name", epoch, selector) | {
        "tag": secret.tag.hex(),
        "index": place,
        "claim": claim.commitment.hex(),
    }
    return Submission(_by_name(state, data, ring, place, secret, nonce_salt), (claim,))


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


def _signature(letter: Letter, way: str, epoch: int, selector: str) -> dict[str, Any]:
    return {
        "kind": "signature",
        "v": 1,
        "letter": letter.letter_id.hex(),
        "way": way,
        "epoch": epoch,
        "selector": selector,
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
