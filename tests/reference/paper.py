"""The ring proof written down as slowly and plainly as the paper has it, to judge the fast code by.

Nothing of `ruban.proof` is used: transcripts are hashed here by hand, the ring is padded with its last stub to 4^m
places, polynomials are multiplied out one factor after the other, every term is its own multiplication. Only the
group's operations come from `ruban.primitives`. Shapes: points are 32 bytes, scalars integers, polynomials lists of
coefficients from X^0 up.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ruban.primitives.group import IDENTITY, add, hash_to_group, multiply, multiply_base, subtract

L = 2**252 + 27742317777372353535851937790883648493
SUITE = b"Ruban-v1-ristretto255-SHA512"
H = hash_to_group(b"H")


def generator(c: int, j: int, d: int) -> bytes:
    return hash_to_group(b"K" + bytes([c, j, d]))


K = [[[generator(c, j, d) for d in range(4)] for j in range(7)] for c in range(2)]


def number(n: int) -> bytes:
    return n.to_bytes(8, "little")


def digest(tag: str, *fields: tuple[str, bytes]) -> bytes:
    """T of spec/proof.md, 2."""
    name = SUITE + b"/" + tag.encode()
    text = bytes([len(name)]) + name
    for label, value in fields:
        text += bytes([len(label)]) + label.encode() + number(len(value)) + value
    return hashlib.sha512(text).digest()


def to_scalar(data: bytes) -> int:
    return int.from_bytes(data, "little") % L


def total(points: Sequence[bytes]) -> bytes:
    result = IDENTITY
    for point in points:
        result = add(result, point)
    return result


def digit_count(size: int) -> int:
    m = 1
    while 4**m < size:
        m += 1
    return m


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Everything a ring proof is about."""

    roll: bytes
    head: bytes
    selector: str
    slot: int
    letter: bytes
    ring: tuple[bytes, ...]
    message: bytes

    def serial(self, P: bytes) -> int:
        return to_scalar(digest("serial", ("roll", self.roll), ("slot", number(self.slot)), ("P", P)))

    def digest(self, P: bytes, m: int) -> bytes:
        size = number(len(self.ring))
        rd = digest(
            "ring",
            ("roll", self.roll),
            ("head", self.head),
            ("selector", self.selector.encode()),
            ("slot", number(self.slot)),
            ("N", size),
            ("stubs", b"".join(self.ring)),
        )
        return digest(
            "statement",
            ("letter", self.letter),
            ("roll", self.roll),
            ("slot", number(self.slot)),
            ("ring", rd),
            ("N", size),
            ("n", number(4)),
            ("m", number(m)),
            ("P", P),
            ("message", self.message),
        )


@dataclass(frozen=True, kw_only=True)
class Nonces:
    """The prover's masks, in the order of spec/proof.md, 5.2; a[j] holds those of the digits 1, 2, 3."""

    r_A: int
    r_B: int
    k_P: int
    rho: tuple[int, ...]
    a: tuple[tuple[int, int, int], ...]

    @classmethod
    def take(cls, values: Sequence[int], m: int) -> Nonces:
        rho, rest = values[3 : 3 + m], values[3 + m :]
        a = tuple((rest[3 * j], rest[3 * j + 1], rest[3 * j + 2]) for j in range(m))
        return cls(r_A=values[0], r_B=values[1], k_P=values[2], rho=tuple(rho), a=a)


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """A proof taken apart, with its challenge."""

    P: bytes
    A: bytes
    B: bytes
    Q: tuple[bytes, ...]
    R: bytes
    xi: int
    f: tuple[tuple[int, ...], ...]
    z_A: int
    z: int
    z_P: int

    @property
    def m(self) -> int:
        return len(self.Q)

    @property
    def first(self) -> bytes:
        return self.A + self.B + b"".join(self.Q) + self.R

    def encode(self) -> bytes:
        scalars = [v for row in self.f for v in row] + [self.z_A, self.z, self.z_P]
        return self.P + self.first + b"".join((v % L).to_bytes(32, "little") for v in scalars)


def nonce_list(nonce_key: bytes, salt: bytes, sd: bytes, count: int) -> list[int]:
    """Spec/proof.md, 3.4, by hand."""
    pre = hmac.new(nonce_key, b"nonce" + salt + sd, hashlib.sha512).digest()
    return [to_scalar(hmac.new(pre, number(i), hashlib.sha512).digest()) for i in range(count)]


def digits_of(index: int, m: int) -> list[int]:
    return [(index >> (2 * j)) & 3 for j in range(m)]


def masks(nonces: Nonces) -> list[list[int]]:
    return [[-sum(row) % L, *row] for row in nonces.a]


def polynomial(i: int, index: int, a: list[list[int]]) -> list[int]:
    """p_i(X) = Π_j (σ_{j,i_j} X + a_{j,i_j}), all m + 1 coefficients."""
    m = len(a)
    p = [1] + [0] * m
    for j in range(m):
        d = digits_of(i, m)[j]
        sigma = 1 if digits_of(index, m)[j] == d else 0
        p = [(a[j][d] * p[e] + sigma * (p[e - 1] if e else 0)) % L for e in range(m + 1)]
    return p


def padded(ring: Sequence[bytes], m: int) -> list[bytes]:
    return list(ring) + [ring[-1]] * (4**m - len(ring))


def commit(ring: Sequence[bytes], index: int, P: bytes, nonces: Nonces) -> Transcript:
    """The first message, with nothing yet in the place of the responses."""
    m = len(nonces.rho)
    a, own = masks(nonces), digits_of(index, m)
    A, B = [multiply(nonces.r_A, H)], [multiply(nonces.r_B, H)]
    for j in range(m):
        for d in range(4):
            sigma = 1 if own[j] == d else 0
            A.append(multiply(a[j][d], K[0][j][d]))
            A.append(multiply(-a[j][d] * a[j][d], K[1][j][d]))
            B.append(multiply(sigma, K[0][j][d]))
            B.append(multiply(a[j][d] * (1 - 2 * sigma), K[1][j][d]))
    stubs = padded(ring, m)
    p = [polynomial(i, index, a) for i in range(4**m)]
    Q = []
    for e in range(m):
        terms = [multiply(p[i][e], C) for i, C in enumerate(stubs)]
        Q.append(total([*terms, multiply(nonces.rho[e], H)]))
    return Transcript(
        P=P, A=total(A), B=total(B), Q=tuple(Q), R=multiply_base(nonces.k_P), xi=0, f=(), z_A=0, z=0, z_P=0
    )


def respond(first: Transcript, index: int, x: int, r: int, nonces: Nonces, xi: int) -> Transcript:
    """The responses to a challenge."""
    m = first.m
    own = digits_of(index, m)
    f = tuple(tuple((xi * (own[j] == d) + nonces.a[j][d - 1]) % L for d in (1, 2, 3)) for j in range(m))
    z = r * xi**m - sum(nonces.rho[e] * xi**e for e in range(m))
    return replace(first, xi=xi, f=f, z_A=(nonces.r_A + xi * nonces.r_B) % L, z=z % L, z_P=(nonces.k_P + xi * x) % L)


def challenge_of(statement: Statement, first: Transcript) -> int:
    sd = statement.digest(first.P, first.m)
    return to_scalar(digest("challenge", ("statement", sd), ("first", first.first)))


def prove(
    statement: Statement, index: int, x: int, r: int, nonce_key: bytes, salt: bytes, m: int | None = None
) -> Transcript:
    """A whole proof; `m` other than the least makes one that no verifier may accept."""
    m = digit_count(len(statement.ring)) if m is None else m
    P = multiply_base(x)
    nonces = Nonces.take(nonce_list(nonce_key, salt, statement.digest(P, m), 3 + 4 * m), m)
    first = commit(statement.ring, index, P, nonces)
    return respond(first, index, x, r, nonces, challenge_of(statement, first))


def parse(statement: Statement, data: bytes, m: int) -> Transcript:
    """A proof's parts, without a single check."""
    parts = [data[i : i + 32] for i in range(0, len(data), 32)]
    points, scalars = parts[: m + 4], [int.from_bytes(p, "little") for p in parts[m + 4 :]]
    transcript = Transcript(
        P=points[0],
        A=points[1],
        B=points[2],
        Q=tuple(points[3 : 3 + m]),
        R=points[3 + m],
        xi=0,
        f=tuple(tuple(scalars[3 * j : 3 * j + 3]) for j in range(m)),
        z_A=scalars[3 * m],
        z=scalars[3 * m + 1],
        z_P=scalars[3 * m + 2],
    )
    return replace(transcript, xi=challenge_of(statement, transcript))


def equations(statement: Statement, proof: Transcript) -> tuple[bool, bool, bool]:
    """Which of the three equations hold, each written out by itself, without weights."""
    xi, m = proof.xi, proof.m
    F = [[xi - sum(row), *row] for row in proof.f]
    left = [multiply(proof.z_A, H)]
    for j in range(m):
        for d in range(4):
            left.append(multiply(F[j][d], K[0][j][d]))
            left.append(multiply(F[j][d] * (xi - F[j][d]), K[1][j][d]))
    one = total(left) == add(proof.A, multiply(xi, proof.B))
    left = []
    for i, C in enumerate(padded(statement.ring, m)):
        c = 1
        for j, d in enumerate(digits_of(i, m)):
            c = c * F[j][d] % L
        left.append(multiply(c, C))
    right = [multiply_base(xi**m * statement.serial(proof.P)), multiply(proof.z, H)]
    right += [multiply(xi**e, Q) for e, Q in enumerate(proof.Q)]
    two = total(left) == total(right)
    three = subtract(multiply_base(proof.z_P), proof.R) == multiply(xi, proof.P)
    return one, two, three
