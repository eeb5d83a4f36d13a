"""`ruban up` on a Debian with systemd, from nothing to two groups and back; in this order."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from hosting.machine import DIRECTORY, VISITOR, Rented

ONE, TWO = "letters.example.org", "union.example.com"
ACME = ("--acme", DIRECTORY, "--acme-root", "/etc/authority.pem")


def up(here: Rented, *arguments: str) -> dict[str, Any]:
    """What `ruban up --json` says."""
    said: dict[str, Any] = json.loads(here.ruban("up", *arguments, "--json"))
    return said


def pid(here: Rented, unit: str) -> str:
    return here.machine.run("systemctl", "show", "-p", "MainPID", "--value", unit).strip()


def test_a_dry_run_changes_nothing_and_shows_what_is_written_then(here: Rented) -> None:
    shown = up(here, ONE, *ACME, "--dry-run")
    assert not (here.root / "etc" / "ruban").exists()
    assert any("apt-get install" in line for line in shown["commands"])
    done = up(here, ONE, *ACME)
    assert done["invitation"].startswith(f"https://{ONE}/organiser/link/")
    assert {file["path"] for file in shown["files"]} == set(done["changed"])
    written = {file["path"]: here.machine.run("cat", file["path"]) for file in shown["files"]}
    onion = done["served"][ONE]
    for file in shown["files"]:
        # Tor makes the address only then.
        without = written[file["path"]].replace(f'onion = "{onion}"\n', "")
        if file["path"].endswith("caddy.json"):
            continue
        assert without == file["content"], file["path"]


def test_a_visitor_gets_pages_with_a_certificate_that_holds(here: Rented) -> None:
    answer = here.get(f"https://{ONE}/").lower()
    assert re.match(r"http/(2|1\.1) [23]", answer)
    assert "strict-transport-security: max-age=31536000" in answer
    assert "onion-location: http://" in answer
    assert "location: https://" in here.get(f"http://{ONE}/").lower()


def test_no_session_ticket_joins_two_visits(here: Rented) -> None:
    said = here.visitor.run(
        *("openssl", "s_client", "-connect", f"{ONE}:443", "-servername", ONE, "-tls1_2", "-CAfile"),
        str(here.authority_root),
        given="",
    )
    assert "Verify return code: 0" in said
    assert "TLS session ticket" not in said


def test_the_same_again_changes_nothing(here: Rented) -> None:
    before = [pid(here, unit) for unit in (f"ruban-{ONE}", "caddy", "tor@ruban")]
    done = up(here, ONE)
    assert (done["changed"], done["invitation"]) == ([], None)
    assert [pid(here, unit) for unit in (f"ruban-{ONE}", "caddy", "tor@ruban")] == before
    assert up(here, "--dry-run") == {"files": [], "commands": []}


def test_what_comes_by_tor_is_served_and_cannot_say_where_it_comes_from(here: Rented) -> None:
    onion = here.machine.run("cat", f"/var/lib/tor-instances/ruban/{ONE}/hostname").strip()
    asked = "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8100); "
    asked += "c.request('GET', '/', headers={'Host': '%s'}); print(c.getresponse().status)"
    assert here.machine.run("python3", "-c", asked % onion).strip() in ("200", "302", "303")
    # Caddy answers an empty page for what it does not know, and hands nothing on.
    assert "X-Forwarded-For" in here.machine.run("cat", "/etc/ruban/caddy.json")
    assert "onion-location" not in here.get(f"https://{ONE}/organiser/").lower()


def test_who_opens_the_invitation_begins_a_second_group(here: Rented, page: Page, tmp_path: Path) -> None:
    done = up(here, TWO)
    assert set(done["served"]) == {ONE, TWO}
    assert done["served"][ONE] != done["served"][TWO]
    people = tmp_path / "people.csv"
    people.write_text("name,email\nAnaïs Roy,a@x.example\nBo Li,b@x.example\nCy Ba,c@x.example\n", "utf-8")
    page.goto(done["invitation"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Name of the group", exact=True).fill("Union")
    page.get_by_label("Your name", exact=True).fill("Ada")
    page.get_by_label("The list of those entitled").set_input_files(people)
    page.get_by_role("button", name="Look at it", exact=True).click()
    page.get_by_role("button", name="Begin the group and make the codes").click()
    expect(page.get_by_role("heading", name="Write a letter")).to_be_visible()
    page.get_by_role("link", name="Get the codes").click()
    with page.expect_download() as table:
        page.locator("a[href$='codes.csv']").click()
    [first, *_] = csv.DictReader(io.StringIO(table.value.path().read_text("utf-8-sig")))
    member = page.context.browser.new_context(locale="fr-FR").new_page()  # type: ignore[union-attr]
    member.goto(first["link"])
    expect(member.get_by_text("Anaïs Roy")).to_be_visible()
    member.get_by_role("button", name="Oui, inscrivez-moi").click()
    # Recorded with the others, a quarter of an hour later.
    expect(member.get_by_text("C’est bien arrivé.", exact=False).first).to_be_visible(timeout=30_000)
    assert "HTTP/2 200" in here.get(f"https://{TWO}/union/checkpoint")


def test_a_second_group_cannot_read_the_first(here: Rented) -> None:
    here.machine.run("runuser", "-u", "ruban-2", "--", "ls", f"/var/lib/ruban/{ONE}", ends=2)
    here.machine.run("runuser", "-u", "ruban-2", "--", "ls", f"/var/lib/ruban/{TWO}")
    assert re.match(r"http/(2|1\.1) [23]", here.get(f"https://{TWO}/").lower())


def test_what_is_killed_comes_back(here: Rented) -> None:
    before = pid(here, f"ruban-{ONE}")
    here.machine.run("bash", "-c", f"kill -9 {before}")
    up(here)
    assert pid(here, f"ruban-{ONE}") not in ("0", before)


def test_all_of_it_starts_with_the_machine(here: Rented) -> None:
    units = (f"ruban-{ONE}", f"ruban-{TWO}", "caddy", "tor@ruban")
    here.machine.run("systemctl", "stop", *units)
    here.get(f"https://{ONE}/", ends=7)
    # What a boot does.
    here.machine.run("systemctl", "start", "multi-user.target")
    up(here)
    assert re.match(r"http/(2|1\.1) [23]", here.get(f"https://{ONE}/").lower())
    timers = here.machine.run("systemctl", "list-timers", "--no-pager")
    assert f"backup-of-ruban-{ONE}.timer" in timers
    here.machine.run("systemctl", "is-enabled", *units, f"backup-of-ruban-{ONE}.timer", f"backup-of-ruban-{TWO}.timer")


def test_what_root_does_leaves_nothing_that_the_server_could_not_read(here: Rented) -> None:
    here.ruban("group", "open", "--help")
    here.ruban("status", "--data", f"/var/lib/ruban/{ONE}")
    here.ruban("organiser", "link", "--data", f"/var/lib/ruban/{ONE}")
    assert here.machine.run("find", f"/var/lib/ruban/{ONE}", "-not", "-user", "ruban-1") == ""


def test_a_group_begins_is_backed_up_and_moves(here: Rented) -> None:
    data, service = f"/var/lib/ruban/{ONE}", f"ruban-{ONE}"
    here.machine.run("systemctl", "stop", service)
    here.ruban(
        *("group", "open", "--data", data, "--origin", f"{ONE}/atelier", "--title", "Atelier", "--organiser", "Ada"),
        *("--entitled", "12", "--source", "the staff register"),
    )
    here.machine.run("systemctl", "start", service)
    up(here)
    here.machine.run("systemctl", "start", f"backup-of-ruban-{ONE}.service")
    said = here.machine.run("find", f"/var/backups/ruban/{ONE}", "-name", "*.ruban", "-printf", "%m %u\\n")
    assert said == "600 ruban-1\n"
    here.machine.run("install", "-m", "600", "/dev/null", "/var/backups/roots.ruban")
    restore = f"/opt/ruban/.venv/bin/ruban restore /var/backups/roots.ruban --nothing-newer --data {data}"
    refused = here.machine.run("bash", "-c", f"{restore} 2>&1", ends=2)
    assert "is not readable" in refused
    before = here.get(f"https://{ONE}/atelier/checkpoint")
    moving = f"/var/backups/ruban/{ONE}/moving.ruban"
    here.ruban("move", "out", moving, "--yes", "--data", data)
    here.ruban("down", ONE, "--yes")
    # As on another machine.
    here.machine.run("mv", data, f"{data}.old")
    assert up(here, ONE, "--from", moving)["invitation"] is None
    after = here.get(f"https://{ONE}/atelier/checkpoint")
    assert before.partition("\n\n")[2] == after.partition("\n\n")[2] != ""
    said = json.loads(here.ruban("status", "--data", data, "--json"))
    assert (said["serving"], said["group"]["moved"]) == (True, False)


def test_no_file_and_no_journal_has_the_visitors_address_or_a_link(here: Rented) -> None:
    here.get(f"https://{ONE}/organiser/link/{'a' * 26}/")
    assert f"/organiser/link/{'a' * 26}" not in here.journal()
    assert "/organiser/link/" not in here.journal()
    assert VISITOR not in here.journal()
    found = here.machine.run("bash", "-c", f"grep -rlF {VISITOR} /var /etc /run 2>/dev/null || true").split()
    assert [path for path in found if path != "/etc/hosts"] == []


def test_a_group_that_goes_leaves_its_folder_and_the_other_alone(here: Rented) -> None:
    here.ruban("down", TWO, "--yes")
    here.machine.run("ls", f"/var/lib/ruban/{TWO}/ruban.toml")
    assert re.match(r"http/(2|1\.1) [23]", here.get(f"https://{ONE}/").lower())
    here.machine.run("systemctl", "is-active", f"ruban-{TWO}", ends=3)


def test_a_caddyfile_of_somebody_is_not_ended(here: Rented) -> None:
    here.ruban("down", ONE, "--yes")
    here.machine.run("systemctl", "is-active", "tor@ruban", ends=3)
    here.machine.run("bash", "-c", "echo mine > /etc/caddy/Caddyfile")
    here.ruban("up", ONE, ends=1)
