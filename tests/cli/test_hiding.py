"""Before signing without a name, people are told how well they are hidden, and when they are not."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest

from ruban.cli.hiding import Hiding, _with_role, hiding, sentences
from ruban.language import say, translator
from ruban.proof.ring import Selector
from ruban.record.member import Place
from tests.scribe import Scribe, letter_of_twelve

ENGLISH = translator("en")


def figures(hidden_among: int, named: int, unnamed: int) -> Hiding:
    return Hiding(hidden_among=hidden_among, named=named, unnamed=Fraction(unnamed))


def test_at_710_of_770_all_unnamed_the_guess_is_92_percent() -> None:
    assert "in 92.2 % of cases" in sentences(ENGLISH, figures(770, 0, 710))[1]


def test_names_make_the_others_fewer_and_the_guess_better() -> None:
    said = sentences(ENGLISH, figures(770, 312, 398))
    assert said[0] == "Of the 770 among whom you hide, 312 have signed by name and 398 without, you included."
    assert "any one of the 458 without a name" in said[1]
    assert "in 86.9 % of cases" in said[1]


def test_two_figures_are_given_now_and_at_the_end() -> None:
    said = sentences(ENGLISH, figures(770, 0, 1))
    assert "be right in 0.1 % of cases" in said[1]
    assert said[2] == "If it ends like 710 of 770, in 92.2 %; no cryptography changes that."


def test_the_end_is_counted_with_those_who_have_signed_by_name() -> None:
    # 710 of 770 with 312 by name leaves 398 unnamed among 458.
    assert figures(770, 312, 1).unnamed_at_the_end == 398
    assert "in 86.9 %" in sentences(ENGLISH, figures(770, 312, 1))[2]


def test_where_all_have_signed_everybody_knows() -> None:
    said = sentences(ENGLISH, figures(12, 3, 9))
    assert said[1:] == ["So all who have not given their name will have signed: everybody will know that you have."]
    assert sentences(ENGLISH, figures(1, 0, 1))[1].endswith("everybody will know that you have.")


def test_all_but_one_is_not_everybody() -> None:
    assert not figures(12, 3, 8).everybody_knows
    assert "everybody will know that" not in sentences(ENGLISH, figures(12, 3, 8))[1]


def test_where_the_end_gives_everybody_away_it_says_so() -> None:
    assert sentences(ENGLISH, figures(5, 0, 1))[2] == "If it ends like 710 of 770, everybody will know."


def test_it_is_said_in_french() -> None:
    french = translator("fr")
    assert "dans 92,2\u202f% des cas" in say(french, sentences(french, figures(770, 0, 710))[1])


def _ring(scribe: Scribe, letter: bytes) -> Hiding:
    newest = scribe.state.roll.newest_epoch
    assert newest
    record = scribe.state.letters[letter]
    return hiding(scribe.state, record, _place(scribe, letter, newest.index))


def _place(scribe: Scribe, letter: bytes, epoch: int, selector: str = "all") -> Place:
    ring = scribe.state.ring(epoch, scribe.state.letters[letter].slot, selector)
    return Place(epoch, Selector.parse(selector), ring, 0)


def test_the_figures_are_those_of_the_record_with_this_signature() -> None:
    scribe, letter = letter_of_twelve()
    assert _ring(scribe, letter) == figures(12, 0, 1)
    scribe.batch(
        scribe.unnamed(letter, 0), scribe.unnamed(letter, 1), scribe.unnamed(letter, 2), scribe.named(letter, 3)
    )
    assert _ring(scribe, letter) == figures(12, 1, 4)
    # Withdrawn signatures stand no more; one who steps forward is hidden no more.
    scribe.batch(scribe.withdraw(letter, 0), scribe.step_forward(letter, 1))
    assert _ring(scribe, letter) == figures(12, 2, 2)


def test_signatures_of_an_earlier_epoch_are_by_the_same_people_and_count() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(*[scribe.unnamed(letter, member) for member in range(5)])
    scribe.enrol(10)
    scribe.epoch()
    assert _ring(scribe, letter) == figures(22, 0, 6)


@pytest.mark.parametrize("member", [0, 11])
def test_whoever_signs_by_name_after_the_epoch_of_the_ring_is_not_in_it(member: int) -> None:
    scribe, letter = letter_of_twelve()
    first = scribe.state.roll.newest_epoch
    assert first
    scribe.enrol(10)
    scribe.epoch()
    scribe.batch(scribe.named(letter, member), scribe.named(letter, 20))
    record = scribe.state.letters[letter]
    assert hiding(scribe.state, record, _place(scribe, letter, first.index)).named == 1


def hotel(members: int) -> tuple[Scribe, bytes, int]:
    """Even members are in the kitchen, odd ones are not; the letter may be signed by either role."""
    scribe = Scribe(roles=("Cuisine", "Salle"), electorate=60)
    scribe.open_group()
    scribe.enrol(members)
    epoch = scribe.epoch()
    return scribe, scribe.open_letter(selectors=["all", "role:Cuisine", "role:Salle"]), epoch


def test_by_role_one_hides_among_those_with_it() -> None:
    scribe, letter, epoch = hotel(20)
    shown = hiding(scribe.state, scribe.state.letters[letter], _place(scribe, letter, epoch, "role:Cuisine"))
    assert (shown.hidden_among, shown.unnamed, shown.role) == (10, Fraction(1), "Cuisine")
    said = sentences(ENGLISH, shown)
    assert said[0].startswith("Of the 10 with your role (Cuisine), 0 have signed by name and about 1 without")
    assert "be right in 10.0 % of cases" in said[1]


def test_where_all_with_a_role_have_signed_by_it_everybody_knows() -> None:
    scribe, letter, epoch = hotel(20)
    scribe.batch(*[scribe.unnamed(letter, member, selector="role:Cuisine") for member in range(0, 18, 2)])
    last = hiding(scribe.state, scribe.state.letters[letter], _place(scribe, letter, epoch, "role:Cuisine"))
    assert last.everybody_knows
    # Who signs as one of all, and is known to be a cook, is the one cook who is left, or not.
    among_all = hiding(scribe.state, scribe.state.letters[letter], _place(scribe, letter, epoch))
    assert among_all.role == "Cuisine"
    assert among_all.share == Fraction(9, 10) + Fraction(1, 10) * Fraction(1, 11)


def test_who_knows_the_role_is_asked_only_where_that_tells_more() -> None:
    scribe, letter, epoch = hotel(20)
    scribe.batch(*[scribe.unnamed(letter, member, selector="role:Salle") for member in range(1, 15, 2)])
    among_all = hiding(scribe.state, scribe.state.letters[letter], _place(scribe, letter, epoch))
    assert (among_all.role, among_all.share) == (None, Fraction(8, 20))


def test_the_guess_by_role_is_that_of_every_way_it_can_have_been() -> None:
    """All assignments of the unnamed signatures to members, equally likely: how often has a given cook signed?"""
    scribe, letter, epoch = hotel(20)
    by_role, of_all = (2, 4), (0, 1, 3)
    scribe.batch(
        *[scribe.unnamed(letter, member, selector="role:Cuisine") for member in by_role],
        scribe.unnamed(letter, 5, selector="role:Salle"),
        *[scribe.unnamed(letter, member) for member in of_all[:-1]],
        scribe.named(letter, 6),
        scribe.named(letter, 7),
    )
    shown = _with_role(scribe.state, scribe.state.letters[letter], epoch, "Cuisine", by_role=False)
    cooks = [member for member in range(0, 20, 2) if member != 6]
    others = [member for member in range(1, 20, 2) if member != 7]
    ways = signed = 0
    for cook_signers in combinations(cooks, len(by_role)):
        for other in others:
            rest = [member for member in (*cooks, *others) if member not in (*cook_signers, other)]
            for rest_signers in combinations(rest, len(of_all)):
                ways += 1
                signed += cooks[0] in (*cook_signers, *rest_signers)
    assert shown.share == Fraction(signed, ways)
