"""Insides of Engine.IO and Socket.IO that the WebSocket of forums relies on: there, in the shape that it relies on."""

import inspect
import re
from operator import attrgetter
from pathlib import Path

import pytest
import socketio
from engineio.socket import Socket
from werkzeug.test import EnvironBuilder

from civic_forum.forums.live import websocket


@pytest.fixture
def server():
    """As Flask-SocketIO makes it, untouched."""
    return socketio.Server(async_mode="threading", transports=["websocket"])


def named(thing, name):
    """Value of a dotted name; the last step may be a key of a dict."""
    owner, _dot, last = name.rpartition(".")
    found = attrgetter(owner)(thing) if owner else thing
    return found[last] if isinstance(found, dict) else getattr(found, last)


@pytest.mark.parametrize(("name", "shape"), websocket.INNER)
def test_the_server_has_what_is_touched(server, name, shape):
    assert is_so(named(server, name), shape)


@pytest.mark.parametrize(("name", "shape"), websocket.INNER_SOCKET)
def test_a_socket_has_what_is_touched(server, name, shape):
    assert is_so(named(Socket(server.eio, "sid"), name), shape)


def is_so(found, shape):
    return isinstance(found, shape) if isinstance(shape, type) else tuple(inspect.signature(found).parameters) == shape


def test_an_upgrade_is_served_by_what_was_put_in(server):
    served = []
    websocket.Engine(server, lambda handler, of: lambda environ, start: served.append((handler, of)) or [])
    environ = EnvironBuilder("/socket.io/?EIO=4&transport=websocket", headers={
        "Connection": "Upgrade", "Upgrade": "websocket"}).get_environ()
    server.eio.handle_request(environ, lambda _status, _headers: None)
    [(handler, of)] = served
    assert of is server.eio and handler.__name__ == "_websocket_handler"


def test_nothing_else_of_forums_reaches_into_them():
    folder = Path(websocket.__file__).parent
    inner = re.compile(r"\bengineio\b|\.(eio|manager)\b|\bfrom socketio\b|\bimport socketio\b")
    assert [path.name for path in folder.glob("*.py") if inner.search(path.read_text("utf-8"))] == ["websocket.py"]
