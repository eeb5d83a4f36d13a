"""Where everything is: the addresses of pages, made in one place, so that no view and no template spells one out.

A group lies under the path of its origin: `letters.example.org/atelier` under /atelier. A page has a neutral address,
whose language the browser's header decides, and one in each language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruban.errors import FormatError, Message
from ruban.primitives.randomness import random_bytes

TOKEN_CHARACTERS = 26
TOKEN = "[a-z2-7]{26}"
ORGANISER = "/organiser/"
TOO_LARGE = f"{ORGANISER}too-large/"
"""The page of a form with too many bytes."""
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_SITE = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?")


def parse_site_address(field: str, text: str) -> str:
    """The address of a server, `https://letters.example.org`; FormatError with anything behind the host or port."""
    if not _SITE.fullmatch(text):
        raise FormatError(field, Message("https:// and a host, nothing behind it"), repr(text[:80]))
    return text


def new_token() -> str:
    """An address that nobody guesses: 130 random bits as 26 characters that are easily read out."""
    number = int.from_bytes(random_bytes(17), "big")
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(TOKEN_CHARACTERS))


def prefix_of(origin: str) -> str:
    """The path under which a group lies, "" or "/atelier": what its origin has behind the host."""
    _, slash, path = origin.partition("/")
    return slash + path


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one group on one server, in one language; `language` None gives neutral ones."""

    site: str
    prefix: str
    language: str | None = None

    def page(self, *parts: str) -> str:
        """A page of the group: `page("letters", token, "names")` is /atelier/fr/letters/…/names/."""
        between = "" if self.language is None else f"/{self.language}"
        return "".join([self.prefix, between, *(f"/{part}" for part in parts), "/"])

    def file(self, *parts: str) -> str:
        """A file or a hot route, which has no language."""
        return "".join([self.prefix, *(f"/{part}" for part in parts)])

    def letter(self, token: str, *parts: str) -> str:
        """A page of a letter."""
        return self.page("letters", token, *parts)

    def absolute(self, path: str) -> str:
        """The whole address of a path."""
        return self.site + path

    def neutral(self) -> Addresses:
        """The same without a language, for what is passed on to other people."""
        return Addresses(self.site, self.prefix)
