"""The application and its parts. Nothing imports this but wsgi.py, the commands and the tests."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from flask import Flask, g, request, url_for
from flask_login import AnonymousUserMixin
from werkzeug.middleware.proxy_fix import ProxyFix

import config as settings_of_the_site
from civic_forum import styles
from civic_forum.blocks import charts, fragments, pages, pickers, sections
from civic_forum.blocks.kinds import WrongDeclaration
from civic_forum.blocks.pages import MENU, USED
from civic_forum.platform import (
    application, clock, cookies, delivery, display, error_pages, health, i18n, page_limit,
    policy, rich_text, security_log, session_keys, site_version,
)
from civic_forum.platform.base import db, prepare_engine
from civic_forum.platform.spared import no_garbage_collection
from civic_forum.platform.waiting import ENTRIES, WORK
from civic_forum.platform.web import (IdConverter, WordConverter, asset, csrf, district, limiter, login, set_size_limit,
                                      visitor)

FEATURES = ("search", "district", "accounts", "journeys", "attachments", "comments", "bodies", "ballots", "proposals",
            "agendas", "answers", "budgets", "opinions", "polls", "forums", "visits", "meetings", "outcomes",
            "commitments", "plans", "evaluations", "series", "calls", "draws", "courses", "surveys", "intake",
            "moderation", "notifications", "feeds", "archive", "desk", "exports", "figures", "sharing", "calendar",
            "site", "sheets")
MODULES = ("models", "policy", "settings", "pickers", "reactions", "views")
JIT_OFF = "-c jit=off"
"""Compiling a statement of PostgreSQL takes longer than any page's statement runs."""
ROOT = Path(__file__).resolve().parent.parent


@no_garbage_collection()
def create_app(settings: Mapping[str, object]) -> Flask:
    """The application for these settings (`config.load()`)."""
    app = application.Application(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.from_mapping(defaults(settings))
    app.config.from_mapping(settings)
    clock.shift(int(app.config["CLOCK_OFFSET_S"]))
    security_log.init_app(app)
    app.url_map.converters |= {"id": IdConverter, "default": WordConverter}
    app.before_request(set_size_limit)
    display.init_app(app)
    import_module("civic_forum.platform.outbox")
    db.init_app(app)
    i18n.babel.init_app(app, locale_selector=display.language_of_page)
    delivery.init_app(app)
    limiter.init_app(app)
    application.without_limits_of_requests(app)
    session_keys.init_app(app)
    csrf.init_app(app)
    login.init_app(app, add_context_processor=False)
    error_pages.init_app(app)
    for blueprint in (health.bp, display.bp, pickers.bp):
        app.register_blueprint(blueprint)
    for feature in FEATURES:
        load_feature(app, feature)
    with app.app_context():
        prepare_engine(db.engine)
        site_version.prepare_engine(db.engine)
    configure_templates(app)
    check_declarations(app)
    if most := int(app.config["LIMIT_PAGES_ADDRESS"]):
        app.wsgi_app = page_limit.PageLimit(app.wsgi_app, most, delivery.headers(app.config),
                                            app.extensions[security_log.NAME])
    if hops := int(app.config["PROXY_HOPS"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    return app


def defaults(settings: Mapping[str, object]) -> dict[str, object]:
    """Settings of Flask and its extensions, from those of the site."""
    url = str(settings["DATABASE_URL"])
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    options: dict[str, object] = {"pool_size": 20, "max_overflow": 10, "pool_timeout": 20, "pool_use_lifo": True,
                                  "hide_parameters": True}
    if url.startswith("postgresql"):
        options |= {"connect_args": {"connect_timeout": 5, "options": JIT_OFF}}
    limits: dict[str, object] = {"RATELIMIT_STORAGE_URI": "memory://"}
    if redis := settings["REDIS_URL"]:
        from civic_forum.platform import limit_storage
        limits = {"RATELIMIT_STORAGE_URI": f"{limit_storage.PREFIX}{redis}",
                  "RATELIMIT_STORAGE_OPTIONS": health.quick_redis()}
    return limits | {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": options,
        "MIGRATIONS": str(ROOT / "migrations"),
        "PAGE_CACHE": True,
        "BABEL_DEFAULT_LOCALE": "ko",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "civic_forum" / "translations"),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_I18N_ENABLED": False,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "MAX_FORM_PARTS": 200,
        "PERMANENT_SESSION_LIFETIME": int(settings["SESSION_DAYS"]) * 24 * 3600,
        "SESSION_COOKIE_NAME": cookies.name("session", settings),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings["COOKIE_SECURE"],
        "SESSION_REFRESH_EACH_REQUEST": False,
        "RATELIMIT_STRATEGY": "moving-window",
    }


def check_declarations(app: Flask) -> None:
    """Raises WrongDeclaration for a page of the desk, a kind of work or an entry of the menu that leads nowhere, or is
    for a permission that nobody decides."""
    permissions = set(policy.names())
    for name, declaration in (*ENTRIES.items(), *WORK.items()):
        if declaration.permission not in permissions:
            raise WrongDeclaration(f"{name} at the desk is for {declaration.permission}, which is no permission.")
    for name, entry in (*ENTRIES.items(), *MENU.items()):
        if entry.endpoint not in app.view_functions:
            raise WrongDeclaration(f"{name} leads to {entry.endpoint}, which is no page.")


def load_feature(app: Flask, feature: str) -> None:
    """Import the modules of a feature that register something, and its pages."""
    for name in MODULES:
        if blueprint := getattr(module_of(feature, name), "bp", None):
            app.register_blueprint(blueprint)


def module_of(feature: str, module: str) -> ModuleType | None:
    """A module of a feature; None where the feature does not have it."""
    name = f"civic_forum.{feature}.{module}"
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        return None


def configure_templates(app: Flask) -> None:
    """Globals, filters and tests of every template."""
    app.jinja_options["autoescape"] = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.install_gettext_callables(i18n.in_words, i18n.in_plural_words, newstyle=True)
    app.jinja_env.globals |= {"_": i18n.on_page, "asset": asset, "navigation": navigation,
                              "this_page": delivery.this_page, "share_of": charts.share_of}
    pages.init_app(app, styles.FOLDERS, styles.TEMPLATES, styles.FRAME)
    fragments.init_app(app)
    sections.init_app(app)
    app.jinja_env.filters |= {"day": i18n.day, "by_when": i18n.by_when, "moment": i18n.moment, "won": i18n.won,
                              "number": i18n.number,
                              "end": i18n.end, "end_day": i18n.end_day, "end_time": i18n.end_time,
                              "josa": i18n.josa, "nth": i18n.nth, "excerpt": rich_text.excerpt}
    app.context_processor(lambda: {
        "me": me(),
        "can": lambda name, subject=None: policy.can(actor(), name, subject),
        "refusal_of": lambda name, subject=None: policy.why_not(actor(), name, subject),
        "display": display.display(),
        "district": district(),
    })


def actor():
    """The user who asks; a stranger while the database is away."""
    return AnonymousUserMixin() if g.get("without_database") else visitor()


def me():
    user = actor()
    return user if user.is_authenticated else None


def navigation(version: int | None) -> tuple[tuple[tuple[str, tuple[tuple[str, str], ...]], ...], str]:
    """The main menu, name of each group with label and address of its entries; the address of the entry that is open,
    empty for none. `version`: of what the district decided, names in the menu among it.
    """
    written = USED.values() if g.get("without_database") else site_version.of_tables()
    unused = tuple(name for name, table in USED.items() if table not in written)
    groups, addresses = _menu(i18n.language(), version, unused)
    here = "/" + request.path.split("/", 2)[1]
    return groups, here if here in addresses else ""


@lru_cache(maxsize=8)
def _menu(_words: i18n.Language, _version: int | None, unused: tuple[str, ...]
          ) -> tuple[tuple[tuple[str, tuple[tuple[str, str], ...]], ...], frozenset[str]]:
    """Groups in a language, in the order of their first entries; addresses of all entries."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for entry in sorted((entry for name, entry in MENU.items() if name not in unused), key=lambda entry: entry.order):
        link = str(entry.label), url_for(entry.endpoint)
        groups.setdefault(str(pages.GROUPS[entry.group] if entry.group else entry.label), []).append(link)
    return (tuple((name, tuple(links)) for name, links in groups.items()),
            frozenset(url for links in groups.values() for _label, url in links))


def make_app(**settings: object) -> Flask:
    """The application for the settings of the environment; those of the caller win."""
    return create_app(settings_of_the_site.load(**settings))
