"""Django's settings, made from the environment that `ruban serve` has set: no secret and no host is written here.

Its database holds what must not be public and may be forgotten: see private_tables.
"""

from __future__ import annotations

import os
from pathlib import Path

from ruban.web.configuration import load_configuration
from ruban.web.private_tables import place_of_tables
from ruban.web.web_key import web_key

CONFIGURATION = load_configuration(os.environ)
HERE = Path(__file__).resolve().parent

SECRET_KEY = web_key(CONFIGURATION.data)
DEBUG = False
ALLOWED_HOSTS = sorted({host.partition(":")[0] for host in CONFIGURATION.hosts})
ROOT_URLCONF = "ruban.web.urls"
INSTALLED_APPS = ["django.contrib.sessions", "ruban.web.letters", "ruban.web.organiser"]
MIDDLEWARE = [
    "ruban.web.middleware.headers_on_every_answer",
    "ruban.web.middleware.ErrorsAsPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {"environment": "ruban.web.pages.environment"},
    }
]
DATABASES = {"default": place_of_tables(CONFIGURATION.data)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
APPEND_SLASH = False

# For organisers alone, and sent nowhere else: readers and signers get no cookie.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/organiser/"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "ruban_organiser", "ruban_organiser_csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.secure
SESSION_COOKIE_AGE = 12 * 3600
CSRF_TRUSTED_ORIGINS = [CONFIGURATION.public_address]
CSRF_FAILURE_VIEW = "ruban.web.middleware.csrf_failed"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# Nothing of a request is logged: an access log links an address to a time.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    "loggers": {"django": {"handlers": ["nowhere"], "propagate": False}},
}
