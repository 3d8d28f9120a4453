"""Letters hold links that open accounts: they leave sealed where the server can, the password nowhere else."""

import smtplib
import ssl
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from civic_forum.platform import clock, mail_server, outbox
from tests.servers import smtp

from .test_mail_server import READER, post, rows

PASSWORD = "smtp://site:geheim@127.0.0.1:{port}"


@pytest.fixture
def certificate(tmp_path):
    """A file with a certificate of 127.0.0.1 that nobody vouches for, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
    path = tmp_path / "server.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return path


@contextmanager
def served(app, monkeypatch, address="smtp://127.0.0.1:{port}", certificate=None, **given):
    """A mail server that takes letters sealed alone, where it has a certificate; and the passwords that it was told."""
    postbox, told = smtp.Postbox(), []
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        given |= {"tls_context": context, "require_starttls": True}
    server = Controller(postbox, hostname="127.0.0.1", port=postbox.port, auth_require_tls=False, **given,
                        authenticator=lambda *said: told.append(said[-1].password) or AuthResult(success=True))
    monkeypatch.setitem(app.config, "SMTP_URL", address.format(port=postbox.port))
    server.start()
    try:
        yield postbox, told
    finally:
        server.stop()


def test_a_letter_is_sealed_where_the_server_offers_it(app, town, monkeypatch, certificate):
    with served(app, monkeypatch, certificate=certificate) as (postbox, _told):
        post(READER)
        assert outbox.deliver_due() == 1
        assert len(postbox.letters_to(READER)) == 1


def test_the_password_is_told_only_to_a_server_that_proves_who_it_is(app, town, monkeypatch, certificate):
    monkeypatch.setattr(mail_server, "HERE", frozenset())
    with served(app, monkeypatch, PASSWORD, certificate) as (postbox, told):
        post(READER)
        assert outbox.deliver_due() == 0 and told == [] and postbox.letters == []
        assert rows()[0].refused_at is None and rows()[0].due_at
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        post("second@example.org")
        assert outbox.deliver_due() == 1 and told == [b"geheim"]


def test_the_password_is_never_told_in_the_clear_to_another_machine(app, town, monkeypatch, caplog):
    monkeypatch.setattr(mail_server, "HERE", frozenset())
    with served(app, monkeypatch, PASSWORD) as (postbox, told):
        post(READER)
        assert outbox.deliver_due() == 0 and told == [] and postbox.letters == []
        assert "PasswordInTheClear" in caplog.text and "geheim" not in caplog.text


def test_a_relay_on_this_machine_is_told_it_as_before(app, town, monkeypatch):
    with served(app, monkeypatch, PASSWORD) as (postbox, told):
        post(READER)
        assert outbox.deliver_due() == 1 and told == [b"geheim"]


@pytest.mark.both
def test_a_server_that_takes_no_passwords_costs_no_letter(app, town, monkeypatch, postbox):
    monkeypatch.setitem(app.config, "SMTP_URL", PASSWORD.format(port=postbox.port))
    post(READER, "second@example.org")
    monkeypatch.setattr(smtplib.SMTP, "has_extn", lambda self, name: False)
    assert outbox.deliver_due() == 0 and postbox.letters == []
    assert [mail.tries for mail in rows()] == [1, 0]


@pytest.mark.parametrize("address, port", [
    ("smtp://mail.example.org", 25), ("smtps://mail.example.org", 465), ("smtps://mail.example.org:2465", 2465)])
def test_without_a_port_it_is_the_usual_one(monkeypatch, address, port):
    asked = []
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda self, host, port: asked.append((host, port)))
    monkeypatch.setattr(smtplib.SMTP, "ehlo_or_helo_if_needed", lambda self: None)
    monkeypatch.setattr(smtplib.SMTP, "send_message", lambda self, message: None)
    mail_server.MailConnection(address).send(EmailMessage())
    assert asked == [("mail.example.org", port)]
