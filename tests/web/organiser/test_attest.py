"""The page of second parties: named by key, told a number, published as they signed it; and what readers see of it."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruban.primitives.ed25519 import public_key
from ruban.record.attest import Compared, make_attestation
from ruban.record.submission import encode_submission
from tests.service.cast import DAY, Cast
from tests.web.states import page_of

PAGE = "/organiser/people/attest/"
COUNCIL = bytes([9]) * 32
KEY = public_key(COUNCIL).hex()


def publish(organiser: Client, cast: Cast, *, found: int = 14, spent: int = 12) -> int:
    """Name the works council, and publish what it signs; the status of the last answer."""
    if not cast.keeper.state.attesters:
        organiser.post(f"{PAGE}name/", {"name": "Works <council>", "key": f" {KEY.upper()} "})
    said = Compared(entitled=15, invited=14, found=found, spent=spent, method="line by line", date="2026-11-24")
    text = encode_submission(make_attestation(cast.keeper.state, COUNCIL, said))
    sent = SimpleUploadedFile("attestation.json", text, "application/json")
    return organiser.post(f"{PAGE}publish/", {"attestation": sent}).status_code


def test_only_organisers_see_it(client: Client) -> None:
    assert client.get(PAGE).status_code != 200


def test_it_says_what_a_second_party_is_for_and_how_to_begin(organiser: Client) -> None:
    page = organiser.get(PAGE).content.decode()
    assert "ruban attest new works-council.key" in page
    assert "ruban attest sign" not in page
    assert PAGE in organiser.get("/organiser/people/").content.decode()


def test_a_second_party_is_named_and_told_a_number(organiser: Client, cast: Cast) -> None:
    answer = organiser.post(f"{PAGE}name/", {"name": "Works <council>", "key": KEY})
    assert answer.status_code == 302
    page = organiser.get(answer.headers["Location"]).content.decode()
    assert "Works &lt;council&gt;" in page
    assert KEY in page
    assert "how many invitations have been used: 12 so far" in page
    assert "http://localhost:8000/cast --key" in page
    assert list(cast.keeper.state.attesters) == [bytes.fromhex(KEY)]


def test_faults_are_said_beside_their_fields(organiser: Client, cast: Cast) -> None:
    answer = organiser.post(f"{PAGE}name/", {"name": " ", "key": "abc"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert 'id="w-name"' in text
    assert 'id="w-key"' in text
    assert 'value="abc"' in text
    assert organiser.post(f"{PAGE}publish/", {}).status_code == 400
    assert not cast.keeper.state.attesters


def test_a_key_of_this_record_is_refused(organiser: Client, cast: Cast) -> None:
    key = cast.keeper.state.opened.organisers[0].hex()
    answer = organiser.post(f"{PAGE}name/", {"name": "Works council", "key": key})
    assert answer.status_code >= 400
    assert "This was not done." in answer.content.decode()


def test_what_it_signed_stands_on_the_page_of_every_letter(organiser: Client, client: Client, cast: Cast) -> None:
    letter = page_of(cast.open_letter(5 * DAY))
    before = client.get(f"/cast/en/letters/{letter.token}/").content.decode()
    assert "real people, only the organisers say so" in before
    assert publish(organiser, cast) == 302
    page = client.get(f"/cast/en/letters/{letter.token}/").content.decode()
    assert "Works &lt;council&gt; compared on 24 November 2026: of 14 invited, 14 are on its own list of 15." in page
    assert "12 had enrolled then, with 12 invitations used." in page
    assert KEY in page
    assert "real people, only the organisers say so" not in page
    assert "<strong>" not in page.partition('id="says"')[2].partition("</section>")[0]
    french = client.get(f"/cast/fr/letters/{letter.token}/").content.decode()
    assert "a comparé le 24 novembre 2026" in french


def test_where_it_finds_fault_readers_see_that(organiser: Client, client: Client, cast: Cast) -> None:
    letter = page_of(cast.open_letter(5 * DAY))
    publish(organiser, cast, found=11, spent=9)
    page = client.get(f"/cast/en/letters/{letter.token}/").content.decode()
    assert "<strong>3 of those invited are not on its list.</strong>" in page
    assert "<strong>3 more have enrolled than there were invitations used.</strong>" in page


def test_its_newest_word_is_shown_and_who_came_since(organiser: Client, client: Client, cast: Cast) -> None:
    letter = page_of(cast.open_letter(5 * DAY))
    publish(organiser, cast, found=11)
    publish(organiser, cast, found=14)
    cast.enrol(range(12, 14))
    cast.release()
    page = client.get(f"/cast/en/letters/{letter.token}/").content.decode()
    assert page.count("compared on 24 November") == 1
    assert "2 have enrolled since." in page


def test_anything_else_than_an_attestation_is_refused_and_nothing_changes(organiser: Client, cast: Cast) -> None:
    size = cast.keeper.state.size
    for content in (b"", b"{}", b"\xff\xfe", b"x" * 400_000):
        sent = SimpleUploadedFile("attestation.json", content, "application/json")
        assert organiser.post(f"{PAGE}publish/", {"attestation": sent}).status_code >= 400
    assert cast.keeper.state.size == size
