"""The file in which a member keeps a secret, and `ruban sign` reads it (spec/proof.md, 3)."""

from __future__ import annotations

from typing import Any

from ruban.errors import FormatError, Message
from ruban.primitives.transcript import SUITE
from ruban.proof import MemberSecret
from ruban.proof.enrol import MAX_SLOTS
from ruban.proof.secret import SEED_BYTES, SLOT_MATERIAL_BYTES
from ruban.record.canonical import encode, parse_canonical
from ruban.record.schema import Choice, Hex, Int, ListOf, Object

MAX_SECRET_FILE_BYTES = 65_536

_FIELDS = Object(
    {
        "suite": (Choice((SUITE.decode("ascii"),)), "the suite"),
        "roll": (Hex(32), "the roll it is for"),
        "row_key": (Hex(32), "private Ed25519 seed of the row"),
        "claim_salt": (Hex(32), "salt of the claim"),
        "seed": (Hex(SEED_BYTES), "the seed, in the form that words can bring back"),
        "slots": (
            ListOf(
                Object({"slot": (Int(0, MAX_SLOTS - 1), "slot"), "material": (Hex(SLOT_MATERIAL_BYTES), "its secret")}),
                0,
                MAX_SLOTS,
            ),
            "what is left of the slots, in the form that can be erased",
        ),
    },
    optional=frozenset({"seed", "slots"}),
)


def encode_secret_file(secret: MemberSecret) -> bytes:
    """The file's bytes: canonical JSON and a line feed."""
    data: dict[str, Any] = {
        "suite": SUITE.decode("ascii"),
        "roll": secret.roll_id.hex(),
        "row_key": secret.row_seed.hex(),
        "claim_salt": secret.claim_salt.hex(),
    }
    if secret.seed is not None:
        data["seed"] = secret.seed.hex()
    else:
        data["slots"] = [{"slot": slot, "material": material.hex()} for slot, material in secret.slots]
    return encode(data) + b"\n"


def parse_secret_file(data: bytes) -> MemberSecret:
    """The secret of a file; FormatError, which never shows any of it, unless it is exactly of that form."""
    value = parse_canonical("secret file", data.removesuffix(b"\n"), MAX_SECRET_FILE_BYTES)
    try:
        _FIELDS.check("", value)
    except FormatError as wrong:
        raise FormatError(f"secret file, {wrong.field}", wrong.expected) from None
    if ("seed" in value) == ("slots" in value):
        raise FormatError("secret file", Message("either a seed or slots"), Message("both or neither"))
    roll = bytes.fromhex(value["roll"])
    if "seed" in value:
        secret = MemberSecret.from_seed(roll, bytes.fromhex(value["seed"]))
    else:
        numbers = [item["slot"] for item in value["slots"]]
        if numbers != sorted(set(numbers)):
            raise FormatError("secret file, slots", Message("slots once each, in ascending order"))
        secret = MemberSecret(
            roll_id=roll,
            row_seed=bytes.fromhex(value["row_key"]),
            claim_salt=bytes.fromhex(value["claim_salt"]),
            slots=tuple((item["slot"], bytes.fromhex(item["material"])) for item in value["slots"]),
        )
    if encode_secret_file(secret).rstrip(b"\n") != data.removesuffix(b"\n"):
        raise FormatError("secret file", Message("keys that follow from the seed"), Message("others"))
    return secret
