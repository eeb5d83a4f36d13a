"""The headers of every answer, for bare ASGI and for Django alike."""

from __future__ import annotations

SECURITY_HEADERS: tuple[tuple[str, str], ...] = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'; "
        "img-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types ruban",
    ),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"),
)
"""`Referrer-Policy`: a letter's unguessable address must not travel to another site. Not `no-referrer`: it would make
browsers send `Origin: null` with our own forms, which nobody could tell from a foreign one."""

NO_STORE = ("Cache-Control", "no-store")
FOR_EVER = ("Cache-Control", "public, max-age=31536000, immutable")
EACH_TIME = ("Cache-Control", "no-cache")
HTML = "text/html; charset=utf-8"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
