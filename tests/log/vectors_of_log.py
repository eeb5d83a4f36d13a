"""Makes and judges vectors/log/*.json: one fault a case, the expected kind of failure named.

`python -m tests.log.vectors_of_log` writes the files anew; a test compares them with what is committed. Proofs come
from the naive reference, so that the code under test does not vouch for itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruban.errors import CheckpointInvalid, FormatError, InclusionInvalid, Inconsistent, RubanError, SignatureInvalid
from ruban.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ruban.log.merkle import leaf_hash, verify_consistency, verify_inclusion
from ruban.log.note import SignerKey, encode_vkey, parse_note, parse_vkey, sign_note, verify_note
from ruban.log.receipt import (
    Promise,
    TlogProof,
    encode_tlog_proof,
    open_promise,
    parse_tlog_proof,
    sign_promise,
    verify_tlog_proof,
)
from ruban.log.tiles import encode_bundle, parse_bundle
from ruban.primitives.ed25519 import public_key
from tests.log import naive_merkle as naive

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "log"
KINDS_OF_FAILURE: dict[type[RubanError], str] = {
    FormatError: "format",
    InclusionInvalid: "inclusion",
    Inconsistent: "inconsistent",
    SignatureInvalid: "signature",
    CheckpointInvalid: "checkpoint",
}
ORIGIN = "ruban.example/lettre"
LOG_SEED, RECEIPT_SEED = bytes([1]) * 32, bytes([2]) * 32
Case = dict[str, Any]


def judge(case: Case) -> str:
    """`ok`, or the kind of failure."""
    try:
        _run(case)
    except RubanError as error:
        return KINDS_OF_FAILURE[type(error)]
    return "ok"


def _run(case: Case) -> None:
    match case["kind"]:
        case "inclusion":
            path = [bytes.fromhex(value) for value in case["proof"]]
            leaf, root = bytes.fromhex(case["leaf_hash"]), bytes.fromhex(case["root"])
            verify_inclusion(leaf, case["index"], case["size"], path, root)
        case "consistency":
            path = [bytes.fromhex(value) for value in case["proof"]]
            roots = bytes.fromhex(case["root1"]), bytes.fromhex(case["root2"])
            verify_consistency(case["size1"], case["size2"], path, *roots)
        case "bundle":
            entries = parse_bundle(bytes.fromhex(case["data"]), case["width"])
            if case["expect"] == "ok" and [entry.hex() for entry in entries] != case["entries"]:
                raise AssertionError(case["name"])
        case "note":
            verify_note(parse_note(case["note"].encode()), parse_vkey(case["vkey"]))
        case "checkpoint":
            open_checkpoint(case["note"].encode(), case["origin"], bytes.fromhex(case["log_key"]))
        case "promise":
            open_promise(case["note"].encode(), case["origin"], bytes.fromhex(case["receipt_key"]))
        case "tlog-proof":
            proof = parse_tlog_proof(case["proof"].encode())
            verify_tlog_proof(proof, bytes.fromhex(case["leaf_hash"]), case["origin"], bytes.fromhex(case["log_key"]))
        case kind:
            raise AssertionError(kind)


def files() -> dict[str, list[Case]]:
    """Each file's cases, by its name."""
    return {
        "inclusion.json": list(_inclusion()),
        "consistency.json": list(_consistency()),
        "bundle.json": list(_bundles()),
        "note.json": list(_notes()),
        "checkpoint.json": list(_checkpoints()),
        "receipt.json": [*_promises(), *_tlog_proofs()],
    }


def encode(cases: list[Case]) -> bytes:
    """The file's bytes."""
    return (json.dumps(cases, ensure_ascii=False, indent=1) + "\n").encode()


def _entries(size: int) -> list[bytes]:
    return [f"entry {i}".encode() for i in range(size)]


def _inclusion() -> Iterator[Case]:
    for index, size in ((0, 1), (0, 2), (2, 3), (3, 7), (7, 8), (8, 9), (5, 11), (255, 257)):
        entries = _entries(size)
        path = [value.hex() for value in naive.path(index, entries)]
        fine = {
            "name": f"leaf {index} of {size}",
            "kind": "inclusion",
            "leaf_hash": leaf_hash(entries[index]).hex(),
            "index": index,
            "size": size,
            "proof": path,
            "root": naive.mth(entries).hex(),
            "expect": "ok",
        }
        yield fine
        garbage = "ab" * 32
        faults: list[tuple[str, dict[str, Any], str]] = [
            ("another leaf", {"leaf_hash": garbage}, "inclusion"),
            ("another root", {"root": garbage}, "inclusion"),
            ("index = size", {"index": size}, "inclusion"),
            ("index + 1", {"index": index + 1}, "inclusion"),
            ("index xor 1", {"index": index ^ 1}, "inclusion"),
            ("size 0", {"size": 0}, "inclusion"),
            ("size times four", {"size": size * 4}, "inclusion"),
            ("a hash after the path", {"proof": [*path, garbage]}, "inclusion"),
            ("a hash before the path", {"proof": [garbage, *path]}, "inclusion"),
            ("the root after the path", {"proof": [*path, fine["root"]]}, "inclusion"),
            ("a short leaf hash", {"leaf_hash": garbage[2:]}, "format"),
            ("an empty root", {"root": ""}, "format"),
        ]
        if path:
            faults += [
                ("no path", {"proof": []}, "inclusion"),
                ("the last hash missing", {"proof": path[:-1]}, "inclusion"),
                ("another first hash", {"proof": [garbage, *path[1:]]}, "inclusion"),
                ("a long first hash", {"proof": [path[0] + "00", *path[1:]]}, "format"),
            ]
        yield from _faults(fine, faults)


def _consistency() -> Iterator[Case]:
    for size1, size2 in ((1, 1), (1, 2), (2, 3), (4, 8), (6, 7), (3, 11), (11, 11), (256, 257)):
        entries = _entries(size2)
        proof = [value.hex() for value in naive.proof(size1, entries)]
        fine = {
            "name": f"{size1} to {size2}",
            "kind": "consistency",
            "size1": size1,
            "size2": size2,
            "proof": proof,
            "root1": naive.mth(entries[:size1]).hex(),
            "root2": naive.mth(entries).hex(),
            "expect": "ok",
        }
        yield fine
        garbage = "ab" * 32
        faults: list[tuple[str, dict[str, Any], str]] = [
            ("another older root", {"root1": garbage}, "inconsistent"),
            ("another newer root", {"root2": garbage}, "inconsistent"),
            ("older size 0", {"size1": 0}, "inconsistent"),
            ("older size above the newer", {"size1": size2 + 1}, "inconsistent"),
            ("a hash after the proof", {"proof": [*proof, garbage]}, "inconsistent"),
            ("a hash before the proof", {"proof": [garbage, *proof]}, "inconsistent"),
            ("a short newer root", {"root2": garbage[2:]}, "format"),
        ]
        if proof:
            faults += [
                ("no proof", {"proof": []}, "inconsistent"),
                ("the last hash missing", {"proof": proof[:-1]}, "inconsistent"),
                ("another first hash", {"proof": [garbage, *proof[1:]]}, "inconsistent"),
                ("roots exchanged", {"root1": fine["root2"], "root2": fine["root1"]}, "inconsistent"),
                ("a long first hash", {"proof": [proof[0] + "00", *proof[1:]]}, "format"),
            ]
        yield from _faults(fine, faults)


def _bundles() -> Iterator[Case]:
    entries = [b"one", b"", b"three"]
    data = encode_bundle(entries).hex()
    fine = {
        "name": "three entries",
        "kind": "bundle",
        "data": data,
        "width": 3,
        "entries": [entry.hex() for entry in entries],
        "expect": "ok",
    }
    yield fine
    yield from _faults(
        fine,
        [
            ("an entry too few", {"width": 4}, "format"),
            ("an entry too many", {"width": 2}, "format"),
            ("cut in an entry", {"data": data[:-2]}, "format"),
            ("cut in a length", {"data": "00"}, "format"),
            ("a byte after the end", {"data": data + "00"}, "format"),
            ("an entry of 8193 bytes", {"data": "2001" + "00" * 8193, "width": 1}, "format"),
        ],
    )


def _notes() -> Iterator[Case]:
    key = SignerKey(name="example.org/note", seed=LOG_SEED)
    other = SignerKey(name="example.org/note", seed=RECEIPT_SEED)
    text = "première ligne\n\ntroisième\n"
    note = sign_note(text, key).decode()
    second = sign_note(text, other).decode().partition("— ")[2]
    line = "— example.org/note " + note.rpartition(" ")[2]
    # Not made here: the example in the documentation of Go's golang.org/x/mod/sumdb/note.
    example = {
        "name": "the example of Go's documentation",
        "kind": "note",
        "vkey": "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "note": "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
        "expect": "ok",
    }
    yield example
    fine = {"name": "a note", "kind": "note", "vkey": encode_vkey(key.verifier), "note": note, "expect": "ok"}
    yield fine
    yield fine | {"name": "a note / with an unknown signature", "note": note + f"— {second}"}
    yield from _faults(
        fine,
        [
            ("signed twice by the key", {"note": note + line}, "signature"),
            ("another text", {"note": note.replace("troisième", "quatrième")}, "signature"),
            ("by an unknown key only", {"note": sign_note(text, other).decode()}, "signature"),
            ("no signature", {"note": text + "\n"}, "format"),
            ("no blank line", {"note": "text\n" + line}, "format"),
            ("other line ends", {"note": note.replace("\n", "\r\n")}, "format"),
            ("a line after the signatures", {"note": note + "more\n"}, "format"),
            ("a blank line at the end", {"note": note + "\n"}, "format"),
            ("no newline at the end", {"note": note[:-1]}, "format"),
            ("a tab in the text", {"note": note.replace("ligne", "\tligne")}, "format"),
            ("a hyphen for the dash", {"note": note.replace("— ", "- ")}, "format"),
            ("two spaces in the line", {"note": note.replace("— ", "—  ")}, "format"),
            ("base64 without padding", {"note": note.replace("=", "")}, "format"),
            ("seventeen signatures", {"note": note + f"— {second}" * 16}, "format"),
        ],
    )


def _checkpoints() -> Iterator[Case]:
    root = naive.mth(_entries(7))
    note = sign_checkpoint(Checkpoint(origin=ORIGIN, size=7, root=root), LOG_SEED).decode()
    text = note.partition("\n\n")[0] + "\n"
    key = SignerKey(name=ORIGIN, seed=LOG_SEED)
    fine = {
        "name": "a checkpoint",
        "kind": "checkpoint",
        "note": note,
        "origin": ORIGIN,
        "log_key": public_key(LOG_SEED).hex(),
        "expect": "ok",
    }
    yield fine
    line = note.partition("\n\n")[2]
    yield from _faults(
        fine,
        [
            ("another key", {"log_key": public_key(RECEIPT_SEED).hex()}, "checkpoint"),
            ("another log", {"origin": "ruban.example/autre"}, "checkpoint"),
            ("another size", {"note": note.replace("\n7\n", "\n8\n")}, "checkpoint"),
            ("signed twice", {"note": note + line}, "checkpoint"),
            (
                "signed for another origin under this name",
                {"note": sign_note(text.replace("lettre", "autre"), key).decode()},
                "checkpoint",
            ),
            ("a leading zero, signed", {"note": sign_note(text.replace("\n7\n", "\n07\n"), key).decode()}, "format"),
            ("an extension line, signed", {"note": sign_note(text + "more\n", key).decode()}, "format"),
            (
                "a size of 2^63, signed",
                {"note": sign_note(text.replace("\n7\n", f"\n{2**63}\n"), key).decode()},
                "format",
            ),
            ("a short root, signed", {"note": sign_note(f"{ORIGIN}\n7\nAAAA\n", key).decode()}, "format"),
            (
                "a root under size 0, signed",
                {"note": sign_note(text.replace("\n7\n", "\n0\n"), key).decode()},
                "format",
            ),
            ("other line ends", {"note": note.replace("\n", "\r\n")}, "format"),
        ],
    )


def _promises() -> Iterator[Case]:
    promise = Promise(origin=ORIGIN, leaf_hash=leaf_hash(b"entry 5"), due_unix_seconds=1795338000)
    note = sign_promise(promise, RECEIPT_SEED).decode()
    text = note.partition("\n\n")[0] + "\n"
    key = SignerKey(name=f"{ORIGIN}/receipt", seed=RECEIPT_SEED)
    fine = {
        "name": "a promise",
        "kind": "promise",
        "note": note,
        "origin": ORIGIN,
        "receipt_key": public_key(RECEIPT_SEED).hex(),
        "expect": "ok",
    }
    yield fine
    yield from _faults(
        fine,
        [
            ("another key", {"receipt_key": public_key(LOG_SEED).hex()}, "signature"),
            ("another log", {"origin": "ruban.example/autre"}, "signature"),
            ("another time", {"note": note.replace("1795338000", "1795338001")}, "signature"),
            ("another header, signed", {"note": sign_note(text.replace("v1", "v2"), key).decode()}, "format"),
            ("a leading zero, signed", {"note": sign_note(text.replace("1795338000", "01"), key).decode()}, "format"),
            ("a line more, signed", {"note": sign_note(text + "more\n", key).decode()}, "format"),
            (
                "signed for another origin",
                {"note": sign_note(text.replace("lettre", "autre"), key).decode()},
                "signature",
            ),
        ],
    )


def _tlog_proofs() -> Iterator[Case]:
    entries = _entries(11)
    checkpoint = sign_checkpoint(Checkpoint(origin=ORIGIN, size=11, root=naive.mth(entries)), LOG_SEED)
    proof = TlogProof(index=5, path=tuple(naive.path(5, entries)), checkpoint=checkpoint, extra=b"salt")
    text = encode_tlog_proof(proof).decode()
    first = text.split("\n")[3]
    fine = {
        "name": "a recorded entry",
        "kind": "tlog-proof",
        "proof": text,
        "leaf_hash": leaf_hash(entries[5]).hex(),
        "origin": ORIGIN,
        "log_key": public_key(LOG_SEED).hex(),
        "expect": "ok",
    }
    yield fine
    yield fine | {"name": "a recorded entry / without extra data", "proof": text.replace("extra c2FsdA==\n", "")}
    yield from _faults(
        fine,
        [
            ("another leaf", {"leaf_hash": leaf_hash(entries[4]).hex()}, "inclusion"),
            ("another index", {"proof": text.replace("index 5", "index 4")}, "inclusion"),
            ("an index outside the tree", {"proof": text.replace("index 5", "index 11")}, "inclusion"),
            ("a hash missing", {"proof": text.replace(first + "\n", "", 1)}, "inclusion"),
            ("another key", {"log_key": public_key(RECEIPT_SEED).hex()}, "checkpoint"),
            ("another log", {"origin": "ruban.example/autre"}, "checkpoint"),
            ("another version", {"proof": text.replace("@v1", "@v2", 1)}, "format"),
            ("an index with a leading zero", {"proof": text.replace("index 5", "index 05")}, "format"),
            ("extra data after the index", {"proof": _swap(text)}, "format"),
            ("a short hash", {"proof": text.replace(first, "AAAA", 1)}, "format"),
            ("other line ends", {"proof": text.replace("\n", "\r\n")}, "format"),
        ],
    )


def _swap(text: str) -> str:
    return text.replace("extra c2FsdA==\nindex 5\n", "index 5\nextra c2FsdA==\n")


def _faults(fine: Case, faults: list[tuple[str, dict[str, Any], str]]) -> Iterator[Case]:
    for name, change, expect in faults:
        yield fine | change | {"name": f"{fine['name']} / {name}", "expect": expect}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, cases in files().items():
        (FOLDER / name).write_bytes(encode(cases))
