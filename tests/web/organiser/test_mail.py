"""Mail: looked at first, sent to a real mail server, the same words for everybody."""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruban.language import date_in_words, translator
from ruban.service.code_days import DAYS_OF_A_CODE
from ruban.web.organiser import mailing
from ruban.web.organiser.links import new_link
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.web.organiser.smtp_sink import Sink, smtp_sink
from tests.web.organiser.test_codes import rows
from tests.web.organiser.test_people import add


@pytest.fixture
def sink(site: Site) -> Iterator[Sink]:
    with smtp_sink() as made:
        site.configuration = replace(
            site.configuration,
            mail_host="127.0.0.1",
            mail_port=made.port,
            mail_security="none",
            mail_from="committee@example.org",
        )
        yield made


@pytest.fixture
def codes(organiser: Client) -> str:
    return add(organiser, "One,one@example.org", "Two,two@example.org", "Three,4711")


def look(organiser: Client, codes: str) -> str:
    return str(organiser.post(f"{codes}mail/").headers["Location"])


def send(organiser: Client, where: str) -> None:
    """Press the button, and wait for the thread that sends."""
    organiser.post(where)
    for thread in threading.enumerate():
        if thread.name == "ruban-mail":
            thread.join()


def remind(organiser: Client) -> str:
    lines = [f"Member {i},member{i}@meridian.example" for i in range(14)]
    sent = SimpleUploadedFile("people.csv", "\n".join(["name,email", *lines]).encode(), "text/csv")
    return str(organiser.post("/organiser/people/remind/", {"people": sent}).headers["Location"])


def text_of(sink: Sink, number: int) -> str:
    return str(sink.taken[number][1].get_content()).replace("\r\n", "\n")


def test_the_dry_run_sends_nothing_and_shows_what_would_go_to_whom(organiser: Client, codes: str, sink: Sink) -> None:
    text = html.unescape(organiser.get(look(organiser, codes)).content.decode())
    assert "2 messages would be sent." in text
    assert "1 person of the list has no e-mail address." in text
    assert "<li>one@example.org</li>" in text
    assert not sink.taken


def test_the_dry_run_shows_the_very_words_without_the_code(organiser: Client, codes: str, sink: Sink) -> None:
    where = look(organiser, codes)
    shown = html.unescape(organiser.get(where).content.decode())
    code = rows(organiser, codes)[0]["code"]
    send(organiser, where)
    assert text_of(sink, 0).replace(code, "·····-·····-·····").strip() in shown
    assert code not in shown


def test_each_gets_their_own_link_and_else_the_same_words(organiser: Client, codes: str, sink: Sink) -> None:
    send(organiser, look(organiser, codes))
    assert [to for to, _ in sink.taken] == ["one@example.org", "two@example.org"]
    first, second = (row["link"] for row in rows(organiser, codes)[:2])
    assert first in text_of(sink, 0)
    assert text_of(sink, 0).replace(first, second) == text_of(sink, 1)


def test_an_invitation_says_until_when_it_is_good(organiser: Client, codes: str, sink: Sink, cast: Cast) -> None:
    where = look(organiser, codes)
    day = date_in_words(translator("en"), datetime.fromtimestamp(cast.now, UTC) + timedelta(days=DAYS_OF_A_CODE))
    said = f"Good until {day}."
    assert said in organiser.get(where).content.decode()
    send(organiser, where)
    assert said in text_of(sink, 0)


def test_a_mail_says_nothing_of_letters_or_of_signing(organiser: Client, codes: str, sink: Sink) -> None:
    send(organiser, look(organiser, codes))
    subject = str(sink.taken[0][1]["Subject"])
    assert subject == "Your invitation / Votre invitation"
    assert not {"sign", "letter", "lettre", "signer"} & set(text_of(sink, 0).lower().split())


def test_what_failed_is_listed_and_sent_again_alone(organiser: Client, codes: str, sink: Sink) -> None:
    sink.refused = {"one@example.org"}
    where = look(organiser, codes)
    send(organiser, where)
    text = organiser.get(where).content.decode()
    assert "1 of 2 handed to the mail server" in text
    assert "<li>one@example.org</li>" in text
    sink.refused = set()
    send(organiser, where)
    assert [to for to, _ in sink.taken] == ["two@example.org", "one@example.org"]


def test_a_mail_server_that_hangs_up_loses_nobody(organiser: Client, codes: str, sink: Sink) -> None:
    sink.hangs_up_after = 1
    where = look(organiser, codes)
    send(organiser, where)
    assert "<li>two@example.org</li>" in organiser.get(where).content.decode()
    sink.hangs_up_after = 9
    send(organiser, where)
    assert [to for to, _ in sink.taken] == ["one@example.org", "two@example.org"]


def test_a_fault_of_ours_ends_a_round_and_loses_nobody(
    organiser: Client, codes: str, sink: Sink, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError("one@example.org")

    where = look(organiser, codes)
    with monkeypatch.context() as broken:
        broken.setattr(mailing, "compose", fails)
        send(organiser, where)
    assert "a fault of ours" in organiser.get(where).content.decode()
    assert "example.org" not in capfd.readouterr().err
    send(organiser, where)
    assert [to for to, _ in sink.taken] == ["one@example.org", "two@example.org"]


def test_the_button_pressed_again_writes_to_nobody_twice(organiser: Client, codes: str, sink: Sink) -> None:
    where = look(organiser, codes)
    send(organiser, where)
    send(organiser, where)
    assert len(sink.taken) == 2


def test_a_mail_server_that_is_away_is_said_with_what_to_do(organiser: Client, codes: str, site: Site) -> None:
    site.configuration = replace(
        site.configuration, mail_host="127.0.0.1", mail_port=1, mail_security="none", mail_from="c@example.org"
    )
    where = look(organiser, codes)
    send(organiser, where)
    text = organiser.get(where).content.decode()
    assert "Compare the settings mail_host" in text
    assert "Send to these again" in text


def test_without_settings_there_is_no_button(organiser: Client, codes: str) -> None:
    where = look(organiser, codes)
    assert "not set up to send mail" in organiser.get(where).content.decode()
    send(organiser, where)
    assert "Nothing has been sent yet" in organiser.get(where).content.decode()


def test_a_reminder_goes_to_everybody_in_the_same_words_enrolled_or_not(
    organiser: Client, cast: Cast, sink: Sink
) -> None:
    send(organiser, remind(organiser))
    assert [to for to, _ in sink.taken] == [f"member{i}@meridian.example" for i in range(14)]
    assert len({text_of(sink, number) for number in range(14)}) == 1


def test_another_session_sees_no_round_of_mail(organiser: Client, codes: str, site: Site) -> None:
    where = look(organiser, codes)
    other = Client(headers={"host": "localhost:8000"})
    other.post(new_link(0, site.clock()))
    assert other.get(where).status_code == 404
