"""The cases of the other files in vectors/: what a proof is made of, enrolment, statements by tag and by name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ruban.primitives.encoding import le64
from ruban.primitives.group import IDENTITY, G, add, hash_to_group, multiply, multiply_base, subtract
from ruban.primitives.scalar import encode_scalar, scalar_from_uniform
from ruban.primitives.transcript import Tag, transcript
from ruban.proof import MemberSecret, Ring, Selector, prove, prove_enrolment, sign_control, sign_name
from ruban.proof.statement import NO_PREVIOUS, control_statement, name_statement
from tests.proof.cast import HEAD, LETTER, ROLL, SLOT, member, ring_of
from tests.reference import paper
from tests.reference.proof_cases import Case, salt_of
from tests.reference.rfc9496 import BAD_ENCODINGS

L, H = paper.L, paper.H
ROW = b'{"kind":"roll.row"}'
BODY = b'{"kind":"statement","what":"withdraw"}'


def _made(kind: str, name: str, expect: str = "ok", **fields: Any) -> Case:
    return {"name": name, "kind": kind, **fields, "expect": expect}


def _seed(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def transcripts() -> list[Case]:
    cases = []
    for tag in Tag:
        for name, values in (
            ("empty fields", [b""] * len(tag.fields)),
            ("short fields", [label.encode() for label in tag.fields]),
            ("long fields", [bytes([n]) * (200 + n) for n in range(len(tag.fields))]),
        ):
            digest = transcript(tag, *values)
            cases.append(
                _made(
                    "transcript",
                    f"{tag.label}, {name}",
                    tag=tag.label,
                    labels=list(tag.fields),
                    values=[value.hex() for value in values],
                    digest=digest.hex(),
                    scalar=encode_scalar(scalar_from_uniform(digest)).hex(),
                )
            )
    # One byte moved over a border between fields: the two digests differ.
    for name, values in (("ab, c", [b"ab", b"c"]), ("a, bc", [b"a", b"bc"])):
        digest = transcript(Tag.CHALLENGE, *values)
        fields: dict[str, Any] = {"values": [v.hex() for v in values], "digest": digest.hex()}
        scalar = encode_scalar(scalar_from_uniform(digest)).hex()
        labels = list(Tag.CHALLENGE.fields)
        cases.append(_made("transcript", f"fields {name}", tag="challenge", labels=labels, **fields, scalar=scalar))
    return cases


def hashed() -> list[Case]:
    messages = {"the generator H": b"H", "empty": b"", "127 bytes": b"a" * 127, "128 bytes": b"b" * 128}
    messages |= {
        f"the generator K({c},{j},{d})": b"K" + bytes([c, j, d]) for c in range(2) for j in range(7) for d in range(4)
    }
    return [
        _made("hash-to-group", name, message=message.hex(), point=hash_to_group(message).hex())
        for name, message in messages.items()
    ]


def secrets() -> list[Case]:
    cases = []
    for name, roll, seed, slot in (
        ("the check value of the specification", bytes([0x52]) * 32, bytes(32), 3),
        ("the first slot", bytes([0x52]) * 32, bytes(32), 0),
        ("the last slot", bytes([0x52]) * 32, bytes(32), 95),
        ("another roll", bytes([0x53]) * 32, bytes(32), 3),
        ("another seed", bytes([0x52]) * 32, bytes(range(32)), 3),
    ):
        whole = MemberSecret.from_seed(roll, seed)
        secret = whole.slot(slot)
        cases.append(
            _made(
                "secret",
                name,
                roll=roll.hex(),
                seed=seed.hex(),
                slot=slot,
                tag=secret.tag.hex(),
                serial=encode_scalar(secret.s).hex(),
                stub=secret.stub.hex(),
                row_key=whole.row_key.hex(),
                claim_salt=whole.claim_salt.hex(),
            )
        )
    return cases


def blocks() -> list[Case]:
    cases = []
    for rows, text in (
        (1, "all"),
        (4096, "all"),
        (4097, "all#0/2"),
        (4097, "all#1/2"),
        (8193, "role:Pflege#1/3"),
    ):
        members = Selector.parse(text).members(ROLL, range(rows))
        digest = hashlib.sha512(b"".join(le64(row) for row in members)).hexdigest()
        cases.append(_made("block", f"{text} of {rows} rows", roll=ROLL.hex(), selector=text, rows=rows, digest=digest))
    for rows, text in ((4096, "all#0/2"), (4097, "all"), (4097, "all#0/3")):
        name = f"{text} of {rows} rows: another number of blocks"
        fields: dict[str, Any] = {"roll": ROLL.hex(), "selector": text, "rows": rows, "digest": "00" * 64}
        cases.append(_made("block", name, "format", **fields))
    for name, role in (
        ("a role in another order since Unicode 15.0", "a\U0001e08f\u0316"),
        ("a role in another order until Unicode 15.0", "a\u0316\U0001e08f"),
        ("a role that is composed since Unicode 16.0", "\U000105d2\u0307"),
    ):
        unsettled = {"roll": ROLL.hex(), "selector": f"role:{role}", "rows": 1, "digest": "00" * 64}
        cases.append(_made("block", name, "format", **unsettled))
    return cases


def _ring_fields(ring: Ring) -> dict[str, Any]:
    return {
        "roll": ring.roll_id.hex(),
        "head": ring.head.hex(),
        "selector": ring.selector,
        "slot": ring.slot,
        "ring": [stub.hex() for stub in ring.stubs],
    }


def proving() -> list[Case]:
    cases = []
    for size, index in ((1, 0), (2, 1), (4, 3), (5, 0), (5, 4), (16, 7), (17, 16)):
        name = f"place {index} of {size}"
        ring, message, salt = ring_of(size), name.encode(), salt_of("proving " + name)
        proof = prove(ring, index, member(index), LETTER, message, nonce_salt=salt)
        cases.append(
            _made(
                "proving",
                name,
                **_ring_fields(ring),
                letter=LETTER.hex(),
                message=message.hex(),
                index=index,
                seed=_seed(index).hex(),
                nonce_salt=salt.hex(),
                proof=proof.hex(),
            )
        )
    return cases


def _enrolment(name: str, stubs: list[bytes], proof: bytes, expect: str, **changed: Any) -> Case:
    fields = {"roll": ROLL.hex(), "member": ROW.hex(), "stubs": [s.hex() for s in stubs], "proof": proof.hex()}
    return _made("enrolment", name, expect, **{**fields, **changed})


def enrolment() -> list[Case]:
    cases = []
    whole = MemberSecret.from_seed(ROLL, _seed(7))
    for count in (1, 2, 4, 32):
        own = [whole.slot(slot) for slot in range(count)]
        salt = salt_of(f"enrolling {count}")
        proof, stubs = prove_enrolment(ROLL, ROW, own, nonce_salt=salt), [s.stub for s in own]
        fields: dict[str, Any] = {"roll": ROLL.hex(), "member": ROW.hex(), "seed": _seed(7).hex(), "slots": count}
        fields |= {"nonce_salt": salt.hex(), "stubs": [s.hex() for s in stubs], "proof": proof.hex()}
        cases += [_made("enrolling", f"{count} stubs made", **fields), _enrolment(f"{count} stubs", stubs, proof, "ok")]
    own = [whole.slot(slot) for slot in range(4)]
    stubs = [secret.stub for secret in own]
    proof = prove_enrolment(ROLL, ROW, own, nonce_salt=salt_of("enrolment"))
    R, z_s, z_r = proof[:32], proof[32:64], proof[64:]
    other = member(50).stub

    def refuse(name: str, expect: str, *, c: list[bytes] = stubs, p: bytes = proof, **changed: Any) -> None:
        cases.append(_enrolment(name, c, p, expect, **changed))

    refuse("empty proof", "format", p=b"")
    refuse("one byte short", "format", p=proof[:-1])
    refuse("one byte more", "format", p=proof + b"\0")
    refuse("32 bytes more", "format", p=proof + bytes(32))
    refuse("R is the identity", "format", p=IDENTITY + z_s + z_r)
    refuse("R with its top bit set", "format", p=R[:31] + bytes([R[31] | 0x80]) + z_s + z_r)
    refuse("R is a bad encoding", "format", p=bytes.fromhex(BAD_ENCODINGS[12]) + z_s + z_r)
    refuse("z_s is l", "format", p=R + L.to_bytes(32, "little") + z_r)
    refuse("z_r is l", "format", p=R + z_s + L.to_bytes(32, "little"))
    for at, name in ((32, "z_s"), (64, "z_r")):
        more = (int.from_bytes(proof[at : at + 32], "little") + L).to_bytes(32, "little")
        refuse(f"{name} with l added", "format", p=proof[:at] + more + proof[at + 32 :])
        refuse(f"{name} altered", "proof", p=_flip(proof, at))
    refuse("R with G added", "proof", p=add(R, G) + z_s + z_r)
    refuse("no stub", "format", c=[])
    refuse("a stub twice", "format", c=[*stubs[:3], stubs[0]])
    refuse("the identity as stub", "format", c=[*stubs[:3], IDENTITY])
    refuse("a stub that is a bad encoding", "format", c=[*stubs[:3], bytes.fromhex(BAD_ENCODINGS[20])])
    refuse("a stub with its top bit set", "format", c=[*stubs[:3], stubs[3][:31] + bytes([stubs[3][31] | 0x80])])
    refuse("a stub of 31 bytes", "format", c=[*stubs[:3], stubs[3][:31]])
    refuse("97 stubs", "format", c=[multiply_base(k) for k in range(1, 98)])
    refuse("a stub of somebody else", "proof", c=[*stubs[:3], other])
    refuse("stubs in another order", "proof", c=[stubs[1], stubs[0], *stubs[2:]])
    refuse("one stub fewer", "proof", c=stubs[:3])
    refuse("one stub more", "proof", c=[*stubs, other])
    refuse(
        "two stubs whose errors cancel in a plain sum", "proof", c=[add(stubs[0], G), subtract(stubs[1], G), *stubs[2:]]
    )
    refuse("another roll", "proof", roll="01" * 32)
    refuse("a roll of 31 bytes", "format", roll="01" * 31)
    refuse("another row", "proof", member=(ROW + b" ").hex())
    return cases


def _control(name: str, expect: str, fields: Mapping[str, Any], **changed: Any) -> Case:
    return _made("control", name, expect, **{**fields, **changed})


def control() -> list[Case]:
    own, salt, prev = member(2), salt_of("control"), bytes(range(64))
    cases = []
    for seq in (1, 2, 2**53 - 1):
        proof = sign_control(own, control_statement(LETTER, own.tag, seq, prev, BODY), nonce_salt=salt)
        said: dict[str, Any] = {"letter": LETTER.hex(), "seq": seq, "prev": prev.hex(), "body": BODY.hex()}
        made: dict[str, Any] = {"roll": ROLL.hex(), "slot": SLOT, "seed": _seed(2).hex(), "nonce_salt": salt.hex()}
        cases.append(_made("controlling", f"statement {seq} made", **said, **made, proof=proof.hex()))
        cases.append(_control(f"statement {seq}", "ok", said, tag=own.tag.hex(), proof=proof.hex()))
    proof = sign_control(own, control_statement(LETTER, own.tag, 1, prev, BODY), nonce_salt=salt)
    R, z = proof[:32], proof[32:]
    base: dict[str, Any] = {"letter": LETTER.hex(), "seq": 1, "prev": prev.hex(), "body": BODY.hex()}
    base |= {"tag": own.tag.hex(), "proof": proof.hex()}
    faults: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("empty proof", "format", {"proof": ""}),
        ("one byte short", "format", {"proof": proof[:-1].hex()}),
        ("one byte more", "format", {"proof": proof.hex() + "00"}),
        ("R is the identity", "format", {"proof": (IDENTITY + z).hex()}),
        ("R is a bad encoding", "format", {"proof": BAD_ENCODINGS[4] + z.hex()}),
        ("R with its top bit set", "format", {"proof": (R[:31] + bytes([R[31] | 0x80]) + z).hex()}),
        ("z is l", "format", {"proof": (R + L.to_bytes(32, "little")).hex()}),
        ("z with l added", "format", {"proof": (R + (int.from_bytes(z, "little") + L).to_bytes(32, "little")).hex()}),
        ("the tag is the identity", "format", {"tag": IDENTITY.hex()}),
        ("the tag is a bad encoding", "format", {"tag": BAD_ENCODINGS[20]}),
        ("the tag of 31 bytes", "format", {"tag": own.tag[:31].hex()}),
        ("a letter of 31 bytes", "format", {"letter": "4c" * 31}),
        ("prev of 63 bytes", "format", {"prev": prev[:63].hex()}),
        ("prev of 65 bytes", "format", {"prev": prev.hex() + "00"}),
        ("a negative seq", "format", {"seq": -1}),
        ("z altered", "proof", {"proof": (R + _flip(z, 0)).hex()}),
        ("R with G added", "proof", {"proof": (add(R, G) + z).hex()}),
        ("another's tag", "proof", {"tag": member(3).tag.hex()}),
        ("the tag of another slot", "proof", {"tag": member(2, 4).tag.hex()}),
        ("another letter", "proof", {"letter": "4d" * 32}),
        ("another seq", "proof", {"seq": 2}),
        ("another prev", "proof", {"prev": NO_PREVIOUS.hex()}),
        ("another body", "proof", {"body": BODY.hex() + "20"}),
    )
    return cases + [_control(name, expect, base, **changed) for name, expect, changed in faults]


def name() -> list[Case]:
    ring, own, index = ring_of(5), member(2), 2
    cases = []
    for seq, prev in ((0, NO_PREVIOUS), (3, bytes(range(64)))):
        salt = salt_of(f"name {seq}")
        sd = name_statement(ring, index, LETTER, own.tag, seq, prev, BODY)
        proof = sign_name(ring, index, own, sd, nonce_salt=salt)
        said = {**_ring_fields(ring), "letter": LETTER.hex(), "seq": seq, "prev": prev.hex(), "body": BODY.hex()}
        made: dict[str, Any] = {"index": index, "seed": _seed(2).hex(), "nonce_salt": salt.hex(), "proof": proof.hex()}
        cases.append(_made("naming", f"by name, statement {seq}, made", **said, **made))
        base = {**said, "index": index, "tag": own.tag.hex(), "proof": proof.hex()}
        cases.append(_made("name", f"by name, statement {seq}", **base))
    R1, R2, z1, z2 = (proof[i : i + 32] for i in range(0, 128, 32))

    def put(*parts: bytes) -> dict[str, Any]:
        return {"proof": b"".join(parts).hex()}

    # The hijack: a later row copies the serial of a tag, under a blinding of its own, and claims that tag's signature.
    thief_r = member(60).r
    copied = add(multiply_base(own.s), multiply(thief_r, H))
    taken = Ring(roll_id=ROLL, head=HEAD, selector="all", slot=SLOT, stubs=(*ring.stubs[:4], copied))
    sd = name_statement(taken, 4, LETTER, own.tag, 3, bytes(range(64)), BODY)
    k1, k2 = paper.nonce_list(b"hijack", salt_of("hijack"), b"", 2)
    T1, T2 = multiply_base(k1), multiply(k2, H)
    xi = scalar_from_uniform(transcript(Tag.NAME_CHALLENGE, sd, T1 + T2))
    hijack = T1 + T2 + encode_scalar(k1 + xi * member(60).x) + encode_scalar(k2 + xi * thief_r)
    stolen = {**_ring_fields(taken), "index": 4, "proof": hijack.hex()}
    # One equation false, the other true.
    sd = name_statement(ring, 2, LETTER, own.tag, 3, bytes(range(64)), BODY)
    xi = scalar_from_uniform(transcript(Tag.NAME_CHALLENGE, sd, T1 + T2))
    only_first = T1 + T2 + encode_scalar(k1 + xi * own.x) + encode_scalar(k2 + xi * (own.r + 1))
    top = R2[:31] + bytes([R2[31] | 0x80])
    faults: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("empty proof", "format", {"proof": ""}),
        ("one byte short", "format", {"proof": proof[:-1].hex()}),
        ("one byte more", "format", {"proof": proof.hex() + "00"}),
        ("R1 is the identity", "format", put(IDENTITY, R2, z1, z2)),
        ("R2 is the identity", "format", put(R1, IDENTITY, z1, z2)),
        ("R1 is a bad encoding", "format", put(bytes.fromhex(BAD_ENCODINGS[0]), R2, z1, z2)),
        ("R2 with its top bit set", "format", put(R1, top, z1, z2)),
        ("z1 is l", "format", put(R1, R2, L.to_bytes(32, "little"), z2)),
        ("z2 is l", "format", put(R1, R2, z1, L.to_bytes(32, "little"))),
        ("the tag is the identity", "format", {"tag": IDENTITY.hex()}),
        ("an index past the ring's end", "format", {"index": 5}),
        ("a negative index", "format", {"index": -1}),
        ("a negative seq", "format", {"seq": -1}),
        ("prev of 63 bytes", "format", {"prev": "00" * 63}),
        ("a letter of 31 bytes", "format", {"letter": "4c" * 31}),
        ("a stub twice in the ring", "format", {"ring": [ring.stubs[i].hex() for i in (0, 1, 2, 3, 3)]}),
        ("an unknown selector", "format", {"selector": "everyone"}),
        ("z1 altered: equation 8.6 alone is false", "proof", put(R1, R2, _flip(z1, 0), z2)),
        ("z2 altered: equation 8.7 alone is false", "proof", put(R1, R2, z1, _flip(z2, 0))),
        ("the tag's key without the stub's blinding", "proof", {"proof": only_first.hex()}),
        ("a copied serial without the tag's key", "proof", stolen),
        ("R1 and R2 swapped", "proof", put(R2, R1, z1, z2)),
        ("another's tag", "proof", {"tag": member(3).tag.hex()}),
        ("another's place", "proof", {"index": 3}),
        ("another roll", "proof", {"roll": "01" * 32}),
        ("another head", "proof", {"head": "01" * 32}),
        ("another slot", "proof", {"slot": SLOT + 1}),
        ("another selector", "proof", {"selector": "role:all"}),
        ("another letter", "proof", {"letter": "4d" * 32}),
        ("another seq", "proof", {"seq": 4}),
        ("another prev", "proof", {"prev": "00" * 64}),
        ("another body", "proof", {"body": BODY.hex() + "20"}),
        ("another's stub replaced", "proof", {"ring": [s.hex() for s in (*ring.stubs[:4], member(70).stub)]}),
    )
    return cases + [_made("name", name, expect, **{**base, **changed}) for name, expect, changed in faults]


def files() -> dict[str, list[Case]]:
    """The name of each file and its cases."""
    return {
        "block.json": blocks(),
        "control.json": control(),
        "enrolment.json": enrolment(),
        "hash_to_group.json": hashed(),
        "name.json": name(),
        "proving.json": proving(),
        "secret.json": secrets(),
        "transcript.json": transcripts(),
    }
