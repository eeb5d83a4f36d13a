"""The sentences that click itself says, so that they can be said in French.

click looks its texts up with Python's gettext, in the process's domain and language; `click_speaks` sets both for as
long as a command lasts.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files

from ruban.errors import Message as _
from ruban.language import LANGUAGES, Language, translator

CLICK_SAYS = (
    _("Argument {name!r} takes {nargs} values."),
    _("Choose from:\n\t{choices}"),
    _("Commands"),
    _("Invalid value for {param_hint}: {message}"),
    _("Invalid value: {message}"),
    _("Missing argument"),
    _("Missing command."),
    _("Missing option"),
    _("Missing parameter"),
    _("No such command {name!r}."),
    _("No such option {name!r}."),
    _("Option {name!r} does not take a value."),
    _("Options"),
    _("Usage:"),
    _("default: {default}"),
    _("required"),
    _("{name} {filename!r} does not exist."),
    _("{name} {filename!r} is a directory."),
    _("{name} {filename!r} is a file."),
    _("{name} {filename!r} is not readable."),
    _("{value!r} is not a valid {number_type}."),
    _("{value} is not in the range {range}."),
)


def ngettext(one: str, many: str) -> tuple[str, str]:
    """A text with a plural, for whoever collects what is to be translated."""
    return one, many


CLICK_COUNTS = (
    ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
)
_DOMAIN = "ruban"


def wanted_language(arguments: list[str], environment: Mapping[str, str]) -> Language:
    """The language of `--lang`, wherever it stands, else that of the environment's locale."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name == "--lang":
            asked = value if equals else "".join(arguments[place + 1 : place + 2])
            if asked in LANGUAGES:
                return translator(asked)
    locale = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environment.get(k))), "")
    return translator(locale)


@contextmanager
def click_speaks(language: Language) -> Iterator[None]:
    """Let click say its own sentences in `language`; what was set before is set again afterwards."""
    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    gettext.bindtextdomain(_DOMAIN, str(files("ruban").joinpath("locale")))
    gettext.textdomain(_DOMAIN)
    os.environ["LANGUAGE"] = language.name
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            os.environ.pop("LANGUAGE", None)
        else:
            os.environ["LANGUAGE"] = before
