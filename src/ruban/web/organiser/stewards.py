"""The list shared out among colleagues: each part sealed under a key that only that colleague's link bears.

The server keeps ciphertext. It never knows which invitation a colleague has passed on, and shows nobody which is used.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import segno
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ruban.errors import Message
from ruban.language import LANGUAGES, translator
from ruban.primitives.encoding import encode_base64
from ruban.primitives.randomness import random_bytes
from ruban.service.code_days import good_until
from ruban.service.invite import Invited
from ruban.web.address import ORGANISER, new_token
from ruban.web.errors import NotFound
from ruban.web.organiser.codes import enrol_link
from ruban.web.organiser.models import MAX_NAME_CHARACTERS, StewardShare
from ruban.web.site import site

MAX_STEWARDS_COUNT = 40
SHARE_SECONDS = 14 * 86_400
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A colleague's part, with the link that opens it: shown once."""

    label: str
    people: int
    link: str = field(repr=False)


def share_out(invited: Sequence[Invited], labels: Sequence[str], now: int) -> list[Part]:
    """Split the list, as it stands, into parts of nearly the same length, one a colleague."""
    parts = []
    for number, label in enumerate(labels):
        mine = invited[len(invited) * number // len(labels) : len(invited) * (number + 1) // len(labels)]
        parts.append(_share(mine, label[:MAX_NAME_CHARACTERS], now))
    return parts


def share_at(token: str, now: int) -> StewardShare:
    """What lies under a colleague's link; NotFound once it is withdrawn or old, as if it had never been."""
    StewardShare.objects.filter(until__lte=now).delete()
    found = StewardShare.objects.filter(token=token).first()
    if found is None:
        raise NotFound(
            "page",
            Message("a link that is still good"),
            Message("one that was withdrawn, is too old, or is incomplete"),
            hint=Message("Ask the organisers for a new one."),
        )
    return found


def _share(invited: Sequence[Invited], label: str, now: int) -> Part:
    token, key, nonce = new_token(), random_bytes(32), random_bytes(_NONCE_BYTES)
    text = json.dumps([_entry(one) for one in invited], ensure_ascii=False, separators=(",", ":"))
    # The token is bound in: a ciphertext put under another address does not open there.
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode("utf-8"), token.encode("ascii"))
    StewardShare.objects.create(token=token, label=label, sealed=sealed, people=len(invited), until=now + SHARE_SECONDS)
    address = f"{site().configuration.public_address}{ORGANISER}steward/{token}/#{_base64url(key)}"
    return Part(label, len(invited), address)


def _entry(one: Invited) -> dict[str, object]:
    link = enrol_link(one.code)
    size, bits = _qr_bits(link)
    until = {name: good_until(translator(name), one.expires) or "" for name in LANGUAGES}
    return {"name": one.person.name, "link": link, "until": until, "size": size, "bits": bits}


def _qr_bits(text: str) -> tuple[int, str]:
    """A QR code without its border, row by row, as bits."""
    matrix = [module & 1 for row in segno.make(text, error="m", micro=False).matrix for module in row]
    size = round(len(matrix) ** 0.5)
    padded = matrix + [0] * (-len(matrix) % 8)
    packed = bytes(
        sum(bit << (7 - place) for place, bit in enumerate(padded[start : start + 8]))
        for start in range(0, len(padded), 8)
    )
    return size, encode_base64(packed)


def _base64url(data: bytes) -> str:
    return encode_base64(data).rstrip("=").replace("+", "-").replace("/", "_")
