"""Visitors over real HTTP, with nothing but the standard library."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are answers, not ways to go."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


@dataclass
class Visitor:
    """One browser without JavaScript: it keeps cookies and follows nothing by itself."""

    base: str
    timeout: float = 20
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self._open = urllib.request.build_opener(cookies, _Stay).open

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and body of a GET, or of a POST with these fields."""
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            with self._open(self.base + path, data, self.timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def register(self, slug: str, name: str, email: str) -> int:
        """Fetch the form, fill it in, send it; the status of the answer."""
        path = f"/events/{slug}/register"
        status, page = self.ask(path)
        found = TOKEN.search(page)
        if status != 200 or found is None:
            return status
        fields = {"name": name, "email": email, "consent_privacy": "y", "csrf_token": found[1]}
        return self.ask(path, fields)[0]


class Served:
    """A site served by the real supervisor on a free port, in a process group of its own."""

    def __init__(self, folder: Path, *, workers: int = 2) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("EVENTKIT_")}
        environment |= {
            "EVENTKIT_DATA": str(folder),
            "EVENTKIT_PORT": str(self.port),
            "EVENTKIT_WORKERS": str(workers),
        }
        self._log = (folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "eventkit.server"],
            cwd=ROOT,
            env=environment,
            stdout=self._log,
            stderr=self._log,
        )

    def __enter__(self) -> "Served":
        self.wait_until_it_answers(60)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self._log.close()

    def wait_until_it_answers(self, seconds: float) -> float:
        """How many seconds passed until /imprint answered 200."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                if Visitor(self.base, timeout=10).ask("/imprint")[0] == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.02)
        raise AssertionError(f"no answer within {seconds} s")

    def children(self) -> list[int]:
        """The process ids of the supervisor's children."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in listed.split()]

    def health(self) -> dict[str, object]:
        """What /healthz says."""
        answer: dict[str, object] = json.loads(Visitor(self.base).ask("/healthz")[1])
        return answer
