"""The sockets of forums: who may hold one, and what it hears. They only tell; everything that is done is a form.

A client connects to `/socket.io` by WebSocket alone with auth {forum: slug, after: number, language}, and may say
`after` with a number when it notices a gap. Nothing else that it says means anything.
"""

import time
from collections import Counter
from functools import partial
from secrets import token_hex
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, g, request

from civic_forum.platform import clock, delivery, security_log
from civic_forum.platform.events import on
from civic_forum.platform.i18n import Language, known
from civic_forum.platform.security_log import Refused
from civic_forum.platform.networks import network
from civic_forum.platform.web import visitor

from ..events import ForumHappened
from .. import queries as forums
from ..models import Forum
from ..policy import ForumContext, may_read, runs
from .subscribers import Subscriber, Subscribers, View, count_off
from .websocket import KEY, MOST_BYTES, Engine, Visit, WebSocketConnection
from flask_socketio import ConnectionRefusedError as SocketRefused, SocketIO
from .connection_throttle import ConnectionThrottle
from .broadcaster import Broadcaster
from .messages import packet

NAME = "forum_sockets"
PATH = "/socket.io/"
PING_S, PONG_S = 10, 10
"""A dead telephone is noticed within both together."""
MOST_OF_USER = 10
KEPT = 0.2
"""Share of the places that visitors leave to people who are signed in."""


def of_this_application() -> "Sockets":
    return current_app.extensions[NAME]


@on(ForumHappened)
def wake(_fact: ForumHappened) -> None:
    of_this_application().happened()


class Sockets:
    """All sockets of this process, before the application: `app.wsgi_app` asks it first."""

    def __init__(self, app: Flask):
        self.app, self.subscribers = app, Subscribers()
        self.connections: set[WebSocketConnection] = set()
        self.of_address: Counter[str] = Counter()
        self.throttle = ConnectionThrottle()
        self.wakeup = self._wakeup(app.config["REDIS_URL"])
        self.socketio = SocketIO(
            app, async_mode="threading", path=PATH, transports=["websocket"], cors_allowed_origins=self.is_ours,
            max_http_buffer_size=MOST_BYTES, ping_interval=PING_S, ping_timeout=PONG_S, async_handlers=False,
            manage_session=False)
        self.server = self.socketio.server
        self.engine = Engine(self.server, self._connection)
        self.broadcaster = Broadcaster(app, self, self.wakeup)
        self.socketio.on_event("connect", self._connect)
        self.server.on("after", self._after)
        self.server.on("disconnect", self._disconnect)
        self.inner, app.wsgi_app = app.wsgi_app, self
        app.extensions[NAME] = self

    def _wakeup(self, url: str):
        """The line to the other workers, if there are any."""
        if not url:
            return None
        from .redis_wakeup import RedisWakeup
        return RedisWakeup(url, token_hex(6), self.wake)

    def __call__(self, environ, start_response):
        """Count the sockets of an address, and of all. Pages of other sites are refused before anything else, and
        where somebody broke the rules others wait for their turn to come in."""
        if not environ["PATH_INFO"].startswith(PATH):
            return self.inner(environ, start_response)
        start_response = partial(self._start, start_response)
        if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
            return self.inner(environ, start_response)
        if "HTTP_ORIGIN" in environ and not self.is_ours(environ["HTTP_ORIGIN"], environ):
            return refused(start_response, "400 Bad Request")
        address = network(environ.get("REMOTE_ADDR"))
        if not self._has_room(address, environ) or (turn := self.throttle.turn(address)) is None:
            return refused(start_response, "503 Service Unavailable", ("Retry-After", "10"))
        self.of_address[address] += 1
        environ[KEY] = visit = Visit()
        try:
            time.sleep(turn)
            return self.inner(environ, start_response)
        finally:
            count_off(self.of_address, address)
            self.connections.discard(visit.connection)
            if visit.connection and visit.connection.broke:
                self.throttle.broke(address)
                self.app.extensions[security_log.NAME].note(Refused.SOCKET, address, PATH)

    def _start(self, start_response, status: str, headers, *trouble):
        """Begin an answer that is no socket, with the headers of every answer."""
        of_all = [("Cache-Control", "no-store"), *delivery.headers(self.app.config)]
        return start_response(status, [*headers, *of_all], *trouble)

    def _has_room(self, address: str, environ) -> bool:
        """A part of all places, and of those of an address, is kept for people who are signed in."""
        share = 1.0 if self._is_signed_in(environ) else 1 - KEPT
        config = self.app.config
        return (len(self.connections) < config["FORUM_SOCKETS"] * share
                and self.of_address[address] < config["FORUM_SOCKETS_ADDRESS"] * share)

    def _is_signed_in(self, environ) -> bool:
        """By the signature of the cookie alone: the database is asked once the socket is open."""
        session = self.app.session_interface.open_session(self.app, Request(environ))
        return bool(session and session.get("_user_id"))

    def is_ours(self, origin: str | None, environ) -> bool:
        """True if a page of this site asks: of the address in the settings, or of the one that it was asked at (behind
        as many proxies as the settings say). Who is no browser names none."""
        site = urlsplit(self.app.config["URL"])
        here = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
        return origin in (f"{site.scheme}://{site.netloc}", here)

    def happened(self) -> None:
        """Something stands in the list that was not told."""
        self.broadcaster.wake()
        if self.wakeup:
            self.wakeup.say()

    def wake(self) -> None:
        self.broadcaster.wake()

    def send(self, text: str, subscribers: list[Subscriber]) -> None:
        """Tell all of these the same packet."""
        self.engine.send(text, [subscriber.socket for subscriber in subscribers])

    def is_connected(self, subscriber: Subscriber) -> bool:
        return self.engine.is_connected(subscriber.sid)

    def drop(self, subscriber: Subscriber, why: str) -> None:
        """Hang up. Who is slow is cut off: what waits for them would never leave."""
        self.subscribers.remove(subscriber.sid)
        if why == "slow":
            subscriber.connection.cut()
            return
        self.send(packet(why, {}), [subscriber])
        self.engine.hang_up(subscriber.sid, subscriber.socket)

    def _connection(self, handler, server) -> WebSocketConnection:
        connection = WebSocketConnection(handler, server)
        self.connections.add(connection)
        self.broadcaster.begin()
        return connection

    def _connect(self, auth) -> None:
        """Somebody wants to listen. Runs in the context of the request that became the socket."""
        slug, after, language = asked_for(auth)
        user = visitor()
        forum = forums.slugged(slug) if slug else None
        if forum is None or may_read(user, forum):
            raise SocketRefused("refused")
        user_id = user.id if user.is_authenticated else None
        if user_id and self.subscribers.of_user[user_id] >= MOST_OF_USER:
            raise SocketRefused("busy")
        view = view_at(forum, user, language)
        connection = request.environ[KEY].connection
        connection.seated = True
        subscriber = Subscriber(request.sid, self.engine.socket(request.sid), connection, forum.id, view, user_id,
                                g.get("user_session_id"))
        self.subscribers.add(subscriber)
        self.broadcaster.hear(subscriber, after)

    def _after(self, sid: str, after=None, *_rest) -> None:
        if (subscriber := self.subscribers.by_sid.get(sid)) and is_number(after):
            self.broadcaster.hear(subscriber, after)

    def _disconnect(self, sid: str, _reason=None) -> None:
        self.subscribers.remove(sid)


def refused(start_response, status: str, *headers: tuple[str, str]) -> list:
    start_response(status, [("Content-Length", "0"), *headers])
    return []


def view_at(forum: Forum, user, language: Language) -> View:
    """View of the forum for this user now."""
    standing = forums.attendance(forum, user, clock.now())
    return View(language, bool(runs(user, ForumContext(forum, standing, clock.now()))),
                standing.hosted_table_ids | ({standing.table_id} - {None} if standing.takes_part else set()))


def present(forum_id: int) -> int:
    """Number of listeners to a forum now, as far as this worker knows."""
    return of_this_application().broadcaster.present(forum_id)


def is_number(value) -> bool:
    return type(value) is int and 0 <= value < 2 ** 53


def asked_for(auth) -> tuple[str | None, int, Language]:
    """Fields of a client that connects: the forum's slug or None, the number it knows, the language."""
    if not isinstance(auth, dict) or not isinstance(auth.get("forum"), str) or not is_number(auth.get("after")):
        return None, 0, Language.KO
    return auth["forum"], auth["after"], known(auth.get("language"))
