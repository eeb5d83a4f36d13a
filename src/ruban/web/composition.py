"""The composition root of the server's process: configuration, site, Django, hot routes, release of what is due."""

from __future__ import annotations

import os
import threading
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, cast

from ruban.errors import RubanError
from ruban.service.keeper import window_end
from ruban.service.open_group import group_folder
from ruban.store.place import database_of
from ruban.web.configuration import Configuration, environment_of, load_configuration
from ruban.web.control import Control
from ruban.web.cosign import Cosigning, post
from ruban.web.elsewhere import ask_elsewhere
from ruban.web.faults import report_fault
from ruban.web.hot.app import HotApp
from ruban.web.hot.asgi import App, Receive, Scope, Send
from ruban.web.private_tables import make_schema
from ruban.web.site import Site, install

SETTINGS = "ruban.web.settings"
TICK_SECONDS = 5


def set_up_django(configuration: Configuration) -> None:
    """Make Django ready in this process, with its private database brought up to date. Makes the folder if need be."""
    import django
    from django.core.management import call_command

    configuration.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Django's settings are a module: they read what this process is told here, as granian's workers do.
    os.environ.update(environment_of(configuration) | {"DJANGO_SETTINGS_MODULE": SETTINGS})
    os.umask(0o077)
    django.setup()
    if (database := database_of(group_folder(configuration.data))) is not None:
        make_schema(database)
    from django.core.signals import got_request_exception

    got_request_exception.connect(report_fault, dispatch_uid="ruban-fault")
    call_command("migrate", verbosity=0, interactive=False)


def make_django(configuration: Configuration) -> App:
    """Django as an ASGI application: WSGI in a pool of threads, which costs less than its own handler."""
    from a2wsgi import WSGIMiddleware
    from django.core.wsgi import get_wsgi_application
    from whitenoise import WhiteNoise

    from ruban.web.headers import FOR_EVER, SECURITY_HEADERS
    from ruban.web.pages import DIST

    def headers_of_assets(headers: Any, path: str, url: str) -> None:
        for name, value in (*SECURITY_HEADERS, FOR_EVER):
            headers[name] = value

    served = WhiteNoise(
        get_wsgi_application(),
        root=DIST,
        prefix="static/",
        allow_all_origins=False,
        add_headers_function=headers_of_assets,
    )
    bridge = cast(App, WSGIMiddleware(cast(Any, served), workers=configuration.threads))

    async def django(scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_as_coroutine() -> MutableMapping[str, Any]:
            # granian's is a future, and the bridge hands on only coroutines to its thread.
            return await receive()

        await bridge(scope, receive_as_coroutine, send)

    return django


class Releases:
    """A thread that releases what is due at the end of each window."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ruban-release", daemon=True)
        self._released: int | None = None
        """The window in which this process released last."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the release that is under way."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            # What fails, the site has noted and shows; what waits is tried again.
            try:
                self.release_once_a_window()
            except RubanError:
                with suppress(RubanError):
                    self._site.mend()
            except Exception:
                # A thread that ended would stop every count without a word.
                report_fault()
            if self._stop.wait(self._until_next()):
                return

    def release_once_a_window(self) -> None:
        """Release where a window has ended since the last look, and not what comes in while one runs.

        What waits when the server starts came in before or in this very window: nobody knows which, so it waits on.
        """
        keeper = self._site.keeper
        if keeper is None or keeper.state.group is None or self._site.under_review is not None:
            return
        self._site.catch_up()
        now, window = self._site.clock(), keeper.state.opened.window
        if window == 0:
            self._site.release()
            return
        current = now // window
        if self._released is not None and self._released != current:
            self._site.release()
        self._released = current

    def _until_next(self) -> float:
        keeper = self._site.keeper
        if keeper is None or keeper.state.group is None:
            return TICK_SECONDS
        now = self._site.clock()
        return max(1.0, min(float(TICK_SECONDS), window_end(keeper.state, now) - now or TICK_SECONDS))


class Server:
    """The whole application, with its lifespan."""

    def __init__(self, site: Site, hot: HotApp) -> None:
        self.site, self._hot = site, hot
        self._releases = Releases(site)
        self._cosigning = Cosigning(site)
        self._control: Control | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._hot(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._releases.start()
                self._control = Control(self.site)
                self._cosigning.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._control is not None:
                    self._control.close()
                self._cosigning.stop()
                self._releases.stop()
                self._hot.close()
                self.site.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def application() -> Server:
    """What granian starts: made from the environment that `ruban serve` has set."""
    configuration = load_configuration(os.environ)
    set_up_django(configuration)
    site = Site(configuration, post=post)
    site.open()
    ask_elsewhere(site)
    # Before anything is signed here, those who must have seen it may say that they know more.
    site.cosign()
    install(site)
    from ruban.web.organiser.letter_settle import settle_drafts

    settle_drafts(site)
    return Server(site, HotApp(site, make_django(configuration)))
