"""E-mail: what is written, and how it reaches the server that `mail_host` names. The same words go to everybody."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from ruban.errors import FetchFailed, Message
from ruban.language import LANGUAGES, say, translator
from ruban.service.code_days import good_until
from ruban.web.configuration import Configuration

PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, for which group, from which address."""

    group: str
    sender: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person; `link` is theirs alone in an invitation, and everybody's in a reminder."""

    address: str = field(repr=False)
    link: str = field(repr=False)
    expires: int | None = None
    """Until when the code of an invitation is good; None for one without end, and in a reminder."""


def is_set_up(configuration: Configuration) -> bool:
    """Whether mail can be sent at all."""
    return bool(configuration.mail_host and configuration.mail_from)


def subject(reminder: bool) -> str:
    """Neutral, in every language at once: it says nothing of a letter or of signing."""
    words = Message("Reminder of your invitation") if reminder else Message("Your invitation")
    return " / ".join(say(translator(language), words) for language in LANGUAGES)


def body(group: str, link: str, *, reminder: bool, expires: int | None = None) -> str:
    """The whole text, in every language, one after the other."""
    return "\n\n—\n\n".join(_body(language, group, link, reminder, expires) for language in LANGUAGES) + "\n"


def _body(name: str, group: str, link: str, reminder: bool, expires: int | None) -> str:
    language = translator(name)
    if reminder:
        sentences = [
            Message(
                "Everybody who is entitled in the group “{group}” gets this reminder, in the same words.", group=group
            ),
            Message("If you have not used your invitation yet: its code is on your card or in a first message. Here:"),
            link,
            Message("If you have, there is nothing to do. Who has was not looked up for this message."),
        ]
    else:
        sentences = [
            Message("You are entitled in the group “{group}”, and invited to enrol. Everybody in it is.", group=group),
            Message("This link is yours alone: whoever uses it first takes your place. Opening it does nothing yet."),
            link,
            Message("Use your own device, not your employer’s. Being enrolled says nothing about what you think."),
        ]
    said = [say(language, one) if isinstance(one, Message) else one for one in sentences]
    return "\n\n".join([*said, *filter(None, [good_until(language, expires)])])


def compose(head: Letterhead, mail: Mail, *, reminder: bool, at: datetime | None = None) -> EmailMessage:
    """The message as it is sent: plain text, no picture, nothing that reports back."""
    message = EmailMessage()
    message["From"] = head.sender
    message["To"] = mail.address
    message["Subject"] = subject(reminder)
    message["Date"] = format_datetime(at or datetime.now(UTC))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body(head.group, mail.link, reminder=reminder, expires=mail.expires))
    return message


def send_all(
    configuration: Configuration,
    messages: Sequence[EmailMessage],
    report: Callable[[int, bool], None],
) -> None:
    """Send each; `report` is told the number of each, and whether the mail server took it.

    FetchFailed if the mail server cannot be reached or does not let us in: nothing more has been sent then.
    """
    with _connected(configuration) as server:
        for number, message in enumerate(messages):
            try:
                server.send_message(message)
            except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError):
                raise _unreachable() from None
            except (smtplib.SMTPException, UnicodeError, ValueError):
                report(number, False)
                with suppress(smtplib.SMTPException):
                    server.rset()
            else:
                report(number, True)


def _connected(configuration: Configuration) -> smtplib.SMTP:
    try:
        if configuration.mail_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                configuration.mail_host,
                configuration.mail_port,
                timeout=PATIENCE_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            server = smtplib.SMTP(configuration.mail_host, configuration.mail_port, timeout=PATIENCE_SECONDS)
        if configuration.mail_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if configuration.mail_user:
            server.login(configuration.mail_user, Path(configuration.mail_password_file).read_text("utf-8").strip())
    except (OSError, smtplib.SMTPException):
        raise _unreachable() from None
    return server


def _unreachable() -> FetchFailed:
    return FetchFailed(
        "mail",
        Message("a mail server that lets us in"),
        Message("none"),
        hint=Message("Compare the settings mail_host, mail_port, mail_security, mail_user and mail_password_file."),
    )
