"""What `ruban up` writes follows from one plan: the same bytes each time, and a plan that is read as it was written."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from ruban.errors import FormatError
from ruban.manage.host import machine
from ruban.manage.host.files import File, files_of, paths_of, settings_of, with_settings
from ruban.manage.host.plan import Host, encode_host, parse_host

RUBAN = "/opt/ruban/.venv/bin/ruban"
TWO = Host().with_group("letters.example.org").with_group("union.example.com")
ONION = "a" * 56 + ".onion"


def file(path: str, host: Host = TWO) -> File:
    return next(one for one in files_of(host, RUBAN, {"letters.example.org": ONION}) if one.path.endswith(path))


def test_a_plan_is_read_as_it_was_written() -> None:
    assert parse_host(encode_host(TWO)) == TWO
    with pytest.raises(FormatError):
        parse_host(encode_host(TWO).replace("number = 2", "number = 1"))
    with pytest.raises(FormatError):
        parse_host(encode_host(TWO) + "# mine\n")


@pytest.mark.parametrize(
    "text", ["", "localhost", "https://a.org", "a.org/", "A.org", "a..org", "10.0.0.1", "a_b.org", "é.org"]
)
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        Host().with_group(text)


def test_no_two_groups_share_a_user_a_port_or_a_folder() -> None:
    one, two = TWO.hosted
    assert len({one.user, two.user, str(one.port), str(two.port), one.data, two.data, one.service, two.service}) == 8


def test_no_domain_makes_one_groups_unit_anothers() -> None:
    names = ("a.org", "backup-a.org", "a.org-backup", "backup-of-ruban-a.org")
    host = Host()
    for name in names:
        host = host.with_group(name)
    paths = [path for group in host.hosted for path in paths_of(group)]
    assert len(set(paths)) == len(paths) == 3 * len(names)


def test_what_comes_by_tor_goes_through_caddy_which_says_where_it_comes_from() -> None:
    targets = {line.split(" ")[2] for line in file("torrc").content.split("\n") if line.startswith("HiddenServicePort")}
    servers = json.loads(file("caddy.json").content)["apps"]["http"]["servers"]
    assert targets == set(servers["onion"]["listen"])
    assert not targets & {f"127.0.0.1:{group.port}" for group in TWO.hosted}
    [route] = servers["onion"]["routes"]
    assert route["match"] == [{"host": [ONION]}]
    assert "X-Forwarded-For" in route["handle"][0]["headers"]["request"]["set"]


def test_root_follows_no_link_that_a_groups_user_has_laid(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "ruban.toml").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match=r"ruban\.toml"):
        machine.read(str(tmp_path / "ruban.toml"))
    laid = File(str(tmp_path / "ruban.toml"), "secret", 0o644, getpass.getuser())
    assert not machine.is_as_wanted(laid)
    machine.write(laid)
    assert not (tmp_path / "ruban.toml").is_symlink()
    assert machine.is_as_wanted(laid)


def test_the_number_of_a_group_that_went_is_not_given_again() -> None:
    again = TWO.without_group("union.example.com").with_group("third.example.com")
    assert [group.number for group in again.hosted] == [1, 3]


def test_caddy_keeps_no_tickets_and_logs_nothing_that_a_visitor_causes() -> None:
    config = json.loads(file("caddy.json").content)
    assert config["apps"]["tls"]["session_tickets"] == {"disabled": True}
    assert not [name for name in config["logging"]["logs"]["default"]["include"] if name.startswith("http")]
    assert "logs" not in config["apps"]["http"]["servers"]["ruban"]
    assert f"http://{ONION}" in file("caddy.json").content


def test_a_service_prints_no_link_and_writes_its_own_folders_alone() -> None:
    unit = file("/ruban-letters.example.org.service").content
    assert f"ExecStart={RUBAN} serve --no-link\n" in unit
    assert "ReadWritePaths=/var/lib/ruban/letters.example.org /var/backups/ruban/letters.example.org\n" in unit
    assert "User=ruban-1\n" in unit


def test_without_onion_addresses_there_is_no_tor() -> None:
    bare = Host(onion=False).with_group("letters.example.org")
    assert not [one for one in files_of(bare, RUBAN, {}) if "/tor/" in one.path]


def test_settings_keep_what_the_host_wrote() -> None:
    [group, _] = TWO.hosted
    mine = '# mine\nlanguage = "fr"\nport = 9000\nmail_host = "mail.example.org"\n'
    written = settings_of(group, mine, ONION)
    assert (written.mode, written.owner) == (0o600, "ruban-1")
    assert written.content.startswith('# mine\nlanguage = "fr"\nport = 8101\nmail_host')
    assert f'onion = "{ONION}"' in written.content
    assert settings_of(group, written.content, ONION) == written


def test_settings_with_tables_are_not_touched() -> None:
    with pytest.raises(FormatError):
        with_settings("[table]\nx = 1\n", {"port": "1"})
