"""The fault table: every write of a group's life is not done, or done and reported as failed; the next start fails too.

After each fault the process ends, and another begins on what the disk holds. The recount is the oracle: nothing
acknowledged is lost, nothing stands twice, and doing again what was not done leads to where no fault would have led.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ruban.errors import LetterClosed, StoreError
from ruban.log.merkle import leaf_hash
from ruban.record.entry import parse_entry
from ruban.record.member import sign_by_name, sign_unnamed
from ruban.record.state import Letter
from ruban.record.submission import Submission
from ruban.service import open_group
from ruban.service.change_letter import change_letter
from ruban.service.enrol import Enrolment, enrol
from ruban.service.erase import erase
from ruban.service.open_group import open_keeper
from ruban.service.release import release
from ruban.service.submit import submit
from tests.service.cast import DAY, Cast, cast_of
from tests.store.memory_store import Disk, Fault, MemoryStore

NEW, NAMED = 12, 6


@dataclass
class Life:
    """A group over a disk that fails; members' devices keep what they have sent, and send it again."""

    cast: Cast
    disk: Disk
    sent: dict[int, Submission] = field(default_factory=dict)
    acknowledged: set[bytes] = field(default_factory=set)

    @property
    def letter(self) -> Letter:
        return next(iter(self.cast.keeper.state.letters.values()))

    def enrols(self) -> None:
        row = self.sent.setdefault(-1, self.cast.row(NEW))
        enrol(self.cast.keeper, Enrolment(self.cast.invited[NEW].code, row), self.cast.now)
        self.acknowledged.add(leaf_hash(row.leaf))

    def opens(self) -> None:
        if not self.cast.keeper.state.letters:
            self.cast.open_letter()

    def signs(self) -> None:
        state, secrets = self.cast.keeper.state, self.cast.secrets
        for member in range(NAMED + 1):
            if member not in self.sent:
                self.sent[member] = (
                    sign_by_name(state, self.letter, secrets[member], self.cast.name(member))
                    if member == NAMED
                    else sign_unnamed(state, self.letter, secrets[member])
                )
            submit(self.cast.keeper, self.sent[member], self.cast.now)
            self.acknowledged.add(leaf_hash(self.sent[member].leaf))

    def releases(self) -> None:
        self.cast.now = 900 + self.cast.now // 900 * 900
        release(self.cast.keeper, self.cast.now)

    def extends(self) -> None:
        if not self.letter.extended:
            self._changes("extend", closing=self.cast.now + 8 * DAY)

    def erases(self) -> None:
        [row] = [one.row for one in self.letter.signatures.values() if one.row is not None]
        erase(self.cast.keeper, [self.cast.keeper.state.roll.rows[row].claim])

    def closes(self) -> None:
        # Where the change is in the record already, the next release does the rest.
        with suppress(LetterClosed):
            self._changes("close")
        release(self.cast.keeper, self.cast.now)

    def _changes(self, action: str, closing: int | None = None) -> None:
        change_letter(self.cast.keeper, self.letter, action, "A reason.", self.cast.now, closing=closing)

    def kept(self) -> set[bytes]:
        store = self.cast.keeper.store
        return {*store.leaf_hashes(), *(leaf_hash(leaf) for leaf in store.pending())}

    def kinds(self) -> list[str]:
        return [parse_entry(leaf).kind for leaf in self.cast.keeper.store.entries()]


STEPS: tuple[Callable[[Life], None], ...] = (
    Life.enrols,
    Life.releases,
    Life.opens,
    Life.signs,
    Life.releases,
    Life.extends,
    Life.erases,
    Life.closes,
)


def lived(life: Life, *, start_fails: bool) -> int:
    """Go through it all, again after each fault; how many faults there were."""
    faults = 0
    for step in STEPS:
        while True:
            now = life.cast.now
            try:
                step(life)
                break
            except StoreError:
                faults += 1
                life.cast.now = now
                life.cast.keeper.close()
                if start_fails:
                    life.disk.unreadable = True
                    with pytest.raises(StoreError):
                        open_keeper(life.cast.folder)
                    life.disk.unreadable = False
                life.cast.keeper = open_keeper(life.cast.folder)
                assert life.acknowledged <= life.kept()
                assert life.cast.verdict().holds
    return faults


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Life]:
    """A life in a folder of that number, whose record lies on a `Disk`."""
    disks: dict[Path, Disk] = {}

    def store(folder: Path, *_: object) -> MemoryStore:
        return MemoryStore(disks.setdefault(folder, Disk()))

    monkeypatch.setattr(open_group, "create_store", store)
    monkeypatch.setattr(open_group, "open_store", store)
    monkeypatch.setattr(open_group, "has_record", lambda folder: folder in disks)

    def make(number: int) -> Life:
        with cast_of(tmp_path / str(number)) as cast:
            pass
        cast.keeper = open_keeper(cast.folder)
        disk = disks[cast.folder]
        disk.writes = 0
        return Life(cast, disk)

    return make


def counted(life: Life) -> tuple[int, ...]:
    [letter] = life.cast.verdict().letters
    tally = letter.tally
    return tally.signed, tally.named, tally.unnamed, tally.enrolled, tally.erased, len(letter.names)


@pytest.mark.parametrize("start_fails", [False, True])
@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name)
def test_no_fault_of_any_write_loses_or_doubles_anything(
    begin: Callable[[int], Life], fault: Fault, start_fails: bool
) -> None:
    faultless = begin(0)
    assert lived(faultless, start_fails=False) == 0
    assert counted(faultless) == (7, 1, 6, 13, 1, 0)
    writes = faultless.disk.writes
    assert writes > 15
    for number in range(writes):
        life = begin(1 + number)
        life.disk.fault_at = (number, fault)
        assert lived(life, start_fails=start_fails) == 1
        assert counted(life) == counted(faultless)
        assert life.kinds() == faultless.kinds()
        life.cast.keeper.close()
    faultless.cast.keeper.close()
