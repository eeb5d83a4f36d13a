"""Routes of enrolment."""

from __future__ import annotations

from django.urls import URLPattern

from ruban.web.enrolment.views.device import device
from ruban.web.enrolment.views.dispute import dispute
from ruban.web.enrolment.views.enrol import enrol
from ruban.web.enrolment.views.enrol_post import enrol_post
from ruban.web.enrolment.views.invitation import invitation
from ruban.web.routing import file, page

urlpatterns: list[URLPattern] = [
    page("enrol/", enrol),
    page("device/", device),
    file("enrol", enrol_post),
    file("invitation", invitation),
    file("dispute", dispute),
]
