"""Letters get out, or it is said why not: a folder, and real SMTP servers on this machine (R6)."""

import os
import shutil
import socket
import ssl
import stat
import subprocess
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from eventkit.config import MailSettings
from eventkit.transport import Carrier, TransportError, deliver


def letter(number=1, to="bo@example.com", message_id=None):
    message = EmailMessage(policy=policy.SMTP)
    message["Date"] = datetime(2027, 3, 12, 9, 30, number, tzinfo=UTC)
    message["Message-ID"] = message_id or f"<{number}@events.example.org>"
    message["From"] = "post@netzwerk.example"
    local, _, domain = to.rpartition("@")
    message["To"] = Address("Bo Öz", local, domain)
    message["Subject"] = "Grüße"
    message.set_content("Hallo Łucja\n.\n")
    return message


def folder_mail(folder):
    return MailSettings("folder", "post@netzwerk.example", folder)


# --- the folder


def test_a_letter_becomes_one_private_file_that_reads_back(tmp_path):
    folder = tmp_path / "mail"
    deliver(letter(), folder_mail(folder))
    (file,) = folder.iterdir()
    assert file.name.startswith("20270312T093001-")
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    octets = file.read_bytes()
    assert octets.count(b"\n") == octets.count(b"\r\n")
    read = message_from_bytes(octets, policy=policy.default)
    assert read["Subject"] == "Grüße"
    assert read.get_content().splitlines() == ["Hallo Łucja", "."]


def test_a_retry_is_the_same_file_and_other_letters_are_others(tmp_path):
    mail = folder_mail(tmp_path)
    for number in (1, 1, 2, 3):
        deliver(letter(number), mail)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert len(names) == 3
    assert [name[13:15] for name in names] == ["01", "02", "03"]


@pytest.mark.parametrize("hostile", ["<../../x@y>", "</etc/passwd>", "<" + "x" * 500 + "@y>"])
def test_a_message_id_never_chooses_the_path(tmp_path, hostile):
    folder = tmp_path / "mail"
    deliver(letter(message_id=hostile), folder_mail(folder))
    (file,) = folder.iterdir()
    assert len(file.name) == len("20270312T093001-0123456789abcdef.eml")
    assert [entry.name for entry in tmp_path.iterdir()] == ["mail"]


def test_a_letter_that_cannot_be_written_is_given_up(tmp_path):
    with pytest.raises(TransportError) as caught:
        deliver(letter(message_id="<ü@y>"), folder_mail(tmp_path))
    assert caught.value.permanent
    assert list(tmp_path.iterdir()) == []


def test_a_date_in_another_zone_is_sorted_by_utc(tmp_path):
    message = letter()
    message.replace_header("Date", "Fri, 12 Mar 2027 01:00:00 +0200")
    deliver(message, folder_mail(tmp_path))
    assert next(tmp_path.iterdir()).name.startswith("20270311T230000-")


def test_a_letter_without_date_is_written_all_the_same(tmp_path):
    message = letter()
    del message["Date"]
    deliver(message, folder_mail(tmp_path))
    assert next(tmp_path.iterdir()).name.startswith("00000000T000000-")


def test_a_folder_that_cannot_be_written_is_a_passing_trouble(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(TransportError) as caught:
        deliver(letter(), folder_mail(blocked / "mail"))
    assert not caught.value.permanent
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_write_that_breaks_leaves_no_half_letter(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TransportError, match="No space left"):
        deliver(letter(), folder_mail(tmp_path))
    assert list(tmp_path.iterdir()) == []


# --- SMTP


class Box:
    """A mailbox that keeps what arrives; a hook may answer otherwise."""

    def __init__(self):
        self.letters, self.options, self.sessions, self.secure = [], [], set(), []
        self.answers = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        self.options.append(options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.sessions.add(session.peer)
        self.secure.append(session.ssl is not None)
        if self.answers.get("DATA") == "drop":
            server.transport.abort()
            return "451 gone"
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.letters.append(envelope)
        return "250 OK"


@contextmanager
def server(box=None, **options):
    box = box or Box()

    class Local(Controller):
        def factory(self):
            return SMTP(self.handler, enable_SMTPUTF8=True, hostname="mx.example", **options)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Local(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, MailSettings("smtp", "post@netzwerk.example", host="127.0.0.1", port=port)
    finally:
        controller.stop()


def test_a_letter_arrives_over_smtp_as_it_was_written():
    with server() as (box, mail):
        deliver(letter(), mail)
    (arrived,) = box.letters
    assert arrived.mail_from == "post@netzwerk.example"
    assert arrived.rcpt_tos == ["bo@example.com"]
    read = message_from_bytes(arrived.content, policy=policy.default)
    assert read["To"].addresses[0].display_name == "Bo Öz"
    assert read.get_content().splitlines() == ["Hallo Łucja", "."]


def test_several_letters_share_one_connection():
    with server() as (box, mail), Carrier(mail) as carrier:
        for number in range(5):
            carrier.send(letter(number))
    assert len(box.letters) == 5
    assert len(box.sessions) == 1


@pytest.mark.parametrize(
    ("step", "answer", "permanent"),
    [
        ("bo@example.com", "550 5.1.1 no such user", True),
        ("bo@example.com", "450 4.2.1 greylisted", False),
        ("bo@example.com", "421 4.3.2 busy", False),
        ("MAIL", "550 5.7.1 not for you", False),
        ("DATA", "554 5.7.1 spam", False),
        ("DATA", "452 4.3.1 full", False),
        ("DATA", "drop", False),
    ],
)
def test_a_refusal_is_told_apart_and_the_next_letter_goes_out(step, answer, permanent):
    with server() as (box, mail), Carrier(mail, timeout=30) as carrier:
        box.answers[step] = answer
        with pytest.raises(TransportError) as caught:
            carrier.send(letter(1))
        assert caught.value.permanent is permanent
        assert caught.value.message
        box.answers.clear()
        carrier.send(letter(2))
    assert [envelope.rcpt_tos for envelope in box.letters] == [["bo@example.com"]]


def test_a_refusal_names_the_servers_words():
    with server() as (box, mail):
        box.answers["bo@example.com"] = "550 5.1.1 no such user here"
        with pytest.raises(TransportError, match=r"^550 5\.1\.1 no such user here$"):
            deliver(letter(), mail)


def test_a_connection_lost_between_letters_is_opened_again():
    with server() as (box, mail), Carrier(mail) as carrier:
        carrier.send(letter(1))
        carrier._server.sock.shutdown(socket.SHUT_RDWR)
        carrier.send(letter(2))
    assert len(box.letters) == 2
    assert len(box.sessions) == 2


def test_nobody_listening_is_a_passing_trouble():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        mail = MailSettings("smtp", "a@b.example", host="127.0.0.1", port=probe.getsockname()[1])
    with pytest.raises(TransportError) as caught:
        deliver(letter(), mail)
    assert not caught.value.permanent


@contextmanager
def silent_server(greeting=b""):
    """Takes connections, says the greeting and then nothing."""
    taken = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept():
            connection, _ = listener.accept()
            connection.sendall(greeting)
            taken.append(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield MailSettings("smtp", "a@b.example", host="127.0.0.1", port=listener.getsockname()[1])
        thread.join(30)
        for connection in taken:
            connection.close()


@pytest.mark.parametrize("greeting", [b"", b"220 hello\r\n", b"junk\r\n"])
def test_a_server_that_hangs_is_given_up_in_time(greeting):
    with silent_server(greeting) as mail, pytest.raises(TransportError) as caught:
        deliver(letter(), mail, timeout=0.3)
    assert not caught.value.permanent


def test_an_address_beyond_ascii_needs_smtputf8():
    with server() as (box, mail):
        deliver(letter(to="jürgen@example.com"), mail)
        assert "SMTPUTF8" in box.options[0]
        assert box.letters[0].rcpt_tos == ["jürgen@example.com"]
        assert b"J\xc3\xbcrgen" not in box.letters[0].content
        assert "jürgen@example.com".encode() in box.letters[0].content


def test_a_server_without_smtputf8_can_never_reach_such_an_address():
    class Old(SMTP):
        async def smtp_EHLO(self, hostname):  # noqa: N802
            self.session.host_name = hostname
            self.session.extended_smtp = True
            await self.push("250 mx.example")

    box = Box()

    class Local(Controller):
        def factory(self):
            return Old(self.handler, hostname="mx.example")

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Local(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mail = MailSettings("smtp", "post@netzwerk.example", host="127.0.0.1", port=port)
        with Carrier(mail) as carrier:
            with pytest.raises(TransportError) as caught:
                carrier.send(letter(to="jürgen@example.com"))
            assert caught.value.permanent
            carrier.send(letter())
    finally:
        controller.stop()
    assert len(box.letters) == 1


@pytest.mark.parametrize("header", ["To", "From"])
def test_a_letter_needs_exactly_one_sender_and_one_receiver(header):
    message = letter()
    message.replace_header(header, "a@b.example, c@d.example")
    with server() as (box, mail), pytest.raises(TransportError, match=header) as caught:
        deliver(message, mail)
    assert caught.value.permanent
    assert not box.letters


# --- encryption and passwords


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody but the tests trusts."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
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


def server_context(folder: Path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def trusting(folder: Path):
    return ssl.create_default_context(cafile=folder / "cert.pem")


def accept_password(server, session, envelope, mechanism, data):
    known = data.login == b"user" and data.password == b"secret"
    return AuthResult(success=known, handled=False)


def with_password(mail, password="secret"):
    return MailSettings(
        mail.kind, mail.sender, host=mail.host, port=mail.port, user="user", password=password
    )


def test_a_password_travels_only_encrypted(certificate):
    options = {"tls_context": server_context(certificate), "authenticator": accept_password}
    with server(**options, auth_required=True) as (box, mail):
        with Carrier(with_password(mail), context=trusting(certificate)) as carrier:
            carrier.send(letter())
        assert box.secure == [True]


def test_a_wrong_password_is_a_passing_trouble(certificate):
    options = {"tls_context": server_context(certificate), "authenticator": accept_password}
    wrong = "falsch"
    with server(**options, auth_required=True) as (box, mail):
        carrier = Carrier(with_password(mail, wrong), context=trusting(certificate))
        with carrier, pytest.raises(TransportError, match="535") as caught:
            carrier.send(letter())
        assert not caught.value.permanent
        assert wrong not in caught.value.message
        assert not box.letters


def test_a_certificate_nobody_trusts_is_refused(certificate):
    options = {"tls_context": server_context(certificate), "authenticator": accept_password}
    with server(**options, auth_required=True) as (box, mail):
        with pytest.raises(TransportError, match=r"(?i)certificate") as caught:
            deliver(letter(), with_password(mail))
        assert not caught.value.permanent
        assert not box.letters


def test_a_server_without_encryption_gets_no_password():
    options = {"authenticator": accept_password, "auth_require_tls": False}
    with server(**options) as (box, mail), pytest.raises(TransportError, match="password not sent"):
        deliver(letter(), with_password(mail))
    assert not box.letters


def test_a_server_on_this_machine_needs_no_certificate_without_a_password(certificate):
    with server(tls_context=server_context(certificate)) as (box, mail):
        deliver(letter(), mail)
        assert box.secure == [False]


def test_starttls_is_used_where_it_is_offered_on_another_host(certificate, monkeypatch):
    monkeypatch.setattr("eventkit.transport._LOOPBACK", set())
    with server(tls_context=server_context(certificate)) as (box, mail):
        with Carrier(mail, context=trusting(certificate)) as carrier:
            carrier.send(letter())
        assert box.secure == [True]


def test_smtps_is_encrypted_from_the_first_octet(certificate):
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(
        box, hostname="127.0.0.1", port=port, ssl_context=server_context(certificate)
    )
    # The controller's own greeting check trusts its certificate only when told to.
    controller.ssl_context.check_hostname = False
    controller.start()
    try:
        mail = MailSettings("smtps", "post@netzwerk.example", host="127.0.0.1", port=port)
        with Carrier(mail, context=trusting(certificate)) as carrier:
            carrier.send(letter())
    finally:
        controller.stop()
    assert len(box.letters) == 1
