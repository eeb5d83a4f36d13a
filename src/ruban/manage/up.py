"""`ruban up` and `ruban down`: a Debian machine that serves groups, each with its own keys, and one fewer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from socket import gaierror, getaddrinfo

import click

from ruban.cli.boundary import DOES_NOT_HOLD, HOLDS, WrongUse
from ruban.cli.command import command
from ruban.cli.terminal import Terminal
from ruban.errors import HostError, Message
from ruban.errors import Message as _
from ruban.manage.host import machine
from ruban.manage.host.bring_up import (
    bring_up,
    commands_of,
    invite,
    known_onions,
    present,
    take_down,
    wanted_files,
)
from ruban.manage.host.plan import Host, Hosted

PLANNED_PROGRAM = "/opt/ruban/.venv/bin/ruban"
"""What a dry run shows where the program that runs it could not be the server's."""


@command(
    "up",
    help=_(
        "Make this Debian machine serve a group under DOMAIN: pages over HTTPS and under an onion address, started with"
        " the machine, backed up every day. Again with another DOMAIN: one more group, with keys of its own. Again with"
        " the same, or with none: what is no longer as it was is mended."
    ),
)
@click.argument("domain", required=False)
@click.option("--dry-run", is_flag=True, help=_("Show every file and command, and change nothing."))
@click.option("--onion/--no-onion", default=None, help=_("With onion addresses for all groups, or without any."))
@click.option("--acme", help=_("Directory of the authority that certifies; without it, Caddy chooses."))
@click.option("--acme-root", help=_("Certificate of that authority, if the system does not trust it."))
@click.option(
    "--from",
    "moved",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("The group that goes on here: the file that ruban move out wrote on the machine that it leaves."),
)
@click.option(
    "--wait", type=click.IntRange(1, 3600), default=120, help=_("Seconds to wait for each certificate; 120 by default.")
)
@click.option("--restart", is_flag=True, help=_("Restart every server, as after an upgrade."))
@click.pass_obj
def up(
    terminal: Terminal,
    domain: str | None,
    dry_run: bool,
    onion: bool | None,
    acme: str | None,
    acme_root: str | None,
    moved: Path | None,
    wait: int,
    restart: bool,
) -> int:
    before = present()
    host = before.with_authority(acme, acme_root)
    host = replace(host, onion=host.onion if onion is None else onion)
    host = host if domain is None else host.with_group(domain)
    if not host.hosted:
        raise WrongUse(Message("No group is here yet."), hint=Message("Name its domain: ruban up letters.example.org"))
    if dry_run:
        _show(terminal, host)
        return HOLDS
    machine.check_machine()
    program = str(machine.own_program())
    if not before.hosted:
        machine.refuse_foreign_caddy()
    new = None if domain is None or before.group(domain) is not None else host.group(domain)
    if moved is not None and new is None:
        raise WrongUse(
            Message("A group that moves needs a domain that is not served here yet."),
            hint=Message("Name it; a group that lies here already is put back with ruban restore."),
        )
    changed = bring_up(host, program, terminal.note, moved, restart)
    silent = _await(terminal, host, wait)
    onions = known_onions(host)
    for group in host.hosted:
        if group not in silent:
            terminal.say(Message("https://{domain} is served.", domain=group.domain))
            if group.domain in onions:
                terminal.say(Message("    also http://{onion}, for Tor Browser", onion=onions[group.domain]))
    if not changed:
        terminal.say(Message("Nothing had to be changed."))
    invitation = None if new is None or moved is not None else invite(new, program)
    if invitation is not None:
        terminal.say(Message("Who opens this link within a day begins the group, once: {link}", link=invitation))
    terminal.emit_json(
        {
            "served": {group.domain: onions.get(group.domain) for group in host.hosted if group not in silent},
            "silent": [group.domain for group in silent],
            "changed": sorted(changed),
            "invitation": invitation,
        }
    )
    return DOES_NOT_HOLD if silent else HOLDS


@command("down", help=_("Serve the group under DOMAIN no more. Its folder and its backups stay where they are."))
@click.argument("domain")
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@click.pass_obj
def down(terminal: Terminal, domain: str, yes: bool) -> int:
    host = present()
    group = host.group(domain)
    if group is None:
        names = ", ".join(each.domain for each in host.hosted) or Message("no group")
        raise WrongUse(
            Message("{domain} is not served here.", domain=domain), hint=Message("Served here: {names}", names=names)
        )
    machine.check_machine()
    if not yes and not terminal.confirm(
        Message("Nobody will be able to read or sign under {domain}. Stop it?", domain=domain)
    ):
        return DOES_NOT_HOLD
    take_down(host, group, str(machine.own_program()))
    terminal.say(
        Message("{domain} is no longer served. Its data lies in {folder}.", domain=domain, folder=group.data),
        Message("Delete that, and {backups}, only once its record lives elsewhere.", backups=group.backups),
    )
    terminal.emit_json({"domain": domain, "data": group.data, "backups": group.backups})
    return HOLDS


def _show(terminal: Terminal, host: Host) -> None:
    try:
        program = str(machine.own_program())
    except HostError:
        program = PLANNED_PROGRAM
    files = [file for file in wanted_files(host, program) if not machine.is_as_wanted(file)]
    commands = commands_of(host) if files else []
    for file in files:
        terminal.say(
            Message("{path} ({mode}, {owner}):", path=file.path, mode=f"{file.mode:04o}", owner=file.owner),
            style="bold",
        )
        terminal.emit_text(machine.shown(file) + "\n")
    if files and host.onion and len(known_onions(host)) < len(host.hosted):
        terminal.say(Message("Onion addresses are added to these once Tor has made them."))
    if files:
        terminal.say(Message("Commands:"), style="bold")
        terminal.emit_text("".join(f"{line}\n" for line in commands))
    else:
        terminal.say(Message("Nothing would be changed."))
    shown = [{"path": f.path, "mode": f"{f.mode:04o}", "owner": f.owner, "content": f.content} for f in files]
    terminal.emit_json({"files": shown, "commands": commands})


def _await(terminal: Terminal, host: Host, seconds: int) -> list[Hosted]:
    """The groups whose pages do not answer, after a while; each with a word on what to do."""
    silent = []
    for group in host.hosted:
        terminal.note(Message("Waiting for https://{domain} and its certificate …", domain=group.domain))
        if not machine.await_answer(group, host.acme_root, seconds):
            silent.append(group)
            terminal.warn(Message("https://{domain} does not answer yet.", domain=group.domain))
            terminal.note(_what_to_do(group))
    return silent


def _what_to_do(group: Hosted) -> str:
    try:
        getaddrinfo(group.domain, 443)
    except gaierror:
        return Message(
            "No address is known for {domain}: where you manage the domain, add a record (A or AAAA) that leads to this"
            " machine. Caddy tries again by itself.",
            domain=group.domain,
        )
    return Message(
        "{domain} must lead to this machine, with ports 80 and 443 open to everybody. Caddy says: {said}",
        domain=group.domain,
        said=machine.why_no_certificate() or Message("nothing"),
    )
