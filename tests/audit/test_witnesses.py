"""A record that was cosigned: by a policy of its own, by one that the reader brings, and by too few."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ruban.audit.verify import Demands, audit
from ruban.errors import CheckpointInvalid, FetchFailed, FormatError, QuorumMissing
from ruban.log.cosignature import CosignerKey, cosign, encode_cosigner
from ruban.log.note import VerifierKey, encode_note, encode_vkey, parse_note
from ruban.log.policy import parse_policy
from ruban.primitives.ed25519 import public_key
from ruban.published import CHECKPOINT, POLICY
from ruban.service.publish import publish
from tests.service.cast import cast_of

NOW = int(time.time())


def seed(number: int) -> bytes:
    return bytes([number]) * 32


def witness(number: int) -> str:
    return encode_cosigner(CosignerKey(name=f"w{number}.example", public=public_key(seed(number))))


POLICY_FILE = (
    "".join(f"witness W{n} {witness(n)}\n" for n in (31, 32, 33)) + "group two 2 W31 W32 W33\nquorum two\n"
).encode()


class Published:
    """A group's record with other files in place of some."""

    def __init__(self, folder: Path) -> None:
        with cast_of(folder, enrolled=0) as cast:
            source = publish(cast.keeper)
            self.log_key = cast.keeper.state.opened.log_key
            self.origin = cast.keeper.state.opened.origin
        self._source = source
        self.files: dict[str, bytes] = {}

    def read(self, path: str, max_bytes: int) -> bytes:
        return self.files[path] if path in self.files else self._source.read(path, max_bytes)

    def cosign(self, *numbers: int, text: str | None = None) -> None:
        note = parse_note(self.read(CHECKPOINT, 1 << 20))
        lines = tuple(cosign(text or note.text, f"w{n}.example", seed(n), NOW + n) for n in numbers)
        self.files[CHECKPOINT] = encode_note(type(note)(text=note.text, signatures=(*note.signatures, *lines)))


@pytest.fixture
def published(tmp_path: Path) -> Published:
    return Published(tmp_path)


def test_a_record_without_a_policy_has_no_witness(published: Published) -> None:
    published.cosign(31)
    verdict = audit(published)[0]
    assert verdict.holds
    assert verdict.witnesses is None
    assert verdict.as_json()["record"]["witnesses"] == 0


def test_the_witnesses_that_a_record_names_are_its_own_word(published: Published) -> None:
    published.files[POLICY] = POLICY_FILE
    published.cosign(31, 33)
    verdict = audit(published)[0]
    assert verdict.holds
    assert verdict.as_json()["record"]["witnesses"] == 2
    assert verdict.as_json()["witnesses"] == {
        "cosigned": [{"name": "w31.example", "at": NOW + 31}, {"name": "w33.example", "at": NOW + 33}],
        "asked": 3,
        "policy": "published",
        "quorum": True,
    }


@pytest.mark.parametrize("numbers", [(), (31,), (34, 35)])
def test_too_few_are_a_finding_whoever_names_them(published: Published, numbers: tuple[int, ...]) -> None:
    published.cosign(*numbers)
    for verdict in (
        audit(published, Demands(policy=parse_policy(POLICY_FILE)))[0],
        audit(with_policy(published, POLICY_FILE))[0],
    ):
        [finding] = verdict.findings
        assert isinstance(finding.error, QuorumMissing)
        assert finding.step == 1
        assert verdict.witnesses is not None
        assert not verdict.witnesses.quorum


def with_policy(published: Published, policy: bytes) -> Published:
    published.files[POLICY] = policy
    return published


def test_a_pinned_policy_wins_over_the_published_one(published: Published) -> None:
    published.files[POLICY] = f"witness W31 {witness(31)}\nquorum W31\n".encode()
    published.cosign(31)
    assert audit(published)[0].holds
    assert not audit(published, Demands(policy=parse_policy(POLICY_FILE)))[0].holds


def test_a_cosignature_of_another_checkpoint_counts_for_nothing(published: Published) -> None:
    published.cosign(31, 32, text=f"{published.origin}\n7\n{'A' * 43}=\n")
    assert not audit(with_policy(published, POLICY_FILE))[0].holds


def test_a_policy_of_other_logs_refuses_the_record(published: Published) -> None:
    other = encode_vkey(VerifierKey(name=published.origin, public=public_key(seed(1))))
    own = encode_vkey(VerifierKey(name=published.origin, public=published.log_key))
    with pytest.raises(CheckpointInvalid):
        audit(published, Demands(policy=parse_policy(f"log {other}\nquorum none\n".encode())))
    assert audit(published, Demands(policy=parse_policy(f"log {own}\nlog {other}\nquorum none\n".encode())))[0].holds


def test_a_published_policy_that_is_none_is_a_finding(published: Published) -> None:
    [finding] = audit(with_policy(published, b"nonsense\n"))[0].findings
    assert isinstance(finding.error, FormatError)


def test_a_policy_that_cannot_be_had_is_none(published: Published) -> None:
    with pytest.raises(FetchFailed):
        published.read(POLICY, 1)
    assert audit(published)[0].holds
