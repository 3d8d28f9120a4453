"""The site without the cache of pages: what sections keep stands. Each answer says how many statements it took."""

import sqlalchemy as sa

import config
from civic_forum.app import create_app
from civic_forum.platform.base import db

app = create_app(config.load(LIMIT_ADDRESS=10**9, LIMIT_SIGN_IN_NAME=10**9))
app.extensions["pages"].put = lambda *_page: None
_serve, _sent = app.wsgi_app, []
with app.app_context():
    sa.event.listen(db.engine, "before_cursor_execute", lambda *sent: _sent.append(sent[2]))


def _counted(environ, start_response):
    def start(status, headers, *rest):
        number = sum(not statement.startswith(("BEGIN", "PRAGMA")) for statement in _sent)
        return start_response(status, [*headers, ("Statements", str(number))], *rest)

    _sent.clear()
    return _serve(environ, start)


app.wsgi_app = _counted
