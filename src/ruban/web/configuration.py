"""The settings of a server: one documented file, `ruban.toml` in the data folder, or the environment (RUBAN_PORT).

The environment wins over the file, the file over what stands here. docs/operate/settings.md explains each; a test
compares.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruban.audit.fetch import WebSource
from ruban.errors import FormatError, Message
from ruban.language import LANGUAGES
from ruban.web.address import parse_site_address

FILE = "ruban.toml"
MAX_FILE_BYTES = 65_536
DEFAULT_FOLDER = "ruban-data"
SMTP_SECURITY = ("tls", "starttls", "none")

_KEY = re.compile(r"[a-z][a-z_]{0,39}")
_ONION = re.compile(r"[a-z2-7]{56}\.onion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """How one server runs. Every field but `data` may stand in the file; secrets only in files of their own."""

    data: Path = Path(DEFAULT_FOLDER)
    address: str = ""
    onion: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    language: str = "en"
    time_zone: str = "UTC"
    threads: int = 4
    trust_forwarded: bool = False
    requests_per_address: int = 3000
    mirrors: str = ""
    mail_host: str = ""
    mail_port: int = 587
    mail_security: str = "starttls"
    mail_user: str = ""
    mail_password_file: str = field(default="", repr=False)
    mail_from: str = ""

    @property
    def mirror_addresses(self) -> tuple[str, ...]:
        """Where copies of the record are published: addresses parted by spaces."""
        return tuple(address for address in self.mirrors.split(" ") if address)

    @property
    def public_address(self) -> str:
        """Scheme and host under which people reach this server, without a slash at the end."""
        return self.address or f"http://localhost:{self.port}"

    @property
    def public_host(self) -> str:
        """The host of `public_address`, with its port if it names one."""
        return self.public_address.partition("://")[2]

    @property
    def hosts(self) -> frozenset[str]:
        """Every value of a Host header that is answered."""
        own = {self.public_host} | ({self.onion} if self.onion else set())
        if self.public_host.partition(":")[0] in ("localhost", "127.0.0.1"):
            own |= {f"{name}:{self.port}" for name in ("localhost", "127.0.0.1")}
        return frozenset(own)

    @property
    def origins(self) -> frozenset[str]:
        """Every origin of pages of this server. An onion address has no certificate, and needs none."""
        scheme = "https" if self.secure else "http"
        return frozenset(f"{'http' if host == self.onion else scheme}://{host}" for host in self.hosts)

    @property
    def secure(self) -> bool:
        """Whether browsers reach this server over HTTPS."""
        return self.public_address.startswith("https://")


def load_configuration(environ: Mapping[str, str], **given: Any) -> Configuration:
    """The configuration of file and environment, with `given` (the command line) above both.

    FormatError that names the setting for an unknown one or a value out of bounds; the file may be missing.
    """
    folder = Path(given.get("data") or environ.get("RUBAN_DATA") or DEFAULT_FOLDER)
    found: dict[str, Any] = {}
    for name, value in _read(folder / FILE).items():
        if name == "data" or name not in _TYPES:
            raise FormatError(f"{FILE}, {name[:40]}", Message("a setting that docs/operate/settings.md explains"))
        found[name] = value
    for name in _TYPES:
        if name != "data" and f"RUBAN_{name.upper()}" in environ:
            found[name] = _from_text(name, environ[f"RUBAN_{name.upper()}"])
    found |= {name: value for name, value in given.items() if value is not None and name != "data"}
    for name, value in found.items():
        if type(value) is not _TYPES[name]:
            raise FormatError(name, Message("a value of type {type}", type=_TYPES[name].__name__))
    return _checked(replace(Configuration(data=folder), **found))


_TYPES: dict[str, type] = {
    f.name: {"str": str, "int": int, "bool": bool, "Path": Path}[str(f.type)] for f in fields(Configuration)
}


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise FormatError(FILE, Message("at most {n} bytes", n=MAX_FILE_BYTES), Message("more"))
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        # The parser's own words name line and column, and no value.
        raise FormatError(FILE, Message("TOML in UTF-8"), str(wrong)[:120]) from None


def _from_text(name: str, text: str) -> Any:
    kind = _TYPES[name]
    if kind is bool:
        if text not in ("true", "false"):
            raise FormatError(f"RUBAN_{name.upper()}", "true, false", repr(text[:20]))
        return text == "true"
    if kind is int:
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise FormatError(f"RUBAN_{name.upper()}", Message("a whole number"), repr(text[:20]))
        return int(text)
    return text


def _checked(found: Configuration) -> Configuration:
    if found.address:
        parse_site_address("address", found.address)
    if found.onion and not _ONION.fullmatch(found.onion):
        raise FormatError("onion", Message("56 letters and digits, and .onion"), repr(found.onion[:80]))
    for name in ("port", "mail_port"):
        if not 1 <= getattr(found, name) <= 65_535:
            raise FormatError(name, Message("1 to {n}", n=65_535), str(getattr(found, name)))
    if not 1 <= found.threads <= 64:
        raise FormatError("threads", Message("1 to {n}", n=64), str(found.threads))
    if found.requests_per_address < 1:
        raise FormatError("requests_per_address", Message("1 or more"), str(found.requests_per_address))
    for address in found.mirror_addresses:
        WebSource(address)
    if found.language not in LANGUAGES:
        raise FormatError("language", ", ".join(LANGUAGES), repr(found.language[:20]))
    if found.mail_security not in SMTP_SECURITY:
        raise FormatError("mail_security", ", ".join(SMTP_SECURITY), repr(found.mail_security[:20]))
    try:
        ZoneInfo(found.time_zone)
    except (OSError, ValueError, LookupError):
        raise FormatError("time_zone", Message("a zone such as Europe/Paris"), repr(found.time_zone[:40])) from None
    return found


def environment_of(configuration: Configuration) -> dict[str, str]:
    """The environment that makes another process load this very configuration."""
    values = {f.name: getattr(configuration, f.name) for f in fields(configuration)}
    return {
        f"RUBAN_{name.upper()}": str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in values.items()
    } | {"RUBAN_DATA": os.path.abspath(configuration.data)}
