"""`ruban receipt` and `ruban key`: a kept receipt holds against a key that is known, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.audit.contents import leaves_of
from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.cosignature import CosignerKey, cosign, encode_cosigner
from ruban.log.merkle import hashes_in_memory, inclusion_proof, leaf_hash
from ruban.log.note import Note, VerifierKey, encode_note, encode_vkey, parse_note, parse_vkey
from ruban.log.receipt import TlogProof, encode_tlog_proof
from ruban.primitives.ed25519 import public_key
from ruban.service.publish import publish
from tests.manage.commands import Shell
from tests.service.cast import cast_of
from tests.service.test_adopt import sign

WITNESS = b"\x09" * 32
POLICY = f"witness w {encode_cosigner(CosignerKey(name='w.example', public=public_key(WITNESS)))}\nquorum w\n"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capsys)


@pytest.fixture
def vkey(tmp_path: Path, shell: Shell) -> str:
    """Receipts of a signature by name, `cosigned` and `plain`, and one by another key; the log's verifier key."""
    with cast_of(tmp_path / "data") as cast:
        cast.open_letter()
        leaf = sign(cast, 6, by_name=True)
        cast.release()
        size, head = cast.keeper.tree.size, cast.keeper.store.head()
        leaves = list(leaves_of(publish(cast.keeper), size))
        group = cast.keeper.state.opened
    hashes = [leaf_hash(one) for one in leaves]
    index = leaves.index(leaf)
    path = tuple(inclusion_proof(hashes_in_memory(hashes), index, size))
    note = parse_note(head.note)
    line = cosign(note.text, "w.example", WITNESS, 1_795_478_400)
    notes = {
        "plain": head.note,
        "cosigned": encode_note(Note(text=note.text, signatures=(*note.signatures, line))),
        "forged": sign_checkpoint(Checkpoint(origin=group.origin, size=size, root=head.root), b"\x05" * 32),
    }
    for name, checkpoint in notes.items():
        made = TlogProof(index=index, path=path, checkpoint=checkpoint, extra=leaf)
        Path(name).write_bytes(encode_tlog_proof(made))
    made = TlogProof(index=index, path=path, checkpoint=head.note, extra=leaves[index - 1])
    Path("moved").write_bytes(encode_tlog_proof(made))
    Path("bare").write_bytes(encode_tlog_proof(TlogProof(index=index, path=path, checkpoint=head.note)))
    Path("policy").write_text(POLICY)
    return encode_vkey(VerifierKey(name=group.origin, public=group.log_key))


def test_a_receipt_holds_against_a_known_key(shell: Shell, vkey: str) -> None:
    for key in (vkey, parse_vkey(vkey).public.hex()):
        ran = shell("receipt", "plain", "--key", key)
        assert ran.code == 0, ran.err
        assert "signature by name" in ran.out
    ran = shell("receipt", "cosigned", "--key", vkey, "--policy", "policy", "--json")
    assert ran.json["witnesses"] == 1
    assert ran.json["kind"] == "signature"
    assert "w had seen it" in shell("receipt", "cosigned", "--key", vkey, "--policy", "policy").out


def test_the_key_may_come_from_a_record_or_a_policy(shell: Shell, vkey: str) -> None:
    assert shell("receipt", "plain", "--record", "data").code == 0
    Path("logs").write_text(f"log {vkey}\nquorum none\n")
    assert shell("receipt", "plain", "--policy", "logs").code == 0
    assert shell("key", "data", "--json").json["key"] == vkey
    assert shell("key", "data").out.strip() == vkey


@pytest.mark.parametrize("name", ["forged", "moved", "bare"])
def test_a_receipt_of_another_log_or_entry_does_not_hold(shell: Shell, vkey: str, name: str) -> None:
    assert shell("receipt", name, "--key", vkey).code == 1


def test_a_receipt_does_not_vouch_for_its_own_key(shell: Shell, vkey: str) -> None:
    ran = shell("receipt", "plain")
    assert ran.code == 1
    assert "--key" in ran.err


def test_a_receipt_without_the_quorum_that_is_wanted_does_not_hold(shell: Shell, vkey: str) -> None:
    assert shell("receipt", "plain", "--key", vkey, "--policy", "policy").code == 1
    assert shell("receipt", "plain", "--key", "nonsense").code == 2
