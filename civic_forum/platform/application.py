"""Flask without what no request of this site needs: async views, a new signer each time, modules of imports looked up.
"""

from collections.abc import Callable, Collection
from typing import Any

import jinja2
from flask import Flask, Request, Response
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from jinja2.runtime import Context
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequestKeyError
from werkzeug.routing import Rule

from . import session_keys, static_files


class SessionCookies(SecureCookieSessionInterface):
    """The signed cookie of Flask; its signer is made once for the keys, which every request asks for."""

    def __init__(self) -> None:
        self.signer: tuple[object, URLSafeTimedSerializer | None] = ("", None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        session_keys.refresh(app)
        keys = (app.secret_key, app.config["SECRET_KEY_FALLBACKS"])
        if self.signer[0] != keys:
            self.signer = (keys, super().get_signing_serializer(app))
        return self.signer[1]


class Query(ImmutableMultiDict[str, str]):
    """The query of an address, or a form; `asked` has every name that was asked for."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(mapping)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        if values := dict.get(self, key):
            return values[0]
        raise BadRequestKeyError(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)  # type: ignore[arg-type]
        return dict.__contains__(self, key)

    def getlist(self, key: str, *options: Any, **named: Any) -> list[Any]:
        self.asked.add(key)
        return super().getlist(key, *options, **named)

    def first(self, names: Collection[str]) -> dict[str, str]:
        """First values of those of the names that are there."""
        self.asked.update(names)
        return {name: dict.__getitem__(self, name)[0] for name in names if dict.__contains__(self, name)}

    def given(self, names: Collection[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """All values of these names, without asking for them."""
        return tuple(sorted([(name, tuple(dict.__getitem__(self, name))) for name in names
                             if dict.__contains__(self, name)]))


class Asking(Request):
    """A request that notes for which names of its query somebody asked."""

    parameter_storage_class = Query


class Address(Rule):
    """A rule of an address that compiles how to write one when it is first written: few of a thousand are."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def first(rule: Rule, /, **values: Any) -> tuple[str, str]:
            compiled = super(Address, self)._compile_builder(append_unknown).__get__(rule, None)
            setattr(rule, "_build_unknown" if append_unknown else "_build", compiled)
            return compiled(**values)
        return first


class Template(jinja2.Template):
    """A template; all have the same globals, so that the macros that it imports are those of everybody."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:
        return super()._get_default_module()


class Application(Flask):
    """The site. No view and no hook of it is asynchronous."""

    request_class = Asking
    url_rule_class = Address

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.session_interface = SessionCookies()
        self.jinja_env.template_class = Template

    def send_static_file(self, filename: str) -> Response:
        return static_files.answer(filename)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def without_limits_of_requests(app: Flask) -> None:
    """Drop what the limiter asks before and after each request: limits stand at views, which ask by themselves."""
    for hooks in (app.before_request_funcs[None], app.after_request_funcs[None]):
        hooks[:] = [hook for hook in hooks if "flask_limiter" not in str(getattr(hook, "func", hook))]
