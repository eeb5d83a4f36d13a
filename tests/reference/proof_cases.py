"""The cases of vectors/proof.json: valid proofs, and for each rule of spec/proof.md, 9, one that breaks it alone.

Proofs come from the naive prover (paper.py), with nonces that follow from the case's name, so that the same bytes come
out each time. Where a case is meant to break one equation and leave the others true, that is checked here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ruban.primitives.group import IDENTITY, G, add, multiply, multiply_base, subtract
from tests.proof.cast import HEAD, LETTER, ROLL, SLOT, member, members
from tests.reference import paper
from tests.reference.rfc9496 import BAD_ENCODINGS

Case = dict[str, Any]
L, H = paper.L, paper.H
MESSAGE = b"We ask that the director return."
SIZE, INDEX = 5, 2
POINTS = ("P", "A", "B", "Q_0", "Q_1", "R")
SCALARS = ("f_0,1", "f_0,2", "f_0,3", "f_1,1", "f_1,2", "f_1,3", "z_A", "z", "z_P")


def statement(size: int = SIZE, **changes: Any) -> paper.Statement:
    """The statement that most cases are about, with what is changed in it."""
    ring = tuple(secret.stub for secret in members(size))
    base = paper.Statement(roll=ROLL, head=HEAD, selector="all", slot=SLOT, letter=LETTER, ring=ring, message=MESSAGE)
    return replace(base, **changes)


def case(name: str, about: paper.Statement, proof: bytes, expect: str, **written: Any) -> Case:
    return {
        "name": name,
        "kind": "proof",
        "roll": about.roll.hex(),
        "head": about.head.hex(),
        "selector": about.selector,
        "slot": about.slot,
        "letter": about.letter.hex(),
        "ring": [stub.hex() for stub in about.ring],
        "message": about.message.hex(),
        "proof": proof.hex(),
        "expect": expect,
        **written,
    }


def salt_of(name: str) -> bytes:
    return hashlib.sha256(b"ruban vectors " + name.encode()).digest()


def signed(name: str, about: paper.Statement, index: int = INDEX, m: int | None = None) -> bytes:
    """A proof by the naive prover for the member at `index` of the ring."""
    secret = member(index, about.slot)
    return paper.prove(about, index, secret.x, secret.r, secret.nonce_key, salt_of(name), m).encode()


def masks_of(name: str, m: int = 2) -> paper.Nonces:
    return paper.Nonces.take(paper.nonce_list(b"masks", salt_of(name), b"", 3 + 4 * m), m)


def valid() -> Iterator[Case]:
    for size in (1, 2, 4, 5, 16, 17, 64):
        for index in sorted({0, size // 2, size - 1}):
            name = f"signed by place {index} of {size}"
            about = statement(size)
            yield case(name, about, signed(name, about, index), "ok")
    varied: Mapping[str, Mapping[str, Any]] = {
        "an empty message": {"message": b""},
        "a message of 1,024 bytes": {"message": bytes(range(256)) * 4},
        "a role as selector": {"selector": "role:Ingénierie"},
        "a role that is called all": {"selector": "role:all"},
        "a block of all": {"selector": "all#1/2"},
        "a block of a role": {"selector": "role:R&D / 2#0/3"},
        "a role of 64 bytes": {"selector": "role:" + "é" * 32},
    }
    for name, changes in varied.items():
        about = statement(**changes)
        yield case(name, about, signed(name, about), "ok")
    for slot in (0, 95):
        about = statement(slot=slot, ring=tuple(member(i, slot).stub for i in range(SIZE)))
        yield case(f"slot {slot}", about, signed(f"slot {slot}", about), "ok")


def large() -> Iterator[Case]:
    """One ring of 770; the fast prover makes it, its agreement with the naive one is tested up to sixteen."""
    from ruban.proof import parse_ring, prove

    about = statement(770)
    ring = parse_ring(roll_id=ROLL, head=HEAD, selector="all", slot=SLOT, stubs=about.ring)
    name = "signed by place 123 of 770"
    yield case(name, about, prove(ring, 123, member(123), LETTER, MESSAGE, nonce_salt=salt_of(name)), "ok")


def lengths() -> Iterator[Case]:
    about = statement()
    proof = signed("lengths", about)
    yield case("empty proof", about, b"", "format")
    yield case("one byte short", about, proof[:-1], "format")
    yield case("one byte more", about, proof + b"\0", "format")
    yield case("32 bytes short", about, proof[:-32], "format")
    yield case("32 bytes more", about, proof + bytes(32), "format")
    yield case("the proof twice", about, proof + proof, "format")
    yield case("first byte missing, one at the end", about, proof[1:] + b"\0", "format")
    yield case("m is one more than the least", about, signed("m + 1", about, m=3), "format")
    four = statement(4)
    yield case("m is one more than the least, ring of 4", four, signed("m + 1 of 4", four, m=2), "format")
    small = signed("m of 4", four)
    yield case("m is one less than needed", about, small, "format")


def scalars() -> Iterator[Case]:
    about = statement()
    proof = signed("scalars", about)
    for number, name in enumerate(SCALARS):
        at = 32 * (len(POINTS) + number)
        value = int.from_bytes(proof[at : at + 32], "little")
        for what, other, expect in (
            ("is l", L, "format"),
            ("with l added", value + L, "format"),
            ("is 2^256 − 1", 2**256 - 1, "format"),
            ("with its top bit set", value | 1 << 255, "format"),
            ("with 1 added", (value + 1) % L, "proof"),
            ("negated", -value % L, "proof"),
            ("is 0", 0, "proof"),
        ):
            altered = proof[:at] + other.to_bytes(32, "little") + proof[at + 32 :]
            yield case(f"{name} {what}", about, altered, expect)


def points() -> Iterator[Case]:
    about = statement()
    proof = signed("points", about)
    for number, name in enumerate(POINTS):
        at = 32 * number
        whole = proof[at : at + 32]
        negative = (2**255 - 19 - int.from_bytes(whole, "little")).to_bytes(32, "little")
        for what, other, expect in (
            ("is the identity", IDENTITY, "format"),
            ("in its negative encoding", negative, "format"),
            ("with its top bit set", whole[:31] + bytes([whole[31] | 0x80]), "format"),
            ("with G added", add(whole, G), "proof"),
            ("negated", subtract(IDENTITY, whole), "proof"),
        ):
            yield case(f"{name} {what}", about, proof[:at] + other + proof[at + 32 :], expect)
    for number, bad in enumerate(BAD_ENCODINGS):
        place = number % len(POINTS)
        altered = proof[: 32 * place] + bytes.fromhex(bad) + proof[32 * place + 32 :]
        yield case(f"{POINTS[place]} is bad encoding {number} of RFC 9496", about, altered, "format")
    parts = [proof[i : i + 32] for i in range(0, len(proof), 32)]
    for one, two in ((1, 2), (3, 4), (4, 5), (6, 7), (6, 9), (12, 13)):
        swapped = list(parts)
        swapped[one], swapped[two] = parts[two], parts[one]
        names = (*POINTS, *SCALARS)
        yield case(f"{names[one]} and {names[two]} swapped", about, b"".join(swapped), "proof")
    yield case("every point is G, every scalar 0", about, G * 6 + bytes(32 * 9), "proof")


def rings() -> Iterator[Case]:
    about = statement()
    proof = signed("rings", about)
    C = about.ring
    other = member(99).stub
    changed: Mapping[str, tuple[tuple[bytes, ...], str]] = {
        "no stub in the ring": ((), "format"),
        "another's stub twice in the ring": ((C[0], C[1], C[2], C[3], C[0]), "format"),
        "the signer's stub twice in the ring": ((C[0], C[1], C[2], C[3], C[2]), "format"),
        "the identity in the ring": ((*C[:4], IDENTITY), "format"),
        "a stub in its negative encoding": (
            (*C[:4], (2**255 - 19 - int.from_bytes(C[4], "little")).to_bytes(32, "little")),
            "format",
        ),
        "a stub of 31 bytes": ((*C[:4], C[4][:31]), "format"),
        "a stub of 33 bytes": ((*C[:4], C[4] + b"\0"), "format"),
        "an empty stub": ((*C[:4], b""), "format"),
        "two others in another order": ((C[1], C[0], *C[2:]), "proof"),
        "the whole ring in another order": (C[::-1], "proof"),
        "another's stub replaced": ((*C[:4], other), "proof"),
        "the signer's stub replaced": ((C[0], C[1], other, C[3], C[4]), "proof"),
        "one stub more": ((*C, other), "proof"),
    }
    for name, (ring, expect) in changed.items():
        yield case(name, replace(about, ring=ring), proof, expect)
    six = statement(6)
    yield case("one stub fewer, not the signer's", about, signed("six", six), "proof")
    for number in (0, 4, 12, 20, 28):
        ring = (*C[:4], bytes.fromhex(BAD_ENCODINGS[number]))
        yield case(f"a stub is bad encoding {number} of RFC 9496", replace(about, ring=ring), proof, "format")
    outsider = member(99)
    forged = paper.prove(about, INDEX, outsider.x, outsider.r, outsider.nonce_key, salt_of("outsider"))
    yield case("signed by somebody outside the ring", about, forged.encode(), "proof")
    wrong = member(INDEX)
    misplaced = paper.prove(about, INDEX + 1, wrong.x, wrong.r, wrong.nonce_key, salt_of("place"))
    yield case("signed for another's place", about, misplaced.encode(), "proof")


def context() -> Iterator[Case]:
    about = statement()
    proof = signed("context", about)
    changed: Mapping[str, dict[str, Any]] = {
        "another roll": {"roll": bytes([1]) * 32},
        "another head": {"head": bytes([1]) * 32},
        "another slot": {"slot": SLOT + 1},
        "another letter": {"letter": bytes([1]) * 32},
        "another message": {"message": MESSAGE + b" "},
        "a message cut short": {"message": MESSAGE[:-1]},
        "another selector": {"selector": "role:all"},
        "another block": {"selector": "all#0/2"},
    }
    for name, changes in changed.items():
        yield case(name, replace(about, **changes), proof, "proof")
    for name in ("roll", "head", "letter"):
        short = {"roll": about.roll, "head": about.head, "letter": about.letter}[name].hex()
        yield case(f"{name} of 31 bytes", about, proof, "format", **{name: short[:-2]})
        yield case(f"{name} of 33 bytes", about, proof, "format", **{name: short + "00"})
    yield case("a negative slot", about, proof, "format", slot=-1)
    selectors = (
        ("empty", ""),
        ("unknown", "everyone"),
        ("in capitals", "ALL"),
        ("with a space", "all "),
        ("with a line feed", "all\n"),
        ("with an empty role", "role:"),
        ("with a role not in NFC", "role:Inge\u0301nierie"),
        ("with a role of 65 bytes", "role:" + "é" * 32 + "e"),
        ("with a number sign in the role", "role:C#"),
        ("with the only block", "all#0/1"),
        ("with a block past the last", "all#2/2"),
        ("with a leading zero", "all#00/2"),
        ("with no blocks", "all#0/0"),
        ("with digits that are not ASCII", "all#\uff10/2"),
        ("with a sign", "all#+0/2"),
        ("with two blocks", "all#0/2#0/2"),
    )
    for name, text in selectors:
        odd = replace(about, selector=text)
        yield case(f"a selector {name}", odd, signed("selector " + name, odd), "format")
    written = {"letter": about.letter.hex(), "message": about.message.hex(), "proof": proof.hex()}
    for name, text in written.items():
        for what, other in (
            ("in capital hexadecimal", text.upper()),
            ("with half a byte", text[:-1]),
            ("with a line feed at its end", text + "\n"),
            ("with a space", text[:2] + " " + text[2:]),
            ("with 0x before it", "0x" + text),
        ):
            yield {**case(f"{name} {what}", about, proof, "format"), name: other}


def built(about: paper.Statement, name: str, index: int, x: int, r: int, **added: bytes) -> paper.Transcript:
    """A proof whose first message has points added to it before the challenge, then answered as if it had not."""
    nonces = masks_of(name)
    first = paper.commit(about.ring, index, multiply_base(x), nonces)
    for field, point in added.items():
        if field.startswith("Q_"):
            e = ("Q_0", "Q_1").index(field)
            first = replace(first, Q=tuple(add(q, point) if i == e else q for i, q in enumerate(first.Q)))
        else:
            moved: dict[str, Any] = {field: add(getattr(first, field), point)}
            first = replace(first, **moved)
    return paper.respond(first, index, x, r, nonces, paper.challenge_of(about, first))


def _only(about: paper.Statement, proof: paper.Transcript, false: int) -> bytes:
    if paper.equations(about, proof) != tuple(number != false for number in (1, 2, 3)):
        raise RuntimeError(f"the case is meant to break equation {false} alone")
    return proof.encode()


def equations() -> Iterator[Case]:
    about = statement()
    own = member(INDEX)
    for number, field, point in ((1, "A", H), (1, "B", H), (2, "Q_0", G), (2, "Q_1", H), (3, "R", G)):
        name = f"equation ({number}) alone is false: {field} moved before the challenge"
        yield case(
            name, about, _only(about, built(about, name, INDEX, own.x, own.r, **{field: point}), number), "proof"
        )
    honest = built(about, "answers", INDEX, own.x, own.r)
    for number, field in ((1, "z_A"), (2, "z"), (3, "z_P")):
        name = f"equation ({number}) alone is false: {field} moved after the challenge"
        moved = replace(honest, **{field: (getattr(honest, field) + 1) % L})
        yield case(name, about, _only(about, moved, number), "proof")
    victim, thief = member(1), member(98)
    yield case("another member's tag put in", about, victim.tag + honest.encode()[32:], "proof")
    yield case(
        "the same member's tag of another slot put in", about, member(INDEX, 4).tag + honest.encode()[32:], "proof"
    )
    second = built(about, "second tag", INDEX, own.x + 1, own.r)
    yield case("a second tag for one's own stub", about, _only(about, second, 2), "proof")
    # The denial attack: a stub that copies the serial of a tag already seen. Its maker knows the blinding, not the key.
    copied = add(multiply_base(victim.s), multiply(thief.r, H))
    with_thief = replace(about, ring=(*about.ring[:INDEX], copied, *about.ring[INDEX + 1 :]))
    nonces = masks_of("denial")
    first = paper.commit(with_thief.ring, INDEX, victim.tag, nonces)
    stolen = paper.respond(first, INDEX, thief.x, thief.r, nonces, paper.challenge_of(with_thief, first))
    yield case("a copied serial without the tag's key", with_thief, _only(with_thief, stolen, 3), "proof")


def weak_challenges() -> Iterator[Case]:
    """Proofs that hold for a challenge that leaves something out, so that it could be chosen after it."""
    about = statement()
    own = member(INDEX)
    for left_out in ("letter", "roll", "slot", "ring", "N", "n", "m", "P", "message"):
        name = f"the challenge leaves out {left_out}"
        nonces = masks_of(name)
        first = paper.commit(about.ring, INDEX, own.tag, nonces)
        sd = paper.digest("statement", *(f for f in statement_fields(about, own.tag) if f[0] != left_out))
        xi = paper.to_scalar(paper.digest("challenge", ("statement", sd), ("first", first.first)))
        yield case(name, about, paper.respond(first, INDEX, own.x, own.r, nonces, xi).encode(), "proof")
    sd = about.digest(own.tag, 2)
    for point in ("A", "B", "Q_0", "Q_1", "R"):
        name = f"the challenge leaves out {point}"
        nonces = masks_of(name)
        first = paper.commit(about.ring, INDEX, own.tag, nonces)
        kept = {"A": first.A, "B": first.B, "Q_0": first.Q[0], "Q_1": first.Q[1], "R": first.R}
        xi = paper.to_scalar(
            paper.digest("challenge", ("statement", sd), ("first", b"".join(v for k, v in kept.items() if k != point)))
        )
        proof = paper.respond(first, INDEX, own.x, own.r, nonces, xi)
        # What is left out is then chosen so that an answer out of the air fits.
        inverse = pow(xi, -1, L)
        moves: dict[str, dict[str, Any]] = {
            "A": {"z_A": (proof.z_A + 1) % L, "A": add(proof.A, H)},
            "B": {"z_A": (proof.z_A + 1) % L, "B": add(proof.B, multiply(inverse, H))},
            "Q_0": {"z": (proof.z + 1) % L, "Q": (subtract(proof.Q[0], H), proof.Q[1])},
            "Q_1": {"z": (proof.z + 1) % L, "Q": (proof.Q[0], subtract(proof.Q[1], multiply(inverse, H)))},
            "R": {"z_P": (proof.z_P + 1) % L, "R": add(proof.R, G)},
        }
        forged = replace(proof, **moves[point])
        if paper.equations(about, forged) != (True, True, True):
            raise RuntimeError("the forgery is meant to hold for its own challenge")
        yield case(name, about, forged.encode(), "proof")
    for tag in ("statement", "control-challenge", "name-challenge", "enrol-challenge"):
        name = f"the challenge is hashed as {tag}"
        nonces = masks_of(name)
        first = paper.commit(about.ring, INDEX, own.tag, nonces)
        xi = paper.to_scalar(paper.digest(tag, ("statement", sd), ("first", first.first)))
        yield case(name, about, paper.respond(first, INDEX, own.x, own.r, nonces, xi).encode(), "proof")


def statement_fields(about: paper.Statement, P: bytes) -> list[tuple[str, bytes]]:
    """The fields of the statement's transcript, one by one."""
    size = paper.number(len(about.ring))
    rd = paper.digest(
        "ring",
        ("roll", about.roll),
        ("head", about.head),
        ("selector", about.selector.encode()),
        ("slot", paper.number(about.slot)),
        ("N", size),
        ("stubs", b"".join(about.ring)),
    )
    fields = [("letter", about.letter), ("roll", about.roll), ("slot", paper.number(about.slot)), ("ring", rd)]
    fields += [("N", size), ("n", paper.number(4)), ("m", paper.number(2)), ("P", P), ("message", about.message)]
    if paper.digest("statement", *fields) != about.digest(P, 2):
        raise RuntimeError("these are not the fields of the statement")
    return fields


def cases() -> list[Case]:
    groups = (valid, lengths, scalars, points, rings, context, equations, weak_challenges, large)
    return [made for group in groups for made in group()]
