"""The connection and its one kind of transaction."""

import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eventkit.errors import SchemaTooNew, Unavailable
from eventkit.model.text import Text
from eventkit.store import condition, events, history, registrations, schema, shelf
from eventkit.store.rows import Store, fold, instant, pattern, stamp, text, words
from tests.processes import run_at_once

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


def test_a_stray_write_fails_loudly(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.run("DELETE FROM marks")


def _mark(store: Store, names: Iterable[object]) -> None:
    with store.changing():
        history.mark(store, "first", now=NOW)
        for name in names:
            history.mark(store, str(name), now=NOW)


def test_a_transaction_is_whole_or_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        _mark(store, (1 // 0 for _ in "x"))
    assert history.marked(store, "first") is None
    with store.changing():
        history.mark(store, "x", now=NOW)
    assert history.marked(store, "x") == NOW


def test_an_action_is_one_transaction(store: Store) -> None:
    with store.changing(), pytest.raises(RuntimeError), store.changing():
        pass


def test_the_connection_is_as_safe_as_promised(store: Store) -> None:
    """R4, R9a"""
    pragmas = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "query_only": 1,
        "wal_autocheckpoint": 0,
    }
    assert {name: store.value(f"PRAGMA {name}") for name in pragmas} == pragmas


def test_every_table_is_strict(store: Store) -> None:
    tables = store.all("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
    loose = [r["name"] for r in tables if not r["strict"] and not r["name"].startswith("sqlite_")]
    assert loose == []


def test_a_mistyped_table_is_an_error_and_makes_none(store: Store) -> None:
    with pytest.raises(LookupError), store.changing():
        store.insert("topiks", slug="x")
    assert store.value("SELECT count(*) FROM sqlite_master WHERE name = 'topiks'") == 0


def test_a_full_disk_is_unavailable_and_heals_by_itself(store: Store) -> None:
    """R7"""
    connection = store.database.conn
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Unavailable):
        _mark(store, (f"{number}" * 50 for number in range(2000)))
    connection.execute("PRAGMA max_page_count=1000000")
    with store.changing():
        history.mark(store, "after", now=NOW)
    assert history.marked(store, "after") == NOW
    assert store.value("SELECT count(*) FROM marks") == 1


def test_the_database_is_ours_alone_in_an_open_folder(tmp_path: Path) -> None:
    """Personal data is readable by nobody else on the machine, the logs beside it included."""
    tmp_path.chmod(0o755)
    made = Store(tmp_path)
    schema.migrate(made)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("eventkit.sqlite3*")}
    made.close()
    assert len(modes) > 1
    assert set(modes.values()) == {0o600}


def test_several_at_once_ask_for_the_room(store: Store) -> None:
    """Threads that look at the same time don't take each other's trial file (R75)."""
    with ThreadPoolExecutor(8) as pool:
        rooms = list(pool.map(lambda _: condition.room(store), range(800)))
    assert min(rooms) > 0
    assert list(store.folder.glob(".trial*")) == []


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable):
        Store(tmp_path / "file" / "data").value("SELECT 1")


def test_instants_need_a_zone_and_have_one_format() -> None:
    assert stamp(datetime.fromisoformat("2026-11-20T10:00:00+01:00")) == "2026-11-20T09:00:00Z"
    assert instant("2026-11-20T09:00:00Z").tzinfo is not None
    with pytest.raises(ValueError, match="zone"):
        stamp(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("value", [Text(), Text(de="ä »x«"), Text(de="a", en="b\n'\"{}")])
def test_texts_survive_the_column(value: Text) -> None:
    assert text(words(value)) == value


def test_searches_forget_case_accents_and_wildcards(store: Store) -> None:
    assert fold("ÜBUNG Łé") == fold("übung łe")
    hit = "SELECT fold(:value) LIKE :words ESCAPE '!'"
    assert store.value(hit, value="100 % Mentor*innen", words=pattern("100 %")) == 1
    assert store.value(hit, value="100 Mentor*innen", words=pattern("0 %")) == 0
    assert store.value(hit, value="a!b", words=pattern("A!")) == 1


def _migrate(folder: Path) -> None:
    schema.migrate(Store(folder))


@pytest.mark.xdist_group("race")
def test_several_processes_starting_at_once_migrate_once(tmp_path: Path) -> None:
    """R9"""
    assert run_at_once(_migrate, [(tmp_path,)] * 4) == [0] * 4
    store = Store(tmp_path)
    assert schema.version(store) == schema.migrations()[-1][0]
    assert store.value("PRAGMA integrity_check") == "ok"


def test_a_newer_database_is_left_alone(store: Store) -> None:
    """R9"""
    with store.writing() as connection:
        connection.execute("PRAGMA user_version=999")
    with pytest.raises(SchemaTooNew, match="999"):
        schema.migrate(store)


def test_an_older_database_is_copied_before_it_is_changed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R9"""
    found = schema.version(store)
    more = "CREATE TABLE more (id INTEGER) STRICT;"
    monkeypatch.setattr(schema, "migrations", lambda: [(found, ""), (found + 1, more)])
    assert schema.migrate(store) == [found + 1]
    kept = store.folder / f"before-schema-{found + 1}.sqlite3"
    assert sqlite3.connect(kept).execute("PRAGMA user_version").fetchone() == (found,)
    assert kept.stat().st_mode & 0o077 == 0


def test_a_database_of_the_second_schema_is_searched_like_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Upgrades from a released schema keep working (R9)."""
    known = schema.migrations()
    monkeypatch.setattr(schema, "migrations", lambda: known[:2])
    old = Store(tmp_path)
    schema.migrate(old)
    with old.changing():
        old.insert(
            "events",
            uid="u" * 32,
            slug="treffen",
            title=Text(de="Übung"),
            zone="Europe/Berlin",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            stage="announced",
            town="Łódź",
            **dict.fromkeys(("created_at", "changed_at", "revised_at"), NOW),
        )
    monkeypatch.undo()
    schema.migrate(old)
    for typed, found in (("ubung", 1), ("ÜBUNG", 1), ("lodz", 0), ("łodz", 1), ("de", 0)):
        assert events.listed(old, words=typed)[1] == found, typed


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE invites SET sent_at = '' WHERE letter_id = 1",
        "SELECT count(*) FROM letters WHERE subscriber_id = 1",
        "SELECT 1 FROM materials WHERE item_id = 1",
        "UPDATE photo_people SET name = '' WHERE registration_id = 1",
        "SELECT * FROM registrations WHERE event_id = 1 AND state = 'waiting' ORDER BY id",
        "SELECT * FROM letters WHERE event_id = 1 ORDER BY id DESC LIMIT 100",
        "SELECT * FROM letters WHERE state = 'queued' AND next_attempt_at < '2026'",
        "SELECT * FROM history WHERE registration_id = 1 ORDER BY id",
    ],
)
def test_what_is_asked_all_the_time_reads_no_whole_table(store: Store, sql: str) -> None:
    """R70: 100,000 rows cost what ten cost."""
    plan = " ".join(row["detail"] for row in store.all(f"EXPLAIN QUERY PLAN {sql}"))
    assert "SEARCH" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_a_broken_migration_leaves_everything_as_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = "CREATE TABLE half (id INTEGER) STRICT;\nINSERT INTO nowhere VALUES (1);\n"
    found = schema.version(store)
    monkeypatch.setattr(schema, "migrations", lambda: [(found, ""), (found + 1, broken)])
    with pytest.raises(sqlite3.OperationalError):
        schema.migrate(store)
    assert schema.version(store) == found
    assert store.value("SELECT count(*) FROM sqlite_master WHERE name = 'half'") == 0
    assert store.value("PRAGMA foreign_keys") == 1


def test_the_schema_refuses_what_must_never_be(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.changing():
        store.insert("topics", slug="x", title="no json", created_at=NOW, changed_at=NOW)
    with pytest.raises(sqlite3.IntegrityError), store.changing():
        store.insert("answers", registration_id=1, question_id=1, value="{}")


def test_files_lie_on_the_shelf_by_content(store: Store) -> None:
    """R21"""
    sha256, size = shelf.put(store, b"slides")
    assert (shelf.read(store, sha256), size) == (b"slides", 6)
    assert shelf.put(store, b"slides") == (sha256, size)
    assert not list((store.folder / "files" / "incoming").iterdir())
    with pytest.raises(ValueError, match="hash"):
        shelf.path(store, "../../etc/passwd")


def test_sweeping_takes_what_nobody_knows_and_is_old(store: Store) -> None:
    kept, _ = shelf.put(store, b"kept")
    gone, _ = shelf.put(store, b"gone")
    assert shelf.sweep(store, [kept], older_than=0) == 0
    assert shelf.sweep(store, [kept], older_than=1e12) == 1
    assert shelf.path(store, kept).exists()
    assert not shelf.path(store, gone).exists()


def test_sweeping_passes_over_what_went_away_meanwhile(store: Store) -> None:
    """Another process may rename or sweep at the same time (R21)."""
    for folder in ("files", "made"):
        gone = store.folder / folder / "ab" / "gone"
        gone.parent.mkdir(parents=True)
        gone.symlink_to("nowhere")  # listed, and not there when it is looked at
    assert shelf.sweep(store, [], older_than=1e12) == 0


def test_a_database_of_the_third_schema_keeps_its_registrations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Registrations and links are moved to new tables; what hangs on them stays (R9)."""
    known = schema.migrations()
    monkeypatch.setattr(schema, "migrations", lambda: known[:3])
    old = Store(tmp_path)
    schema.migrate(old)
    at = dict.fromkeys(("created_at", "changed_at"), NOW)
    with old.changing():
        event_id = old.insert(
            "events",
            uid="u" * 32,
            slug="treffen",
            title=Text(de="Übung"),
            zone="Europe/Berlin",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            stage="announced",
            revised_at=NOW,
            **at,
        )
        registration_id = old.insert(
            "registrations",
            event_id=event_id,
            uid="r" * 32,
            attempt="a",
            name="Łucja",
            email="l@example.org",
            email_key="l@example.org",
            organisation="Übungs e.V.",
            language="de",
            state="confirmed",
            nonce=b"n" * 16,
            feed_nonce=b"f" * 16,
            **at,
        )
        old.insert(
            "consents",
            registration_id=registration_id,
            purpose="privacy",
            text="Ja",
            language="de",
            given_at=NOW,
        )
        registrations.add_token(
            old, token_hash="h" * 64, purpose="feed", subject_id=registration_id, now=NOW
        )
    monkeypatch.undo()
    schema.migrate(old)
    found = registrations.by_token(old, "h" * 64, "feed", now=NOW)
    assert found is not None
    assert (found.name, found.nonce, len(found.consents)) == ("Łucja", b"n" * 16, 1)
    row = old.one("SELECT feed_nonce, organisation_key, places, source FROM registrations")
    assert tuple(row.values()) == (b"f" * 16, "ubungs e.v.", 1, "form")
    assert not old.all("PRAGMA foreign_key_check")
    assert old.value("PRAGMA integrity_check") == "ok"
