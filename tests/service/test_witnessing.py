"""A record whose checkpoints a quorum of witnesses must have seen before anybody reads them; the witnesses are real."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ruban.audit.verify import audit
from ruban.errors import FetchFailed, FormatError, Inconsistent, Message, StoreFrozen
from ruban.log.cosignature import encode_cosigner
from ruban.log.note import VerifierKey, encode_vkey
from ruban.published import POLICY
from ruban.service.open_group import open_keeper
from ruban.service.publish import publish
from ruban.service.witness import Witness, make_witness, open_witness, watch
from ruban.service.witnessing import POLICY_FILE, Said, Witnessing, witnessing_of
from ruban.web.witness import WitnessApp
from tests.service.cast import Cast, cast_of
from tests.service.test_adopt import sign
from tests.service.test_high_water import copy_of, put_back

NAMES = ("union", "paper", "firm")


class Town:
    """Three witnesses by address, some of them away."""

    def __init__(self, folder: Path, cast: Cast) -> None:
        group = cast.keeper.state.opened
        vkey = encode_vkey(VerifierKey(name=group.origin, public=group.log_key))
        self.witnesses: dict[str, Witness] = {}
        self.away: set[str] = set()
        self.asked = 0
        lines = []
        for name in NAMES:
            key = make_witness(folder / name, f"{name}.example/w")
            watch(folder / name, vkey)
            self.witnesses[name] = open_witness(folder / name)
            lines.append(f"witness {name} {encode_cosigner(key)} http://{name}.example\n")
        self.policy = ("".join(lines) + "group two 2 union paper firm\nquorum two\n").encode()
        self._cast = cast

    def post(self, address: str, body: bytes) -> Said:
        name = address.removeprefix("http://").partition(".")[0]
        assert address == f"http://{name}.example/add-checkpoint"
        self.asked += 1
        if name in self.away:
            raise FetchFailed("witness", Message("an answer"), Message("none"))
        answer = WitnessApp(self.witnesses[name])._answer
        try:
            said = answer(body)
            return Said(int(said.status), said.body)
        except FormatError:
            return Said(400, b"")
        except Exception as error:
            return Said({"CheckpointInvalid": 422, "SignatureInvalid": 403}.get(type(error).__name__, 404), b"")

    def close(self) -> None:
        for witness in self.witnesses.values():
            witness.close()


@contextmanager
def witnessed(folder: Path, **options: object) -> Iterator[tuple[Cast, Town, Callable[[], Witnessing]]]:
    """A group whose folder names three witnesses, two of which must have seen a checkpoint."""
    with cast_of(folder, **options) as cast:  # type: ignore[arg-type]
        town = Town(folder / "town", cast)
        (cast.folder / POLICY_FILE).write_bytes(town.policy)

        def begun() -> Witnessing:
            made = witnessing_of(cast.folder, cast.keeper, town.post)
            assert made is not None
            return made

        yield cast, town, begun
        town.close()


def published_size(cast: Cast) -> int:
    verdict = audit(publish(cast.keeper))[0]
    assert verdict.holds
    return verdict.entries


def test_what_a_quorum_has_seen_is_published_with_the_policy(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, town, begun):
        witnessing = begun()
        town.away = {"firm"}
        assert witnessing.is_behind()
        assert witnessing.collect(cast.now)
        assert not witnessing.is_behind()
        verdict = audit(publish(cast.keeper))[0]
        assert verdict.holds
        assert verdict.witnesses is not None
        assert sorted(one.name for one in verdict.witnesses.cosigned) == ["paper.example/w", "union.example/w"]
        assert publish(cast.keeper).read(POLICY, 10_000) == town.policy


def test_what_too_few_have_seen_is_not_published_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, town, begun):
        witnessing = begun()
        assert witnessing.collect(cast.now)
        before = published_size(cast)
        letter = cast.open_letter()
        town.away = {"firm", "paper"}
        assert not witnessing.collect(cast.now)
        assert witnessing.unwitnessed_since == cast.now
        for member in range(6):
            sign(cast, member)
        sign(cast, 6, by_name=True)
        cast.release()
        assert not witnessing.collect(cast.now)
        assert witnessing.unwitnessed_since == cast.now - cast.window
        # Readers have one state, of which an audit holds; the server goes on with another.
        assert published_size(cast) == before
        assert letter.letter_id not in cast.keeper.shown.letters
        assert cast.keeper.state.letters[letter.letter_id].signatures
        town.away = {"union"}
        assert witnessing.collect(cast.now)
        assert witnessing.unwitnessed_since is None
        assert published_size(cast) == cast.keeper.tree.size
        assert len(cast.keeper.shown.letters[letter.letter_id].signatures) == 7


def test_a_start_publishes_what_was_witnessed_and_no_more(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, _, begun):
        assert begun().collect(cast.now)
        before = published_size(cast)
        cast.open_letter()
        cast.reopen()
        witnessing = begun()
        assert published_size(cast) == before
        assert witnessing.is_behind()
        # This process does not know what they have seen, and is told.
        assert witnessing.collect(cast.now)
        assert published_size(cast) == cast.keeper.tree.size


def test_before_the_first_quorum_the_record_stays_as_public_as_it_was(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, town, begun):
        town.away = set(NAMES)
        witnessing = begun()
        assert not witnessing.collect(cast.now)
        assert published_size(cast) == cast.keeper.tree.size
        with pytest.raises(FetchFailed):
            publish(cast.keeper).read(POLICY, 10_000)


def test_a_name_that_was_given_up_meanwhile_stays_readable_until_that_is_published(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, town, begun):
        witnessing = begun()
        cast.open_letter()
        sign(cast, 6, by_name=True)
        cast.release()
        assert witnessing.collect(cast.now)
        assert audit(publish(cast.keeper))[0].letters[0].names == (cast.name(6),)
        town.away = set(NAMES)
        cast.release()
        assert published_size(cast) > 0
        assert audit(publish(cast.keeper))[0].letters[0].names == (cast.name(6),)


def test_a_witness_that_knows_more_freezes_the_record(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, _, begun):
        assert begun().collect(cast.now)
        copy_of(cast, tmp_path / "old")
        cast.open_letter()
        assert begun().collect(cast.now)
        cast.keeper.close()
        put_back(cast, tmp_path / "old")
        # Mark and witnessed checkpoint went back as well: only the witnesses know.
        for name in ("keys/high-water.note", "witnessed.note"):
            shutil.copy(tmp_path / "old" / name, cast.folder / name)
        cast.keeper = open_keeper(cast.folder)
        assert cast.keeper.frozen is None
        assert not begun().collect(cast.now)
        assert cast.keeper.frozen is not None
        assert cast.keeper.frozen.where.endswith(".example/w")
        with pytest.raises(StoreFrozen, match="older copy"):
            cast.open_letter()


def test_a_witness_that_knows_another_record_freezes_it(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, _, begun):
        copy_of(cast, tmp_path / "old")
        cast.open_letter()
        assert begun().collect(cast.now)
        cast.keeper.close()
        cast.keeper = open_keeper(tmp_path / "old")
        cast.folder, folder = tmp_path / "old", cast.folder
        shutil.copy(folder / POLICY_FILE, cast.folder / POLICY_FILE)
        cast.open_letter()
        assert not begun().collect(cast.now)
        assert cast.keeper.frozen is not None
        assert cast.keeper.frozen.forked
        # Longer than what they have seen, it still does not begin with that.
        cast.reopen()
        cast.open_letter()
        assert not begun().collect(cast.now)
        assert cast.keeper.frozen is not None
        assert cast.keeper.frozen.forked


def test_an_answer_that_is_none_counts_for_nothing(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, town, _):
        for said in (
            Said(200, b""),
            Said(200, b"nonsense\n"),
            Said(409, b"x\n"),
            Said(500, b""),
            Said(200, b"\xff" * 9),
        ):
            made = Witnessing(cast.folder, cast.keeper, town.policy, lambda *_, said=said: said)
            assert not made.collect(cast.now)
            assert cast.keeper.frozen is None


def test_a_policy_that_is_none_stops_the_start(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, _, begun):
        (cast.folder / POLICY_FILE).write_bytes(b"quorum nobody\n")
        with pytest.raises(FormatError, match="line 1"):
            begun()
        (cast.folder / POLICY_FILE).unlink()
        with pytest.raises(AssertionError):
            begun()


def test_a_witness_never_sees_two_roots_of_one_size(tmp_path: Path) -> None:
    with witnessed(tmp_path) as (cast, town, begun):
        assert begun().collect(cast.now)
        latest = [witness.latest(cast.keeper.state.opened.origin) for witness in town.witnesses.values()]
        assert all(one is not None and one.root == cast.keeper.tree.root() for one in latest)
        with pytest.raises(Inconsistent):
            town.witnesses["union"].add_checkpoint(b"old 0\n\n" + cast.keeper.store.head().note, cast.now)
