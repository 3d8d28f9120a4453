"""The site as after a change of every table: each request makes all sections of its page."""

from .standing import app


def _forget() -> None:
    for name in ("sections", "own_sections"):
        app.extensions[name].clear()


app.before_request_funcs[None].insert(0, _forget)
