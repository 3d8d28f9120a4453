"""Kinds of things: one way to name a thing, and all that a kind can do, typed.

A feature declares each of its kinds once, in its `kinds` module. What a kind can do besides being named and read is a
capability: a dataclass of functions, of which it has one of a class at most. Features above find them by `having`.

    OPTION = register(Kind(
        "poll_option", Option, label=_l("투표 항목"), title=lambda option: option.title,
        url=lambda option: f"/polls/{option.poll.slug}", why_not_read=policy.may_see, missing=missing,
        capabilities=(Attached(sets="poll_option", why_not_read=policy.may_see),)))

What everybody may read of a kind is stated by a `Public` (`blocks.public`), which makes the kind.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

Actor = Any
"""A user, or a stranger: what flask-login calls the current user."""
Record = TypeVar("Record")
NAME = re.compile(r"[a-z][a-z_]{0,29}")
REF = re.compile(rf"({NAME.pattern}):([1-9][0-9]{{0,17}})")


class WrongDeclaration(RuntimeError):
    """A declaration that cannot hold; it stops the start and names what is wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A thing by its kind and the number of its row, written `poll:12`."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def read(cls, text: str) -> "Ref | None":
        """The thing that is written so; None where it is written otherwise."""
        match = REF.fullmatch(text)
        return cls(match[1], int(match[2])) if match else None


class Capability:
    """Something that a kind can do; its fields are functions and names."""

    def wrong(self) -> str | None:
        """The field that has not what its type says."""
        for attribute in fields(cast(Any, self)):
            value, wanted = getattr(self, attribute.name), str(attribute.type)
            if "Callable" in wanted and not callable(value) and not (value is None and attribute.default is None):
                return attribute.name
            if attribute.type in (str, "str") and not value and attribute.default is MISSING:
                return attribute.name
        return None


Can = TypeVar("Can", bound=Capability)


@dataclass(frozen=True, kw_only=True)
class Discussed(Capability, Generic[Record]):
    """Comments stand below it, in a thread of its own."""

    why_not_write: Callable[[Actor, Record], str | None]
    """Reason of the thing itself against more comments; that one needs an account is decided by comments."""
    titles: Callable[[list[int]], Mapping[int, str]]
    """Of those with these ids that everybody may read, in one query."""


@dataclass(frozen=True, kw_only=True)
class Attached(Capability, Generic[Record]):
    """Files belong to it, in sets of this name, and are read by whom this lets in."""

    sets: str
    why_not_read: Callable[[Actor, Record], str | None]


@dataclass(frozen=True)
class SearchResult:
    """Facts of a found text beside the text itself, for the search page."""

    url: str
    title: str | None = None
    """Only where the text in the index has none: what a comment is about."""
    about: tuple[str, ...] = ()
    """Words beneath: where, when, about what."""
    state: str | None = None
    word: str | None = None
    """Its label, where that is not the state of a proposal."""
    is_open: bool = False  # residents take part now


@dataclass(frozen=True)
class Searched(Capability):
    """The search finds it."""

    results: Callable[[list[int]], Mapping[int, SearchResult]]
    """Of those with these ids that everybody may read."""
    place: int
    """Among the kinds by which what was found can be narrowed."""
    number: Any = None
    """The column of the number that people are given."""
    numbers_in: Callable[[str], Sequence[str]] = lambda _text: ()
    """Numbers that stand in a text of capitals and plain hyphens."""


@dataclass(frozen=True)
class Told(Capability):
    """Notices are about it."""

    titles: Callable[["sa.BindParameter[Any]", "sa.BindParameter[Any]"], "sa.Select[Any]"]
    """(ids, id of the reader), bound → kind, id and title of those that this reader may see now"""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Until or on which day something is, in words, where, and the day where people come together."""

    words: str
    place: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Coming(Capability):
    """An agenda may lead to it; `step` is what the agenda calls this."""

    step: str
    why_not: Callable[[str], str | None]
    """The reason why there is no page whose address ends so."""
    days: Callable[[Collection[str]], Mapping[str, Ahead]] = lambda _ends: {}
    """Of those pages whose addresses end so and that are still ahead."""


def _nothing(*_given: Any) -> list[Any]:
    return []


@dataclass(frozen=True, kw_only=True)
class Decidable(Capability, Generic[Record]):
    """The office decides about it, so it can have an outcome, and polls and forums can be about it (`blocks.about`). A
    form finds it by the `Pickable` of the same name."""

    place: str
    """As the addresses of outcomes call these: `agendas`."""
    about: object
    """As lists call an outcome of one: 의제의 결과."""
    order: int
    """Among the kinds that outcomes can be narrowed to."""
    name: Callable[[Record], str]
    name_sql: Callable[[sa.ColumnElement[int]], "sa.ColumnElement[str]"]
    """The name by which `Kind.named` finds it again, one part of an address, and from its id as SQL."""
    locked: Callable[[int], Record]
    """Read again, and locked until the transaction ends. Raises NotFound."""
    department_id: Callable[[Record], int | None] = lambda _record: None
    """The department that decides; None: whichever begins."""
    began: Callable[[Record], datetime | None]
    """Since when everybody could read it."""
    why_not_yet: Callable[[Record], str | None]
    """Its own reason against having an outcome now."""
    why_not_read: Callable[[Actor, Record], str | None]
    """Why an official may not read what the outcome would be about."""
    proposals: Callable[[int], "sa.Select[Any]"] = lambda _id: sa.select(sa.literal(0)).where(sa.false())
    """SELECT of the ids of the proposals that it is about."""
    votes: Callable[[Record], list[Any]] = _nothing
    """Announced polls about it with their boxes, the newest first."""
    boxes: Callable[[Record], list[Any]] | None = None
    """Ballot boxes of the votes in which it was chosen; by default those of its `votes`."""
    neighbourhoods: Callable[[Record], list[int]] = _nothing
    """Those it concerns; none: the whole district."""
    threads: Callable[[int], "sa.Select[Any]"] | None = None
    """SELECT of the ids of its own threads: who wrote there took part."""
    people: Callable[[int], "sa.Select[Any]"] | None = None
    """SELECT of the ids of others who took part, as `user_id`."""
    grouped: Callable[[Record], tuple[datetime | None, str] | None] = lambda _record: None
    """Since when, and at which address, it was put together with others."""
    anchor: str = "linked"
    """Anchor of its proposals on its page."""
    journeys: Callable[[Record], list[int]] = _nothing
    """Journeys beside those of its proposals that hear of the outcome."""
    carry: Callable[[Any, Record, str, str, str], bool] = lambda *_given: False
    """(work, record, progress, what is told, address of the outcome) brings the thing itself as far as the outcome is;
    whether that wrote into its journey."""
    moves: Callable[[Any, Record, Mapping[int, Any]], set[int]] = lambda *_given: set()
    """(work, record, its proposals by id, locked) → ids of those that go as far as the outcome"""
    none_public: object = None
    """Sentence about an address of none that everybody may read; None: that about one that is not there."""
    offered: Callable[[Collection[int]], "sa.Select[Any]"] | None = None
    """ids of departments → `id`, `name`, `title` and `since` of those that wait for an outcome of these departments"""

    def boxes_of(self, record: Record) -> list[Any]:
        boxes = self.boxes(record) if self.boxes else [vote.box for vote in self.votes(record)]
        return [box for box in boxes if box is not None]


@dataclass(frozen=True, kw_only=True)
class Answerable(Capability, Generic[Record]):
    """A department can owe an answer about it by a day, beside those about proposals (`answers.models.Duty`)."""

    topics: Callable[["sa.Select[Any]"], "sa.Select[Any]"]
    """SELECT of ids → SELECT of their `id`, `title` (NULL while it is hidden), `support_count` and `url`"""
    locked: Callable[[int], Record]
    """Read again, and locked until the transaction ends. Raises NotFound."""
    told_about: Callable[[Record], Ref]
    """The thing that notices of it are about."""
    people: Callable[[Record], "sa.Select[Any]"] = lambda _record: sa.select(sa.literal(0)).where(sa.false())
    """SELECT of the ids of those who wait for the answer."""
    is_of_visit: Callable[[Record], bool] = lambda _record: False
    """True for what the mayor or the head of a neighbourhood heard: the answer may be signed for them."""
    has_outcome: bool = False
    """The answer says what becomes of it, by document, and may promise a milestone."""


@dataclass(frozen=True, kw_only=True)
class Held(Capability):
    """People come together for it on a day: it counts for the series of which it is a step."""

    took_place: Callable[[Collection[int]], set[int]]
    """Ids of those of these that were held, and of which everybody may read."""


@dataclass(frozen=True, kw_only=True)
class Archived(Capability):
    """It stays to be read when its day is over (`Public.archived`)."""

    labels: Mapping[str, object]
    """Words of the column `what` with their labels; no other kind has the same."""
    rows: Callable[[], "sa.Select[Any]"]
    """SELECT of what is over."""


@dataclass(frozen=True, eq=False)
class Kind(Generic[Record]):
    """A kind of thing."""

    name: str
    model: type[Record]
    label: object
    """As pages call one of them."""
    title: Callable[[Record], str]
    url: Callable[[Record], str]
    """Its page for everybody."""
    why_not_read: Callable[[Actor, Record], str | None]
    missing: Callable[[], NotFound]
    """The sentence about one that is not there."""
    breadcrumbs: Callable[[Record], Sequence[tuple[str, str]]] | None = None
    """Labels and addresses down to its page, that one included."""
    named: Callable[[str], Record | None] | None = None
    """The one that people call so: by its number or slug."""
    capabilities: tuple[Capability, ...] = field(default=(), repr=False)

    @cached_property
    def _by_class(self) -> dict[type[Capability], Capability]:
        return {type(capability): capability for capability in self.capabilities}

    def get(self, capability: type[Can]) -> Can | None:
        """This capability of the kind, None where it has none."""
        return cast("Can | None", self._by_class.get(capability))

    def record(self, record_id: int) -> Record | None:
        return db.session.get(self.model, record_id)

    def ref(self, record: Record) -> Ref:
        return Ref(self.name, cast(Any, record).id)

    def names(self, subject: str) -> bool:
        """True for `poll:12` of the kind `poll`."""
        ref = Ref.read(subject)
        return ref is not None and ref.kind == self.name

    def why_not_see(self, actor: Actor, record_id: int) -> str | None:
        """The reason why this actor does not read the one with this id, which may not be there."""
        record = self.record(record_id)
        return str(self.missing()) if record is None else self.why_not_read(actor, record)

    def wrong(self) -> str | None:
        """A sentence about a part that is declared wrongly."""
        if not NAME.fullmatch(self.name):
            return f"The kind {self.name!r} has a name that is no name of a kind."
        if not str(self.label):
            return f"The kind {self.name} has no label."
        if not hasattr(self.model, "__table__") or "id" not in cast(Any, self.model).__table__.columns:
            return f"The kind {self.name} has a model without a table of numbered rows."
        for name in ("title", "url", "why_not_read", "missing"):
            if not callable(getattr(self, name)):
                return f"The kind {self.name} has no function {name}."
        for capability in self.capabilities:
            if what := capability.wrong():
                return f"The kind {self.name} is declared {type(capability).__name__} without {what}."
        if len({type(capability) for capability in self.capabilities}) < len(self.capabilities):
            return f"The kind {self.name} has one capability twice."
        return None


_kinds: dict[str, Kind[Any]] = {}


def register(kind: Kind[Record]) -> Kind[Record]:
    """Raises WrongDeclaration for a kind that cannot hold, or whose name another has."""
    known = _kinds.get(kind.name)
    if known is not None and known.model is not kind.model:
        raise WrongDeclaration(f"Two kinds are called {kind.name}.")
    if what := kind.wrong():
        raise WrongDeclaration(what)
    _kinds[kind.name] = kind
    return kind


def find(name: str) -> Kind[Any] | None:
    return _kinds.get(name)


def of(name: str) -> Kind[Any]:
    """The kind of this name. Raises NotFound."""
    if name not in _kinds:
        raise NotFound(_("이런 종류의 글은 없어요."))
    return _kinds[name]


def of_record(record: object) -> Kind[Any]:
    """The kind whose model this record is of. Raises KeyError where none is."""
    return next(kind for kind in _kinds.values() if kind.model is type(record))


def numbered(model: type[Record]) -> Callable[[str], Record | None]:
    """The function that finds a record by its id, as an address says it."""
    def named(name: str) -> Record | None:
        match = re.fullmatch("[1-9][0-9]{0,17}", name)
        return db.session.get(model, int(name)) if match else None

    return named


def kind_of(reference: str) -> str:
    """The name of the kind in `poll:12`, whatever stands behind it."""
    return reference.partition(":")[0]


def having(capability: type[Can]) -> Iterator[tuple[Kind[Any], Can]]:
    """Every kind with this capability, in the order in which the features were put together."""
    for kind in list(_kinds.values()):
        if (ability := kind.get(capability)) is not None:
            yield kind, ability


def of_attachments(sets: str) -> tuple[Kind[Any], Attached[Any]]:
    """The kind whose files lie in sets of this name. Raises NotFound."""
    for kind, attached in having(Attached):
        if attached.sets == sets:
            return kind, attached
    raise NotFound(_("이런 종류의 글은 없어요."))


def with_capability(name: str, capability: type[Can]) -> Can:
    """The capability of the kind of this name. Raises NotFound where there is none."""
    if (ability := of(name).get(capability)) is None:
        raise NotFound(_("이런 종류의 글은 없어요."))
    return ability


def url(name: str, record_id: int) -> str:
    """Address of the page of a thing. Raises NotFound."""
    kind = of(name)
    record = kind.record(record_id)
    if record is None:
        raise kind.missing()
    return kind.url(record)


def why_not_write(name: str, actor: Actor, record_id: int) -> str | None:
    """The reason of a thing below which comments stand against more of them."""
    kind, discussed = of(name), with_capability(name, Discussed)
    record = kind.record(record_id)
    return str(kind.missing()) if record is None else discussed.why_not_write(actor, record)


def discussed_titles(name: str, ids: list[int]) -> Mapping[int, str]:
    """Titles of those of a kind below which comments stand, that everybody may read, in one query."""
    return with_capability(name, Discussed).titles(ids)


def titles_of(rows: Iterable[Any]) -> dict[tuple[str, int], str]:
    """The same of rows with `kind` and `owner_id`, in one query for each kind."""
    owners: dict[str, set[int]] = {}
    for row in rows:
        owners.setdefault(row.kind, set()).add(row.owner_id)
    return {(kind, owner): title for kind, ids in owners.items()
            for owner, title in discussed_titles(kind, sorted(ids)).items()}
