"""`ruban export`: everything that readers get, as plain files for any web server."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ruban.cli.command import command
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.control import ask_server
from ruban.manage.folder import data_option
from ruban.web.composition import set_up_django
from ruban.web.configuration import load_configuration
from ruban.web.errors import NotFound
from ruban.web.site import Site, install


@command(
    "export",
    help=_(
        "Write the record and the public pages to DIR as plain files, for any web server, while the server runs or not."
        " DIR changes whole or not at all."
    ),
)
@click.argument("dir", metavar="DIR", type=click.Path(path_type=Path))
@data_option
@click.pass_obj
def export(terminal: Terminal, dir: Path, data: Path) -> None:
    done = ask_server(data, {"do": "export", "to": os.path.abspath(dir)}, lambda said: None)
    if done is None:
        done = _export_here(data, dir)
    terminal.say(
        Message(
            "{n:,} files in {folder}: the record up to entry {entries:,}, and its public pages.",
            n=done["files"],
            folder=str(dir),
            entries=done["entries"],
        ),
        Message("Any web server can serve this folder as its root. Nobody can sign there."),
    )
    terminal.emit_json({"files": done["files"], "entries": done["entries"], "folder": str(dir)})


def _export_here(data: Path, folder: Path) -> dict[str, int]:
    configuration = load_configuration(os.environ, data=data)
    set_up_django(configuration)
    from ruban.web.as_files import export as export_files

    site = Site(configuration)
    site.open()
    install(site)
    try:
        if site.keeper is None:
            raise NotFound("group", Message("one that has been opened"), Message("none"))
        made = export_files(site, Path(os.path.abspath(folder)))
    finally:
        install(None)
        site.close()
    return {"files": made.files, "entries": made.entries}
