"""WebSockets through nginx: spread over both workers, refused to strangers, and never held back."""

import base64
import contextlib
import os
import socket
from urllib.parse import urlsplit

from tests.servers.cluster import wait_until

MANY = 20
PATH = "/socket.io/?EIO=4&transport=websocket"


def shake_hands(cluster, stack, **headers):
    """A WebSocket to the site, the status of the answer, and what came with it."""
    line = stack.enter_context(socket.create_connection(("127.0.0.1", urlsplit(cluster.url).port), 10))
    sent = {"Host": urlsplit(cluster.url).netloc, "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Origin": cluster.url} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    line.sendall(f"GET {PATH} HTTP/1.1\r\n{head}\r\n".encode())
    said = line.recv(4096)
    return line, int(said.split()[1]), said


def test_sockets_are_spread_over_both_workers(cluster):
    workers = cluster.workers

    def counted():
        return [worker.connections() for worker in workers]

    wait_until(lambda: counted() == [0, 0])
    with contextlib.ExitStack() as stack:
        assert {shake_hands(cluster, stack)[1] for _ in range(MANY)} == {101}
        assert sum(counted()) == MANY and min(counted()) >= MANY // 2 - 1
    wait_until(lambda: counted() == [0, 0])


def test_a_page_of_somebody_else_opens_none(cluster):
    with contextlib.ExitStack() as stack:
        assert shake_hands(cluster, stack, Origin="https://evil.example")[1] == 400
        forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        assert shake_hands(cluster, stack, Origin="https://evil.example", **forged)[1] == 400


def test_an_answer_is_not_held_back_by_nginx(cluster):
    """The first packet comes at once, though it is small."""
    with contextlib.ExitStack() as stack:
        line, status, said = shake_hands(cluster, stack)
        assert status == 101
        line.settimeout(2)
        while b'"sid"' not in said:
            said += line.recv(4096)
