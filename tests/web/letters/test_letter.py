"""The reader's page in each of its states: what it says, and that its numbers are those of a recount."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from ruban.record.member import comment, sign_by_name, sign_unnamed
from ruban.service.submit import submit
from ruban.web.site import Site
from tests.service.cast import DAY, Cast
from tests.service.test_adopt import the_letter
from tests.web.states import STATES, drafted, opened, page_of, unlisted

SAYS = {
    "open": "Open for signing",
    "unlisted": "Whoever has its link can see it.",
    "nobody yet": "Nobody has signed yet.",
    "enrolling": "A draft: people are enrolling.",
    "not yet open": "Not yet open.",
    "paused": "Signing is paused since ",
    "threshold missed": "Closed, short of the 9 signatures that it wanted.",
    "closed": "The count is final.",
    "extended": "Its closing was moved to later",
    "cancelled": "This letter was cancelled by its organisers.",
    "superseded": "Another letter has taken the place of this one.",
    "under review": "Under review",
    "from right to left": "مجلس الإدارة",
}


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code in (200, 503)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("name", STATES)
def test_each_state_says_how_the_letter_stands(client: Client, site: Site, cast: Cast, name: str) -> None:
    page = STATES[name](site, cast)
    assert SAYS[name] in text_of(client, f"/cast/en/letters/{page.token}/")


@pytest.mark.parametrize("name", [name for name in STATES if name not in ("enrolling", "under review")])
def test_the_numbers_of_each_state_are_those_of_a_recount(client: Client, site: Site, cast: Cast, name: str) -> None:
    page = STATES[name](site, cast)
    shown = text_of(client, f"/cast/en/letters/{page.token}/")
    [counted] = [one.tally for one in cast.verdict().letters if one.letter_id.hex() == page.letter_id]
    verb = "has" if counted.signed == 1 else "have"
    assert f"{counted.signed} {verb} signed of the {counted.enrolled} enrolled, of {counted.entitled} entitled" in shown
    assert f"{counted.named} by name, {counted.unnamed} without their name" in shown
    said = client.get(f"/cast/count/{page.letter_id}").json()
    assert (said["signed"], said["named"], said["unnamed"], said["withdrawn"], said["enrolled"], said["entitled"]) == (
        *(counted.signed, counted.named, counted.unnamed, counted.withdrawn, counted.enrolled, counted.entitled),
    )


def test_the_ribbon_has_a_stroke_for_each_of_the_entitled(client: Client, site: Site, cast: Cast) -> None:
    page = opened(site, cast)
    html = client.get(f"/cast/letters/{page.token}/").content.decode()
    strokes = {
        way: d.count("M") for way, d in re.findall(r'<path class="(name|unnamed|free)" d="([^"]*)" stroke', html)
    }
    assert strokes == {"name": 3, "unnamed": 3, "free": 8}


@pytest.mark.parametrize("part", ["", "names/", "check/", "doubt/"])
def test_under_review_no_page_of_a_letter_shows_a_number(client: Client, site: Site, cast: Cast, part: str) -> None:
    page = STATES["under review"](site, cast)
    shown = text_of(client, f"/cast/letters/{page.token}/{part}")
    assert "Until that is explained, no number is shown here" in shown
    assert not re.search(r"\d+ (?:have |has )?signed", shown)


def test_under_review_the_front_says_so(client: Client, site: Site, cast: Cast) -> None:
    STATES["under review"](site, cast)
    for address in ("/", "/cast/"):
        assert "Under review" in text_of(client, address)


def test_a_letter_runs_as_its_script_does_in_a_page_that_runs_as_its_reader_does(
    client: Client, site: Site, cast: Cast
) -> None:
    page = STATES["from right to left"](site, cast)
    html = client.get(f"/cast/en/letters/{page.token}/").content.decode()
    assert '<html lang="en"' in html
    assert '<h1 lang="ar" dir="rtl">' in html
    assert '<div class="sheet prose" lang="ar" dir="rtl">' in html
    assert "Au conseil d’administration (français)" in html
    assert '<h1 lang="fr" dir="ltr">' in client.get(f"/cast/fr/letters/{page.token}/").content.decode()


def test_a_comment_stands_beside_the_name_of_its_signer(client: Client, site: Site, cast: Cast) -> None:
    letter = cast.open_letter()
    page, state = page_of(letter), cast.keeper.state
    submit(cast.keeper, sign_by_name(state, letter, cast.secrets[0], cast.name(0)), cast.now)
    submit(cast.keeper, sign_unnamed(state, letter, cast.secrets[1]), cast.now)
    cast.release()
    for member, said in enumerate(("With my name.", "Without it.")):
        submit(cast.keeper, comment(state, letter, cast.secrets[member], said), cast.now)
    cast.release()
    html = client.get(f"/cast/letters/{page.token}/").content.decode()
    captions = dict(re.findall(r'auto">([^<]*)</blockquote>(?:<figcaption[^>]*><bdi>([^<]*)</bdi>)?', html))
    assert captions == {"With my name.": cast.name(0), "Without it.": ""}


@pytest.mark.parametrize("part", ["", "names/", "check/", "doubt/"])
def test_every_page_of_a_rehearsal_says_that_it_is_one(
    client: Client, site: Site, cast: Cast, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(site, cast)
    address = f"/cast/letters/{page.token}/{part}"
    assert "A rehearsal: nothing here counts" not in text_of(client, address)
    group = cast.keeper.state.group
    assert group is not None
    monkeypatch.setattr(cast.keeper.state, "group", replace(group, rehearsal=True))
    assert "A rehearsal: nothing here counts" in text_of(client, address)


def test_a_draft_is_nowhere_before_it_is_announced(client: Client, site: Site, cast: Cast) -> None:
    token, wrong = drafted(site, cast).token, "b" * 26
    there, nowhere = (client.get(f"/cast/letters/{name}/") for name in (token, wrong))
    assert there.status_code == nowhere.status_code == 404
    assert there.content.replace(token.encode(), wrong.encode()) == nowhere.content


def test_an_unlisted_letter_has_no_card_and_is_not_listed(client: Client, site: Site, cast: Cast) -> None:
    page = unlisted(site, cast)
    html = client.get(f"/cast/letters/{page.token}/").content.decode()
    assert 'content="noindex"' in html
    assert "og:" not in html
    assert client.get(f"/cast/letters/{page.token}/card.png").status_code == 404
    assert page.token not in client.get("/cast/").content.decode()


def test_a_public_letter_has_a_card_that_is_an_image(client: Client, site: Site, cast: Cast) -> None:
    page = opened(site, cast)
    card = client.get(f"/cast/letters/{page.token}/card.png")
    assert card.content.startswith(b"\x89PNG")
    width, height = (int.from_bytes(card.content[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (1200, 630)
    assert "og:image" in client.get(f"/cast/letters/{page.token}/").content.decode()


def test_a_struck_name_is_hidden_and_counted_all_the_same(client: Client, site: Site, cast: Cast) -> None:
    page = opened(site, cast)
    names = [cast.name(member) for member in range(3)]
    html = client.get(f"/cast/letters/{page.token}/names/").content.decode()
    assert sum(name in html for name in names) == 2
    assert "an insult" in html
    assert "3 by name" in text_of(client, f"/cast/letters/{page.token}/")


def test_a_withdrawn_signature_is_not_shown(client: Client, site: Site, cast: Cast) -> None:
    page = opened(site, cast)
    assert "1 signature was withdrawn" in text_of(client, f"/cast/letters/{page.token}/")


def test_scripts_in_a_letter_and_in_a_comment_stay_text(client: Client, site: Site, cast: Cast) -> None:
    letter = cast.open_letter()
    submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[0]), cast.now)
    cast.release()
    submit(cast.keeper, comment(cast.keeper.state, letter, cast.secrets[0], "<script>alert(1)</script>"), cast.now)
    cast.release()
    html = client.get(f"/cast/letters/{page_of(letter).token}/").content.decode()
    assert "<script>" not in html
    assert "&lt;script&gt;alert" in html


def test_names_are_found_without_accents_or_capitals(client: Client, site: Site, cast: Cast) -> None:
    page = opened(site, cast)
    found = text_of(client, f"/cast/letters/{page.token}/names/?q=MEMBER")
    assert "names fit" in found
    assert "0 names fit" in text_of(client, f"/cast/letters/{page.token}/names/?q=nobody")


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "٣", "1" * 30])
def test_a_page_of_names_that_is_none_shows_one_that_is(client: Client, site: Site, cast: Cast, number: str) -> None:
    page = opened(site, cast)
    assert client.get(f"/cast/letters/{page.token}/names/", {"page": number}).status_code == 200


def test_pages_speak_the_readers_language_or_that_of_the_address(client: Client, site: Site, cast: Cast) -> None:
    page = opened(site, cast)
    assert "ont signé" in text_of(client, f"/cast/fr/letters/{page.token}/")
    neutral = client.get(f"/cast/letters/{page.token}/", headers={"accept-language": "fr"})
    assert 'lang="fr"' in neutral.content.decode()
    assert neutral.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("part", ["", "names/", "check/", "doubt/"])
def test_no_page_of_a_letter_sets_a_cookie(client: Client, site: Site, cast: Cast, part: str) -> None:
    assert not client.get(f"/cast/letters/{opened(site, cast).token}/{part}").cookies


def test_what_organisers_did_is_listed(client: Client, site: Site, cast: Cast) -> None:
    shown = text_of(client, f"/cast/en/letters/{opened(site, cast).token}/")
    assert "opened the letter (Ada)" in shown
    assert "hid names or comments (Ada)" in shown
    assert "published news (Ada)" in shown


def test_a_public_letter_does_not_give_away_the_address_of_an_unlisted_successor(
    client: Client, site: Site, cast: Cast
) -> None:
    page = STATES["superseded"](site, cast)
    html = client.get(f"/cast/letters/{page.token}/").content.decode()
    others = [one.token for one in type(page).objects.exclude(token=page.token)]
    assert others
    assert not any(token in html for token in others)


def test_whoever_signs_reads_how_long_their_name_is_kept(client: Client, site: Site, cast: Cast) -> None:
    page = page_of(cast.open_letter(retention_days=30))
    letter = site.letter(bytes.fromhex(page.letter_id or ""))
    assert letter.kept_until is not None
    day = "29 December 2026"
    assert f"kept here until {day}" in text_of(client, f"/cast/en/letters/{page.token}/")
    assert f"Here it is erased on {day}" in text_of(client, f"/cast/en/letters/{page.token}/sign/")


def test_once_no_name_is_left_the_page_does_not_say_that_nobody_gave_one(
    client: Client, site: Site, cast: Cast
) -> None:
    page = page_of(cast.open_letter(DAY, retention_days=1))
    submit(cast.keeper, sign_by_name(cast.keeper.state, the_letter(cast), cast.secrets[3], cast.name(3)), cast.now)
    cast.release()
    cast.now += 3 * DAY
    cast.release()
    for path in ("", "names/"):
        assert "No name can be read any more." in text_of(client, f"/cast/en/letters/{page.token}/{path}")
