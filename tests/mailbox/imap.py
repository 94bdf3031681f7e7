"""A small IMAP server over TLS on this machine, with the faults that real ones have."""

import re
import shutil
import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody but the tests trusts."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("imap")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return folder


@dataclass
class Server:
    """One mailbox. `mails` maps UIDs to octets; every connection is one thread."""

    folder: Path
    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    validity: int = 7
    password: str = "geheim"
    breaks_at: str = ""
    commands: list[str] = field(default_factory=list)

    def __enter__(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._socket.close()

    def url(self, password: str = "geheim", folder: str = "INBOX") -> str:
        return f"imaps://events%40example.org:{password}@127.0.0.1:{self.port}/{folder}"

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.folder / "cert.pem")

    def _listen(self):
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain):
        try:
            with self._context.wrap_socket(plain, server_side=True) as line:
                self._talk(line, line.makefile("rb"))
        except OSError:
            return

    def _talk(self, line, heard):
        line.sendall(b"* OK ready\r\n")
        for octets in heard:
            tag, _, command = octets.decode().strip().partition(" ")
            word = command.split()[0].upper()
            word = " ".join(command.upper().split()[:2]) if word == "UID" else word
            self.commands.append(re.sub(r"(LOGIN \S+) .*", r"\1", command))
            if self.breaks_at == word:
                return
            refusal = self._refusal(word, command)
            if refusal:
                line.sendall(f"{tag} NO {refusal}\r\n".encode())
                continue
            for answer in self._answers(word, command):
                line.sendall(answer)
            line.sendall(f"{tag} OK done\r\n".encode())
            if word == "LOGOUT":
                return

    def _refusal(self, word, command):
        if word == "LOGIN" and f'"{self.password}"' not in command:
            return f"[AUTHENTICATIONFAILED] {command.split()[-1]} is wrong"
        if word == "SELECT" and '"INBOX"' not in command:
            return "[NONEXISTENT] no such mailbox"
        return ""

    def _answers(self, word, command):
        match word:
            case "CAPABILITY":
                yield b"* CAPABILITY IMAP4rev1\r\n"
            case "SELECT":
                yield f"* {len(self.mails)} EXISTS\r\n".encode()
                yield f"* OK [UIDVALIDITY {self.validity}] ok\r\n".encode()
            case "UID SEARCH":
                low = re.search(r"UID (\d+):\*", command)
                found = sorted(u for u in self.mails if not low or u >= int(low[1]))
                found = found or sorted(self.mails)[-1:]  # "n:*" always names the last one
                yield ("* SEARCH " + " ".join(map(str, found)) + "\r\n").encode()
            case "UID FETCH":
                yield from self._fetched(command)
            case "UID STORE":
                self.seen.add(int(command.split()[2]))

    def _fetched(self, command):
        for number, uid in enumerate(map(int, command.split()[2].split(",")), 1):
            octets = self.mails.get(uid)
            if octets is None:
                continue
            if "RFC822.SIZE" in command:
                yield f"* {number} FETCH (RFC822.SIZE {len(octets)} UID {uid})\r\n".encode()
                continue
            part = re.search(r"<0\.(\d+)>", command)
            shown = octets[: int(part[1])] if part else octets
            yield f"* {number} FETCH (UID {uid} BODY[] {{{len(shown)}}}\r\n".encode()
            yield shown + b" FLAGS (\\Recent))\r\n"
