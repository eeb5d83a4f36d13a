"""A secret whose code may be spent stays on the device, whatever a server or a proxy answers meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakeDevice
from tests.journeys.kept import kept_by
from tests.journeys.stage import Stage
from tests.service.cast import Cast


@pytest.mark.parametrize("status", [429, 502, 503])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_proxys_error_while_the_record_is_read_does_not_delete_the_secret(
    hall: Stage, device: MakeDevice, language: str, status: int
) -> None:
    phone = device(language)
    phone.bring_code(0)
    phone.page.route("**/enrol", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    phone.part("enrol").click()
    expect(phone.page.locator("[data-if=queued-offline]")).to_be_visible()
    phone.page.unroute("**/enrol")
    phone.page.route("**/proof/0", lambda route: route.fulfill(status=status, body="<h1>Bad gateway</h1>"))
    phone.page.reload()
    expect(phone.at("done").locator("h2[data-if=queued]")).to_be_visible()
    assert '"group /' in kept_by(phone)
    phone.page.unroute("**/proof/0")
    phone.page.reload()
    phone.enrolled()


def test_a_page_of_a_proxy_is_not_kept_as_a_promise(hall: Stage, device: MakeDevice) -> None:
    phone = device("en")
    phone.enrol(0)
    phone.open_letter()
    phone.ready("unnamed")
    phone.confirm()
    phone.page.route("**/submit", lambda route: route.fulfill(status=200, body="<h1>Sign in to the wireless</h1>"))
    phone.part("sign").click()
    phone.at("stopped")
    assert "wireless" not in kept_by(phone)
    assert '"outbox"' in kept_by(phone)
    phone.page.unroute("**/submit")
    phone.page.reload()
    phone.recorded()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_whose_worker_did_not_load_says_so_at_the_press(device: MakeDevice, cast: Cast, language: str) -> None:
    """Else the button would do nothing, for ever."""
    phone = device(language)
    phone.page.route("**/member-worker-*.js", lambda route: route.abort())
    with phone.page.expect_event("requestfailed"):
        phone.bring_code(0)
    phone.part("enrol").click()
    phone.problem("fault", {"en": "Load it again", "fr": "Rechargez-la"}[language])
    phone.page.unroute("**/member-worker-*.js")
    phone.enrol(0)
    assert len(cast.keeper.state.roll.rows) == 13
