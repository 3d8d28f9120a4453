"""Approval: texts of an office that one person writes and another one approves, with their versions and corrections.

    draft → awaiting approval → published → corrected, each correction approved as well
      ↑ sent back ↓

A feature declares this twice, in the layers where it belongs: `ApprovalRights` in its policy (who may do what now, and
the sentence of the refusal), `Approval` in its services (the use-cases: lock, right, version, move, audit, fact). What
is particular to a feature are functions of both.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar, cast, get_args, get_type_hints

from civic_forum.platform import rich_text
from civic_forum.platform.errors import Conflict
from civic_forum.platform.policy import Predicate, require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .approval_models import COLUMNS, VERSION_COLUMNS, Stage
from .approval_rights import Actor, ApprovalRights, Case, Record
from .kinds import WrongDeclaration

Key = TypeVar("Key")
"""By which a case is locked."""
Text = TypeVar("Text")
"""What is typed, as a dataclass; its fields are columns of the record."""


def _as_typed(record: Any, text: Any) -> None:
    for column in fields(text):
        setattr(record, column.name, getattr(text, column.name))


def _nothing(*_given: Any) -> None:
    return None


def _emit(work: Work, fact: object) -> None:
    if fact is not None:
        work.emit(fact)


def _the_same(text: Text) -> Text:
    return text


@dataclass(frozen=True, kw_only=True)
class Approval(Generic[Key, Case, Record, Text]):
    """Use-cases of a text that waits for another person."""

    rights: ApprovalRights[Case, Record]
    may_write: Predicate
    model: type[Record]
    text: type[Text]
    versions: type[Any]
    """Model of what was published, by the number of the record and the version."""
    details: str
    """Its column for what was `kept`."""
    kept: tuple[str, ...]
    kept_apart: tuple[str, ...] = ()
    """What is kept in columns of their own."""
    rendered: tuple[str, ...]
    """Texts with a column `<name>_html`, written when everybody may read them."""
    fixed: tuple[str, ...] = ()
    """What no correction changes."""
    keeps_first: bool = True
    """Versions are kept, with who wrote each, from the first on, and `written_by` is who wrote last, also a correction;
    otherwise they begin with the first correction, and `written_by` is who wrote the first."""
    notes_submission: bool = False
    """The model has `submitted_at`."""
    why_least: int
    why_most: int
    """Of a correction; a text is sent back with as little, and up to `sent_back_most`."""
    sent_back_most: int
    locked: Callable[[Key], Case]
    """Read again, and locked until the transaction ends. Raises NotFound."""
    held: Callable[[int], tuple[Case, Record]]
    """The published record of this id with its case, read again and locked. Raises NotFound."""
    begin: Callable[[Work, Case], Record]
    """An empty record of the case, as a draft without a version."""
    check: Callable[[Text], Text] = _the_same
    """The text cleaned. Raises Refusal for what no draft may hold."""
    check_complete: Callable[[Text, Case], None]
    """Raises Refusal at the field that is missing for others to read it."""
    check_by: Callable[[Actor, Case, Text], None] = _nothing
    """Raises Denied for somebody who may write, but not this."""
    always_asked: Callable[[Record], bool] = lambda _record: False
    """True for what waits for another person whatever the settings say."""
    write: Callable[[Record, Text], None] = _as_typed
    on_published: Callable[[Work, Case, Record], None] = _nothing
    on_corrected: Callable[[Work, Case, Record, Text, str], None] = _nothing
    """(…, the text before, why)"""
    audited: Callable[[Record], tuple[Any, dict[str, Any]]] = lambda record: (record, {})
    """Subject and details of the audit until it is published."""
    submitted: Callable[[Record], object] = _nothing
    correction_submitted: Callable[[Record], object] = _nothing
    sent_back: Callable[[Record], object] = _nothing
    published: Callable[[Record], object] = _nothing
    """Facts that others are told of; None for none."""
    changed: object
    """Sentence about what somebody else has changed since it was read."""

    def save(self, key: Key, text: Text, *, seen: int, by: Actor) -> Record:
        """Keep what was typed inside the department. `seen` is the version that was read, 0 for none."""
        text = self.check(text)
        with use_case(by) as work:
            case = self.locked(key)
            require(by, self.may_write, case)
            return self._saved(work, case, text, seen)

    def submit(self, key: Key, text: Text, *, seen: int, by: Actor) -> Record:
        """Hand it to another person, or publish it where the setting asks for none."""
        text = self.check(text)
        with use_case(by) as work:
            case = self.locked(key)
            require(by, self.may_write, case)
            self.check_by(by, case, text)
            self.check_complete(text, case)
            record = self._saved(work, case, text, seen)
            if self.rights.another.is_asked() or self.always_asked(record):
                self._move(record, Stage.AWAITING_APPROVAL, work.at)
                self._tell(work, "submitted", record, self.submitted)
            else:
                self.publish(work, case, record)
            return record

    def approve(self, key: Key, *, seen: int, by: Actor) -> Record:
        """Publish what another person wrote, exactly as it was read."""
        with use_case(by) as work:
            case = self.locked(key)
            require(by, self.rights.approve, case)
            record: Any = self.rights.draft(case)
            self.refuse_unseen(record.version, seen)
            record.approved_by_id = by.id
            self.publish(work, case, record)
            return cast(Record, record)

    def send_back(self, key: Key, *, seen: int, why: str = "", by: Actor) -> Record:
        """Make what waits for approval a draft again, just as it was read; its writer hears of it. Who wrote it takes
        it back without saying why."""
        with use_case(by) as work:
            case = self.locked(key)
            require(by, self.rights.send_back, case)
            record: Any = self.rights.draft(case)
            self.refuse_unseen(record.version, seen)
            least = 0 if by.id == record.written_by_id else self.why_least
            record.sent_back_why = words_given(why, least, self.sent_back_most, "reason") or None
            self._move(record, Stage.DRAFT, None)
            record.version += 1
            self._tell(work, "sent_back", record, self.sent_back)
            return cast(Record, record)

    def correct(self, record_id: int, text: Text, *, why: str, seen: int, by: Actor) -> Record:
        """Write the next version and why; another person approves it where the setting says so."""
        why, text = words_given(why, self.why_least, self.why_most, "why"), self.check(text)
        with use_case(by) as work:
            case, entity = self.held(record_id)
            record: Any = entity
            require(by, self.rights.correct, record)
            self.refuse_unseen(record.version, seen)
            text = replace(cast(Any, text), **{name: getattr(record, name) for name in self.fixed})
            self.check_by(by, case, text)
            self.check_complete(text, case)
            if self.keeps_first:
                record.written_by_id, record.written_at = by.id, work.at
            record.correction = {name: _as_json(value) for name, value in asdict(cast(Any, text)).items()
                                 if name not in self.fixed} | {"why": why, "by_id": by.id, "at": work.at.isoformat()}
            work.record(f"{self.rights.name}.corrected", record)
            if self.rights.another.is_asked() or self.always_asked(entity):
                _emit(work, self.correction_submitted(record))
            else:
                self.put_in_place(work, case, record, text, why=why, by_id=by.id)
            return entity

    def approve_correction(self, record_id: int, *, seen: str, by: Actor) -> Record:
        """Publish the next version exactly as it was read: `seen` is when it was written."""
        with use_case(by) as work:
            case, entity = self.held(record_id)
            record: Any = entity
            require(by, self.rights.approve_correction, record)
            change = record.correction
            self.refuse_unseen(change["at"], seen)
            record.approved_by_id = by.id
            self.put_in_place(work, case, record, self.corrected(record), why=change["why"], by_id=change["by_id"])
            return entity

    def send_back_correction(self, record_id: int, *, by: Actor) -> Record:
        """Give the correction up; what was published stays."""
        with use_case(by) as work:
            _case, record = self.held(record_id)
            require(by, self.rights.send_back_correction, record)
            cast(Any, record).correction = None
            work.record(f"{self.rights.name}.gave_up_correction", record)
            return record

    def publish(self, work: Work, case: Case, record: Any) -> None:
        """Show it to everybody, inside a transaction that holds the case."""
        self._move(record, Stage.PUBLISHED, record.submitted_at if self.notes_submission else None)
        record.version, record.published_at, record.sent_back_why = 1, work.at, None
        self._render(record)
        if self.keeps_first:
            self._keep(work, record, why=None, by_id=record.written_by_id, at=work.at)
        work.session.flush()
        self.on_published(work, case, record)
        self._tell(work, "published", record, self.published)

    def put_in_place(self, work: Work, case: Case, record: Any, text: Text, *, why: str, by_id: int) -> None:
        """Let the next version stand, inside a transaction that holds the case; what was said before is kept."""
        if record.version == 1 and not self.keeps_first:
            self._keep(work, record, why=None, by_id=record.written_by_id, at=record.published_at)
        before = self.text(**{column.name: getattr(record, column.name) for column in fields(cast(Any, self.text))})
        self.write(record, text)
        record.version += 1
        record.correction = None
        self._render(record)
        self._keep(work, record, why=why, by_id=by_id, at=work.at)
        self.on_corrected(work, case, record, before, why)
        work.record(f"{self.rights.name}.published_correction", record, version=record.version)
        _emit(work, self.published(record))

    def corrected(self, record: Any) -> Text:
        """The text of the correction that waits, as it was typed."""
        return self.text(**{name: _typed(hint, record.correction.get(name)) if name not in self.fixed
                            else getattr(record, name) for name, hint in get_type_hints(self.text).items()})

    def _saved(self, work: Work, case: Case, text: Text, seen: int) -> Record:
        record: Any = self.rights.draft(case)
        self.refuse_unseen(record.version if record is not None else 0, seen)
        if record is None:
            record = self.begin(work, case)
            self._move(record, Stage.DRAFT, None)
            record.version = 0
        self.write(record, text)
        record.version += 1
        record.written_by_id, record.written_at = work.actor.id, work.at
        work.store(record)
        self._tell(work, "saved", record)
        return cast(Record, record)

    def refuse_unseen(self, there: object, seen: object) -> None:
        """Raises Conflict for the second of two people who had read the same."""
        if there != seen:
            raise Conflict(str(self.changed))

    def _move(self, record: Any, stage: Stage, submitted_at: datetime | None) -> None:
        record.state = _columns(self.model)["state"].type.enum_class(stage)
        if self.notes_submission:
            record.submitted_at = submitted_at

    def _tell(self, work: Work, verb: str, record: Any, fact: Callable[[Any], object] = _nothing) -> None:
        subject, details = self.audited(record)
        work.record(f"{self.rights.name}.{verb}", subject, **details)
        _emit(work, fact(record))

    def _render(self, record: Any) -> None:
        for name in self.rendered:
            setattr(record, f"{name}_html", rich_text.render(getattr(record, name)))

    def _keep(self, work: Work, record: Any, *, why: str | None, by_id: int, at: datetime) -> None:
        work.store(self.versions(**{
            f"{record.__table__.name}_id": record.id, "version": record.version, "why": why, "by_id": by_id, "at": at,
            self.details: {name: _as_json(getattr(record, name)) for name in self.kept},
            **{name: getattr(record, name) for name in self.kept_apart}}))

    def wrong(self) -> str | None:
        """A sentence about a part that is declared wrongly."""
        name, table, versions = self.rights.name, _columns(self.model), _columns(self.versions)
        if what := self.rights.wrong():
            return what
        typed = {column.name for column in fields(cast(Any, self.text))}
        for column in sorted(set(self.fixed) - typed):
            return f"The approval {name} fixes {column}, which is not typed."
        own = {*COLUMNS, *typed, *self.kept, *self.kept_apart,
               *(f"{source}_html" for source in self.rendered), *(("submitted_at",) if self.notes_submission else ())}
        for column in sorted(own - table.keys()):
            return f"The approval {name} needs {column}, which {self.model.__name__} has no column for."
        owner = f"{cast(Any, self.model).__table__.name}_id"
        for column in sorted({*VERSION_COLUMNS, owner, self.details, *self.kept_apart} - versions.keys()):
            return f"The approval {name} keeps {column}, which {self.versions.__name__} has no column for."
        for stage in Stage:
            if stage not in getattr(table["state"].type, "enums", ()):
                return f"The approval {name} moves to {stage}, a stage that {self.model.__name__} does not have."
        return None


def declare(approval: Approval[Key, Case, Record, Text]) -> Approval[Key, Case, Record, Text]:
    """Raises WrongDeclaration for one that cannot hold."""
    if what := approval.wrong():
        raise WrongDeclaration(what)
    return approval


def _columns(model: type[Any]) -> dict[str, Any]:
    return dict(model.__table__.columns)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(hint: Any, value: Any) -> Any:
    """A value of a correction as the type of its field has it."""
    for kind in (hint, *get_args(hint)):
        if isinstance(kind, type) and value is not None:
            if issubclass(kind, date):
                return date.fromisoformat(value)
            if issubclass(kind, Enum):
                return kind(value)
    return value
