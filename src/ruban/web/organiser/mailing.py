"""A round of mail: looked at first, then sent in the background, then what failed sent again."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from ruban.errors import Message, RubanError
from ruban.people.file import Person
from ruban.web.configuration import Configuration
from ruban.web.errors import Fault
from ruban.web.faults import report_fault
from ruban.web.mail import Letterhead, Mail, compose, send_all
from ruban.web.organiser.codes import Codes, enrol_link
from ruban.web.site import site


@dataclass(slots=True)
class Round:
    """Mails to some people. Kept in memory with the session that made it, and gone with it."""

    reminder: bool
    head: Letterhead
    mails: tuple[Mail, ...] = field(repr=False)
    without: int
    """People of the list without an e-mail address."""
    started: bool = False
    running: bool = False
    sent: int = 0
    failed: list[int] = field(default_factory=list)
    problem: RubanError | None = None
    _left: list[int] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def addresses(self) -> list[str]:
        """To whom it goes, in the order of the list."""
        return [mail.address for mail in self.mails]

    @property
    def unsent(self) -> list[str]:
        """To whom it has not gone, once it has ended."""
        return [self.mails[number].address for number in sorted([*self.failed, *self._left])]

    def start(self, configuration: Configuration) -> threading.Thread | None:
        """Send to everybody, or to whom it has not gone yet; None while that is under way, or when it is done."""
        with self._lock:
            if self.running or (self.started and not self.unsent):
                return None
            numbers = sorted([*self.failed, *self._left]) if self.started else list(range(len(self.mails)))
            self.started, self.running, self.problem = True, True, None
            self.failed, self._left = [], list(numbers)
        thread = threading.Thread(target=self._run, args=(configuration, numbers), name="ruban-mail", daemon=True)
        thread.start()
        return thread

    def _run(self, configuration: Configuration, numbers: list[int]) -> None:
        def report(place: int, went: bool) -> None:
            self._left.remove(numbers[place])
            if went:
                self.sent += 1
            else:
                self.failed.append(numbers[place])

        try:
            messages = [compose(self.head, self.mails[number], reminder=self.reminder) for number in numbers]
            send_all(configuration, messages, report)
        except RubanError as error:
            self.problem = error
        except Exception:
            # Whoever looks at the round must see that it has ended, and to whom it has not gone.
            report_fault()
            self.problem = Fault("mail", Message("a round that ends well"), Message("a fault of ours"))
        finally:
            self.running = False


def invitations(codes: Codes) -> Round:
    """A mail with their own link to everybody who has an address."""
    mails = [(one.person, enrol_link(one.code), one.expires) for one in codes.invited]
    return _round(mails, reminder=False)


def reminders(people: Iterable[Person]) -> Round:
    """One reminder to everybody on the list, whoever has enrolled or signed: it is not looked up."""
    addresses = site().addresses()
    link = addresses.absolute(addresses.page("enrol"))
    return _round([(person, link, None) for person in people], reminder=True)


def _round(people: list[tuple[Person, str, int | None]], *, reminder: bool) -> Round:
    mails = tuple(
        Mail(person.identifier, link, expires) for person, link, expires in people if "@" in person.identifier
    )
    head = Letterhead(site().group_title or "", site().configuration.mail_from)
    return Round(reminder, head, mails, len(people) - len(mails))
