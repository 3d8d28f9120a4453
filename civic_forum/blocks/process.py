"""Preparing a record: its parts, what is still missing, the next step, letting everybody see it, its moves.

A feature declares a `Process` once. Services write parts and move the record through it, each in one use-case: lock,
policy, version, write, keep in step, version raised, audit entry, fact. `blocks.process_pages` serves the pages.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from civic_forum.platform import text_checks
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import Predicate, require
from civic_forum.platform.work import Work, use_case

from .kinds import WrongDeclaration
from .parts import Part, check_columns

R = TypeVar("R")


@dataclass(frozen=True)
class Gap:
    """Something that a record still misses, and the page on which it is filled in."""

    name: str
    sentence: Any
    part: str


@dataclass(frozen=True)
class Next:
    """The one thing to do now: a link, or with `posts` a button, for those whom `wants` lets in."""

    title: str
    text: str
    label: str | None = None
    url: str | None = None
    posts: bool = False
    wants: str | None = None


@dataclass(frozen=True)
class PartPage(Generic[R]):
    """A part with the page that fills it in. One that is not made of single fields has a function of its own that
    writes it, and the desk a form (`process_pages.Desk.forms`)."""

    part: type[Any]
    label: Any
    may: Predicate
    write: Callable[[R, Any], None] | None = None


@dataclass(frozen=True)
class Move(Generic[R]):
    """A step from one stage to another, by a button of the desk."""

    name: str
    """Of the view."""
    path: str
    """The end of the address to which the button posts."""
    before: frozenset[str]
    after: str
    """Stages: those in which it may be done, and the one that follows."""
    act: Callable[..., R]
    """The service: the id, and `by`."""
    said: Any
    """Sentence once it is done."""
    leads_to: Callable[[R], str] | None = None
    """Address of the page that follows; that of the record at the desk where none is given."""


@dataclass(frozen=True)
class Season(Generic[R]):
    """Election seasons: near an election somebody has to answer for holding it all the same."""

    of: Callable[[R], Any]
    """The season in which it would be held, or None."""
    may: Predicate
    none: Any
    done: Any
    refused: Any
    """Sentences: outside a season, already answered for, not answered for (`%(name)s`)."""
    question: Any
    span: Any
    """Question of the page, and the overlap of the two (`%(name)s`, `%(first)s`, `%(last)s`)."""
    note: Any
    said: Any


@dataclass(frozen=True)
class Copying(Generic[R]):
    """Making another record after an earlier one, for instance this year's after last year's."""

    may: Predicate
    """Asked without a subject."""
    first_day: Callable[[R], date]
    """The day that is said anew; all other days are moved with it."""
    make: Callable[[Work, R, str, int], R]
    """(work, the earlier record, title of the new one, by how many days it is later) → the new one, written."""
    longest: int = 200
    """Characters of a title."""


@dataclass(frozen=True, kw_only=True)
class Process(Generic[R]):
    """The process of one kind of record. `version`, `announced_at` and, with a season, `season_accepted_at` and
    `season_accepted_by_id` are columns of the model."""

    area: str
    """First word of its audit entries and permissions."""
    model: type[R]
    stages: Mapping[str, Any]
    """Stage → label."""
    parts: Mapping[str, PartPage[R]]
    """End of the address → part."""
    locked: Callable[[int], R]
    """The record read again, and locked. Raises NotFound."""
    gaps: Callable[[R, datetime], Sequence[Gap]]
    keep_in_step: Callable[[Work, R], None]
    """Brings up to date, after each change, what follows the record."""
    may_announce: Predicate
    edited: Callable[[int], object]
    announced: Callable[[int], object]
    """Facts."""
    outdated: Any
    """Sentence where somebody else was faster."""
    season: Season[R] | None = None
    """None: it may be held at any time."""
    moves: tuple[Move[R], ...] = ()
    to_announce: Callable[[R, datetime], Sequence[Gap]] | None = None
    """Gaps before everybody may see it, where they are fewer than all."""
    changed: Callable[[Work, R, Any], None] | None = None
    """Consequences of a part that was written."""
    copying: Copying[R] | None = None
    columns: tuple[str, ...] = field(default=("version", "announced_at"))

    def __post_init__(self) -> None:
        check_columns(self.model, *(page.part for page in self.parts.values() if issubclass(page.part, Part)))
        season = ("season_accepted_at", "season_accepted_by_id") if self.season else ()
        for column in (*self.columns, *season):
            if not hasattr(self.model, column):
                raise WrongDeclaration(
                    f"The process of {self.area} needs the column {column} of {self.model.__name__}.")
        for move in self.moves:
            for stage in (*move.before, move.after):
                if stage not in self.stages:
                    raise WrongDeclaration(f"The move {move.name} of {self.area} names an unknown stage, {stage}.")

    def held(self, record_id: int, version: int, may: Predicate, by: Any) -> R:
        """The record, locked, that this person may change and has read as it is now. Raises Denied and Conflict."""
        record: Any = self.locked(record_id)
        require(by, may, record)
        if version != record.version:
            raise Conflict(str(self.outdated))
        return record  # type: ignore[no-any-return]

    @contextmanager
    def editing(self, record_id: int, version: int, may: Predicate, by: Any) -> Iterator["Edit[R]"]:
        """A use-case that changes one record; `details` of the edit go into the audit entry. Raises as `held` does."""
        with use_case(by) as work:
            edit = Edit(work, self.held(record_id, version, may, by))
            yield edit
            self.finish(work, edit.record, **edit.details)

    def finish(self, work: Work, record: R, **details: object) -> None:
        """End of every change: a new version, what follows the record, the trail, and those who listen."""
        entity: Any = record
        entity.version += 1
        self.keep_in_step(work, record)
        work.record(f"{self.area}.edited", entity, version=entity.version, **details)
        work.emit(self.edited(entity.id))

    def write(self, record_id: int, part: Any, *, version: int, by: Any) -> R:
        """Say one part anew. `version` is what the page had read: Conflict when somebody was faster."""
        page = next(page for page in self.parts.values() if isinstance(part, page.part))
        with self.editing(record_id, version, page.may, by) as edit:
            if page.write is not None:
                page.write(edit.record, part)
            else:
                part.write(edit.record)
            if self.changed is not None:
                self.changed(edit.work, edit.record, part)
            edit.details["part"] = page.part.__name__.lower()
            return edit.record

    def refuse_gaps(self, record: R, at: datetime) -> None:
        """Raises Conflict with the first thing that is missing."""
        for gap in self.gaps(record, at):
            raise Conflict(str(gap.sentence))

    def refuse_gaps_to_announce(self, record: R, at: datetime) -> None:
        """Raises Conflict with the first thing that is missing before everybody may see it."""
        for gap in (self.to_announce or self.gaps)(record, at):
            raise Conflict(str(gap.sentence))

    def announce(self, record_id: int, *, by: Any) -> R:
        """Let everybody see it. Raises Conflict with the first thing that is missing."""
        with use_case(by) as work:
            record: Any = self.locked(record_id)
            require(by, self.may_announce, record)
            self.refuse_gaps_to_announce(record, work.at)
            return self.make_public(work, record)

    def make_public(self, work: Work, record: Any) -> R:
        """The end of an announcement, inside the transaction of whoever asked what it asks."""
        record.announced_at = work.at
        record.version += 1
        self.keep_in_step(work, record)
        work.record(f"{self.area}.announced", record)
        work.emit(self.announced(record.id))
        return record  # type: ignore[no-any-return]

    def copy(self, record_id: int, title: str, first_day: date, *, by: Any) -> R:
        """Another record after this one, its first day on this day, seen only by those who prepare it."""
        assert self.copying is not None
        title = text_checks.words_given(title, 1, self.copying.longest, "title")
        with use_case(by) as work:
            require(by, self.copying.may)
            earlier: Any = self.locked(record_id)
            return self.copied(work, earlier, title, (first_day - self.copying.first_day(earlier)).days)

    def copied(self, work: Work, earlier: Any, title: str, days: int) -> R:
        """Another record after this one, inside the transaction of whoever may make it."""
        assert self.copying is not None
        made: Any = self.copying.make(work, earlier, title, days)
        self.keep_in_step(work, made)
        work.record(f"{self.area}.made", made, after=earlier.id)
        return made  # type: ignore[no-any-return]

    def accept_season(self, record_id: int, *, by: Any) -> R:
        """Take it upon oneself that it is held in an election season; who did is public."""
        assert self.season is not None
        with use_case(by) as work:
            record: Any = self.locked(record_id)
            require(by, self.season.may, record)
            season = self.season.of(record)
            if season is None:
                raise Conflict(str(self.season.none))
            if record.season_accepted_at is not None:
                raise Conflict(str(self.season.done))
            record.season_accepted_at, record.season_accepted_by_id = work.at, by.id
            work.record(f"{self.area}.season_accepted", record, season=season.id)
            return record  # type: ignore[no-any-return]

    def why_not_in_season(self, record: R) -> str | None:
        """Refusal near an election, unless somebody answers for holding it all the same."""
        entity: Any = record
        season = self.season.of(record) if self.season else None
        if self.season is None or season is None or entity.season_accepted_at is not None:
            return None
        return str(self.season.refused) % {"name": season.name}


@dataclass
class Edit(Generic[R]):
    """A change that is being made."""

    work: Work
    record: R
    details: dict[str, object] = field(default_factory=dict)


def forget_season(record: Any) -> None:
    """For a record that moves to other days: somebody has to answer for them again."""
    record.season_accepted_at = record.season_accepted_by_id = None


def no_such_place() -> str:
    return _("이런 자리는 없어요.")
