"""The first page, search, and the pages that explain."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request, url_for

from civic_forum.blocks import glossary, kinds, sections
from civic_forum.blocks.extensions import HOME
from civic_forum.blocks.kinds import Searched
from civic_forum.blocks.listing import Chosen, Given
from civic_forum.platform import clock, countdown, filters, plain_text
from civic_forum.platform.delivery import becomes_another, limits_first
from civic_forum.platform.i18n import _, language
from civic_forum.platform.web import asset, by_address, district, never_cached
from civic_forum.proposals import queries as proposals
from civic_forum.proposals.rules import PUBLIC, State

from . import queries

bp = Blueprint("site", __name__)
CARDS = 3
LONGEST_QUERY = 100
SECURITY_TXT_DAYS = timedelta(days=180)
ICON_SIZES = (192, 512)
OFFLINE = ("vendor/krds/krds.css", "css/colours.css", "css/app.css", "img/mark.svg")
"""What draws the page that is shown without a connection, below static/."""
A_DAY = 86_400
FILTERS = ("state", "neighbourhood", "category", "year")


@bp.get("/")
def home():
    return sections.page(_home)


def _home() -> tuple[str, dict[str, Any]]:
    (gathering, newest), totals = proposals.standing_out(2 * CARDS + 1), proposals.totals()
    gathering = gathering[:CARDS + 1]
    becomes_another(*[card.deadline for card in (*gathering, *newest) if card.deadline])
    shown = {card.number for card in gathering}
    newest = [card for card in newest
              if card.number not in shown and card.state not in (State.WITHDRAWN, State.MERGED)][:CARDS]
    parts = [part for answer in HOME.answers if (part := sections.kept(_part, answer)) is not None]
    hero = next((part.hero for part in parts if part.hero), None)
    featured = gathering.pop(0) if gathering and hero is None else None
    return "site/home.html", {
        "featured": featured, "gathering": gathering[:CARDS], "newest": newest, "way": _way(totals),
        "remaining": featured and countdown.remaining(featured.deadline, clock.now()),
        "figures": _figures(totals), "sections": parts, "hero": hero}


@dataclass(frozen=True)
class Part:
    """A section that a feature adds, as it is written: in the navy panel, below it, or at the end."""

    hero: str | None
    text: str | None
    closes: bool


def _part(make: Callable[[], Any]) -> Part | None:
    section = make()
    if section is None:
        return None
    hero = getattr(section, "hero", None)
    return Part(hero and sections.written(hero, section=section),
                section.template and sections.written(section.template, section=section),
                getattr(section, "closes", False))


def _way(totals: dict[State, int]) -> list[dict[str, str]]:
    """From a proposal to its being carried out, with what is there now."""
    def how_many(*states: State) -> str:
        return _("%(count)s건", count=f"{sum(totals[state] for state in states):,}")

    return [
        {"label": _("제안"), "text": how_many(*PUBLIC), "url": url_for("proposals.index")},
        {"label": _("공감"), "url": _listed(State.GATHERING),
         "text": _("%(count)s명이면 답변", count=current_app.config["SUPPORT_THRESHOLD"])},
        {"label": _("답변"), "text": _("준비 중 %(count)s", count=how_many(State.ANSWER_DUE)),
         "url": _listed(State.ANSWER_DUE)},
        {"label": _("논의"), "text": _("의제로 %(count)s", count=how_many(State.IN_AGENDA)),
         "url": _listed(State.IN_AGENDA)},
        {"label": _("실행"), "text": _("실행 중 %(count)s", count=how_many(State.IN_PROGRESS)),
         "url": _listed(State.IN_PROGRESS)},
    ]


@cache
def _listed(state: State) -> str:
    return url_for("proposals.index", state=state)


def _figures(totals: dict[State, int]) -> list[tuple[str, str]]:
    return [(label, _("%(count)s건", count=f"{sum(totals[state] for state in states):,}")) for label, states in (
        (_("올라온 제안"), PUBLIC), (_("공감 모으는 중"), (State.GATHERING,)),
        (_("부서가 답변함"), (State.ANSWERED, State.DECIDED, State.IN_PROGRESS, State.DONE)),
        (_("실행했거나 실행 중"), (State.IN_PROGRESS, State.DONE)))]


@bp.get("/search")
@by_address
@limits_first
def search():
    query = plain_text.clean(request.args.get("q", "")[:LONGEST_QUERY * 4])[:LONGEST_QUERY]
    return sections.page(_search, query, request.args.get("kind", ""), proposals.PROPOSALS.given(request.args))


def _search(query: str, kind: str, given: Given) -> tuple[str, dict[str, Any]]:
    if kind not in ("", *_searched()):
        raise filters.unknown()
    wanted = proposals.PROPOSALS.read(given)
    found, total = queries.find(query, [kind] if kind else list(_searched()), wanted, given.get("after"))
    return "site/search.html", {
        "query": query, "hits": queries.shown(found, query) if query else [],
        "total": queries.how_many(total), "reason": found.reason, "narrowed": wanted.narrowed,
        "kinds": _kinds(query, kind, wanted), "selects": wanted.pickers(*FILTERS),
        "after_url": found.after and _address(query, kind, wanted, after=found.after)}


def _searched() -> dict[str, object]:
    """Names and labels of the kinds that the search finds."""
    found = sorted(kinds.having(Searched), key=lambda one: one[1].place)
    return {kind.name: kind.label for kind, _searched in found}


@cache
def _search_page() -> str:
    return url_for("site.search")


def _address(query: str, kind: str, wanted: Chosen, **more: str) -> str:
    parts = {"q": query, "kind": kind or None} | {key: wanted.said.get(key) for key in FILTERS} | more
    return f"{_search_page()}?{urlencode({name: value for name, value in parts.items() if value is not None})}"


def _kinds(query: str, kind: str, wanted: Chosen) -> list[dict[str, object]]:
    return [{"label": label, "url": _address(query, name, wanted), "current": name == kind}
            for name, label in {"": _("모두"), **_searched()}.items()]


@bp.get("/help")
def help_page():
    return render_template("site/help.html")


@bp.get("/help/glossary")
def glossary_page():
    return render_template("site/glossary.html", topics=list(glossary.by_topic()), glossary=glossary.TERMS)


@bp.get("/accessibility")
def accessibility():
    return render_template("site/accessibility.html")


@bp.get("/security")
def security():
    return render_template("site/security.html")


@bp.get("/.well-known/security.txt")
@never_cached
def security_txt():
    """The address for reports of security faults (RFC 9116)."""
    site = current_app.config["URL"].rstrip("/")
    expires = (clock.now() + SECURITY_TXT_DAYS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (f"Contact: mailto:{current_app.config['CONTACT_EMAIL']}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
             "Preferred-Languages: ko, en", f"Canonical: {site}/.well-known/security.txt", f"Policy: {site}/security")
    answer = current_app.make_response("\n".join(lines) + "\n")
    answer.mimetype = "text/plain"
    return answer


@bp.get("/manifest.webmanifest")
def manifest():
    """Name, colours and icons of the site for whoever puts it on a home screen."""
    names = district()
    answer = current_app.make_response({
        "name": names["name"], "short_name": names["name"], "lang": str(language()), "start_url": "/",
        "scope": "/", "display": "minimal-ui", "theme_color": "#052b57", "background_color": "#ffffff",
        "icons": [{"src": asset(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
                   "purpose": "any maskable"} for size in ICON_SIZES]})
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = f"max-age={A_DAY}"
    answer.headers["Vary"] = "Cookie"
    return answer


@bp.get("/service-worker.js")
def service_worker():
    """The script that shows `offline` where there is no connection; it is another one when its page looks otherwise."""
    needed = [asset(path) for path in OFFLINE]
    name = f"offline-{sha256(''.join(needed).encode()).hexdigest()[:10]}"
    answer = current_app.make_response(render_template("site/service-worker.js", needed=needed, name=name))
    answer.mimetype = "text/javascript"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/offline")
def offline():
    return render_template("site/offline.html")


@bp.get("/robots.txt")
def robots():
    rules = "Disallow: /\n" if current_app.config["SAMPLE"] else "Disallow: /me\nDisallow: /desk\nDisallow: /display\n"
    answer = current_app.make_response(f"User-agent: *\n{rules}")
    answer.mimetype = "text/plain"
    return answer
