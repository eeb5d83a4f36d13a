"""Members enrol and sign in real Chromium, before a real server; a reader without scripts and a recount see it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ruban.service.codes import new_code
from tests.journeys.conftest import MakeContext
from tests.journeys.stage import PHONE, Stage, counted, staged
from tests.server import serving


def enrolled(stage: Stage, context: BrowserContext, member: int) -> Page:
    """A page on whose device somebody has just enrolled, from the link of their invitation."""
    page = context.new_page()
    page.goto(stage.enrol_link(member))
    expect(page.get_by_text(stage.names[member])).to_be_visible()
    assert "#" not in page.url, "the code has left the address"
    page.get_by_role("button", name="Yes, enrol me").click()
    expect(page.get_by_role("heading", name="You are enrolled")).to_be_visible()
    return page


def signed(stage: Stage, page: Page, way: str) -> None:
    page.goto(f"{stage.letter}/sign/")
    page.get_by_label(way, exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()


def test_members_enrol_sign_by_name_and_without_and_withdraw(stage: Stage, context: MakeContext) -> None:
    phones = [context(**PHONE) for _ in range(3)]
    asked: list[str] = []
    for phone in phones:
        phone.on("request", lambda request: asked.append(request.url))
    pages = [enrolled(stage, phone, member) for member, phone in enumerate(phones)]
    signed(stage, pages[0], "With my name")
    signed(stage, pages[1], "Without my name")
    signed(stage, pages[2], "Without my name")
    said = counted(stage)
    assert "3 signed, of 15 enrolled, of 16 entitled" in said
    assert "1 by name · 2 unnamed · 0 withdrawn" in said

    page = pages[2]
    page.goto(f"{stage.letter}/sign/")
    page.get_by_role("button", name="Withdraw my signature").click()
    page.get_by_role("button", name="Withdraw for good").click()
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()
    page.reload()
    expect(page.get_by_text("It has been withdrawn, for good.")).to_be_visible()
    assert "1 by name · 1 unnamed · 1 withdrawn" in counted(stage)

    checker = context().new_page()
    checker.goto(f"{stage.letter}/check/")
    checker.get_by_role("button", name="Recount it here").click()
    expect(checker.get_by_text("2 signed, of 15 enrolled, of 16 entitled.")).to_be_visible(timeout=60_000)
    reader = context(java_script_enabled=False).new_page()
    reader.goto(f"{stage.letter}/")
    expect(reader.get_by_text("2 have signed of the 15 enrolled, of 16 entitled").first).to_be_visible()
    reader.goto(f"{stage.letter}/names/")
    expect(reader.get_by_text(stage.names[0])).to_be_visible()
    assert {re.sub(r"^(\w+://[^/]+).*", r"\1", url) for url in asked} <= {stage.at.removesuffix("/cast")}
    assert all(not phone.cookies() for phone in phones)


def test_an_invitation_that_was_used_is_refused_politely_in_french(stage: Stage, context: MakeContext) -> None:
    enrolled(stage, context(**PHONE), 0)
    second = context(**PHONE, locale="fr-FR").new_page()
    second.goto(stage.enrol_link(0))
    expect(second.get_by_text("Quelqu’un s’est déjà inscrit avec ce code", exact=False)).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "said"), [("en-GB", "This code is none of this group's."), ("fr-FR", "Ce code n’est pas de ce groupe")]
)
def test_a_code_that_nobody_was_given_is_refused_politely(
    stage: Stage, context: MakeContext, locale: str, said: str
) -> None:
    page = context(**PHONE, locale=locale).new_page()
    page.goto(f"{stage.at}/enrol/#{new_code()}")
    expect(page.get_by_text(said, exact=False)).to_be_visible()


def test_a_scanner_that_opens_the_link_spends_nothing(stage: Stage, context: MakeContext) -> None:
    for _ in range(3):
        page = context(**PHONE).new_page()
        page.goto(stage.enrol_link(0))
        expect(page.get_by_text(stage.names[0])).to_be_visible()
    enrolled(stage, context(**PHONE), 0)


def test_a_code_is_typed_with_a_slip_and_then_right(stage: Stage, context: MakeContext) -> None:
    page = context(**PHONE).new_page()
    page.goto(f"{stage.at}/enrol/")
    code = stage.codes[1]
    page.get_by_label("Your invitation code").fill(("2" if code[0] != "2" else "3") + code[1:])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("There is a typing error in group 1.", exact=False)).to_be_visible()
    page.get_by_label("Your invitation code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(stage.names[1])).to_be_visible()


def test_a_signature_made_offline_is_sent_later_and_counts_once(stage: Stage, context: MakeContext) -> None:
    phone = context(**PHONE)
    page = enrolled(stage, phone, 0)
    page.goto(f"{stage.letter}/sign/")
    page.get_by_label("Without my name", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    phone.set_offline(True)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="Your signature waits on this device")).to_be_visible()
    phone.set_offline(False)
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible(timeout=40_000)
    assert "1 signed, of 13 enrolled" in counted(stage)


def test_a_server_stopped_before_it_answers_gets_the_signature_again(tmp_path: Path, context: MakeContext) -> None:
    phone = context(**PHONE)
    with staged(tmp_path) as stage:
        port = int(stage.at.removesuffix("/cast").rpartition(":")[2])
        page = enrolled(stage, phone, 0)
        page.goto(f"{stage.letter}/sign/")
        page.get_by_label("Without my name", exact=True).check()
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="Your signature waits on this device")).to_be_visible()
    with serving(tmp_path, port):
        expect(page.get_by_role("heading", name="Recorded")).to_be_visible(timeout=60_000)
        assert "1 signed, of 13 enrolled" in counted(stage)


def test_the_whole_way_by_keyboard_alone(stage: Stage, context: MakeContext) -> None:
    page = context(**PHONE).new_page()
    page.goto(stage.enrol_link(0))
    expect(page.get_by_text(stage.names[0])).to_be_visible()
    reach(page, "Yes, enrol me")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are enrolled")).to_be_visible()
    page.goto(f"{stage.letter}/sign/")
    expect(page.get_by_role("heading", name="How do you want to sign?")).to_be_visible()
    reach(page, "Continue")
    page.keyboard.press("Enter")
    reach(page, "Sign")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()
    page.goto(f"{stage.letter}/sign/")
    expect(page.get_by_role("button", name="Withdraw my signature")).to_be_visible()
    reach(page, "Withdraw my signature")
    page.keyboard.press("Enter")
    reach(page, "Withdraw for good")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()


def reach(page: Page, name: str) -> None:
    """Press Tab until the button of this name has the focus."""
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.textContent.trim()")
        if focused == f"BUTTON {name}":
            return
    raise AssertionError(f"the keyboard does not reach {name}")
