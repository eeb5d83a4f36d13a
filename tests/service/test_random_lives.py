"""Random lives of a group: whatever members, organisers, clocks and crashes do, the record goes on and an audit holds.

Members sign, change their mind, send twice, come back after a crash, cheat where they can; organisers open and change
letters; the process is killed between the store and whatever follows. What was acknowledged must be in the record by
its promise; what stands in the record must replay without a finding.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ruban.errors import Refused, RubanError, StoreError, VerificationError
from ruban.log.merkle import leaf_hash
from ruban.log.receipt import open_promise
from ruban.primitives.randomness import random_bytes
from ruban.proof import MemberSecret
from ruban.proof.secret import SLOT_MATERIAL_BYTES
from ruban.record.member import comment, sign_by_name, sign_unnamed, step_forward, withdraw
from ruban.record.state import Letter
from ruban.record.submission import Submission
from ruban.service.change_letter import change_letter
from ruban.service.correct_electorate import correct_electorate
from ruban.service.enrol import enrol
from ruban.service.erase import erase, given_by_tag
from ruban.service.invite import invite
from ruban.service.keeper import Keeper
from ruban.service.open_group import NewGroup, open_group
from ruban.service.open_letter import open_letter
from ruban.service.publish_update import publish_update
from ruban.service.release import release
from ruban.service.strike import strike
from ruban.service.submit import submit, submit_many
from ruban.store.ports import Submitted
from ruban.store.sqlite_desk import SqliteDesk
from tests.service.cast import DAY, MONDAY, Cast, draft, people

SLOTS = 6
MEMBERS = 14


class Killed(BaseException):
    """What a kill -9 looks like from inside: nothing catches it."""


class Life:
    """One group, one source of chance, and the promises given so far."""

    def __init__(self, folder: Path, seed: int, window: int) -> None:
        self.chance = random.Random(seed)
        group = NewGroup(
            origin="localhost/lives" if window == 0 else "lives.example/group",
            title="Atelier",
            organisers=("Ada",),
            electorate=MEMBERS,
            electorate_date="2026-11-01",
            electorate_source="staff list",
            slots=SLOTS,
            window=window,
            rehearsal=window > 0,
        )
        self.cast = Cast(folder / "group", open_group(folder / "group", group, MONDAY))
        self.cast.invited = invite(self.cast.keeper, people(MEMBERS))
        roll_id = self.cast.keeper.state.opened.roll_id
        # Two of them cheat: one key in all their slots, the same for both.
        shared = random_bytes(64)
        self.cast.secrets = [MemberSecret.fresh(roll_id) for _ in range(MEMBERS - 2)]
        self.cast.secrets += [_with_one_key(roll_id, shared) for _ in range(2)]
        self.due: dict[bytes, int] = {}
        self.sent: list[Submission] = []
        self.acts = Counter[str]()
        self.cast.enrol(range(MEMBERS - 6, MEMBERS))
        self.cast.release()
        for _ in range(2):
            self.cast.open_letter(seconds=6 * DAY)

    @property
    def keeper(self) -> Keeper:
        return self.cast.keeper

    @property
    def now(self) -> int:
        return self.cast.now

    def letter(self) -> Letter | None:
        letters = list(self.keeper.state.letters.values())
        if self.chance.random() < 0.8:
            letters = [letter for letter in letters if not letter.closed]
        return self.chance.choice(letters) if letters else None

    def acknowledged(self, leaf: bytes, answer: Submitted) -> None:
        group = self.keeper.state.opened
        promise = open_promise(answer.promise, group.origin, group.receipt_key)
        assert promise.leaf_hash == leaf_hash(leaf)
        self.due.setdefault(leaf, promise.due_unix_seconds)

    def member_enrols(self) -> None:
        member = self.chance.randrange(MEMBERS)
        enrolment = self.cast.enrolment(member)
        self.acknowledged(enrolment.submission.leaf, enrol(self.keeper, enrolment, self.now))

    def member_acts(self) -> None:
        submission = self.made()
        if submission is not None:
            self.sent.append(submission)
            self.acknowledged(submission.leaf, submit(self.keeper, submission, self.now))

    def many_act_at_once(self) -> None:
        made = []
        for _ in range(self.chance.randrange(2, 6)):
            try:
                made.append(self.made())
            except (RubanError, ValueError):
                continue
        submissions = [one for one in made if one is not None]
        for one, answer in zip(submissions, submit_many(self.keeper, submissions, self.now), strict=True):
            if isinstance(answer, Submitted):
                self.acknowledged(one.leaf, answer)

    def made(self) -> Submission | None:
        """What one member's device makes now, from the record as it stands."""
        letter = self.letter()
        if letter is None:
            return None
        cheats = self.chance.random() < 0.25
        member = self.chance.randrange(MEMBERS - 2 if cheats else 0, MEMBERS)
        state = self.keeper.state
        secret, name = self.cast.secrets[member], self.cast.name(member)
        acts: list[Callable[[], Submission]] = [
            lambda: sign_unnamed(state, letter, secret),
            lambda: sign_unnamed(state, letter, secret),
            lambda: sign_by_name(state, letter, secret, name),
            lambda: step_forward(state, letter, secret, name),
            lambda: withdraw(state, letter, secret),
            lambda: comment(state, letter, secret, "I was there."),
        ]
        return self.chance.choice(acts)()

    def member_sends_again(self) -> None:
        if self.sent:
            again = self.chance.choice(self.sent)
            answer = submit(self.keeper, again, self.now)
            self.acknowledged(again.leaf, answer)

    def organisers_open_a_letter(self) -> None:
        start = self.now + self.chance.choice([0, 0, 3600, DAY])
        open_letter(self.keeper, draft(start, start + self.chance.choice([7200, 4 * DAY, 6 * DAY])), self.now)

    def organisers_change_a_letter(self) -> None:
        letter = self.letter()
        if letter is not None:
            action = self.chance.choice(["close", "extend", "cancel", "supersede"])
            closing = letter.closing + self.chance.choice([3600, 2 * DAY]) if action == "extend" else None
            other = self.letter()
            by = other.letter_id if action == "supersede" and other else None
            change_letter(self.keeper, letter, action, "because", self.now, closing=closing, successor=by)

    def organisers_erase_a_name(self) -> None:
        letter = self.letter()
        if letter is not None and letter.signatures:
            tag = self.chance.choice(sorted(letter.signatures))
            erase(self.keeper, given_by_tag(self.keeper, letter, tag))

    def organisers_strike(self) -> None:
        letter = self.letter()
        if letter is not None and letter.signatures:
            given = sorted(self.keeper.state.given(letter, withdrawn=True))
            strike(self.keeper, letter, self.chance.sample(given, min(2, len(given))), "an insult", self.now)

    def organisers_tell_news(self) -> None:
        letter = self.letter()
        if letter is not None:
            publish_update(self.keeper, letter, {"en": "News."}, self.now)

    def organisers_correct_e(self) -> None:
        electorate = self.keeper.state.opened.electorate + self.chance.choice([-1, 1])
        correct_electorate(self.keeper, electorate, "2026-11-20", "staff list", self.now)

    def time_passes(self) -> None:
        self.cast.now += self.chance.choice([1, 59, 900, 901, 3600, 5 * 3600])

    def release(self) -> None:
        release(self.keeper, self.now)
        self.kept_promises()

    def clock_goes_back(self) -> None:
        """For one action: the time is wrong, and then right again."""
        right = self.now
        self.cast.now -= self.chance.choice([30, 900, DAY])
        try:
            self.chance.choice([self.member_acts, self.release, self.many_act_at_once])()
        finally:
            self.cast.now = right

    def restart(self) -> None:
        self.cast.reopen()

    def killed(self) -> None:
        """Killed in the middle of something, after one of the steps that are durable."""
        whole, place, method = self.chance.choice(
            [
                (Keeper, "read", Keeper.read),
                (SqliteDesk, "mark_used", SqliteDesk.mark_used),
                (SqliteDesk, "tidy", SqliteDesk.tidy),
            ]
        )

        def dies(*_: object, **__: object) -> None:
            raise Killed

        setattr(whole, place, dies)
        try:
            self.chance.choice([self.release, self.member_enrols, self.organisers_change_a_letter])()
        except (Killed, RubanError):
            pass
        finally:
            setattr(whole, place, method)
        self.cast.reopen()

    def kept_promises(self) -> None:
        """After a release nothing that is due is missing."""
        for leaf, due in self.due.items():
            if due <= self.now:
                assert self.keeper.store.index_of(leaf_hash(leaf)) is not None, "a promise is broken"

    def step(self) -> None:
        act = self.chance.choices(
            [
                self.member_acts,
                self.member_enrols,
                self.time_passes,
                self.release,
                self.many_act_at_once,
                self.member_sends_again,
                self.organisers_open_a_letter,
                self.organisers_change_a_letter,
                self.organisers_erase_a_name,
                self.organisers_strike,
                self.organisers_tell_news,
                self.organisers_correct_e,
                self.clock_goes_back,
                self.restart,
                self.killed,
            ],
            weights=[10, 6, 8, 8, 4, 3, 2, 1, 1, 1, 1, 1, 1, 1, 2],
        )[0]
        try:
            act()
            self.acts[act.__name__] += 1
        except StoreError:
            raise
        except (Refused, VerificationError, RubanError, ValueError):
            # A member who may not, an organiser too late, a device that finds no row: all of it is allowed to fail.
            self.acts["refused"] += 1

    def ends(self) -> None:
        """Days later everything acknowledged is in the record, every letter is closed, and a stranger agrees."""
        for _ in range(3):
            self.cast.now += 10 * DAY
            self.release()
        assert self.keeper.store.pending() == []
        assert all(letter.closed for letter in self.keeper.state.letters.values())
        for leaf in self.due:
            assert self.keeper.store.index_of(leaf_hash(leaf)) is not None
        self.cast.reopen()
        self.judge()

    def judge(self) -> None:
        verdict = self.cast.verdict()
        assert verdict.holds, verdict


def _with_one_key(roll_id: bytes, key: bytes) -> MemberSecret:
    fresh = MemberSecret.fresh(roll_id)
    slots = tuple((slot, key + random_bytes(SLOT_MATERIAL_BYTES - 64)) for slot in range(SLOTS))
    return MemberSecret(roll_id=roll_id, row_seed=fresh.row_seed, claim_salt=fresh.claim_salt, slots=slots)


def _live(folder: Path, seed: int, window: int, steps: int) -> Counter[str]:
    life = Life(folder, seed, window)
    try:
        for number in range(steps):
            life.step()
            if number % 25 == 24:
                life.judge()
        life.ends()
    finally:
        life.cast.keeper.close()
    return life.acts


@pytest.mark.parametrize("window", [0, 900])
def test_a_short_life(tmp_path: Path, window: int) -> None:
    acts = _live(tmp_path, seed=window + 1, window=window, steps=60)
    assert acts["member_acts"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("window", [0, 900, 7200])
def test_a_long_life(tmp_path: Path, seed: int, window: int) -> None:
    acts = _live(tmp_path, seed, window, steps=150)
    assert acts["member_acts"] > 0
    assert acts["refused"] > 0
