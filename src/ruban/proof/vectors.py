"""Judging one test vector about the proof: does what it describes hold? Kinds and fields: vectors/README.md.

Takes parsed JSON objects, does no I/O. A case of an odd shape (a kind, field or type that is not in the list) is
FormatError: a slip in a file of vectors must never look like the refusal that it expects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from ruban.errors import FormatError, Message, ProofInvalid
from ruban.primitives.encoding import le64, parse_hex
from ruban.primitives.group import hash_to_group, parse_point
from ruban.primitives.scalar import encode_scalar, scalar_from_uniform
from ruban.primitives.transcript import Tag, transcript
from ruban.proof.batch import Claim, verify_batch
from ruban.proof.enrol import MAX_SLOTS, EnrolmentClaim, prove_enrolment
from ruban.proof.prove import prove
from ruban.proof.ring import ID_BYTES, Ring, Selector, parse_ring
from ruban.proof.secret import NONCE_SALT_BYTES, SEED_BYTES, MemberSecret, SlotSecret
from ruban.proof.statement import ControlClaim, NameClaim, control_statement, name_statement, sign_control, sign_name
from ruban.proof.verify import verify_proof

MAX_ROWS = 1_000_000
"""Rows of a case about blocks, at most: each is hashed and sorted."""


class Outcome(Enum):
    """How judging a case may end, and what a case may expect."""

    OK = "ok"
    FORMAT = "format"
    PROOF = "proof"


class _Differs(Exception):
    """A value that a case states is not the one computed."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a case, with their types checked."""

    values: Mapping[str, object]

    def text(self, key: str) -> str:
        value = self.values[key]
        if not isinstance(value, str):
            raise _odd(key, "a string")
        return value

    def integer(self, key: str) -> int:
        value = self.values[key]
        if not isinstance(value, int) or isinstance(value, bool):
            raise _odd(key, "an integer")
        return value

    def texts(self, key: str) -> list[str]:
        value = self.values[key]
        texts = [item for item in value if isinstance(item, str)] if isinstance(value, list) else None
        if not isinstance(value, list) or texts is None or len(texts) != len(value):
            raise _odd(key, "a list of strings")
        return texts

    def data(self, key: str, size_bytes: int | None = None) -> bytes:
        return parse_hex(key, self.text(key), size_bytes)

    def datas(self, key: str) -> list[bytes]:
        return [parse_hex(key, text) for text in self.texts(key)]

    def count(self, key: str) -> int:
        value = self.integer(key)
        if not 0 <= value < 1 << 53:
            raise FormatError(key, "a number from 0 to 2^53 − 1", str(value))
        return value


def _odd(key: str, expected: str) -> FormatError:
    return FormatError(key, expected, "something else")


def _compare(computed: bytes, stated: bytes) -> None:
    if computed != stated:
        raise _Differs


def _ring(fields: Fields) -> Ring:
    return parse_ring(
        roll_id=fields.data("roll", ID_BYTES),
        head=fields.data("head", ID_BYTES),
        selector=fields.text("selector"),
        slot=fields.integer("slot"),
        stubs=fields.datas("ring"),
    )


def _holds(claim: Claim) -> None:
    verify_batch([claim])


def _judge_proof(fields: Fields) -> None:
    ring = _ring(fields)
    verify_proof(ring, fields.data("letter", ID_BYTES), fields.data("message"), fields.data("proof"))


def _own(fields: Fields, ring: Ring) -> SlotSecret:
    """The secret of the case's seed, if it opens the stub at the case's place."""
    secret = MemberSecret.from_seed(ring.roll_id, fields.data("seed", SEED_BYTES)).slot(ring.slot)
    index = fields.count("index")
    if index >= len(ring.stubs):
        raise FormatError("index", Message("a place below {n}", n=len(ring.stubs)), str(index))
    _compare(secret.stub, ring.stubs[index])
    return secret


def _judge_proving(fields: Fields) -> None:
    ring = _ring(fields)
    secret = _own(fields, ring)
    letter, message = fields.data("letter", ID_BYTES), fields.data("message")
    salt = fields.data("nonce_salt", NONCE_SALT_BYTES)
    _compare(prove(ring, fields.count("index"), secret, letter, message, nonce_salt=salt), fields.data("proof"))


def _judge_enrolment(fields: Fields) -> None:
    roll, member = fields.data("roll", ID_BYTES), fields.data("member")
    _holds(EnrolmentClaim.parse(roll, member, fields.datas("stubs"), fields.data("proof")))


def _judge_enrolling(fields: Fields) -> None:
    roll, member = fields.data("roll", ID_BYTES), fields.data("member")
    whole = MemberSecret.from_seed(roll, fields.data("seed", SEED_BYTES))
    count = fields.count("slots")
    if not 1 <= count <= MAX_SLOTS:
        raise FormatError("slots", Message("{low} to {high}", low=1, high=MAX_SLOTS), str(count))
    secrets = [whole.slot(slot) for slot in range(count)]
    _compare(b"".join(secret.stub for secret in secrets), b"".join(fields.datas("stubs")))
    salt = fields.data("nonce_salt", NONCE_SALT_BYTES)
    _compare(prove_enrolment(roll, member, secrets, nonce_salt=salt), fields.data("proof"))


def _control_statement(fields: Fields, P: bytes) -> bytes:
    letter, prev = fields.data("letter"), fields.data("prev")
    return control_statement(letter, P, fields.count("seq"), prev, fields.data("body"))


def _judge_control(fields: Fields) -> None:
    P = parse_point("tag", fields.data("tag"))
    _holds(ControlClaim.parse(_control_statement(fields, P), P, fields.data("proof")))


def _judge_controlling(fields: Fields) -> None:
    whole = MemberSecret.from_seed(fields.data("roll", ID_BYTES), fields.data("seed", SEED_BYTES))
    secret = whole.slot(fields.count("slot"))
    salt = fields.data("nonce_salt", NONCE_SALT_BYTES)
    proof = sign_control(secret, _control_statement(fields, secret.tag), nonce_salt=salt)
    _compare(proof, fields.data("proof"))


def _name_statement(fields: Fields, ring: Ring, P: bytes) -> bytes:
    letter, prev, body = fields.data("letter"), fields.data("prev"), fields.data("body")
    return name_statement(ring, fields.count("index"), letter, P, fields.count("seq"), prev, body)


def _judge_name(fields: Fields) -> None:
    ring, P = _ring(fields), parse_point("tag", fields.data("tag"))
    sd = _name_statement(fields, ring, P)
    _holds(NameClaim.parse(ring, fields.count("index"), sd, P, fields.data("proof")))


def _judge_naming(fields: Fields) -> None:
    ring = _ring(fields)
    secret = _own(fields, ring)
    sd, salt = _name_statement(fields, ring, secret.tag), fields.data("nonce_salt", NONCE_SALT_BYTES)
    _compare(sign_name(ring, fields.count("index"), secret, sd, nonce_salt=salt), fields.data("proof"))


def _judge_transcript(fields: Fields) -> None:
    found = [tag for tag in Tag if tag.label == fields.text("tag")]
    if not found or list(found[0].fields) != fields.texts("labels"):
        raise _odd("labels", "the fields of a known transcript")
    digest = transcript(found[0], *fields.datas("values"))
    _compare(digest, fields.data("digest", 64))
    _compare(encode_scalar(scalar_from_uniform(digest)), fields.data("scalar", 32))


def _judge_hash_to_group(fields: Fields) -> None:
    _compare(hash_to_group(fields.data("message")), fields.data("point", 32))


def _judge_secret(fields: Fields) -> None:
    whole = MemberSecret.from_seed(fields.data("roll", ID_BYTES), fields.data("seed", SEED_BYTES))
    secret = whole.slot(fields.count("slot"))
    _compare(secret.tag, fields.data("tag", 32))
    _compare(encode_scalar(secret.s), fields.data("serial", 32))
    _compare(secret.stub, fields.data("stub", 32))
    _compare(whole.row_key, fields.data("row_key", 32))
    _compare(whole.claim_salt, fields.data("claim_salt", 32))


def _judge_block(fields: Fields) -> None:
    roll, selector = fields.data("roll", ID_BYTES), Selector.parse(fields.text("selector"))
    count = fields.count("rows")
    if count > MAX_ROWS:
        raise FormatError("rows", Message("{low} to {high}", low=0, high=MAX_ROWS), str(count))
    rows = selector.members(roll, range(count))
    _compare(hashlib.sha512(b"".join(le64(row) for row in rows)).digest(), fields.data("digest", 64))


_RING = ("roll", "head", "selector", "slot", "ring")
_LATER = ("letter", "seq", "prev", "body")
_KINDS: Mapping[str, tuple[tuple[str, ...], Callable[[Fields], None]]] = {
    "proof": ((*_RING, "letter", "message", "proof"), _judge_proof),
    "proving": ((*_RING, "letter", "message", "index", "seed", "nonce_salt", "proof"), _judge_proving),
    "enrolment": (("roll", "member", "stubs", "proof"), _judge_enrolment),
    "enrolling": (("roll", "member", "seed", "slots", "nonce_salt", "stubs", "proof"), _judge_enrolling),
    "control": ((*_LATER, "tag", "proof"), _judge_control),
    "controlling": ((*_LATER, "roll", "slot", "seed", "nonce_salt", "proof"), _judge_controlling),
    "name": ((*_RING, *_LATER, "index", "tag", "proof"), _judge_name),
    "naming": ((*_RING, *_LATER, "index", "seed", "nonce_salt", "proof"), _judge_naming),
    "transcript": (("tag", "labels", "values", "digest", "scalar"), _judge_transcript),
    "hash-to-group": (("message", "point"), _judge_hash_to_group),
    "secret": (("roll", "seed", "slot", "tag", "serial", "stub", "row_key", "claim_salt"), _judge_secret),
    "block": (("roll", "selector", "rows", "digest"), _judge_block),
}
_INTEGERS = frozenset({"slot", "index", "seq", "slots", "rows"})
_LISTS = frozenset({"ring", "stubs", "labels", "values"})


def expected_of(case: Mapping[str, object]) -> Outcome:
    """What `case` says must come of it; FormatError if it says nothing known."""
    for outcome in Outcome:
        if case.get("expect") == outcome.value:
            return outcome
    raise _odd("expect", "“ok”, “format” or “proof”")


def judge(case: Mapping[str, object]) -> Outcome:
    """What comes of `case`, whatever it expects; FormatError unless it has exactly the fields of its kind.

    FORMAT where bytes or a number encode nothing, PROOF where an equation is false or a stated value another.
    """
    kind = case.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _odd("kind", "a kind of vector about the proof")
    names, run = _KINDS[kind]
    if set(case) != {"name", "kind", "expect", *names}:
        raise _odd("case", "exactly the fields of its kind")
    fields = Fields(case)
    expected_of(case)
    for name in ("name", *names):
        (fields.integer if name in _INTEGERS else fields.texts if name in _LISTS else fields.text)(name)
    try:
        run(fields)
    except FormatError:
        return Outcome.FORMAT
    except (ProofInvalid, _Differs):
        return Outcome.PROOF
    return Outcome.OK
