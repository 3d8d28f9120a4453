"""One use-case, one transaction, one audit trail."""

from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.exc import IntegrityError

from . import clock, events, hooks, site_version, writers
from .audit import AuditEntry
from .base import R, db, is_sqlite, store
from .errors import Conflict
from .i18n import _

_open: ContextVar["Work | None"] = ContextVar("open_work", default=None)


class Work:
    """A use-case inside its transaction."""

    def __init__(self, actor):
        self.actor = actor
        self.session = db.session
        self.at = clock.now()
        self._told: list[object] = []

    def store(self, record: R) -> R:
        """The record, written to the database, so that it has its id."""
        return store(self.session, record)

    def record(self, action: str, subject, **details) -> None:
        """Write the audit entry: `action` is `area.verb`, details are small and hold no private data."""
        self.session.flush()
        name = subject if isinstance(subject, str) else f"{subject.__tablename__}:{_id(subject.id)}"
        self.session.add(AuditEntry(at=self.at, actor_id=getattr(self.actor, "id", None), action=action,
                                    subject=name, details=details))

    def emit(self, fact: object) -> None:
        """Run the hooks of this fact now, and publish it after the commit."""
        self.session.flush()
        hooks.run(fact, self.session)
        self._told.append(fact)


def _id(of) -> str:
    """A number, or random bytes in hex."""
    return of.hex() if isinstance(of, bytes) else str(of)


@contextmanager
def use_case(by):
    """Commit what the block did, then publish what it told.

    `by` is the acting user, or None for the site itself. Raises Conflict when a unique or
    foreign key constraint says that somebody else was first.
    """
    _refuse_nested()
    let_go()
    with _transaction(by) as work:
        start_afresh()
        yield work
    events.publish(work._told)


@contextmanager
def unlogged_transaction():
    """One transaction that leaves no trace of who and when: no audit entry, fact, event or version of the site.

    Only for casting a ballot (BALLOTS.md), for letters on their way and the chain of the audit log, of which no page
    shows anything; everything else is a use-case. Raises Conflict as `use_case` does.
    """
    _refuse_nested()
    goes_on = _may_go_on()
    if not goes_on:
        let_go()
    with site_version.unmarked(), _transaction(None):
        if not goes_on:
            start_afresh()
        yield db.session


def _refuse_nested() -> None:
    if _open.get():
        raise RuntimeError("a use-case never calls another use-case")


@contextmanager
def _transaction(actor):
    """Hold the turn to write, commit what the block did, and roll back whatever goes wrong."""
    with writers.one_at_a_time():
        work = Work(actor)
        token = _open.set(work)
        try:
            yield work
            db.session.commit()
        except IntegrityError as clash:
            db.session.rollback()
            raise Conflict(_("그 사이에 내용이 바뀌었어요. 다시 한번 확인해 주세요.")) from clash
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _open.reset(token)


def is_open() -> bool:
    """True if a use-case is being carried out right now, here."""
    return _open.get() is not None


def going_on() -> Work:
    """The use-case that is open here, for hooks that have more to record and to tell."""
    return _open.get()


def acting_id() -> int | None:
    """Id of who carries out the use-case that is open here; None for the site itself. For hooks, which know only the
    fact."""
    return getattr(getattr(_open.get(), "actor", None), "id", None)


def _may_go_on() -> bool:
    """On PostgreSQL every statement sees what is committed by then: a transaction in which only plain rows were read
    goes on, which saves two round trips. Where there are records they are forgotten as always."""
    return not is_sqlite() and not list(db.session()) and db.session.is_active


def let_go() -> None:
    """End the transaction that only read, so that whoever waits for the turn to write holds no connection."""
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed outside a use-case")
    db.session.rollback()


@contextmanager
def one_moment():
    """Reads that all see the database as it was at the first of them. What was read before is let go of."""
    let_go()
    db.session.expire_all()
    db.session.connection(execution_options={} if is_sqlite() else {"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        let_go()


def start_afresh() -> None:
    """Forget what was read before the lock was ours, then take the lock."""
    let_go()
    db.session.expire_all()
    db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
