"""Routes of organisers, under /organiser/."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
