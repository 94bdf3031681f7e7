"""The process manager: one listening socket, some web processes, one letter worker.

    python -m eventkit.server              what ./run serve starts
    python -m eventkit.server --app M:N    another WSGI application (tests and benchmarks)

The supervisor holds the socket, so a web process that is killed loses no queued connection. It
loads the application once and forks: a successor serves within milliseconds. It opens no
database and starts no thread, so nothing unsafe crosses a fork.
"""

import argparse
import contextlib
import ctypes
import errno
import gc
import importlib
import logging
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from waitress import wasyncore
from waitress.server import create_server

from eventkit.config import load_settings
from eventkit.errors import WrongSetting

GRACE = 20.0  # seconds a running request may take when we are asked to stop
STEADY = 10.0  # a worker that lived so long was well: its next death starts the back-off anew
STEADY_WEB = 1.0  # a web process is loaded before it is born
LONGEST_PAUSE = 30.0
PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)

THREADS = 8
CONNECTIONS = 2000  # per process; slow clients fill these, not the threads
SILENCE = 30  # seconds without a byte before a connection is closed
HEADER_TIME = 20.0  # seconds in which a request's headers must have come
HEADER_BYTES = 32 * 1024
BODY_BYTES = 128 * 1024 * 1024  # the fence; the application sets the narrow limits and says why


def main(argv: Sequence[str] | None = None) -> int:
    """Read the settings, bind the socket, and stand by the children until told to stop."""
    arguments = _arguments(argv)
    try:
        settings = load_settings()
        listener = listen(settings.host, settings.port)
    except (WrongSetting, CannotListen) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    try:
        application = _load(arguments.app)
    except Exception:  # noqa: BLE001 # whatever it is, it is said, and nothing is served
        traceback.print_exc()
        _say("The application can't start; what is wrong is said above.")
        return 1
    children = [
        Child(f"web {number}", steady=STEADY_WEB) for number in range(1, settings.workers + 1)
    ]
    if not arguments.no_worker:
        worker = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        children.append(Child("worker", worker))
    return Supervisor(listener, application, children, settings.base_url).run()


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eventkit.server", description=__doc__)
    parser.add_argument("--app", default="app:app", help="the WSGI application, MODULE:NAME")
    parser.add_argument("--no-worker", action="store_true", help="start no letter worker")
    return parser.parse_args(argv)


class CannotListen(Exception):
    """The address is taken or not ours; the message says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Bind the one socket that all web processes share."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except socket.gaierror as error:
        raise CannotListen(f"EVENTKIT_HOST: {host!r} is no address here ({error}).") from error
    except PermissionError as error:
        raise CannotListen(
            f"Port {port} is reserved for root: set EVENTKIT_PORT to 1024 or more."
        ) from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CannotListen(
                f"EVENTKIT_HOST: can't listen on {host}: {error.strerror}."
            ) from error
        raise CannotListen(
            f"Port {port} on {host} is taken: another program, perhaps eventkit itself, listens "
            "there. Stop it or set EVENTKIT_PORT to another number."
        ) from error
    return listener


# --- The supervisor ---------------------------------------------------------------------------


class Process(Protocol):
    """A running child."""

    def poll(self) -> int | None: ...
    def send_signal(self, sig: int) -> None: ...


class Forked:
    """A child that was forked from here."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """The exit status once it ended, negative for the signal that ended it."""
        if self._status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless it ended."""
        if self.poll() is None:
            os.kill(self._pid, sig)


@dataclass
class Child:
    """One place in the house: what runs there, and since when or from when on.

    Without a command it is a web process, forked from the loaded application.
    """

    name: str
    command: list[str] | None = None
    steady: float = STEADY
    process: Process | None = None
    since: float = 0.0
    due: float = 0.0
    failures: int = 0

    def pause_after_death(self, now: float) -> float:
        """At once the first time, then half a second, doubling: a crash loop costs nothing."""
        self.failures = 1 if now - self.since >= self.steady else self.failures + 1
        return 0.0 if self.failures == 1 else min(0.25 * 2 ** (self.failures - 1), LONGEST_PAUSE)


class Supervisor:
    """Starts the children, starts them again when they die, and stops them in order."""

    def __init__(
        self,
        listener: socket.socket,
        application: Callable[..., Any],
        children: list[Child],
        address: str,
    ) -> None:
        self.listener = listener
        self.application = application
        self.address = address
        self.children = children
        self.stopping = False
        self.served = False  # some web process got as far as serving
        self.heard, self.bell = os.pipe()  # rung by signals and by web processes that are ready
        os.set_blocking(self.heard, False)
        os.set_blocking(self.bell, False)

    def run(self) -> int:
        """Stand by until a signal comes; the exit status is 0 when all went in order."""
        signal.set_wakeup_fd(self.bell, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        gc.collect()
        gc.freeze()  # what is loaded stays shared between the processes
        while not self.stopping:
            now = time.monotonic()
            for child in self.children:
                if child.process is None and child.due <= now:
                    self._start(child, now)
            self._wait(min((c.due for c in self.children if not c.process), default=now + 60) - now)
            self._bury()
        self._stop_children()
        return 0

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _start(self, child: Child, now: float) -> None:
        """Give birth with signals held back: one that comes meanwhile reaches the child settled."""
        child.since = now
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            self._give_birth(child)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _give_birth(self, child: Child) -> None:
        settle = _as_child(os.getpid())
        if child.command:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                preexec_fn=settle,  # noqa: PLW1509 # the supervisor has no threads
            )
            return
        pid = os.fork()
        if pid:
            child.process = Forked(pid)
            return
        try:
            settle()
            self._become_web()
        except BaseException:  # noqa: BLE001 # a child never returns into the supervisor
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def _become_web(self) -> None:
        """In a new child: serve."""
        os.close(self.heard)
        serve_web(self.application, self.listener, ready=self.bell)
        sys.stdout.flush()
        sys.stderr.flush()

    def _wait(self, seconds: float) -> None:
        readable, _, _ = select.select([self.heard], [], [], max(seconds, 0.0))
        if readable and b"R" in os.read(self.heard, 4096) and not self.served:
            self.served = True
            _say(f"eventkit is at {self.address} (stop it with Ctrl-C)")

    def _bury(self) -> None:
        """Take note of the children that died."""
        now = time.monotonic()
        for child in self.children:
            status = child.process.poll() if child.process else None
            if status is None:
                continue
            child.process = None
            pause = child.pause_after_death(now)
            child.due = now + pause
            if not self.stopping:
                how = f"signal {-status}" if status < 0 else f"status {status}"
                _say(f"{child.name} ended ({how}); starts again in {pause:g} s")

    def _stop_children(self) -> None:
        self.listener.close()
        self._signal(signal.SIGTERM)
        patience = time.monotonic() + GRACE + 2
        while any(c.process for c in self.children) and time.monotonic() < patience:
            self._wait(patience - time.monotonic())
            self._bury()
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for child in self.children:
            if child.process:
                child.process.send_signal(number)


def _as_child(parent: int) -> Callable[[], None]:
    """What a new child does before its program starts: Ctrl-C and our death reach it as SIGTERM."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def settle() -> None:
        """Forget the supervisor's signals; those that were held back come through now."""
        signal.set_wakeup_fd(-1)
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        if libc:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died while we were being born
            os._exit(0)

    return settle


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# --- A web process ----------------------------------------------------------------------------


def serve_web(application: Callable[..., Any], listener: socket.socket, *, ready: int) -> None:
    """Serve on the shared socket until SIGTERM, then finish what is running."""
    parent = os.getppid()
    _raise_file_limit()
    web = WebProcess(application, listener)
    signal.signal(signal.SIGTERM, web.stop)
    with contextlib.suppress(OSError):
        os.write(ready, b"R")
    web.run(lambda: os.getppid() == parent)


def _load(app: str) -> Callable[..., Any]:
    """The application, with its templates compiled where it has any."""
    module, _, name = app.partition(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), name or "app")
    warm_up = getattr(loaded, "extensions", {}).get("warm_up")
    if warm_up is not None:
        warm_up()
    return loaded


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS + 500  # a connection, and perhaps a file that it is being sent
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class WebProcess:
    """waitress with a deadline for headers and an end that loses no request."""

    def __init__(self, application: Callable[..., Any], listener: socket.socket) -> None:
        self.stopping = False
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a burst is no event
        self.server: Any = create_server(
            application,
            sockets=[listener],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENCE,
            cleanup_interval=5,
            asyncore_use_poll=True,
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=BODY_BYTES,
            ident=None,  # no Server header
            clear_untrusted_proxy_headers=False,  # EVENTKIT_TRUSTED_PROXIES: the application's
        )
        self.swept = 0.0

    def stop(self, *_: object) -> None:
        """Ask for the end; safe in a signal handler."""
        self.stopping = True
        self.server.pull_trigger()

    def run(self, parent_lives: Callable[[], bool]) -> None:
        """Serve; then close the door, finish what was begun, and close what idles."""
        while not self.stopping and parent_lives():
            self._turn()
        wasyncore.dispatcher.close(self.server)
        deadline = time.monotonic() + GRACE
        while self._close_idle() and time.monotonic() < deadline:
            self._turn(0.2)
        self.server.task_dispatcher.shutdown(timeout=1)

    def _turn(self, patience: float = 1.0) -> None:
        self.server.asyncore.loop(timeout=patience, map=self.server._map, use_poll=True, count=1)
        now = time.time()
        if now - self.swept >= 1.0:
            self.swept = now
            for channel in self._channels():
                if channel.request is None or channel.request.headers_finished:
                    channel.headers_since = None
                elif getattr(channel, "headers_since", None) is None:
                    channel.headers_since = now
                elif now - channel.headers_since > HEADER_TIME:
                    channel.will_close = True

    def _close_idle(self) -> bool:
        """Close connections that wait for nothing; true while others are still at work."""
        busy = False
        for channel in self._channels():
            if channel.requests or channel.request is not None or channel.total_outbufs_len:
                busy = True
            else:
                channel.handle_close()
        return busy

    def _channels(self) -> list[Any]:
        return list(self.server.active_channels.values())


if __name__ == "__main__":
    sys.exit(main())
