"""R8: a backup made under load is whole, and coming back is one command that proves everything."""

import hashlib
import json
import stat
import subprocess
import sys
import zipfile

import pytest

from eventkit.actions import backup
from eventkit.errors import Invalid, Unavailable
from eventkit.model.material import Stored
from eventkit.store import backup as copies
from eventkit.store import files, history, shelf
from eventkit.store.rows import Store

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from eventkit.store import history
from eventkit.store.rows import Store
store, number = Store(Path(sys.argv[1])), 0
while True:
    with store.changing():
        for half in ("first", "second"):
            history.note(store, half, actor="writer", now=datetime(2026, 9, 1, tzinfo=UTC))
    number += 1
    if number == 5:
        print("writing", flush=True)
"""


@pytest.fixture
def full(world):
    """A data folder with rows, two files on the shelf and a key."""
    world.register(world.event(), "Łukasz O’Neill")
    for octets in (b"slides" * 1000, b"portrait" * 500):
        sha256, size = shelf.put(world.store, octets)
        with world.store.changing():
            files.record(world.store, Stored(sha256, "application/pdf", size), now=world.now)
    (world.store.folder / "secret_key").write_text("a key that links depend on")
    return world.store


@pytest.fixture
def archive(full, tmp_path, world):
    target = tmp_path / "backup.zip"
    backup.save(full, target, now=world.now)
    return target


def restored(archive, folder, world, **options):
    return backup.restore(folder, archive, **({"force": False, "now": world.now} | options))


def test_r8_a_backup_under_load_restores_whole(full, world, tmp_path):
    command = [sys.executable, "-c", WRITER, str(full.folder)]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    try:
        assert all(writer.stdout.readline() for writer in writers)
        for number in range(5):
            backup.save(full, tmp_path / f"{number}.zip", now=world.now)
        assert all(writer.poll() is None for writer in writers), "they go on writing"
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    seen = []
    for number in range(5):
        folder = tmp_path / f"restored-{number}"
        summary = restored(tmp_path / f"{number}.zip", folder, world)
        found = copies.inspect(folder / backup.DATABASE)
        store = Store(folder)
        halves = [
            store.value("SELECT count(*) FROM history WHERE verb = :verb", verb=verb)
            for verb in ("first", "second")
        ]
        store.close()
        assert found.faults == ()
        assert found.counts == summary.counts
        assert halves[0] == halves[1], "a transaction was torn"
        seen.append(halves[0])
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]


def test_r8_every_file_and_the_key_come_back(full, archive, world, tmp_path):
    folder = tmp_path / "elsewhere"
    summary = restored(archive, folder, world)
    assert summary.files == 2
    store = Store(folder)
    for sha256 in files.hashes(store):
        assert hashlib.sha256(shelf.read(store, sha256)).hexdigest() == sha256
    assert (folder / "secret_key").read_text() == "a key that links depend on"
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert store.value("SELECT name FROM registrations") == "Łukasz O’Neill"
    store.close()


def test_r8_only_its_owner_can_read_it_and_it_is_marked(full, archive, world):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert history.marked(full, backup.MARK) == world.now
    assert not list(full.folder.glob("backup-*")), "the copy of the database is gone"
    assert [path.name for path in archive.parent.glob(".*")] == []


def test_r8_a_file_missing_on_the_shelf_is_said_not_skipped(full, world, tmp_path):
    shelf.path(full, min(files.hashes(full))).unlink()
    with pytest.raises(Invalid, match="backup_file_missing"):
        backup.save(full, tmp_path / "b.zip", now=world.now)
    assert not (tmp_path / "b.zip").exists()


def test_r7_a_folder_that_is_not_there_is_said(full, world, tmp_path):
    with pytest.raises(Unavailable):
        backup.save(full, tmp_path / "nowhere" / "b.zip", now=world.now)


def test_a_full_folder_is_only_replaced_by_force_and_then_kept(full, archive, world):
    with pytest.raises(Invalid, match="restore_not_empty"):
        restored(archive, full.folder, world)
    with full.changing():
        history.note(full, "after the backup", actor="test", now=world.now)
    full.close()
    summary = restored(archive, full.folder, world, force=True)
    assert full.value("SELECT count(*) FROM history WHERE verb = 'after the backup'") == 0
    old = Store(summary.kept)
    assert old.value("SELECT count(*) FROM history WHERE verb = 'after the backup'") == 1
    old.close()


def test_a_database_in_use_is_not_replaced(full, archive, world):
    assert full.value("SELECT 1") == 1  # this connection stays open
    with pytest.raises(Invalid, match="restore_in_use"):
        restored(archive, full.folder, world, force=True)


def rewritten(archive, target, change):
    """The archive with members changed: `change` gets and gives a dict of name to octets."""
    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(target, "w") as new:
        for name, octets in change(members).items():
            new.writestr(name, octets)
    return target


def a_flipped_bit(members):
    name = next(name for name in members if name.startswith("files/"))
    return members | {name: b"X" + members[name][1:]}


def a_broken_database(members):
    manifest = json.loads(members["manifest.json"])
    octets = members[backup.DATABASE]
    broken = octets[:9000] + b"\xff" * 6000 + octets[15000:]
    entry = {"sha256": hashlib.sha256(broken).hexdigest(), "size": len(broken)}
    manifest["members"][backup.DATABASE] = entry
    return members | {backup.DATABASE: broken, "manifest.json": json.dumps(manifest).encode()}


def other_counts(members):
    manifest = json.loads(members["manifest.json"])
    manifest["counts"]["registrations"] += 1
    return members | {"manifest.json": json.dumps(manifest).encode()}


def without_a_file(members):
    manifest = json.loads(members["manifest.json"])
    name = next(name for name in members if name.startswith("files/"))
    del manifest["members"][name]
    kept = {key: value for key, value in members.items() if key != name}
    return kept | {"manifest.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (a_flipped_bit, "restore_changed"),
        (a_broken_database, "restore_(unsound|counts)"),
        (other_counts, "restore_counts"),
        (without_a_file, "restore_incomplete"),
        (lambda m: {k: v for k, v in m.items() if k != "manifest.json"}, "restore_no_backup"),
        (lambda m: m | {"../../evil": b"x"}, "restore_strange"),
        (lambda m: m | {"/etc/evil": b"x"}, "restore_strange"),
        (lambda m: m | {"files/../secret_key": b"x"}, "restore_strange"),
        (lambda m: m | {"files/" + "A" * 64: b"x"}, "restore_strange"),
        (lambda m: m | {"manifest.json": b"{}"}, "restore_no_backup"),
        (lambda m: m | {"manifest.json": b"[[[["}, "restore_no_backup"),
    ],
)
def test_a_damaged_or_hostile_backup_changes_nothing(archive, world, tmp_path, change, code):
    hostile = rewritten(archive, tmp_path / "hostile.zip", change)
    folder = tmp_path / "elsewhere"
    with pytest.raises(Invalid, match=code):
        restored(hostile, folder, world)
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_what_is_no_archive_is_said(world, tmp_path):
    (tmp_path / "b.zip").write_bytes(b"no archive")
    with pytest.raises(Invalid, match="restore_no_backup"):
        restored(tmp_path / "b.zip", tmp_path / "elsewhere", world)


def test_progress_is_told(full, world, tmp_path):
    told = []
    backup.save(full, tmp_path / "b.zip", now=world.now, progress=lambda *step: told.append(step))
    assert told == [(1, 3), (2, 3), (3, 3)]
