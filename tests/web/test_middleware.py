"""What a page that fails shows, and what the operator hears of it."""

from __future__ import annotations

import json

import pytest
from django.core.signals import got_request_exception
from django.test import Client

from ruban.service.codes import new_code
from ruban.web.faults import report_fault
from ruban.web.letters.views import home
from ruban.web.site import Site


def test_an_unknown_code_is_refused_in_json_as_the_page_expects(client: Client, site: Site) -> None:
    answer = client.post("/cast/invitation", json.dumps({"code": new_code()}), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (404, "InvitationUnknown")


@pytest.mark.parametrize("path", ["/nowhere", "/cast/nowhere/", "/elsewhere/letters/", "/organiser/nowhere/"])
def test_an_address_that_leads_nowhere_says_so_on_a_page(client: Client, site: Site, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_fault_of_ours_is_a_page_and_tells_the_operator_where_and_not_who(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise KeyError("Anaïs Roy")

    monkeypatch.setattr(home, "public_pages", broken)
    got_request_exception.connect(report_fault, dispatch_uid="ruban-fault")
    client = Client(headers={"host": site.configuration.public_host}, raise_request_exception=False)
    answer = client.get("/cast/")
    assert answer.status_code == 500
    assert "It is not your doing." in answer.content.decode()
    heard = capsys.readouterr().err
    assert "KeyError" in heard
    assert "in broken" in heard
    assert "Roy" not in heard
    assert "/cast/" not in heard
