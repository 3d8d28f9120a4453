"""The application of the tests, served to a real browser from a thread of this process."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from tests import factories


class Silent(WSGIRequestHandler):
    def log(self, *_args):
        """Say nothing."""


def closed_at_once(app: Callable) -> Callable:
    """The same application; its answers are read to the end and closed before anything is sent.

    The server of the tests does not close an answer (and its file) if the browser goes away before the end.
    That of production does (gunicorn), so the application itself sends files as they are.
    """
    def read(environ, start_response):
        with closing(ClosingIterator(app(environ, start_response))) as answer:
            return list(answer)

    return read


@contextmanager
def served(app: Callable, port: int = 0) -> Iterator[str]:
    """The address at which the application answers; at this port where it answered before."""
    server = make_server("127.0.0.1", port, closed_at_once(app), threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sign_in(page, app: Flask, address: str, user):
    """Give a window the cookie of a session of this user."""
    cookie = SecureCookieSessionInterface().get_signing_serializer(app).dumps(
        {"_user_id": factories.signed_in(user), "_fresh": True})
    page.context.add_cookies([{"name": "session", "value": cookie, "url": address}])
    return page
