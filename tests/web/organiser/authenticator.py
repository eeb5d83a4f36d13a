"""An authenticator in software: makes passkeys and answers challenges as a browser would send them."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "http://localhost:8000"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One key; `verified` says whether it asked for a finger or PIN."""

    host: str = "localhost"
    verified: bool = True
    uses: int = 0
    credential: bytes = b"\x01" * 16
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str, origin: str = ORIGIN) -> str:
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(cose)
        data = self._data(0x40) + attested
        client = self._client("webauthn.create", json.loads(options)["challenge"], origin)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._sent({"clientDataJSON": b64(client), "attestationObject": b64(attestation)})

    def get(self, options: str, origin: str = ORIGIN) -> str:
        self.uses += 1
        data = self._data(0)
        client = self._client("webauthn.get", json.loads(options)["challenge"], origin)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._sent({"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature)})

    def _data(self, flags: int) -> bytes:
        flags |= 1 | (4 if self.verified else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def _sent(self, response: dict[str, str]) -> str:
        name = b64(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
