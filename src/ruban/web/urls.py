"""Every route of Django's, app by app; the hot ones stand in `hot` too, in front of these, and answer alike."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ruban.web.enrolment.urls import urlpatterns as enrolment
from ruban.web.letters.record_urls import record_urlpatterns
from ruban.web.letters.urls import urlpatterns as letters
from ruban.web.letters.views.home import front
from ruban.web.signing.urls import urlpatterns as signing

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front),
    path("organiser/", include("ruban.web.organiser.urls")),
    *signing,
    *enrolment,
    *letters,
    *record_urlpatterns,
]

handler404 = "ruban.web.middleware.not_found"
handler500 = "ruban.web.middleware.fault"
