"""The one context of a server: its configuration, its clock, and the group that it keeps. Views get it from `site()`.

A page never reads the keeper's state, which a release changes under it: it reads a `Snapshot`, made under the keeper's
lock once for each size of the record.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ruban.errors import HeadMoved, IntakePaused, Message, RubanError, StoreCorrupt, StoreError
from ruban.record.state import Letter, State
from ruban.service.keeper import Frozen, Keeper
from ruban.service.open_group import NewGroup, group_folder, open_group, open_keeper
from ruban.service.release import release
from ruban.service.witnessing import Post, Witnessing, witnessing_of
from ruban.store.place import database_of, has_record
from ruban.store.ports import Submitted
from ruban.web.address import Addresses, prefix_of
from ruban.web.configuration import Configuration
from ruban.web.errors import NotFound
from ruban.web.rate import RateLimit
from ruban.web.texts import text_of

PATIENCE_SECONDS = 60
"""A witness that is asked again within it is not worth a word to readers."""
KEPT_SNAPSHOTS = 64
"""Of each kind: of a bundle as well, which is the largest (megabytes)."""
CODES_IN_SUBMITS = 10
"""Of so many submissions one may be a code: thousands may sign from behind one address, but nobody there has hundreds
of codes."""

T = TypeVar("T")
_Version = tuple[int, int, bytes]


def now() -> int:
    """The time, in Unix seconds."""
    return int(time.time())


@dataclass(slots=True)
class Site:
    """A server, with the group it keeps once there is one. Made once a process."""

    configuration: Configuration
    clock: Callable[[], int] = now
    keeper: Keeper | None = None
    witnessing: Witnessing | None = None
    """Those who must have seen the record before readers get it; None where nobody must."""
    post: Post | None = None
    """How witnesses are reached; without it none are asked."""
    under_review: int | None = None
    """Since when a replay has failed: pages then show no number, and nothing is taken in."""
    paused: int | None = None
    """Since when there has been too little disk to take anything in."""
    changes: int = 0
    """To be raised by whoever changes what public pages show besides the record: memorised pages end with it."""
    submits: RateLimit = field(init=False, repr=False)
    codes: RateLimit = field(init=False, repr=False)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _waiting: list[Callable[[], None]] = field(default_factory=list, repr=False)
    _snapshots: dict[str, dict[bytes, tuple[_Version, object]]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        most = self.configuration.requests_per_address
        self.submits, self.codes = RateLimit(most), RateLimit(-(-most // CODES_IN_SUBMITS))

    @property
    def folder(self) -> Path:
        """Where the group's record and keys lie."""
        return group_folder(self.configuration.data)

    def open(self) -> None:
        """Open the group, if there is one. A record that does not replay puts the site under review."""
        if not has_record(self.folder):
            return
        try:
            self.keeper = open_keeper(self.folder)
            self.paused = self.keeper.moved
            self._name_witnesses(self.keeper)
        except StoreCorrupt:
            self.under_review = self.clock()

    def _name_witnesses(self, keeper: Keeper) -> None:
        self.witnessing = None if self.post is None else witnessing_of(self.folder, keeper, self.post)

    def cosign(self) -> bool:
        """Have what is new cosigned; whether all of it has been seen by enough."""
        witnessing = self.witnessing
        if witnessing is None or self.under_review is not None or not witnessing.is_behind():
            return True
        before = self.unwitnessed_since
        seen = witnessing.collect(self.clock())
        if seen or before != self.unwitnessed_since:
            self.changes += 1
        return seen

    @property
    def unwitnessed_since(self) -> int | None:
        """Since when too few witnesses have seen what is new, once that has lasted; None where all is well."""
        since = None if self.witnessing is None else self.witnessing.unwitnessed_since
        return since if since is not None and self.clock() - since >= PATIENCE_SECONDS else None

    def found(self, group: NewGroup) -> Keeper:
        """Begin the group; StoreError if there is one."""
        with self.lock:
            if self.keeper is not None:
                raise StoreError("group", Message("none yet"), Message("one"))
            self.keeper = open_group(self.folder, group, self.clock())
            return self.keeper

    def close(self) -> None:
        """Let go of the group."""
        with self.lock:
            if self.keeper is not None:
                self.keeper.close()
                self.keeper = None

    @property
    def kept(self) -> Keeper:
        """The keeper of the group; NotFound before there is one, IntakePaused while it is under review."""
        if self.under_review is not None:
            raise IntakePaused("record", Message("one that replays"), Message("one under review"))
        if self.keeper is None:
            raise NotFound("group", Message("one that has been opened"), Message("none"))
        return self.keeper

    def addresses(self, language: str | None = None) -> Addresses:
        """The addresses of the group's pages."""
        return Addresses(self.configuration.public_address, self.prefix, language)

    @property
    def prefix(self) -> str:
        """The path under which the group lies."""
        return prefix_of(self.kept.state.opened.origin)

    @property
    def group_title(self) -> str | None:
        """What the group calls itself; None before there is one and while the record is under review."""
        if self.keeper is None or self.under_review is not None:
            return None
        return self.snapshot("title", b"", lambda state, keeper: text_of(keeper, state.opened.title))

    @property
    def is_rehearsal(self) -> bool:
        """Whether the group is a rehearsal, which every page must say."""
        return self.keeper is not None and self.under_review is None and self.kept.state.opened.rehearsal

    @property
    def frozen(self) -> Frozen | None:
        """Why nothing is signed here; None where all is well, and before there is a group."""
        return None if self.keeper is None else self.keeper.frozen

    @property
    def size(self) -> int:
        """Entries in the record as readers get it: whatever is derived from it is good until this changes."""
        return self.kept.shown.size

    def letter(self, letter_id: bytes) -> Letter:
        """A letter of the record; NotFound. Its fields may change under whoever holds no lock: see `snapshot`."""
        letter = self.kept.state.letters.get(letter_id)
        if letter is None:
            raise NotFound("letter", Message("one in the record"), Message("none"))
        return letter

    def is_published(self, letter_id: bytes) -> bool:
        """Whether readers have the letter: it may wait for its witnesses, or be missing in an older copy."""
        return letter_id in self.kept.shown.letters

    def published_letter(self, letter_id: bytes) -> Letter:
        """A letter as readers get it; NotFound while no quorum of witnesses has seen it."""
        letter = self.kept.shown.letters.get(letter_id)
        if letter is None:
            self.letter(letter_id)
            hint = Message("It is there as soon as enough witnesses have seen it. Try again in a minute.")
            raise NotFound("letter", Message("one that is published"), Message("one that waits"), hint=hint)
        return letter

    def snapshot(self, name: str, letter_id: bytes, make: Callable[[State, Keeper], T]) -> T:
        """What `make` makes of the state as readers get it, at one size of the record, made once for each size.

        `make` must return something frozen that holds nothing of the state that may change.
        """
        keeper = self.kept
        of_kind = self._snapshots.setdefault(name, {})
        kept = of_kind.get(letter_id)
        if kept is not None and kept[0] == _version(keeper):
            return kept[1]  # type: ignore[return-value]  # what this name and this maker made
        with keeper.lock:
            kept = of_kind.get(letter_id)
            if kept is not None and kept[0] == _version(keeper):
                # Made by another thread while this one waited.
                return kept[1]  # type: ignore[return-value]
            made = make(keeper.shown, keeper)
            # To the end: the first to go is what nobody has asked for since the record was shortest.
            of_kind.pop(letter_id, None)
            if len(of_kind) >= KEPT_SNAPSHOTS:
                of_kind.pop(next(iter(of_kind)))
            of_kind[letter_id] = (_version(keeper), made)
        return made

    def catch_up(self) -> None:
        """Read what other processes have written to the record; a replay that fails puts the site under review."""
        keeper = self.kept
        try:
            with keeper.lock:
                keeper.catch_up()
        except StoreCorrupt:
            self.under_review = self.under_review or self.clock()
            raise
        except StoreError:
            self.paused = self.paused or self.clock()
            raise

    def mend(self) -> None:
        """Open the record anew if the connection to its database was lost; StoreError while that is not to be had.

        A record in its folder waits for a new process: after a failed sync nothing that this one reads says what the
        disk holds.
        """
        keeper = self.keeper
        if keeper is None or self.under_review is not None or database_of(self.folder) is None or keeper.is_connected():
            return
        opened = open_keeper(self.folder)
        with self.lock:
            self._name_witnesses(opened)
            self.keeper, self.paused = opened, None
        keeper.close()

    def release(self) -> None:
        """Release what is due; a replay that fails puts the site under review, a full disk pauses it.

        A record that is frozen stays as it is: members' entries wait, and every page says so.
        """
        keeper = self.kept
        if keeper.frozen is not None or keeper.moved is not None:
            return
        try:
            # Before anything else comes in: what is done then must not tell what came between two releases.
            with keeper.lock:
                release(keeper, self.clock())
                for job in self._waiting:
                    job()
                self._waiting.clear()
            self.paused = None
        except HeadMoved:
            # Another process released at the same moment.
            self.catch_up()
        except StoreCorrupt:
            self.under_review = self.under_review or self.clock()
            raise
        except (StoreError, IntakePaused):
            self.paused = self.paused or self.clock()
            raise

    def after_release(self, job: Callable[[], None], noted: Callable[[], None]) -> None:
        """Do `job` right after the next release, and wait for it; what it raises is raised here.

        `noted` is called once no release can come before it.
        """
        done = threading.Event()
        failed: list[BaseException] = []

        def run() -> None:
            try:
                job()
            except Exception as error:
                failed.append(error)
            finally:
                done.set()

        with self.kept.lock:
            self._waiting.append(run)
        noted()
        done.wait()
        if failed:
            raise failed[0]

    def taken(self, answers: Iterable[Submitted | RubanError]) -> None:
        """After what was sent in: pages say when there is no room for it; with window 0 it is released at once."""
        came = False
        for answer in answers:
            if isinstance(answer, IntakePaused | StoreError):
                self.paused = self.paused or self.clock()
            elif isinstance(answer, Submitted):
                self.paused, came = None, True
        if came and self.kept.state.opened.window == 0:
            # Errors are for the next release to meet.
            with suppress(RubanError):
                self.release()


def _version(keeper: Keeper) -> _Version:
    """What a snapshot is of: what readers get, what has been erased or hidden since, and who has seen it."""
    return keeper.shown.size, keeper.state.size, b"" if keeper.published is None else keeper.published.note


_site: Site | None = None


def install(made: Site | None) -> None:
    """Make `made` the site of this process."""
    global _site
    _site = made


def site() -> Site:
    """The site of this process; RuntimeError before `install`."""
    if _site is None:
        raise RuntimeError("no site is installed in this process")
    return _site
