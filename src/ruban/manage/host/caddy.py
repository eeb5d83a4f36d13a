"""The configuration of Caddy, which stands in front with the certificates (caddyserver.com/docs/json).

JSON and not a Caddyfile, which cannot turn TLS session tickets off: one that is kept joins visits that came apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ruban.manage.host.plan import FIRST_PORT, Host, Hosted

CADDY_FILE = "/etc/ruban/caddy.json"
HSTS = "max-age=31536000"
LOGGED = ["admin", "tls.obtain", "tls.renew", "tls.issuance"]
"""Nothing that a visitor causes: an access log or an error of a request links an address to a time."""


def caddy_json(host: Host, onions: Mapping[str, str]) -> str:
    """The whole file. `onions` has the onion address of each domain that has one."""
    issuer: dict[str, Any] = {"module": "acme"}
    if host.acme:
        issuer["ca"] = host.acme
    if host.acme_root:
        issuer["trusted_roots_pem_files"] = [host.acme_root]
    domains = [group.domain for group in host.hosted]
    config: dict[str, Any] = {
        "admin": {"listen": "unix//run/caddy/admin.sock"},
        "logging": {"logs": {"default": {"include": LOGGED}}},
        "apps": {
            "tls": {
                # Without a named issuer Caddy asks one authority and then another.
                "automation": {"policies": [{"subjects": domains, "issuers": [issuer]}] if host.acme else []},
                "session_tickets": {"disabled": True},
            },
            "http": {
                "servers": {
                    "ruban": {
                        "listen": [":443"],
                        # HTTP/3 would resume by means of its own.
                        "protocols": ["h1", "h2"],
                        "routes": [route for group in host.hosted for route in _routes(group, onions)],
                    },
                    "onion": {
                        "listen": [f"127.0.0.1:{FIRST_PORT}"],
                        "automatic_https": {"disable": True},
                        "routes": [
                            _proxied(onions[group.domain], group) for group in host.hosted if group.domain in onions
                        ],
                    },
                }
            },
        },
    }
    return json.dumps(config, indent=2) + "\n"


def _routes(group: Hosted, onions: Mapping[str, str]) -> list[dict[str, Any]]:
    headers = {"Strict-Transport-Security": [HSTS]}
    routes = [{"match": [{"host": [group.domain]}], "handle": [{"handler": "headers", "response": {"set": headers}}]}]
    if group.domain in onions:
        # Tor Browser offers it, or goes there by itself; but organisers sign in under the domain alone.
        led = {"Onion-Location": [f"http://{onions[group.domain]}{{http.request.uri}}"]}
        members = {"host": [group.domain], "not": [{"path": ["/organiser/*"]}]}
        routes.append({"match": [members], "handle": [{"handler": "headers", "response": {"set": led}}]})
    return [*routes, _proxied(group.domain, group)]


def _proxied(name: str, group: Hosted) -> dict[str, Any]:
    handler = {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"127.0.0.1:{group.port}"}],
        # What a visitor sends under these names is a guess at what the server would believe.
        "headers": {
            "request": {
                "set": {"X-Forwarded-For": ["{http.request.remote.host}"]},
                "delete": ["X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"],
            },
            "response": {"delete": ["Server"]},
        },
    }
    return {"match": [{"host": [name]}], "handle": [handler], "terminal": True}
