"""One statement of what everybody may read of a kind of thing, served to whoever shows it, finds it or joins it.

A feature declares one `Public` for a kind in its `kinds`. The search, notices, fields that join things, choices of the
office, previews for sharing, steps of agendas and the first page ask it, so that none of them has a SELECT of its own.

    PUBLIC = Public(kind="poll", model=Poll, label=_l("투표"), place="polls", name=Poll.slug, title=Poll.title,
                    text=Poll.question, since=Poll.announced_at, where=(Poll.rehearsal_of_id.is_(None),),
                    why_not_read=policy.may_read, missing=records.missing, named=records.slugged)
    POLL = PUBLIC.register(PUBLIC.told(works_here), PUBLIC.shared(_preview, Poll.opens_at, Poll.closes_at))
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from civic_forum.platform import clock
from civic_forum.platform.base import Instant, db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import language
from civic_forum.platform.rich_text import excerpt

from . import kinds, pickers
from .first_page import Current
from .kinds import Actor, Ahead, Archived, Capability, Coming, Decidable, Kind, Record, Searched, SearchResult, Told
from .occasions import MOST, Occasion, Occasions
from .pickers import Choice, Pickable
from .sharing import Day, Preview, Shared
from .slugs import SLUG

Card = TypeVar("Card")
Condition = sa.ColumnElement[bool]
NUMBER = re.compile(r"[1-9][0-9]{0,17}")
UNTIL_NOW: sa.BindParameter[Any] = sa.bindparam("until_now", type_=Instant(), callable_=lambda: clock.now())


@dataclass(frozen=True, kw_only=True, eq=False)
class Public(Generic[Record]):
    """A kind of thing, and the one statement of what everybody may read of it."""

    kind: str
    model: Any
    label: object
    """As pages call one of them."""
    place: str
    """Beginning of its address, and of those at which it is passed on and decided: `polls`."""
    name: Any
    """SQL of the name by which people call it, the end of its address."""
    title: Any
    since: Any
    """Column of the moment since when everybody may read it."""
    text: Any = sa.null()
    """Column of its words; of HTML the beginning is shown."""
    picture: Any = sa.null()
    words: Callable[[Record], str] = lambda _record: ""
    """All words beside the title by which the search finds one."""
    where: tuple[Condition, ...] = ()
    """Conditions of being read by everybody, beside that moment."""
    tables: Any = None
    """Tables of its statement, where these are more than its own: a join."""
    called: Callable[[Record], str] | None = None
    """The name of a record, where it is no column of its own."""
    titled: Callable[[Record], str] | None = None
    """The title of a record, where it is no column of its own."""
    address: Callable[[Record], str] | None = None
    """Its page for everybody, where that is not `/<place>/<name>`."""
    exact: re.Pattern[str] = SLUG
    """Names as they are typed; its groups are `parts`."""
    pasted: re.Pattern[str] | None = None
    """Addresses in which the name stands, where it is not their end."""
    parts: tuple[Any, ...] = ()
    """Columns that make up the name together."""
    why_not_read: Callable[[Actor, Record], str | None]
    missing: Callable[[], NotFound]
    named: Callable[[str], Record | None]

    @property
    def id(self) -> Any:
        return self.model.id

    @property
    def readable(self) -> Condition:
        """Condition of being read by everybody."""
        return sa.and_(self.since.is_not(None), *self.where)

    def rows(self, *columns: Any) -> sa.Select[Any]:
        """SELECT of these columns of everything of the kind, without a condition."""
        return sa.select(*columns).select_from(self.tables if self.tables is not None else self.model)

    def name_of(self, record: Record) -> str:
        return self.called(record) if self.called else str(getattr(record, self.name.key) or "")

    def title_of(self, record: Record) -> str:
        return self.titled(record) if self.titled else str(getattr(record, self.title.key))

    def url(self, record: Record) -> str:
        return self.address(record) if self.address else f"/{self.place}/{self.name_of(record)}"

    def register(self, *capabilities: Capability, **more: Any) -> Kind[Record]:
        """The kind itself, with these capabilities."""
        return kinds.register(Kind(
            self.kind, self.model, label=self.label, title=self.title_of, url=self.url, named=self.named,
            why_not_read=self.why_not_read, missing=self.missing, capabilities=capabilities, **more))

    def titles(self, ids: Collection[int]) -> Mapping[int, str]:
        """Titles of those of these that everybody may read."""
        rows = self.rows(self.id, self.title).where(self.id.in_(ids), self.readable)
        return dict(db.session.execute(rows).all()) if ids else {}

    def searched(self, cards: Callable[[list[int]], Mapping[int, Card]], hit: Callable[[Card], SearchResult], *,
                 place: int, **numbers: Any) -> Searched:
        """`cards`: by id those that everybody sees; `hit`: what the search says of one."""
        return Searched(lambda ids: {id_: hit(card) for id_, card in cards(ids).items()}, place, **numbers)

    def hit(self, end: str, word: object, *facts: str, is_open: bool = False) -> SearchResult:
        """Words of the search about one with this end of its address: its state, what it is, and more facts."""
        return SearchResult(f"/{self.place}/{end}", about=(str(self.label), *facts),
                            word=None if word is None else str(word), is_open=is_open)

    def told(self, also: Callable[[sa.BindParameter[Any]], Condition], shown: Condition | None = None) -> Told:
        """`also`: condition of those that this reader is told of before everybody may read them, or after."""
        public = self.since.is_not(None) if shown is None else shown
        return Told(lambda ids, reader_id: self.rows(sa.literal(self.kind), self.id, self.title).where(
            self.id.in_(ids), sa.or_(public, also(reader_id))))

    def shared(self, preview: Callable[[sa.Row[Any], Callable[..., Preview]], Preview], *facts: Any,
               where: Sequence[Condition] = ()) -> Shared:
        """`preview` gets the row with these facts beside its title, and the preview as far as all have the same."""
        columns = {"name": self.name, "title": self.title, "text": self.text, "picture": self.picture,
                   "since": self.since, "version": self.model.version}
        public = self.rows(self.id, *(column.label(name) for name, column in columns.items()), *facts).where(
            self.readable, *where)
        by_id = public.where(self.id == sa.bindparam("id"))

        def of_id(record_id: int) -> Preview | None:
            row = db.session.execute(by_id, {"id": record_id}).one_or_none()
            return None if row is None else preview(row, self._preview(row))

        return Shared(place=self.place, preview=of_id)

    def _preview(self, row: sa.Row[Any]) -> Callable[..., Preview]:
        is_html = self.text.key.endswith("_html")
        return partial(Preview, name=str(row.name), url=f"/{self.place}/{row.name}", title=row.title,
                       text=excerpt(row.text) if is_html else row.text, picture=row.picture, version=row.version,
                       since=row.since)

    def occasions(self, days: Callable[[str, sa.Row[Any]], Iterable[Day]], *spans: Any, facts: Sequence[Any] = (),
                  children: Any = None, department: Any = None, places: Any = None,
                  word: Callable[[sa.Row[Any]], object] | None = None) -> Occasions:
        """`days`: of a title and its row, which lie within these `spans`: columns of moments, or of a beginning and an
        end; the row has them and the `facts`. `children`: relationship to whose columns these are; `department`: column
        of the one that leads; `places`: table of ids of records and of neighbourhoods that they concern; `word`: of a
        row, what it is called, where not all are called alike."""
        pairs = [span if isinstance(span, tuple) else (span, span) for span in spans]
        moments = dict.fromkeys(column for pair in pairs for column in pair)
        record, place = places.c if places is not None else (sa.null(), sa.null())
        names = self._place_ids(places)
        columns = {"id": self.id, "name": self.name, "title": self.title, "version": self.model.version,
                   "announced_at": self.since, "texts": getattr(self.model, "texts", sa.null()), "places": names}
        begin, close = (sa.bindparam(name, type_=Instant()) for name in ("since", "until"))
        statement = self.rows(*(column.label(name) for name, column in columns.items()), *moments, *facts).where(
            self.readable, sa.or_(*(sa.and_(starts <= close, ends >= begin) for starts, ends in pairs))).order_by(
            pairs[0][0], self.id).limit(MOST)
        statement = statement if children is None else statement.join(children)

        def read(since: datetime, until: datetime, within: Collection[int], of: Collection[int]) -> list[Occasion]:
            if within and places is None or of and department is None:
                return []
            fits = [*([self.id.in_(sa.select(record).where(place.in_(within)))] if within else []),
                    *([department.in_(of)] if of else [])]
            # A statement that is made anew is compiled anew: one alone for all.
            rows = db.session.execute(statement.where(*fits) if fits else statement, {"since": since, "until": until})
            return [Occasion(self.kind, str(word(row) if word else self.label), row.id, f"/{self.place}/{row.name}",
                             day, row.version, row.announced_at, tuple(map(int, (row.places or "").split())))
                    for row in rows for day in days(self._title(row), row)]

        return Occasions(read=read)

    def _place_ids(self, places: Any) -> Any:
        """SQL of the ids of its neighbourhoods with spaces between them. `places`: as of `occasions`."""
        if places is None:
            return sa.null()
        record, place = places.c
        return sa.select(sa.func.aggregate_strings(sa.cast(place, sa.String), " ")).where(
            record == self.id).scalar_subquery()

    def archived(self, day: Any, *over: Condition, places: Any = None, files: Any = None, what: Any = None,
                 labels: Mapping[str, object] | None = None, url: Any = None) -> Archived:
        """`day`: column of the moment that has passed; `over`: more conditions of being over; `files`: column of its
        set of files; `what`: column of the word for what it is, where not all are called alike, with their `labels`;
        `url`: SQL of its address, where that is not `/<place>/<name>`."""
        word, number = sa.cast(what, sa.String) if what is not None else sa.literal(self.kind), sa.BigInteger()
        end = sa.cast(self.id, sa.String)
        page = sa.literal(f"/{self.place}/").concat(self.name) if url is None else url
        columns = {"key": sa.literal(f"{self.kind}:").concat(end), "kind": sa.literal(self.kind), "id": self.id,
                   "what": word, "title": self.title, "day": day, "url": page,
                   "places": sa.func.coalesce(sa.literal(" ").concat(self._place_ids(places)).concat(" "), ""),
                   "files": sa.cast(sa.null() if files is None else files, number)}
        return Archived(labels=labels or {self.kind: self.label}, rows=lambda: self.rows(
            *(column.label(name) for name, column in columns.items())).where(self.readable, day <= UNTIL_NOW, *over))

    def _title(self, row: sa.Row[Any]) -> str:
        """In the language of the page, where it has one there."""
        return ((row.texts or {}).get(language()) or {}).get(self.title.key) or row.title  # type: ignore[no-any-return]

    def picker(self, *permissions: str, note: Callable[[Record], str], latest: Sequence[Any] = (),
               name: str | None = None, among: Callable[[Actor], Condition] | None = None,
               suggested: Sequence[Condition] = (), words: Sequence[Any] = (), asks: bool = False) -> Pickable:
        """`among`: condition of those that an actor may choose, by default what everybody may read; `suggested`: more
        conditions of those that words find, the `latest` first; `asks`: of each, whether the actor may read it."""
        every = self.rows(self.model, self.name, self.title)

        def choices(actor: Actor, statement: sa.Select[Any]) -> list[Choice]:
            rows = db.session.execute(statement.where(self.readable if among is None else among(actor)))
            return [Choice(str(end), title, note(record)) for record, end, title in rows
                    if not asks or self.why_not_read(actor, record) is None]

        def search(actor: Actor, text: str, limit: int, _within: str) -> list[Choice]:
            fits = pickers.has_words(text, *(words or (self.title, self.name)))
            return choices(actor, every.where(fits, *suggested).order_by(*latest or (self.id.desc(),)).limit(limit))

        def find(actor: Actor, text: str, _within: str) -> Choice | None:
            match = self.pasted and self.pasted.search(text) or self.exact.fullmatch(text)
            if match is None:
                return None
            fits = [column == (int(typed) if isinstance(column.type, sa.Integer) else typed)
                    for column, typed in zip(self.parts or (self.name,), match.groups() or (match[0],))]
            return next(iter(choices(actor, every.where(*fits))), None)

        return pickers.register(Pickable(name or self.kind, self.label, permissions, search, find,
                                         "" if self.pasted else f"/{self.place}/", self.exact))

    def decidable(self, *, department: Any = None, waits: Sequence[Condition] | None = None, anybodys: bool = True,
                  since: Any = None, **more: Any) -> Decidable[Record]:
        """The office decides about it. `department`: column of the one that does; `waits`: conditions of those that
        wait for an outcome, `since` when, of their department or, if they are `anybodys`, of any where they have none.
        """
        is_number = isinstance(self.name.type, sa.Integer)
        columns = {"name": sa.cast(self.name, sa.String) if is_number else self.name, "title": self.title,
                   "since": self.since if since is None else since}

        def offered(department_ids: Collection[int]) -> sa.Select[Any]:
            theirs = sa.or_(department.in_(department_ids), *([department.is_(None)] if anybodys else []))
            return self.rows(self.id, *(column.label(name) for name, column in columns.items())).where(
                *(waits or ()), theirs)

        facts: dict[str, Any] = {
            "place": self.place, "name": self.name_of, "why_not_read": self.why_not_read, "neighbourhoods": _places,
            "name_sql": lambda id_: sa.cast(id_, sa.String) if is_number else self.rows(self.name).where(
                self.id == id_).scalar_subquery(),
            "began": lambda record: getattr(record, self.since.key),
            "department_id": lambda record: None if department is None else getattr(record, department.key)}
        return Decidable(**(facts | ({} if waits is None else {"offered": offered}) | more))

    def coming(self, step: str, none: object, days: Callable[[sa.Row[Any], datetime], Ahead] | None = None,
               *facts: Any, ahead: Sequence[Condition] = (), there: Sequence[Condition] = ()) -> Coming:
        """An agenda may lead to it. `none`: sentence about an address of none of them; `days`: in words, on which day
        one that is still `ahead` comes."""
        these = sa.bindparam("names", expanding=True, type_=self.name.type)
        public = self.rows(self.name.label("name"), *facts).where(self.name.in_(these), self.since.is_not(None), *ahead)

        def why_not(end: str) -> str | None:
            known = self.rows(self.id).where(self.name == end, *there)
            return None if self.exact.fullmatch(end) and db.session.scalar(known) else str(none)

        def of_names(names: Collection[str]) -> dict[str, Ahead]:
            now = clock.now()
            bound = {"names": list(names), "now": clock.plain(now)}
            rows = db.session.execute(public, bound).all() if days else []
            clock.until(*(value for row in rows for value in row if isinstance(value, datetime)))
            return {row.name: days(row, now) for row in rows} if days else {}

        return Coming(step, why_not, of_names)

    def current(self, record: Any, about: str | None = None, **facts: Any) -> Current:
        """Its card on the first page, in the language of the page."""
        texts = getattr(record, "texts", {}).get(language()) or {}
        title, text = self.title.key, self.text.key
        return Current(self.url(record), texts.get(title) or getattr(record, title),
                       about or texts.get(text) or getattr(record, text), **facts)


def _places(record: Any) -> list[int]:
    """Neighbourhoods that a record concerns, by the columns that kinds have for them."""
    if (only := getattr(record, "neighbourhood_id", None)) is not None:
        return [only]
    return [place.id for place in getattr(record, "neighbourhoods", ())]
