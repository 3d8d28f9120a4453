"""Registrations of consultations with the rest of the site."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.events import AccountTouched, PersonVerified
from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.agendas.events import AgendaPublished
from civic_forum.agendas.extensions import GROUNDS
from civic_forum.agendas.models import Agenda
from civic_forum.ballots.kiosk.codes import TURNS
from civic_forum.blocks.extensions import HOME, LIVE
from civic_forum.blocks.first_page import Current
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.district.rules import DistrictList
from civic_forum.platform import backup_parts, clock, countdown, hooks, jobs
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, end
from civic_forum.platform.waiting import ENTRIES, WORK, DeskEntry, DeskWork
from civic_forum.proposals.extensions import ASIDE
from civic_forum.proposals.queries.detail import Detail
from civic_forum.search import operations as search

from . import (answering, computing, forgetting, identities, keyring, kinds, labels,  # noqa: F401 (jobs)
               operations, policy, proposing, queries, rules, taking_out)
from .events import ConsultationAnnounced, ConsultationEdited, StatementDecided
from .kinds import NOW
from .kiosk import services as kiosk
from .models import Consultation, Letter, Participant, Statement
from .sealing import Content


@hooks.on(ConsultationAnnounced)
def make_key(fact, session) -> None:
    """From now on its answers can be sealed."""
    consultation = session.get_one(Consultation, fact.consultation_id)
    operations.prepare(consultation, queries.highest_number(consultation.id))


search.follow(kinds.PUBLIC, "consultation_id", ConsultationAnnounced, ConsultationEdited)


@hooks.on(AgendaPublished)
def lead_to_agenda(fact, session) -> None:
    """Everybody may read the agenda now: lines of the result lead there."""
    for statement in queries.carried_on(fact.agenda_id):
        statement.became_url = f"/agendas/{session.get_one(Agenda, fact.agenda_id).slug}"


def grounds(agenda_id: int) -> str | None:
    """The consultation of whose result an agenda was made."""
    consultation = queries.of_agenda(agenda_id)
    return _("‘%(title)s’ 질문의 결과에서 나왔어요.", title=consultation.title) if consultation else None


@hooks.on(StatementDecided)
def find_again(fact, session) -> None:
    """Words that were taken out are found no more."""
    search.keep(session, kinds.PUBLIC, session.get_one(Statement, fact.statement_id).consultation)


@hooks.on(AccountTouched)
@hooks.on(PersonVerified)
def count_verified(fact, session) -> None:
    """Answers of an account are those of a verified person from now on, where answers are still taken."""
    user = session.get_one(User, fact.user_id)
    if user.person is not None:
        answering.verify(user)


@dataclass(frozen=True)
class BeganWith:
    """Statement with which a proposal began."""

    template: str
    slug: str
    title: str
    number: int


def on_proposal(detail: Detail) -> BeganWith | None:
    statement = proposing.statement_of(detail.proposal.id)
    return BeganWith("opinions/of_proposal.html", *statement) if statement else None


def on_first_page() -> list[Current]:
    """Consultations that one can answer now."""
    now = clock.now()
    cards = queries.open_now(now)
    return [_current(card, now) for card in cards]


def asked_now() -> Current | None:
    """The one that closes first."""
    return next(iter(on_first_page()), None)


def _current(card: queries.Card, now) -> Current:
    closes = card.consultation.closes_at
    return kinds.PUBLIC.current(
        card.consultation, icon="talk", label=str(labels.STAGE[card.stage]), action=_("답하기"), act="ask",
        is_open=True, until=closes, left=countdown.days_left(closes, now),
        figure=f"{card.answerers:,}" if card.answerers else "", figure_about=_("명 참여"),
        at=_("%(moment)s까지", moment=end(closes, year=False)), picture=card.picture)


def _collect(user: User) -> object:
    """Answers of somebody, the age that they said, and the statements that they wrote; whose answers nobody can tell
    any more."""
    answers: list[dict[str, object]] = []
    ages: list[dict[str, object]] = []
    for consultation in queries.with_key():
        marks = [mark.value for mark in identities.of_account(consultation.id, user)]
        if reason := policy.why_unread(user, consultation):
            answers.append({"consultation": consultation.title, "why_not": reason})
            continue
        for row in queries.participant(consultation.id, marks).values():
            content = keyring.keys(consultation.id).open_row(row) or Content()
            texts = {each.number: each.text for each in queries.statements(consultation.id)}
            answers += [{"consultation": consultation.title, "number": number, "statement": texts[number],
                         "answer": answer} for number, answer in content.answers.items()]
            ages += [{"consultation": consultation.title, "age": content.age_band}] if content.age_band else []
    destroyed = db.session.scalars(sa.select(Consultation.title).where(
        Consultation.key_destroyed_at.is_not(None)).order_by(Consultation.id))
    written = db.session.execute(sa.select(Statement.text, Statement.created_at, Statement.state).where(
        Statement.author_id == user.id).order_by(Statement.id))
    return {"answers": answers, "ages": ages, "destroyed": list(destroyed),
            "statements": [{"text": row.text, "at": row.created_at.isoformat() if row.created_at else None,
                            "state": row.state} for row in written]}


def _erase(user: User, session) -> None:
    """Empty the answers of an account that goes. Those of somebody who took part once stay, in a row that is found for
    nobody (docs/decisions/0053)."""
    answering.erase(user)
    session.execute(sa.update(Statement).where(Statement.author_id == user.id).values(author_id=None))


jobs.keep_for("RETAIN_ROLLS_DAYS", "keys of consultations")(forgetting.destroy_due)
backup_parts.in_order |= {table.__tablename__: f"pk_{table.__tablename__}" for table in (Participant, Letter)}
PERSONAL_DATA["consultations"] = PersonalData(collect=_collect, erase=_erase)
ENTRIES["opinions"] = DeskEntry("opinions.see_desk", _l("주민에게 묻기"), "opinion_desk.consultations")
WORK["opinions.statements"] = DeskWork("opinions.moderate", _l("한 줄 의견 살펴보기"), queries.all_waiting,
                                       queries.waiting_lines, within=rules.LOOKED_AT_WITHIN)
GROUNDS.add(grounds)
TURNS.add(kiosk.enter)
ASIDE.add_section(on_proposal)
HOME.add(on_first_page)
LIVE.add(asked_now)
MENU["consultation"] = Navigation(_l("구청이 묻습니다"), "opinions.show_list", 35)
OPEN_WORK |= {
    "consultations": Moving(label=_l("구청이 묻는 것"), model=Consultation, column=Consultation.department_id,
                            is_open=(Consultation.closes_at > NOW,)),
    "asked": Moving(label=_l("아직 알리지 않은 질문"), model=Consultation, column=Consultation.neighbourhoods,
                    list=DistrictList.NEIGHBOURHOODS, is_open=(Consultation.announced_at.is_(None),))}
