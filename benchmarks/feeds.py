"""A feed of 500 meetings: built, asked again, unchanged, beside handing out a file of its size.

Run it with `./run bench`. Times depend on the machine, the ratios hardly do.
"""

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from flask import send_file

from eventkit.actions import events
from eventkit.config import MailSettings, Settings
from eventkit.identity import Identity
from eventkit.model.event import Place
from eventkit.model.text import Text
from eventkit.store import schema
from eventkit.store.rows import Store
from eventkit.web import access, create_app
from eventkit.web import calendars as answers

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
MEETINGS = 500


def settings(folder: Path) -> Settings:
    return Settings(
        data=folder,
        secret_key=b"a key only benchmarks use",
        base_url="http://127.0.0.1:5000",
        mail=MailSettings("folder", "events@example.org", folder / "mail"),
        reply_url="",
        host="127.0.0.1",
        port=5000,
        workers=1,
        trusted_proxies=0,
        now=NOW,
        demo=False,
    )


def fill(folder: Path) -> None:
    store, identity = Store(folder), Identity(b"a key only benchmarks use", "example.org")
    schema.migrate(store)
    for number in range(MEETINGS):
        start = NOW - timedelta(days=300) + timedelta(days=number)
        plan = events.Plan(
            title=Text(f"Netzwerktreffen Nr. {number}: Übergänge", f"Network meeting {number}"),
            summary=Text("Worum es geht, in zwei Sätzen. Mit Mentor*innen und Betrieben."),
            zone="Europe/Berlin",
            starts_at=start,
            ends_at=start + timedelta(hours=6),
            place=Place("Haus der Begegnung", "Musterstraße 1", "40210", "Düsseldorf"),
        )
        made = events.create(store, plan, actor="bench", now=NOW, identity=identity)
        events.announce(store, made.id, actor="bench", now=NOW)
    store.close()


def timed(work: Callable[[], object], times: int) -> float:
    """The median time of a piece of work in milliseconds."""
    taken = []
    for _ in range(times):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1000)
    return median(taken)


def main() -> None:
    with TemporaryDirectory(prefix="bench-feeds-") as name, redirect_stderr(io.StringIO()):
        folder = Path(name)
        fill(folder)
        app = create_app(settings(folder))
        plain = folder / "calendar.ics"
        app.add_url_rule("/file.ics", "file", access.public(lambda: send_file(plain)))
        client = app.test_client(use_cookies=False)

        def ask(path: str, **headers: str) -> Callable[[], object]:
            named = {key.replace("_", "-"): value for key, value in headers.items()}
            return lambda: client.get(path, headers=named).data

        def forget() -> None:
            app.extensions.pop("eventkit.calendars", None)

        def rebuild() -> object:
            forget()
            return client.get("/calendar.ics").data

        def from_nothing() -> object:
            answers.entry.cache_clear()
            return rebuild()

        rows = [("built from nothing", timed(from_nothing, 3))]
        plain.write_bytes(client.get("/calendar.ics").data)
        etag = client.get("/calendar.ics").headers["ETag"]
        feed = "/calendar.ics"
        rows += [
            ("built again, entries kept", timed(rebuild, 10)),
            ("a file of this size", timed(ask("/file.ics"), 200)),
            ("the feed, warm", timed(ask(feed), 200)),
            ("the feed, warm, gzip", timed(ask(feed, Accept_Encoding="gzip"), 200)),
            ("the feed, unchanged (304)", timed(ask(feed, If_None_Match=etag), 200)),
        ]
        size = plain.stat().st_size
    base = dict(rows)["a file of this size"]
    print(f"A feed of {MEETINGS} meetings, {size / 1000:.0f} kB")
    for label, ms in rows:
        print(f"  {label:<28} {ms:9.2f} ms   {ms / base:7.2f} x the file")


if __name__ == "__main__":
    main()
