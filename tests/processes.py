"""Processes that race: a server imports everything once, and each racer is forked from it.

A fork of pytest would copy its threads' locks, and a spawned process would import for a second
before it does anything. Tests that race are in the xdist group "race": one server is enough.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["eventkit.web", "tests.world", "tests.actions.test_race"])
LONG = 120.0  # seconds; only a process that hangs takes them


def run_at_once(target: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Start one process for each tuple of arguments; the exit codes when all have ended."""
    runners = [_CONTEXT.Process(target=target, args=each) for each in arguments]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(LONG)
    return [runner.exitcode for runner in runners]
