"""Signing as one of a role: over the rows that bear it, where they and the others are many enough, once a tag."""

from __future__ import annotations

import random

import pytest

from ruban.errors import FormatError, Refused, RuleBroken
from ruban.proof import verify_batch
from ruban.record.entry import parse_entry
from ruban.record.member import sign_unnamed, step_forward
from ruban.record.replay import admit
from ruban.record.tally import RoleTally, tally
from tests.record.pairs import faults_of
from tests.scribe import NOON, Scribe

ROLES = ("Cuisine", "Salle")
BOTH = ["all", "role:Cuisine", "role:Salle"]


def hotel(members: int = 20, *, window: int = 0, **changes: object) -> tuple[Scribe, bytes]:
    """Every second member works in the kitchen; the letter may be signed by either role."""
    scribe = Scribe(roles=ROLES, electorate=60, window=window)
    scribe.open_group(**({"rehearsal": True, "minimum": 2, "window": 900} if changes.pop("rehearsal", False) else {}))
    scribe.enrol(members)
    scribe.epoch()
    return scribe, scribe.open_letter(**({"selectors": BOTH} | changes))


def test_one_signs_as_one_of_those_with_ones_role() -> None:
    scribe, letter = hotel()
    scribe.batch(scribe.unnamed(letter, 0, selector="role:Cuisine"), scribe.unnamed(letter, 3, selector="role:Salle"))
    assert faults_of(scribe) == []
    counts = tally(scribe.state, scribe.state.letters[letter])
    assert (counts.signed, counts.unnamed) == (2, 2)
    assert counts.by_role == (
        RoleTally(role="Cuisine", enrolled=10, named=0, unnamed=1),
        RoleTally(role="Salle", enrolled=10, named=0, unnamed=1),
    )


def test_a_role_of_nine_is_refused() -> None:
    for members, wrong in ((20, []), (19, [("RuleBroken", "ring")])):
        scribe, letter = hotel(members)
        # Of 19, ten are cooks and nine are not.
        scribe.batch(scribe.unnamed(letter, 1, selector="role:Salle"))
        assert faults_of(scribe) == wrong


def test_a_role_that_all_but_nine_have_is_refused() -> None:
    scribe, letter = hotel(19)
    scribe.batch(scribe.unnamed(letter, 0, selector="role:Cuisine"))
    assert faults_of(scribe) == [("RuleBroken", "ring")]
    assert "10 with it, 9 without" in str(scribe.findings[0].error)


def test_the_least_ring_of_the_letter_is_for_all() -> None:
    scribe, letter = hotel(ring_min=20)
    scribe.batch(scribe.unnamed(letter, 0, selector="role:Cuisine"), scribe.unnamed(letter, 1))
    assert faults_of(scribe) == []


def test_a_rehearsal_wants_two_and_two() -> None:
    scribe, letter = hotel(4, rehearsal=True, ring_min=2, closing=NOON + 3600)
    scribe.batch(scribe.unnamed(letter, 0, selector="role:Cuisine"), scribe.unnamed(letter, 2, selector="role:Cuisine"))
    assert faults_of(scribe) == []


@pytest.mark.parametrize(
    "selectors",
    [
        ["role:Cuisine"],
        ["role:Cuisine", "all"],
        ["all", "role:Salle", "role:Cuisine"],
        ["all", "role:Cave"],
    ],
)
def test_selectors_are_all_and_roles_of_the_group_in_its_order(selectors: list[str]) -> None:
    scribe, _ = hotel()
    scribe.open_letter(selectors=selectors)
    assert faults_of(scribe) == [("RuleBroken", "selectors")]


@pytest.mark.parametrize(
    "selectors", [["all", "role:Cuisine#0/2"], ["all", "role:Cuisine", "role:Cuisine"], ["all", "everybody"], []]
)
def test_a_selector_is_written_in_one_way(selectors: list[str]) -> None:
    scribe, _ = hotel()
    with pytest.raises(FormatError, match="selectors"):
        scribe.open_letter(selectors=selectors)


def test_roles_go_with_signing_unnamed() -> None:
    scribe, _ = hotel()
    scribe.open_letter(selectors=BOTH, ways=["name"])
    assert faults_of(scribe) == [("RuleBroken", "selectors")]


def test_a_letter_without_that_role_refuses_it() -> None:
    scribe, letter = hotel(selectors=["all", "role:Salle"])
    scribe.batch(scribe.unnamed(letter, 0, selector="role:Cuisine"))
    assert faults_of(scribe) == [("RuleBroken", "selector")]


@pytest.mark.parametrize("first", ["all", "role:Cuisine", "name"])
@pytest.mark.parametrize("second", ["all", "role:Cuisine", "name"])
def test_a_tag_signs_once_over_all_selectors(first: str, second: str) -> None:
    scribe, letter = hotel()
    for way in (first, second):
        scribe.batch(scribe.named(letter, 0) if way == "name" else scribe.unnamed(letter, 0, selector=way))
    assert faults_of(scribe) == [("TagReused", "tag")]
    assert scribe.state.letters[letter].signed == 1


def test_who_steps_forward_is_counted_by_name_and_no_more_by_role() -> None:
    scribe, letter = hotel()
    scribe.batch(scribe.unnamed(letter, 0, selector="role:Cuisine"))
    scribe.batch(scribe.step_forward(letter, 0))
    assert faults_of(scribe) == []
    assert tally(scribe.state, scribe.state.letters[letter]).by_role[0] == RoleTally(
        role="Cuisine", enrolled=10, named=1, unnamed=0
    )


def test_the_count_by_role_is_that_of_an_independent_recount_over_random_lives() -> None:
    draw = random.Random(5)
    for _ in range(6):
        scribe, letter = hotel(22)
        stands: dict[int, str] = {}
        for member in draw.sample(range(22), 14):
            way = draw.choice(["all", f"role:{ROLES[member % 2]}", "name"])
            scribe.batch(
                scribe.named(letter, member) if way == "name" else scribe.unnamed(letter, member, selector=way)
            )
            stands[member] = way
            what = draw.choice(["stay", "withdraw", "name"])
            if what == "withdraw":
                scribe.batch(scribe.withdraw(letter, member))
                del stands[member]
            elif what == "name" and way != "name":
                scribe.batch(scribe.step_forward(letter, member))
                stands[member] = "name"
        assert faults_of(scribe) == []
        counts = tally(scribe.state, scribe.state.letters[letter])
        assert counts.signed == len(stands)
        for place, role in enumerate(ROLES):
            mine = [way for member, way in stands.items() if member % 2 == place]
            expected = RoleTally(role=role, enrolled=11, named=mine.count("name"), unnamed=mine.count(f"role:{role}"))
            assert counts.by_role[place] == expected


def test_a_device_signs_by_its_own_rows_role_and_no_other() -> None:
    scribe, letter = hotel()
    view = scribe.state.letters[letter]
    made = sign_unnamed(scribe.state, view, scribe.secrets[1], by_role=True)
    entry = parse_entry(made.leaf)
    assert entry.data["selector"] == "role:Salle"
    verify_batch([admit(scribe.state, entry, scribe.now)])
    scribe.batch(entry)
    assert faults_of(scribe) == []
    named = step_forward(scribe.state, view, scribe.secrets[1], "Member 1", "Salle")
    scribe.batch(parse_entry(named.leaf))
    assert faults_of(scribe) == []


def test_a_device_refuses_a_role_that_the_letter_or_its_size_does_not_allow() -> None:
    scribe, letter = hotel(selectors=["all", "role:Salle"])
    with pytest.raises(Refused, match="role"):
        sign_unnamed(scribe.state, scribe.state.letters[letter], scribe.secrets[0], by_role=True)
    scribe, letter = hotel(19)
    with pytest.raises(RuleBroken, match="ring"):
        sign_unnamed(scribe.state, scribe.state.letters[letter], scribe.secrets[1], by_role=True)
