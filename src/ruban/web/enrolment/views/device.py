"""What this device holds: a page that knows nothing, and shows what the browser keeps."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.web.middleware import only
from ruban.web.pages import render
from ruban.web.site import site


@only("GET")
def device(request: HttpRequest) -> HttpResponse:
    """The member's secret, "my signature", a copy, and how to forget all of it."""
    return render(request, "enrolment/device.html", {"base": site().prefix})
