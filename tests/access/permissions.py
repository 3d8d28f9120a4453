"""Answers of the permissions while a request is answered: to who asks, and to everybody else of the cast.

The code of every predicate is replaced by a call of `Record.answer`, so that it is heard however it is reached: by
name, by a direct call, or by a table of the site that was made when its modules were read.
"""

from contextlib import contextmanager
from dataclasses import replace
from types import FunctionType

from flask_login import AnonymousUserMixin
from sqlalchemy.orm import Session, selectinload

from civic_forum.accounts.models import User
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.trials import queries as trials
from civic_forum.budgets.trials.models import BudgetTrial
from civic_forum.budgets.committee import queries as committee
from civic_forum.forums import queries as forums
from civic_forum.forums.policy import ForumContext
from civic_forum.forums.registration import queries as registering
from civic_forum.forums.registration.models import Registration
from civic_forum.platform import policy
from civic_forum.platform.base import db

Answers = dict[str, set[bool]]
"""Answers to whether each of the cast may, by name; both where several subjects are asked about."""


class Record:
    """The permissions asked on the way of one request."""

    def __init__(self, cast: dict[str, User | None]):
        self.people = _apart(cast)
        self.acting: str | None = None
        self.asked: dict[str, Answers] = {}
        self.subjects: dict[tuple, object] = {}
        self.is_asking = False

    @contextmanager
    def of(self, actor: str):
        """Answers about this actor until the end of the block, by permission."""
        self.acting, self.asked, self.subjects = actor, {}, {}
        try:
            yield self.asked
        finally:
            self.acting = None

    def answer(self, name: str, predicate, actor, *subject):
        """The reason of the predicate; the answers to all are noted where it is asked about who acts."""
        reason = predicate(actor, *subject)
        if self.acting is not None and not self.is_asking and _same(actor, self.people[self.acting]):
            self.is_asking = True
            try:
                with db.session.no_autoflush:
                    self._ask_everybody(self.asked.setdefault(name, {}), predicate, subject, reason)
            finally:
                self.is_asking = False
        return reason

    def _ask_everybody(self, answers: Answers, predicate, subject, reason) -> None:
        for name, other in self.people.items():
            given = reason
            if name != self.acting:
                given = _reason(predicate, other, *(self._for(one, name) for one in subject))
            answers.setdefault(name, set()).add(given is None)

    def _for(self, subject, name: str):
        """The subject for this one of the cast; read once a request."""
        key = id(subject), name
        if key not in self.subjects:
            self.subjects[key] = subject, _for_another(subject, self.people[self.acting], self.people[name])
        return self.subjects[key][1]


def _apart(cast) -> dict[str, object]:
    """The cast as the site reads them, outside the session of any request."""
    loaded = selectinload(User.grants)
    with Session(db.engine, expire_on_commit=False) as session:
        users = {name: session.get(User, user.id, options=[loaded]) if user else AnonymousUserMixin()
                 for name, user in cast.items()}
        session.commit()
        return users


def _reason(predicate, actor, *subject):
    try:
        return predicate(actor, *subject)
    except AttributeError:  # asked only of those who are signed in
        if actor.is_authenticated:
            raise
        return "nobody is signed in"


def _same(one, other) -> bool:
    return one.is_authenticated == other.is_authenticated and getattr(one, "id", None) == getattr(other, "id", None)


def _for_another(subject, acting, other):
    """The same subject for somebody else, where it says what the acting person is to it."""
    known = getattr(other, "id", None)
    match subject:
        case ForumContext(forum=forum, thing=thing):
            if thing is None or isinstance(thing, Registration) and thing.user_id == getattr(acting, "id", None):
                thing = registering.of(forum.id, known) if known else None
            return replace(subject, standing=forums.attendance(forum, other, subject.now), thing=thing)
        case (BudgetRound() as round_, _member):
            return round_, committee.member_of(round_.id, known) if known else None
        case (BudgetTrial() as trial, _on_committee):
            return trial, bool(known and trials.sits_on_committee(known))
    return subject


def _heard(*given):
    """The code that predicates run while they are recorded, with the permission for NAME."""
    from tests.access import permissions
    return permissions.record.answer("NAME", permissions.predicates["NAME"], *given)


record: Record | None = None
predicates: dict[str, FunctionType] = {}


@contextmanager
def recorded(cast):
    """A record of what the site asks until the end of the block."""
    global record
    registered = {name: policy._predicates[name] for name in policy.names()}
    codes = {name: one.__code__ for name, one in registered.items()}
    predicates.update((name, FunctionType(one.__code__, one.__globals__, name, one.__defaults__))
                      for name, one in registered.items())
    record = Record(cast)
    try:
        for name, one in registered.items():
            constants = tuple(name if known == "NAME" else known for known in _heard.__code__.co_consts)
            one.__code__ = _heard.__code__.replace(co_consts=constants)
        yield record
    finally:
        for name, one in registered.items():
            one.__code__ = codes[name]
        record = None
