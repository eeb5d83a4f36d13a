"""Routes of letters for organisers, under /organiser/."""

from __future__ import annotations

from django.urls import URLPattern

letter_urls: list[URLPattern] = []
