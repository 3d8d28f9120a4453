"""The first page, search, and the pages that explain."""

from datetime import timedelta
from functools import cache, lru_cache, partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request, url_for

from civic_forum.accounts.queries import users
from civic_forum.blocks import first_page, fragments, glossary, sections
from civic_forum.blocks.extensions import LIVE
from civic_forum.blocks.listing import Chosen, Given
from civic_forum.district import queries as district
from civic_forum.district.labels import LIST
from civic_forum.district.maps import district_map
from civic_forum.district.models import DistrictChange
from civic_forum.district.rules import BY_TWO, DistrictList
from civic_forum.platform import clock, filters, hourly, plain_text, settings
from civic_forum.platform.delivery import limits_first
from civic_forum.platform.i18n import Language, _, language, whole_language
from civic_forum.platform.web import asset, by_address, never_cached, sheet, visitor
from civic_forum.platform.web import district as names_of_district
from civic_forum.proposals.queries import listing
from civic_forum.proposals.rules import State
from civic_forum.search import queries as search_queries
from civic_forum.search.particles import attached

from . import powers, queries

bp = Blueprint("site", __name__)
CARDS, PAIR = 3, 2
LONGEST_QUERY = 100
SECURITY_TXT_DAYS = timedelta(days=180)
ICON_SIZES = (192, 512)
A_DAY = 86_400
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
FILTERS = ("state", "neighbourhood", "category", "year")


@bp.get("/")
def home():
    reader = visitor()
    if not reader.is_authenticated or reader.is_guest:
        return sections.page(_home)
    own, text = sections.kept_for_one(_own, reader.id, reader.person_id)
    return render_template("site/mine.html", tasks=queries.tasks(own, reader), text=text, live=sections.kept(_live),
                           around=sections.kept(_around, reader.neighbourhood_id))


def _own(user_id: int, _person_id: int | None) -> tuple[queries.Own, str]:
    own = queries.own(users.by_id(user_id))
    return own, sections.written("site/own.html", own=own)


def _live() -> Any:
    """The forum that runs, or else what the office asks, as a card."""
    return fragments.all_of("site/pressing.html", first_page.pressing(LIVE.ask(), clock.now())[:1])


def _home() -> tuple[str, dict[str, Any]]:
    now, current = clock.now(), queries.current()
    totals, answered = queries.totals()
    gathering = listing.nearest(CARDS + 1)
    hero = current.pop(0) if current else queries.as_current(gathering.pop(0), now) if gathering else None
    deciding = first_page.filled(current, [queries.as_current(card, now) for card in gathering], CARDS)
    above = {card.url for card in (hero, *deciding) if card}
    rest = [card for card in gathering if f"/proposals/{card.number}" not in above]
    return "site/home.html", {
        "hero": hero, "deciding": deciding,
        "gathering": first_page.filled(rest, queries.company(rest, now, above), CARDS),
        "results": queries.results(now), "figures": queries.numbers(totals, answered), "map": _map(None),
        "votes": sum(card.act == "vote" for card in (hero, *current) if card),
        "talks": sum(card.act == "talk" for card in (hero, *current) if card), "waiting": totals[State.GATHERING]}


def _around(neighbourhood_id: int | None) -> dict[str, Any]:
    """Cards of a neighbourhood, or of the whole district, with the map; the same for everybody who lives there."""
    own = listing.in_neighbourhood(neighbourhood_id, PAIR) if neighbourhood_id else []
    cards = own or listing.nearest(PAIR)
    names = district.neighbourhood_names()
    written = cards and fragments.all_of("proposals/card.html", cards, 3)
    return {"name": own and names.get(neighbourhood_id), "cards": written,
            "map": _map(neighbourhood_id)}


def _map(current: int | None) -> Any:
    counts = hourly.of_this_hour(queries.proposed_by_neighbourhood)
    return _drawn_map(language(), current, district.drawn(), tuple(counts.items()))


@lru_cache(maxsize=64)
def _drawn_map(_words: Language, current: int | None, places: tuple[district.Drawn, ...],
           counts: tuple[tuple[int, int], ...]) -> Any:
    return sections.written("site/map.html", map=district_map(
        dict(counts), _("건"), current, absent=0, href="/proposals?neighbourhood={}".format, every=places))


@bp.get("/search")
@by_address
@limits_first
def search():
    query = plain_text.clean(request.args.get("q", "")[:LONGEST_QUERY * 4])[:LONGEST_QUERY]
    return sections.page(_search, query, request.args.get("kind", ""), listing.PROPOSALS.given(request.args))


def _search(query: str, kind: str, words: Given) -> tuple[str, dict[str, Any]]:
    known = queries.searched_kinds()
    if kind and kind not in known:
        raise filters.unknown()
    wanted = listing.PROPOSALS.read(words)
    page = queries.find(query, kind, wanted, words.get("after"))
    address = partial(_address, query, wanted)
    counts = {name: count for name, count in page.sought.counts.items() if count or name == kind}
    total = page.sought.total or sum(len(group.hits) for group in page.groups) or len(page.hits)
    return "site/search.html", {
        "query": query, "page": page, "narrowed": wanted.narrowed, "is_one_kind": bool(kind), "address": address,
        "reason": None if page.sought.words else search_queries.why_nothing(query),
        "total": queries.how_many(page.sought.counts.get(kind, 0) if kind else total), "count": total,
        "changed": [(typed, _instead(", ".join(taken[:3]))) for typed, taken in page.sought.changed],
        "as_typed": _address(f'"{query}"', wanted, kind=kind),
        "kinds": [{"label": label, "url": address(kind=name), "current": name == kind, "total": count}
                  for name, label, count in (("", _("모두"), total), *(
                      (name, known[name][0].label, count) for name, count in counts.items()))],
        "selects": wanted.pickers(*FILTERS), "after_url": page.after and address(kind=kind, after=page.after)}


def _instead(word: str) -> str:
    """A word in quotes, in Korean with its particle: ‘독산로’로."""
    return f"‘{word}’{attached(word, '으로/로')[len(word):]}" if language() is Language.KO else f"“{word}”"


@cache
def _search_page() -> str:
    return url_for("site.search")


def _address(query: str, wanted: Chosen, **more: str | None) -> str:
    parts = {"q": query} | {key: wanted.said.get(key) for key in FILTERS} | more
    return f"{_search_page()}?{urlencode({name: value for name, value in parts.items() if value})}"


@bp.get("/help")
def help_page():
    return render_template("site/help.html")


@bp.get("/help/glossary")
def glossary_page():
    return render_template("site/glossary.html", topics=list(glossary.by_topic()), glossary=glossary.TERMS)


@bp.get("/district")
def district_page():
    """The lists of the district, and what was decided of them: what, why, from when, and nobody's name."""
    lists = [(of, LIST[of], {entry.id: entry for entry in district.entries(of)},
              [change for change in district.history(of) if not change.withdrawn_at]) for of in LIST]
    return render_template("site/district.html", lists=lists, names=district.department_names(),
                           decisions=_decisions())


def _decisions() -> list[tuple[object, str | None, str, DistrictChange]]:
    """Settings that were changed or will be, the newest first: label, before, after, change."""
    names = district.setting_names()
    return [(setting.label, *setting.words(change.fields), change) for change, setting in (
        (change, settings.SETTINGS[names[change.subject_id]]) for change in district.history(DistrictList.SETTINGS)
        if not change.withdrawn_at and (change.act not in BY_TWO or change.confirmed_at))]


@bp.get("/accessibility")
def accessibility():
    return render_template("site/accessibility.html")


@bp.get("/security")
def security():
    return render_template("site/security.html", subjects=powers.subjects(), spoken=whole_language().mark)


@bp.get("/.well-known/security.txt")
@never_cached
def security_txt():
    """The address for reports of security faults (RFC 9116)."""
    site = current_app.config["URL"].rstrip("/")
    expires = (clock.now() + SECURITY_TXT_DAYS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (f"Contact: mailto:{settings.value('CONTACT_EMAIL')}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
             "Preferred-Languages: ko, en", f"Canonical: {site}/.well-known/security.txt", f"Policy: {site}/security")
    return "\n".join(lines) + "\n", PLAIN


@bp.get("/manifest.webmanifest")
def manifest():
    """Name, colours and icons of the site for whoever puts it on a home screen."""
    names = names_of_district()
    return {
        "name": names["name"], "short_name": names["name"], "lang": language().mark, "start_url": "/",
        "scope": "/", "display": "minimal-ui", "theme_color": "#052b57", "background_color": "#ffffff",
        "icons": [{"src": asset(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
                   "purpose": "any maskable"} for size in ICON_SIZES]}, {
        "Content-Type": "application/manifest+json", "Cache-Control": f"max-age={A_DAY}", "Vary": "Cookie"}


@bp.get("/service-worker.js")
def service_worker():
    """The script that shows `offline` where there is no connection; it is another one when its page looks otherwise."""
    needed = [sheet(*current_app.jinja_env.globals["frame_sheets"]), asset("img/mark.svg")]
    name = f"offline-{sha256(''.join(needed).encode()).hexdigest()[:10]}"
    return render_template("site/service-worker.js", needed=needed, name=name), {
        "Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-cache"}


@bp.get("/offline")
def offline():
    return render_template("site/offline.html")


@bp.get("/robots.txt")
def robots():
    rules = "Disallow: /\n" if current_app.config["SAMPLE"] else "Disallow: /me\nDisallow: /desk\nDisallow: /display\n"
    return f"User-agent: *\n{rules}", PLAIN
