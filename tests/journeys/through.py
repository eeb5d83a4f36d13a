"""A browser's requests, answered by an application in this process: its clock stands where the test puts it."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Route

from ruban.web.hot.asgi import App
from tests.web.hot.asgi_client import AsgiClient, Reply

_OWN = {"content-length", "transfer-encoding", "date", "server"}


@dataclass
class Through:
    """Routes every request of a context here; what asks for another host is refused and kept in `elsewhere`."""

    app: App
    host: str
    elsewhere: list[str] = field(default_factory=list)

    def serve(self, context: BrowserContext) -> None:
        """Answer all that this context asks for."""
        context.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        request = route.request
        asked = urlsplit(request.url)
        if asked.netloc != self.host:
            self.elsewhere.append(request.url)
            route.abort()
            return
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        headers = [(name, value) for name, value in request.all_headers().items() if not name.startswith(":")]
        body = request.post_data_buffer or b""
        if body:
            # Known to a browser only when it sends, which it does not here.
            headers.append(("content-length", str(len(body))))
        replies: list[Reply] = []

        def ask() -> None:
            client = AsgiClient(self.app, self.host)
            replies.append(asyncio.run(client.ask(request.method, path, body, headers)))

        # A loop runs in this thread already.
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        [reply] = replies
        kept = {name: value for name, value in reply.headers.items() if name not in _OWN}
        route.fulfill(status=reply.status, headers=kept, body=reply.body)
