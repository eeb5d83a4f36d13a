"""spec/proof.md and the code say the same: steps, tags and labels, limits, lengths, check values, the example."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ruban.primitives.scalar import L
from ruban.primitives.transcript import SUITE, Tag
from ruban.proof.codec import proof_bytes
from ruban.proof.enrol import MAX_SLOTS
from ruban.proof.generators import MAX_DIGITS, H, K
from ruban.proof.ring import MAX_RING, MAX_ROLE_BYTES, digits_for
from tests.proof.cast import member

ROOT = Path(__file__).resolve().parents[2]
SPEC = (ROOT / "spec" / "proof.md").read_text("utf-8")
STEP = re.compile(r"(?<![0-9.])([1-9])\.([0-9]{1,2})(?: to \1\.([0-9]{1,2}))?(?![0-9.])")


def steps_of_spec() -> set[str]:
    return set(re.findall(r"^- \*\*([3-8]\.[0-9]{1,2})\*\*", SPEC, flags=re.MULTILINE))


def steps_of_code(folder: Path, suffix: str) -> set[str]:
    """The step numbers that a folder's files name, where `6.8 to 6.10` names three."""
    found = set()
    for file in sorted(folder.glob(f"*{suffix}")):
        for section, first, last in STEP.findall(file.read_text("utf-8")):
            found |= {f"{section}.{n}" for n in range(int(first), int(last or first) + 1)}
    return found


def test_every_step_of_a_verifier_stands_in_both_implementations() -> None:
    wanted = {step for step in steps_of_spec() if step[0] in "5678"}
    assert len(wanted) == 7 + 10 + 3 + 7
    assert wanted <= steps_of_code(ROOT / "src" / "ruban" / "proof", ".py")
    assert wanted <= steps_of_code(ROOT / "ts" / "src" / "proof", ".ts")


def test_no_step_stands_in_the_code_that_the_specification_does_not_have() -> None:
    for folder, suffix in ((ROOT / "src" / "ruban" / "proof", ".py"), (ROOT / "ts" / "src" / "proof", ".ts")):
        named = {step for step in steps_of_code(folder, suffix) if step[0] in "345678"}
        assert named <= steps_of_spec()


def test_tags_and_labels_are_the_same_in_the_same_order() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| ((?:`[A-Za-z]+` ?)+) \|$", SPEC, flags=re.MULTILINE)
    assert [(tag, tuple(re.findall(r"`([A-Za-z]+)`", labels))) for tag, labels in rows] == [
        (tag.label, tag.fields) for tag in Tag
    ]
    assert f"`{SUITE.decode()}`" in SPEC
    assert len(SUITE) == 28
    assert L == 2**252 + 27742317777372353535851937790883648493


def test_limits_are_those_of_the_code() -> None:
    limits = dict(re.findall(r"^\| [^|]+ \| ([0-9,]+) \| `(MAX_[A-Z]+(?:_[A-Z]+)?)` \|$", SPEC, flags=re.MULTILINE))
    assert {name: int(value.replace(",", "")) for value, name in limits.items()} == {
        "MAX_RING": MAX_RING,
        "MAX_DIGITS": MAX_DIGITS,
        "MAX_SLOTS": MAX_SLOTS,
        "MAX_ROLE_BYTES": MAX_ROLE_BYTES,
    }


def test_lengths_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| ([0-9,]+) \| ([1-6]) \| ([0-9]+) \|$", SPEC, flags=re.MULTILINE)
    assert len(rows) == MAX_DIGITS
    for size, m, length in rows:
        assert digits_for(int(size.replace(",", ""))) == int(m)
        assert proof_bytes(int(m)) == int(length)


def test_check_values_are_those_of_the_code() -> None:
    values = dict(re.findall(r"^    ([A-Z](?:\([0-9],[0-9],[0-9]\))?) +([0-9a-f]{64})$", SPEC, flags=re.MULTILINE))
    assert values == {
        "H": H.hex(),
        "K(0,0,0)": K[0][0][0].hex(),
        "K(1,6,3)": K[1][6][3].hex(),
        "P": member(0).tag.hex(),
        "C": member(0).stub.hex(),
    }


def test_the_example_is_the_vector_that_it_names() -> None:
    cases = json.loads((ROOT / "vectors" / "proving.json").read_text("utf-8"))
    case = next(case for case in cases if case["name"] == "place 1 of 2")
    shown = re.findall(r"^(?:P|A|B|Q_0|R|f_0,[123]|z_A|z|z_P) +([0-9a-f]{64})", SPEC, flags=re.MULTILINE)
    assert "".join(shown) == case["proof"]
    assert case["nonce_salt"] in SPEC
    assert all(stub in SPEC for stub in case["ring"])
