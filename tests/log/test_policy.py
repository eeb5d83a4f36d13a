"""Policies: who stands, whose quorum that is, and every file that is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ruban.errors import FormatError, QuorumMissing
from ruban.log.cosignature import CosignerKey, cosign, encode_cosigner
from ruban.log.note import Note, VerifierKey, encode_vkey
from ruban.log.policy import check_quorum, parse_policy, standing
from ruban.primitives.ed25519 import public_key
from tests.log.test_cosignature import NOW, SIGNED, TEXT


def seed(number: int) -> bytes:
    return bytes([number]) * 32


def vkey(number: int) -> str:
    return encode_cosigner(CosignerKey(name=f"w{number}.example", public=public_key(seed(number))))


LOG = encode_vkey(VerifierKey(name="ruban.example/lettre", public=public_key(seed(1))))
WITNESSES = "".join(f"witness X{n} {vkey(n)}\n" for n in (11, 12, 13)) + "".join(
    f"witness Y{n} {vkey(n)} https://y{n}.example/w\n" for n in (21, 22)
)
TWO_LEVELS = f"""# A policy as in C2SP's tlog-policy.

log {LOG}\thttps://ruban.example/lettre
{WITNESSES}
group X 2 X11 X12 X13
 group\tY any Y21 Y22
group both all X Y
quorum both
"""


def witnessed(*numbers: int) -> Note:
    lines = tuple(cosign(TEXT, f"w{number}.example", seed(number), NOW + number) for number in numbers)
    return replace(SIGNED, signatures=(*SIGNED.signatures, *lines))


@pytest.mark.parametrize("numbers", [(11, 12, 21), (12, 13, 22), (11, 12, 13, 21, 22)])
def test_a_quorum_over_two_levels_stands(numbers: tuple[int, ...]) -> None:
    policy = parse_policy(TWO_LEVELS.encode())
    check_quorum(policy, witnessed(*numbers))
    assert sorted(standing(policy, witnessed(*numbers)).values()) == [NOW + number for number in numbers]


@pytest.mark.parametrize("numbers", [(), (11, 21), (11, 12, 13), (21, 22), (1, 2, 3)])
def test_too_few_are_no_quorum(numbers: tuple[int, ...]) -> None:
    with pytest.raises(QuorumMissing):
        check_quorum(parse_policy(TWO_LEVELS.encode()), witnessed(*numbers))


def test_a_forged_line_stands_for_nobody() -> None:
    lines = [cosign(TEXT, "w11.example", seed(12), NOW), cosign("another\n", "w12.example", seed(12), NOW)]
    note = replace(SIGNED, signatures=(*SIGNED.signatures, *lines))
    policy = parse_policy(f"{WITNESSES}group any any X11 X12\nquorum any\n".encode())
    with pytest.raises(QuorumMissing):
        check_quorum(policy, note)


def test_no_quorum_wants_nobody_and_still_says_who_was_there() -> None:
    policy = parse_policy(f"{WITNESSES}quorum none\n".encode())
    assert policy.quorum is None
    check_quorum(policy, SIGNED)
    assert standing(policy, witnessed(12)) == {b"X12": NOW + 12}
    check_quorum(parse_policy(b"quorum none\n"), SIGNED)


def test_a_witness_alone_may_be_the_quorum() -> None:
    policy = parse_policy(f"{WITNESSES}quorum Y21\n".encode())
    assert policy.witnesses[b"Y21"].address == "https://y21.example/w"
    check_quorum(policy, witnessed(21))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none",
        "quorum none\nquorum none\n",
        "quorum\n",
        "quorum a b\n",
        "quorum nobody\n",
        "quorum none\r\n",
        "quorum none\n\x00\n",
        "quorums none\n",
        f"log {vkey(11)}\nquorum none\n",
        f"log {LOG}\nlog {LOG} u\nquorum none\n",
        f"log {LOG} u v\nquorum none\n",
        f"witness a {LOG}\nquorum none\n",
        f"witness none {vkey(11)}\nquorum none\n",
        f"witness a {vkey(11)}\nwitness a {vkey(12)}\nquorum none\n",
        f"witness a {vkey(11)}\nwitness b {vkey(11)}\nquorum none\n",
        f"witness a {vkey(11)} u v\nquorum none\n",
        f"{WITNESSES}group X11 any X12\nquorum none\n",
        f"{WITNESSES}group g any\nquorum g\n",
        f"{WITNESSES}group g 0 X11\nquorum g\n",
        f"{WITNESSES}group g 2 X11\nquorum g\n",
        f"{WITNESSES}group g 01 X11\nquorum g\n",
        f"{WITNESSES}group g some X11\nquorum g\n",
        f"{WITNESSES}group g any X11 X11\nquorum g\n",
        f"{WITNESSES}group g any X11 none\nquorum g\n",
        f"{WITNESSES}group g any g\nquorum g\n",
        f"{WITNESSES}group g any X11\ngroup h any X11\nquorum h\n",
        f"group g any X11\n{WITNESSES}quorum g\n",
        f"quorum X11\n{WITNESSES}",
        "#" * 70_000 + "\nquorum none\n",
    ],
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_policy(text.encode())


def test_names_are_bytes_and_not_what_they_look_like() -> None:
    kelvin = "\u212a"
    policy = parse_policy(f"witness K {vkey(11)}\nwitness {kelvin} {vkey(12)}\nquorum {kelvin}\n".encode())
    with pytest.raises(QuorumMissing):
        check_quorum(policy, witnessed(11))
    check_quorum(policy, witnessed(12))
