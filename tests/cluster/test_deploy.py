"""Files in deploy/ for a real site: they are those that the tests have run, and valid."""

import datetime
import os
import re
import shlex
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import config
from civic_forum import serve
from civic_forum.cluster import nginx
from civic_forum.cluster.rooms import ServiceDirectory
from civic_forum.platform import clock
from tests.servers import processes

DEPLOY = config.ROOT / "deploy"
UNITS = sorted(path for path in (DEPLOY / "systemd").iterdir())
NAME = "forum.example.org"


def test_the_example_of_settings_is_understood(monkeypatch, tmp_path):
    example = {"CIVIC_FORUM_SETTINGS": str(DEPLOY / "settings.example")}
    with pytest.raises(config.SettingError, match="CONTACT_EMAIL"):
        config.load(example)
    values = config.load(example | {"CIVIC_FORUM_CONTACT_EMAIL": "help@district.example"})
    assert values["PROXY_HOPS"] == 1 and values["COOKIE_SECURE"] and values["DATABASE_URL"].startswith("postgresql://")


def test_the_unit_starts_the_web_server_as_the_cluster_does():
    unit = (DEPLOY / "systemd" / "civic_forum-web@.service").read_text().replace("\\\n", " ")
    deployed = options(shlex.split(re.search("^ExecStart=(.+)$", unit, re.M)[1]))
    with socket.socket() as listener:
        tested = options(serve.web_server(listener, "web-%i"))
    assert deployed.pop("--bind") == "unix:/run/civic_forum/web-%i.sock" and deployed.pop("--umask") == "0o117"
    del tested["--bind"]
    assert deployed == tested


def options(command):
    """Option → value of a command line, without the program before them."""
    words = command[command.index("gunicorn") + 1:]
    found, name = {}, None
    for word in words:
        if word.startswith("--"):
            name = word
            found[name] = None
        elif name and found[name] is None and name != "--no-control-socket":
            found[name] = word
    return found


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    for path in UNITS:
        text = path.read_text().replace("/opt/civic_forum/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(re.sub(r"^(User|Group)=civic_forum$", r"\1=root", text, flags=re.M))
    said = subprocess.run(["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.iterdir())],
                          capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("unit", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.stem)
def test_no_unit_may_more_than_it_needs(unit):
    lines = unit.read_text().splitlines()
    assert {"User=civic_forum", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
            "CapabilityBoundingSet=", "UMask=0077"} <= set(lines)


@contextmanager
def deployed(cluster, tmp_path):
    """The ports of an nginx that runs the site's file for TLS before the workers of the cluster."""
    plain, secure = processes.free_port(), processes.free_port()
    sockets, home = ServiceDirectory(cluster.data / "nginx", nginx.OWNER), ServiceDirectory(tmp_path / "nginx",
                                                                                            nginx.OWNER)
    moved = {"/run/civic_forum/": f"{sockets.inside}/", "/var/cache/civic_forum": f"{home.inside}/cache",
             "/opt/civic_forum/deploy/nginx/": f"{home.inside}/", "listen [::]:80": "#", "listen [::]:443": "#",
             "listen 80": f"listen 127.0.0.1:{plain}", "listen 443": f"listen 127.0.0.1:{secure}",
             f"/etc/letsencrypt/live/{NAME}/": f"{home.inside}/"}
    for name in ("http.conf", "site.conf", "civic_forum.conf"):
        text = (DEPLOY / "nginx" / name).read_text()
        for there, here in moved.items():
            text = text.replace(there, here)
        home.write(name, text)
    for name, text in certificate().items():
        home.write(name, text)
    home.write("nginx.conf", nginx.frame(home.inside, f"include {home.inside}/civic_forum.conf;"))
    files = (sockets.file, home.file)
    server = processes.start(nginx.command(home.inside), home.output(), home.account and home.account.pw_name, cwd="/",
                             pass_fds=files)
    try:
        processes.wait_until(lambda: processes.answers(secure), server, home.output())
        yield plain, secure
    finally:
        processes.stop(server)
        for file in files:
            os.close(file)


def certificate():
    """One that nobody vouches for."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    begins = clock.now() - datetime.timedelta(days=1)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(begins)
            .not_valid_after(begins + datetime.timedelta(days=30))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
            .sign(key, hashes.SHA256()))
    pem = serialization.Encoding.PEM
    return {"fullchain.pem": made.public_bytes(pem).decode(), "privkey.pem": key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()}


def ask(connection, path, name=NAME):
    connection.request("GET", path, headers={"Host": name})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers


def trusting():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_the_deployed_nginx_serves_the_site_by_tls_alone(cluster, tmp_path):
    with deployed(cluster, tmp_path) as (plain, secure):
        status, headers = ask(HTTPConnection("127.0.0.1", plain), "/proposals?page=2")
        assert (status, headers["Location"]) == (308, f"https://{NAME}/proposals?page=2")
        for path in ("/", "/static/css/app.css?v=1"):
            status, headers = ask(by_name(secure), path)
            assert status == 200 and headers["X-Frame-Options"] == "DENY"
        assert headers["Strict-Transport-Security"].startswith("max-age=")
        assert shaken(secure, "ECDHE-ECDSA-AES128-GCM-SHA256") == "TLSv1.2"
        assert shaken(secure, "ECDHE-ECDSA-AES128-SHA") is None


def shaken(port, cipher):
    """The version of TLS on which both agree with this cipher of 1.2; None for a refusal."""
    context = trusting()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(cipher)
    try:
        with (socket.create_connection(("127.0.0.1", port), 10) as plain,
              context.wrap_socket(plain, server_hostname=NAME) as sealed):
            return sealed.version()
    except ssl.SSLError:
        return None


def test_by_another_name_nobody_is_answered(cluster, tmp_path):
    with deployed(cluster, tmp_path) as (plain, secure):
        with pytest.raises(OSError):
            ask(HTTPConnection("127.0.0.1", plain), "/", "evil.example")
        with pytest.raises(OSError):
            ask(HTTPSConnection("127.0.0.1", secure, context=trusting()), "/", "evil.example")


class ByName(HTTPSConnection):
    """To this machine, whatever the name."""

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), 10)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


def by_name(port):
    return ByName(NAME, port, context=trusting())
