"""Every page of organisers in every state: no finding of axe in either language and either colour scheme, no scrolling
sideways on a narrow screen, and nothing cut off where text is twice as large."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page, Route

from ruban.primitives.ed25519 import public_key
from ruban.record.member import comment, sign_by_name
from ruban.service.dispute import dispute_many
from ruban.service.release import release
from ruban.service.submit import submit
from ruban.store.ports import Submitted
from ruban.web.composition import make_django
from ruban.web.configuration import Configuration
from ruban.web.hot.app import HotApp
from ruban.web.letters.models import LetterPage
from ruban.web.organiser.letter_ready import digest_of
from ruban.web.organiser.links import new_link
from ruban.web.organiser.urls import urlpatterns
from ruban.web.site import Site, install
from tests.journeys.axe import findings_of_colours, findings_of_words, overflow
from tests.journeys.conftest import MakeContext
from tests.journeys.large_text import crowded
from tests.journeys.through import Through
from tests.service.cast import Cast, cast_of

LANGUAGES = ("en", "fr")
LETTERS = "/organiser/letters/"
PEOPLE = "/organiser/people/"
SETTINGS = "/organiser/settings/"
LIST = "name,email\nAda Lovelace,ada@example.org\nGrace Hopper,grace@example.org\nEmmy Noether,{last}\n"
BEFORE_THE_GROUP = {"link", "sign_in_page", "home", "begin", "begin_again", "confirm"}
OF_PEOPLE = {
    *("home", "people", "add", "confirm_add", "take_back", "all_until", "codes", "mail", "share", "steward"),
    *("attest", "new_attester", "bring_attestation", "disputes", "settle"),
    *("settings", "new_helper", "make_link", "electorate"),
}
OF_LETTERS = {
    *("letter_list", "letter_new", "letter_load", "letter_page", "letter_edit", "letter_delete", "letter_try"),
    *("letter_open", "letter_update", "letter_strike", "letter_change"),
}
NO_PAGES = {
    *("cards", "table", "letter_names", "letter_qr"),
    *(
        "leave",
        "forget",
        "too_large",
        "mail_codes",
        "remind",
        "withdraw_share",
        "add_passkey",
        "remove_passkey",
        "remove_helper",
    ),
    *("letter_announce", "letter_public", "letter_rehearse"),
}
"""Files, and buttons that lead on to a page."""

Sent = dict[str, str | list[str]]


@dataclass
class Walk:
    """Shows in Chromium what Django's client gets, and keeps what is wrong with it.

    What a colour scheme can break is looked for in one language, in both schemes; everything else in every language.
    """

    client: Client
    page: Page
    at: str
    wrong: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    _answer: HttpResponse = field(default_factory=HttpResponse)

    def __post_init__(self) -> None:
        self.page.route(f"{self.at}/organiser/**", self._fulfil)

    def see(self, path: str, sent: Sent | None = None, *, state: str = "", list_of: str | None = None) -> str:
        """The page that answers, looked at in each language; its text."""
        for language in LANGUAGES:
            answer: HttpResponse = self.ask(path, sent, list_of=list_of, language=language)
            assert "Location" not in answer.headers, f"{path} leads on to {answer.headers['Location']}"
            self._look(answer, f"{path} {state} ({language})", path, language)
        self.seen.add(resolve(path.partition("?")[0].partition("#")[0]).func.__name__)
        return answer.content.decode()

    def go(self, path: str, sent: Sent | None = None, *, list_of: str | None = None) -> str:
        """Press a button; the address it leads to."""
        answer: HttpResponse = self.ask(path, sent or {}, list_of=list_of)
        assert answer.status_code == 302, answer.content.decode()
        return answer.headers["Location"]

    def ask(self, path: str, sent: Sent | None = None, *, list_of: str | None = None, language: str = "en") -> Any:
        spoken = {"accept-language": language}
        address = path.partition("#")[0]
        if sent is None:
            return self.client.get(address, headers=spoken)
        file = {} if list_of is None else {"people": SimpleUploadedFile("people.csv", list_of.encode(), "text/csv")}
        return self.client.post(address, {**sent, **file}, headers=spoken)

    def _look(self, answer: HttpResponse, name: str, path: str, language: str) -> None:
        page, self._answer = self.page, answer
        if "#" in path:
            # From elsewhere: to an address that differs in its fragment alone, a page would not be loaded again.
            page.goto("about:blank")
        page.goto(f"{self.at}{path}")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found = findings_of_words(page)
        if language == LANGUAGES[-1]:
            for scheme in ("dark", "light"):
                page.emulate_media(color_scheme=scheme)
                found += [f"{scheme}: {one}" for one in findings_of_colours(page)]
        if overflow(page):
            found.append(f"{overflow(page)} pixels too wide")
        found += crowded(page)
        if found:
            self.wrong[name] = found

    def _fulfil(self, route: Route) -> None:
        answer = self._answer
        route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)


StartWalk = Callable[[Site, Client], Walk]


@pytest.fixture
def walk(context: MakeContext) -> Iterator[StartWalk]:
    """Begins a walk through a site on a phone of 320 pixels."""
    apps: list[HotApp] = []

    def start(site: Site, client: Client) -> Walk:
        phone = context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
        app = HotApp(site, make_django(site.configuration))
        apps.append(app)
        Through(app, site.configuration.public_host).serve(phone)
        return Walk(client, phone.new_page(), f"http://{site.configuration.public_host}")

    yield start
    for app in apps:
        app.close()


def of(site: Site) -> Client:
    """A browser that nobody has signed in."""
    return Client(headers={"host": site.configuration.public_host})


def test_before_there_is_a_group(empty_site: Site, walk: StartWalk) -> None:
    through = walk(empty_site, of(empty_site))
    first = new_link(0, empty_site.clock())
    through.see(first)
    through.see("/organiser/sign-in/")
    through.see("/organiser/sign-in/", {"response": "{}"}, state="wrong passkey")
    through.go(first)
    through.see(first, {}, state="used")
    through.see("/organiser/")
    typed: Sent = {"title": "Staff of Meridian", "name": "Ada Lovelace"}
    all_wrong = ("entitled", "date", "quorum", "until", "window")
    through.see("/organiser/begin/", {**typed, **dict.fromkeys(all_wrong, "99x"), "roles": "on"}, state="all wrong")
    through.see("/organiser/begin/", typed, list_of=LIST.format(last=""), state="wrong list")
    more: Sent = {"others": "Grace Hopper", "quorum": "2", "rehearsal": "on", "entitled": "1200"}
    look = through.go("/organiser/begin/", {**typed, **more}, list_of=LIST.format(last="emmy@example.org"))
    through.see(look)
    through.see(f"{look}form/")
    through.see(f"/organiser/begin/{'a' * 26}/", state="too old")
    assert through.wrong == {}
    assert through.seen == BEFORE_THE_GROUP


LETTER: Sent = {
    "lang-0": "en",
    "title-0": "To the board",
    "addressee-0": "The board of Meridian",
    "demands-0": "Publish the budget.\nAnswer us.",
    "body-0": "We *ask* you.\n\n- One\n- Two",
    "lang-1": "fr",
    "title-1": "Au conseil d’administration",
    "addressee-1": "Le conseil d’administration",
    "demands-1": "Publiez le budget.\nRépondez-nous.",
    "body-1": "Nous vous *demandons*.",
    "way-name": "on",
    "way-unnamed": "on",
    "threshold": "9",
}


def drafted(through: Walk) -> tuple[str, LetterPage]:
    """A draft of LETTER: its address and its row."""
    token = through.go(f"{LETTERS}new/", LETTER).split("/")[3]
    return f"{LETTERS}{token}/", LetterPage.objects.get(token=token)


def opened(through: Walk) -> tuple[str, LetterPage]:
    """LETTER, opened: its address and its row."""
    at, page = drafted(through)
    through.go(f"{at}open/", {"digest": digest_of(page.draft or {})})
    page.refresh_from_db()
    return at, page


@pytest.fixture
def ada(site: Site, cast: Cast, walk: StartWalk) -> Walk:
    """A walk of the organiser, signed in."""
    site.configuration = replace(site.configuration, mail_host="127.0.0.1", mail_from="committee@example.org")
    through = walk(site, of(site))
    through.go(new_link(0, cast.now))
    return through


def test_people_codes_mail_and_organisers(ada: Walk, cast: Cast) -> None:
    ada.see("/organiser/")
    ada.see(PEOPLE)
    ada.see(f"{PEOPLE}?done=until", state="done")
    ada.see(f"{PEOPLE}add/", {"name": "One"}, state="wrong")
    ada.see(f"{PEOPLE}take-back/", {"whose": "nobody@example.org"}, state="unknown")
    ada.see(f"{PEOPLE}until/", {"all_until": "x"}, state="no day")
    look = ada.go(f"{PEOPLE}add/", {}, list_of=LIST.format(last="emmy@example.org"))
    ada.see(look)
    ada.see(look, {}, state="more than are entitled")
    ada.go(f"{SETTINGS}electorate/", {"entitled": "20", "date": "2026-11-24", "source": "staff list"})
    made = ada.go(look)
    ada.see("/organiser/", state="codes wait")
    ada.see(made)
    ada.see(ada.go(f"{made}mail/"))
    ada.see(f"{made}share/")
    ada.see(f"{made}share/", {"labels": ""}, state="wrong")
    shared = ada.see(f"{made}share/", {"labels": "Ann"}, state="shared out")
    found = re.search(r"(/organiser/steward/[a-z2-7]{26}/#[\w-]+)", shared)
    assert found is not None
    ada.see(found[0])
    ada.see(f"{found[0].partition('#')[0]}#no-key", state="incomplete")
    ada.see(PEOPLE, state="shares")
    members = "\n".join(["name,email", *(f"Member {i},member{i}@meridian.example" for i in range(14))])
    ada.see(ada.go(f"{PEOPLE}remind/", {}, list_of=members))
    ada.see(f"{PEOPLE}disputes/")
    [answer] = dispute_many(cast.keeper, [cast.invited[0].code], cast.now)
    assert isinstance(answer, Submitted)
    release(cast.keeper, cast.now)
    ada.see(f"{PEOPLE}disputes/", state="open")
    [disputed] = cast.keeper.state.disputes
    ada.see(f"{PEOPLE}disputes/settle/", {"id": disputed.hex(), "reason": ""}, state="no reason")
    ada.go(f"{PEOPLE}disputes/settle/", {"id": disputed.hex(), "reason": "Another device."})
    ada.see(f"{PEOPLE}disputes/?done=settled", state="settled")
    ada.see(f"{PEOPLE}attest/")
    ada.see(f"{PEOPLE}attest/name/", {"name": "", "key": "x"}, state="wrong")
    ada.go(f"{PEOPLE}attest/name/", {"name": "Works council", "key": public_key(bytes(32)).hex()})
    ada.see(f"{PEOPLE}attest/?done=named", state="named")
    ada.see(f"{PEOPLE}attest/publish/", {}, state="no file")
    ada.see(SETTINGS)
    ada.see(f"{SETTINGS}helper/", {"name": ""}, state="wrong")
    ada.see(f"{SETTINGS}helper/", {"name": "Bo"}, state="made")
    ada.see(f"{SETTINGS}1/link/", {}, state="made")
    ada.see(f"{SETTINGS}electorate/", {"entitled": "x", "date": "", "source": ""}, state="wrong")
    ada.see(f"{SETTINGS}electorate/", {"entitled": "9", "date": "2026", "source": ""}, state="refused")
    assert ada.wrong == {}
    assert ada.seen == OF_PEOPLE


def test_a_letter_from_its_editor_to_its_end(ada: Walk, cast: Cast) -> None:
    ada.see(LETTERS)
    ada.see(f"{LETTERS}new/")
    ada.see(f"{LETTERS}new/", {"lang-0": "?", "demands-1": "One", "closing": "x", "threshold": "x"}, state="all wrong")
    ada.see(f"{LETTERS}load/", {}, state="no file")
    at, page = drafted(ada)
    ada.see(LETTERS, state="draft")
    ada.see(f"{at}edit/")
    ada.go(f"{at}announce/", {"yes": ""})
    ada.go(f"{at}rehearse/", {"yes": ""})
    ada.see(at, state="draft")
    page.refresh_from_db()
    walked = f"{at}try/{(page.draft or {})['rehearsal']}/"
    ada.see(walked)
    for way in ("name", "unnamed"):
        ada.see(f"{walked}?way={way}")
    ada.see(f"{at}delete/")
    ada.see(f"{at}open/")
    ada.see(f"{at}open/", {"digest": "old"}, state="changed")
    ada.go(f"{at}open/", {"digest": digest_of(page.draft or {})})
    ada.see(f"{at}?done=opened")
    _signed(cast, LetterPage.objects.get(token=page.token))
    ada.go(f"{at}public/", {"yes": ""})
    ada.see(at, state="public")
    ada.see(f"{at}edit/", state="frozen")
    ada.see(f"{at}update/")
    ada.see(f"{at}update/", {}, state="empty")
    ada.see(f"{at}update/", {"text-en": "> We *meet* them.", "text-fr": "Nous les voyons."}, state="look")
    ada.see(f"{at}strike/?q=member")
    ada.see(f"{at}strike/?q=nobody")
    ada.see(f"{at}strike/", {"q": "member", "reason": ""}, state="no reason")
    ada.see(f"{at}change/supersede/", state="no other")
    opened(ada)
    for action in ("close", "extend", "cancel", "supersede"):
        ada.see(f"{at}change/{action}/")
    ada.see(f"{at}change/extend/", {"reason": "", "closing": ""}, state="wrong")
    at_third, _ = drafted(ada)
    ada.see(f"{at_third}open/", state="no more slots")
    ada.go(f"{at}change/close/", {"reason": "We were heard"})
    ada.see(f"{at}?done=changed", state="closed")
    ada.see(f"{at}change/close/", {"reason": "Again"}, state="closed")
    ada.see(LETTERS, state="all")
    assert ada.wrong == {}
    assert ada.seen == OF_LETTERS


def _signed(cast: Cast, page: LetterPage) -> None:
    letter = cast.keeper.state.letters[bytes.fromhex(page.letter_id or "")]
    for member in (2, 3):
        submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[member], cast.name(member)), cast.now)
    release(cast.keeper, cast.now)
    submit(cast.keeper, comment(cast.keeper.state, letter, cast.secrets[3], "You, member!"), cast.now)
    release(cast.keeper, cast.now)


def test_where_two_organisers_must_agree(tmp_path: Path, database: None, walk: StartWalk) -> None:
    with cast_of(tmp_path / "pair", window=0, organisers=("Ada", "Berthe"), quorum=2) as cast:
        site = Site(Configuration(data=cast.folder.parent), clock=lambda: cast.now)
        site.keeper = cast.keeper
        install(site)
        ada = walk(site, of(site))
        berthe = walk(site, of(site))
        for place, one in enumerate((ada, berthe)):
            one.go(new_link(place, cast.now))
        ada.see(SETTINGS)
        at, page = drafted(ada)
        ada.see(f"{at}open/")
        digest: Sent = {"digest": digest_of(page.draft or {})}
        ada.see(ada.go(f"{at}open/", digest))
        ada.see(f"{at}open/", state="asked")
        berthe.see(f"{at}open/", state="to confirm")
        berthe.go(f"{at}open/", digest)
        ada.go(f"{at}change/close/", {"reason": "We were heard"})
        ada.see(f"{at}change/close/", state="asked")
        berthe.see(f"{at}change/close/", state="to confirm")
        assert ada.wrong | berthe.wrong == {}
        install(None)


def test_no_view_is_left_out() -> None:
    """Whoever adds a view says above whether it answers with a page; the walks assert that they have seen theirs."""
    views = {one.callback.__name__ for one in urlpatterns}
    assert views == BEFORE_THE_GROUP | OF_PEOPLE | OF_LETTERS | NO_PAGES
