"""The front of a server."""

from __future__ import annotations

from django.test import Client

from ruban.web.site import Site


def test_the_front_leads_to_the_groups_page(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/cast/"


def test_the_groups_page_bears_its_name_and_no_cookie(client: Client) -> None:
    answer = client.get("/cast/")
    assert answer.status_code == 200
    assert "Atelier" in answer.content.decode()
    assert not answer.cookies


def test_before_there_is_a_group_the_front_leads_to_where_one_is_begun(empty_site: Site) -> None:
    answer = Client(headers={"host": empty_site.configuration.public_host}).get("/")
    assert answer.headers["Location"] == "/organiser/"
