"""A member signs as one of those with their role, told how well that hides them; readers and a recount see the role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ruban.record.member import sign_unnamed
from ruban.service.submit import submit
from tests.journeys.conftest import MakeDevice
from tests.journeys.stage import Stage
from tests.journeys.through import Through
from tests.service.cast import DAY, Cast, cast_of
from tests.web.states import page_of

ROLES = ("Engineering", "Operations")
FEW_OPERATE = ("Engineering", "Engineering", "Engineering", "Operations")
ENROLLED, ENTITLED = 22, 26


@pytest.fixture
def cast(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cast]:
    """Eleven in each role, and four who have not enrolled yet."""
    roles = getattr(request, "param", ROLES)
    with cast_of(tmp_path, entitled=ENTITLED, enrolled=ENROLLED, window=0, roles=roles) as made:
        yield made


@pytest.fixture
def hall(cast: Cast, through: Through) -> Stage:
    """Before it a letter that may be signed by role; two in Engineering have, and three as one of all."""
    letter = cast.open_letter(5 * DAY, ways=("name", "unnamed", "role"))
    for member in (0, 2) if cast.keeper.state.roll.roles["Operations"] >= 10 else ():
        submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[member], by_role=True), cast.now)
    for member in (1, 3, 5):
        submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[member]), cast.now)
    cast.release()
    at = f"http://{through.host}/cast"
    rest = cast.invited[ENROLLED:]
    return Stage(
        at,
        f"{at}/letters/{page_of(letter).token}",
        tuple(one.code for one in rest),
        tuple(one.person.name for one in rest),
    )


def test_a_member_signs_as_one_of_their_role_and_gives_their_name_later(
    device: MakeDevice, cast: Cast, hall: Stage
) -> None:
    one = device()
    one.bring_code(0)
    expect(one.page.get_by_text("Role: Engineering")).to_be_visible()
    one.part("enrol").click()
    cast.release()
    one.enrolled()
    one.open_letter()
    ready = one.at("ready")
    # Among all first: of the 20 others nobody has signed by name, and a colleague who knows the role knows more.
    one.said("Of the 12 with your role, 0 have signed with their name")
    ready.locator("#way-role").check()
    one.said("The public sees one more signature of the 12 with that role")
    one.said("Of the 12 with your role, 0 have signed with their name and about 4 without")
    one.confirm()
    one.said("one more of the 12 with the role Engineering")
    one.part("sign").click()
    cast.release()
    one.recorded()
    [letter] = cast.keeper.state.letters.values()
    counts = cast.verdict().letters[0].tally
    assert [(role.role, role.enrolled, role.unnamed) for role in counts.by_role] == [
        ("Engineering", 12, 3),
        ("Operations", 11, 0),
    ]
    assert counts.signed == letter.signed == 6
    one.page.goto(f"{hall.letter}/")
    one.said("of them, as one of the 12 in Engineering")
    expect(one.page.get_by_role("heading", name="By role")).to_be_visible()

    one.open_letter()
    one.part("step").click()
    cast.release()
    one.recorded()
    counts = cast.verdict().letters[0].tally
    assert [(role.named, role.unnamed) for role in counts.by_role] == [(1, 2), (0, 0)]
    assert cast.verdict().holds


@pytest.mark.parametrize("cast", [FEW_OPERATE], indirect=True)
def test_a_role_that_would_hide_too_few_is_shown_and_cannot_be_chosen(
    device: MakeDevice, cast: Cast, hall: Stage
) -> None:
    one = device("fr")
    one.bring_code(1)
    one.part("enrol").click()
    cast.release()
    one.enrolled()
    one.open_letter()
    expect(one.at("ready").locator("#way-role")).to_be_disabled()
    one.said("Sans mon nom, comme l’une des personnes de ma fonction : Operations")
    one.said("Pas encore possible : 6 des inscrits ont cette fonction et 17 ne l’ont pas.")
    one.sign("unnamed")
    cast.release()
    assert cast.verdict().letters[0].tally.signed == 4


def test_a_member_checks_their_own_entry_in_the_record(device: MakeDevice, cast: Cast) -> None:
    one = device()
    one.bring_code(0)
    one.part("enrol").click()
    cast.release()
    one.enrolled()
    one.goto("device/")
    one.part("check-row").click()
    one.said("Checked just now, in the whole record")
    one.said("Role, for all to see: Engineering.")
