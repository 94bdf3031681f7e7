"""Which server carries the site: throughput, memory, slow clients, a stop, an upload.

    .venv/bin/python benchmarks/server.py                     a small app: SQLite read, 20 kB page
    .venv/bin/python benchmarks/server.py --app app:app --path /events/…/ --data ./instance

Measures what is installed of: eventkit.server (waitress tuned), waitress as it comes,
`pip install granian==2.8.7 gunicorn==27.0.1`; needs `wrk`. Everything stays on 127.0.0.1 and
ends by itself: about a minute a server. Each figure is one run; on a machine
with other work "processor a request" is the steadiest of them.
"""

import argparse
import contextlib
import http.client
import importlib.util
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SECONDS = 5  # of load for each figure
SLOW = 300  # slow connections
UPLOAD = 100 * 1024 * 1024
LUA = """
done = function(summary, latency, requests)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write
              + summary.errors.timeout + summary.errors.status
  io.write(string.format("RESULT %d %.2f %.2f %d\\n", summary.requests * 1000000 / summary.duration,
           latency:percentile(50) / 1000, latency:percentile(95) / 1000, bad))
end
"""
PAGE = """<!doctype html><html lang="de"><title>{{ event.title }}</title><h1>{{ event.title }}</h1>
{% for talk in talks %}<article id="t{{ talk.id }}"><h2>{{ talk.title }}</h2>
<p>{{ talk.room }}, {{ talk.start }}–{{ talk.stop }}</p><p>{{ talk.abstract }}</p>
</article>{% endfor %}</html>"""


def small_app():
    """A Flask app as plain as they come, with one page like an event's."""
    from flask import Flask, g, render_template, request, send_file
    from jinja2 import DictLoader

    app = Flask("small")
    app.jinja_loader = DictLoader({"page.html": PAGE})
    local = threading.local()

    @app.get("/")
    def page():
        if not hasattr(local, "db"):
            local.db = sqlite3.connect(os.environ["BENCH_DB"], check_same_thread=False)
            local.db.row_factory = sqlite3.Row
        event = local.db.execute("select * from event where id = 1").fetchone()
        talks = local.db.execute("select * from talk where event = 1 order by start").fetchall()
        g.event = event
        return render_template("page.html", event=event, talks=talks)

    @app.get("/big")
    def big():
        return send_file(os.environ["BENCH_DB"] + ".slides")

    @app.get("/sleep")
    def sleep():
        time.sleep(2)
        return "slept"

    @app.post("/upload")
    def upload():
        size = 0
        while chunk := request.stream.read(65536):
            size += len(chunk)
        return str(size)

    return app


def __getattr__(name):
    if name == "app":
        return small_app()
    raise AttributeError(name)


def fill(path):
    """Fifty talks, about 20 kB of page; and 4 MB of slides."""
    Path(f"{path}.slides").write_bytes(bytes(4 * 1024 * 1024))
    db = sqlite3.connect(path)
    db.execute("pragma journal_mode=wal")
    db.execute("create table event (id integer primary key, title text)")
    db.execute(
        "create table talk (id integer primary key, event, title, room, start, stop, abstract)"
    )
    db.execute("insert into event values (1, 'Netzwerktreffen')")
    for number in range(50):
        start = f"{9 + number // 6:02}:{number % 6}0"
        abstract = "Worum es geht & warum. " * 12
        row = (number, 1, f"Vortrag {number}", "Saal A", start, start, abstract)
        db.execute("insert into talk values (?, ?, ?, ?, ?, ?, ?)", row)
    db.commit()
    db.close()


def contenders(app, port, threads):
    """Name -> command, for what is installed."""
    py = sys.executable
    bind = f"127.0.0.1:{port}"
    found = {
        "eventkit.server": [py, "-m", "eventkit.server", "--no-worker", "--app", app],
        "waitress, defaults": [py, "-m", "waitress", f"--listen={bind}", app],
    }
    if importlib.util.find_spec("granian"):
        found["granian"] = [
            *(py, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--no-access-log"),
            *("--blocking-threads", str(threads), "--port", str(port), "--log-level", "warning"),
            *("--workers-kill-timeout", "20", app),
        ]
    if importlib.util.find_spec("gunicorn"):
        found["gunicorn gthread"] = [
            *(py, "-m", "gunicorn", "--workers", "2", "--worker-class", "gthread"),
            *("--threads", str(threads), "--bind", bind, "--log-level", "warning"),
            *("--graceful-timeout", "20", app),
        ]
    return found


def free_port():
    """A port nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path, timeout=10.0):
    """One request; the status and the body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def wait(port, path):
    """Until the server answers."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if get(port, path)[0] == 200:
                return
        time.sleep(0.05)
    raise SystemExit("the server does not answer")


def load(port, path, connections, folder, seconds=SECONDS):
    """Requests a second, median and p95 in ms, failures; by wrk."""
    lua = folder / "p95.lua"
    lua.write_text(LUA)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "3s", "-s", str(lua)]
    output = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        timeout=seconds + 10,
        check=True,
    ).stdout
    rate, median, p95, failed = re.search(r"RESULT (\d+) (\S+) (\S+) (\d+)", output).groups()
    return int(rate), float(median), float(p95), int(failed)


def family(pid):
    """A process and all that descend from it."""
    pids = [pid]
    for parent in pids:
        with contextlib.suppress(OSError):
            listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
            pids += [int(child) for child in listed.split()]
    return pids


def memory(pid):
    """Proportional memory of the family, MB."""
    total = 0
    for member in family(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


def processor(pid):
    """Seconds of processor that the family has used so far."""
    ticks = 0
    for member in family(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class SlowClients:
    """Connections that trickle a header or a body, or ask for much and read nothing."""

    def __init__(self, port, kind):
        self.starts = {
            "headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
            "bodies": b"POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Length: 1000000\r\n\r\n",
            "readers": b"GET /big HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        }
        self.kind, self.sockets, self.over = kind, [], threading.Event()
        for _ in range(SLOW):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(2)
            with contextlib.suppress(OSError):
                client.connect(("127.0.0.1", port))
                client.sendall(self.starts[kind])
            client.setblocking(False)
            self.sockets.append(client)
        self.thread = threading.Thread(target=self._trickle, daemon=True)
        self.thread.start()

    def _trickle(self):
        while not self.over.wait(1.0):
            for client in self.sockets:
                with contextlib.suppress(OSError):
                    if self.kind == "readers":
                        client.recv(1)
                    else:
                        client.sendall(b"X-A: b\r\n")

    def close(self):
        self.over.set()
        self.thread.join()
        for client in self.sockets:
            client.close()


def under_slow_clients(port, path, kind, folder):
    """p95 of ordinary requests while slow clients hold on; "frozen" when hardly one is answered."""
    slow = SlowClients(port, kind)
    try:
        time.sleep(4)  # past the burst of their arrival, into the siege
        rate, _, p95, failed = load(port, path, 4, folder)
    finally:
        slow.close()
    return (
        f"frozen ({rate}/s)" if rate < 5 else f"{p95:.0f} ms" + (f", {failed} ✗" if failed else "")
    )


def upload(port):
    """Seconds for 100 MB."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        return _upload(port)
    return "failed"


def _upload(port):
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/upload", body=bytes(UPLOAD))
    body = connection.getresponse().read()
    connection.close()
    return f"{time.monotonic() - start:.2f} s" if body == str(UPLOAD).encode() else "failed"


def stop(process, port):
    """What becomes of a running two-second request at SIGTERM, and how long the end takes."""
    answers = []

    def ask():
        with contextlib.suppress(OSError, http.client.HTTPException):
            answers.append(get(port, "/sleep", timeout=30)[1])

    client = threading.Thread(target=ask)
    client.start()
    time.sleep(0.7)
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
    took = time.monotonic() - start
    client.join(30)
    return f"{'finished' if answers == [b'slept'] else 'LOST'}, {took:.1f} s"


def measure(name, command, port, environ, options, folder):
    """All figures of one server, as a row."""
    small = options.app == "server:app"
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log)
    try:
        wait(port, options.path)
        load(port, options.path, 16, folder, seconds=2)
        used = processor(process.pid)
        rate, median, p95, failed = load(port, options.path, 16, folder)
        used = (processor(process.pid) - used) / (rate * SECONDS) * 1000
        row = [
            name,
            f"{rate}",
            f"{used:.2f} ms",
            f"{median:.0f} / {p95:.0f} ms",
            f"{memory(process.pid):.0f} MB",
        ]
        kinds = ("headers", "bodies", "readers") if small else ("headers",)
        row += [under_slow_clients(port, options.path, kind, folder) for kind in kinds]
        if small:
            row += [f"{upload(port)}, {memory(process.pid):.0f} MB", stop(process, port)]
        return [*row, f"{failed}"]
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(25)
        process.kill()


def main():
    """Measure each server and print a table for docs/decisions.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--app", default="server:app")
    parser.add_argument("--path", default="/")
    parser.add_argument("--data", help="EVENTKIT_DATA for --app app:app")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--only", help="measure the servers whose name holds this word")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        print("benchmarks/server.py needs wrk (Debian: apt-get install wrk); nothing measured.")
        return
    columns = ["server", "requests/s", "processor a request", "p50 / p95, 16 clients", "memory"]
    columns += [f"p95, {SLOW} slow headers"]
    if options.app == "server:app":
        columns += [f"p95, {SLOW} slow bodies", f"p95, {SLOW} slow readers"]
        columns += ["100 MB upload, memory after", "2 s request at SIGTERM"]
    print("| " + " | ".join([*columns, "failures"]) + " |")
    print("| --- " * (len(columns) + 1) + "|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder / "bench.db")
        for title in contenders(options.app, 0, options.threads):
            if options.only and options.only not in title:
                continue
            port = free_port()
            command = contenders(options.app, port, options.threads)[title]
            environ = {
                **os.environ,
                "PYTHONPATH": f"{HERE}:{HERE.parent}",
                "BENCH_DB": str(folder / "bench.db"),
                "EVENTKIT_DATA": (options.data and str(Path(options.data).absolute())) or name,
                "EVENTKIT_PORT": str(port),
            }
            row = measure(title, command, port, environ, options, folder)
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
