"""A client that keeps as many connections busy as it is told, and costs little: raw sockets, whole answers, no parsing.

Run as a process of its own, so that its share of the processor can be told from the server's.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Load:
    """What came of it. Latencies in milliseconds, from the first byte sent to the last one received."""

    clients: int
    requests: int
    seconds: float
    per_second: int
    p50_ms: float
    p99_ms: float
    worst_ms: float
    statuses: dict[str, int]
    client_cpu_seconds: float


class _Connection:
    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.begun = 0.0
        self.place = 0
        self.got = b""

    def send(self, place: int, request: bytes) -> None:
        self.place, self.got, self.begun = place, b"", time.perf_counter()
        self.socket.send(request)

    def receive(self) -> bytes | None:
        """The status once the answer is whole."""
        part = self.socket.recv(262_144)
        if not part:
            return b"closed"
        self.got += part
        end = self.got.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.got[:end].lower()
        at = head.find(b"content-length: ")
        if at >= 0:
            whole = end + 4 + int(head[at + 16 :].split(b"\r\n", 1)[0])
            return self.got[9:12] if len(self.got) >= whole else None
        return self.got[9:12] if self.got.endswith(b"0\r\n\r\n") else None


def run_load(address: tuple[str, int], requests: Iterator[tuple[int, bytes]], clients: int) -> tuple[Load, list[float]]:
    """Send `requests`, each (a number, its bytes), over `clients` connections, each with one under way at a time."""
    chosen = selectors.DefaultSelector()
    latencies: list[float] = []
    statuses: dict[str, int] = {}
    busy = 0
    connections = [_Connection(address) for _ in range(clients)]
    began, cpu = time.perf_counter(), time.process_time()
    for connection in connections:
        following = next(requests, None)
        if following is None:
            break
        chosen.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(*following)
        busy += 1
    while busy:
        for key, _ in chosen.select():
            connection = key.data
            status = connection.receive()
            if status is None:
                continue
            latencies.append((time.perf_counter() - connection.begun) * 1000)
            name = status.decode("ascii")
            statuses[name] = statuses.get(name, 0) + 1
            following = next(requests, None) if status != b"closed" else None
            if following is None:
                chosen.unregister(connection.socket)
                busy -= 1
            else:
                connection.send(*following)
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    for connection in connections:
        connection.socket.close()
    ordered = sorted(latencies)
    return (
        Load(
            clients=clients,
            requests=len(ordered),
            seconds=round(seconds, 3),
            per_second=round(len(ordered) / seconds),
            p50_ms=round(ordered[len(ordered) // 2], 2),
            p99_ms=round(ordered[len(ordered) * 99 // 100], 2),
            worst_ms=round(ordered[-1], 2),
            statuses=statuses,
            client_cpu_seconds=round(spent, 2),
        ),
        latencies,
    )


def get(host: str, path: str, language: str = "en") -> bytes:
    """A GET as a browser that keeps its connection sends it."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Language: {language}\r\nAccept: */*\r\n"
        "User-Agent: ruban-bench\r\n\r\n"
    ).encode("ascii")


def post(host: str, path: str, body: bytes) -> bytes:
    """A POST of JSON from a page of this server."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nAccept-Language: en\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode("ascii") + body


def in_its_own_process(host: str, requests: Sequence[bytes], clients: int, seconds: float, folder: Path) -> Load:
    """`run_load` in another process: `requests` once each if `seconds` is 0, else over and over for so long."""
    import subprocess

    plan, lines = folder / "requests", folder / "lengths"
    plan.write_bytes(b"".join(requests))
    lines.write_text(json.dumps([len(request) for request in requests]))
    command = [sys.executable, "-m", "bench._load", host, str(plan), str(lines), str(clients), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Load(**json.loads(done.stdout))


def _main(host: str, plan: str, lines: str, clients: str, seconds: str) -> None:
    data, requests, start = Path(plan).read_bytes(), [], 0
    for length in json.loads(Path(lines).read_text()):
        requests.append(data[start : start + length])
        start += length
    name, _, port = host.partition(":")
    until = time.perf_counter() + float(seconds)

    def over_and_over() -> Iterator[tuple[int, bytes]]:
        place = 0
        while time.perf_counter() < until:
            yield place, requests[place % len(requests)]
            place += 1

    work = over_and_over() if float(seconds) else iter(list(enumerate(requests)))
    load, _ = run_load((name, int(port)), work, int(clients))
    sys.stdout.write(json.dumps(asdict(load)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
