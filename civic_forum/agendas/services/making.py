"""Agendas: begun, worded, published, brought from state to state."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import kinds, slugs
from civic_forum.district import queries as district
from civic_forum.district.models import Audience, Neighbourhood
from civic_forum.journeys import operations as journeys
from civic_forum.platform import rich_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, _n
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import rules
from .. import operations
from ..events import AgendaEdited, AgendaMoved, AgendaNextTold, AgendaPublished, ProposalGrouped
from ..extensions import GROUNDS
from ..models import Agenda, AgendaLink, AgendaNext
from ..policy import may_change, may_moderate, may_publish
from ..queries import links, records
from ..rules import AgendaState, NextKind

LEAST_SLUG = slugs.LEAST_PROPOSED
MOST_CHOSEN = 50


@dataclass(frozen=True)
class Wording:
    """Texts of an agenda, and whom it concerns."""

    question: str
    summary: str = ""
    neighbourhood_ids: Sequence[int] = ()
    audience_ids: Sequence[int] = ()
    lead_department_id: int | None = None


def begin(slug: str | None, wording: Wording, *, by: User) -> Agenda:
    """A new agenda that only moderators and its department see yet; without a slug its address is made of its question.

    Raises Refusal for words that are too short or long, and for an address that is taken.
    """
    require(by, may_moderate)
    _check(wording)
    check_slug(slug)
    html = rich_text.render(wording.summary)
    with use_case(by) as work:
        agenda = operations.open_agenda(work, slug, wording.question)
        _write(work, agenda, wording, html)
        return agenda


def check_slug(slug: str | None) -> None:
    """Raises Refusal for what cannot be the end of an address."""
    if slug is not None and not slugs.fits(slug, least=LEAST_SLUG):
        raise Refusal(_("주소는 영어 소문자와 숫자, 붙임표로 3자 이상 60자 이하로 적어 주세요."), field="slug")


def edit(agenda_id: int, wording: Wording, *, version: int, by: User) -> Agenda:
    """Say it anew; what it said before stays readable. Words that are the same change nothing.

    Raises Conflict when `version` is not the newest.
    """
    _check(wording)
    html = rich_text.render(wording.summary)
    with use_case(by) as work:
        agenda = records.locked(agenda_id)
        require(by, may_change, agenda)
        if version != agenda.version:
            raise Conflict(_("그 사이에 다른 운영자가 의제를 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
        if _said(agenda) != _normal(wording):
            agenda.version += 1
            _write(work, agenda, wording, html)
            work.record("agendas.edited", agenda, version=agenda.version)
            work.emit(AgendaEdited(agenda.id, agenda.version))
        return agenda


def _said(agenda: Agenda) -> Wording:
    return Wording(agenda.question, agenda.summary, tuple(sorted(place.id for place in agenda.neighbourhoods)),
                   tuple(sorted(audience.id for audience in agenda.audiences)), agenda.lead_department_id)


def _normal(wording: Wording) -> Wording:
    return Wording(wording.question.strip(), wording.summary, tuple(sorted(set(wording.neighbourhood_ids))),
                   tuple(sorted(set(wording.audience_ids))), wording.lead_department_id)


def _check(wording: Wording) -> None:
    words_given(wording.question, rules.QUESTION_LEAST, rules.QUESTION_MOST, "question")
    if len(wording.summary) > rules.SUMMARY_MOST:
        raise Refusal(_("설명은 %(most)s자까지 적을 수 있어요.", most=f"{rules.SUMMARY_MOST:,}"), field="summary")
    refuse_secret(summary=wording.summary)


def _write(work: Work, agenda: Agenda, wording: Wording, html: str) -> None:
    wording = _normal(wording)
    agenda.question, agenda.summary, agenda.summary_html = wording.question, wording.summary, html
    agenda.neighbourhoods = _chosen(Neighbourhood, wording.neighbourhood_ids, "neighbourhoods")
    agenda.audiences = _chosen(Audience, wording.audience_ids, "audiences")
    if wording.lead_department_id not in (None, agenda.lead_department_id) and (
            district.open_department(wording.lead_department_id) is None):
        raise Refusal(_("목록에 있는 부서를 골라 주세요."), field="lead_department")
    agenda.lead_department_id = wording.lead_department_id
    operations.keep_version(work, agenda)


def _chosen(kind, ids: Sequence[int], field: str) -> list:
    choices = list(db.session.scalars(sa.select(kind).where(
        kind.id.in_(ids), kind.closed_at.is_(None)))) if len(ids) <= MOST_CHOSEN else []
    if len(choices) != len(ids):
        raise Refusal(_("목록에 있는 것만 고를 수 있어요."), field=field)
    return choices


def publish(agenda_id: int, *, by: User) -> Agenda:
    """Let everybody read it; from now on authors may object to what is grouped. One without proposals needs other
    grounds, which features above may know."""
    with use_case(by) as work:
        agenda = records.locked(agenda_id)
        require(by, may_publish, agenda)
        grouped = links.open_of(agenda.id)
        grounds = [] if grouped else GROUNDS.ask(agenda.id)
        if not grouped and not grounds:
            raise Conflict(_("제안을 하나 이상 묶은 뒤에 공개할 수 있어요."))
        agenda.published_at = work.at
        evidence = grounds[0] if grounds else _n("제안 %(num)s개를 묶었어요.", "제안 %(num)s개를 묶었어요.", len(grouped))
        journeys.add(work.session, agenda.journey_id, "agenda_opened", at=work.at, evidence=evidence)
        work.record("agendas.published", agenda, proposals=len(grouped))
        work.emit(AgendaPublished(agenda.id))
        for link in grouped:
            tell_grouped(work, agenda, link)
        return agenda


def tell_grouped(work: Work, agenda: Agenda, link: AgendaLink) -> None:
    """A public step in the life of the proposal, and word to its author, who may object, and to its supporters."""
    link.told_at = work.at
    journeys.add(work.session, link.proposal.journey_id, "grouped", at=work.at, evidence=agenda.question,
                 link=f"/agendas/{agenda.slug}")
    work.emit(ProposalGrouped(agenda.id, link.proposal_id, link.id))


def move(agenda_id: int, state: AgendaState, *, by: User, note: str = "") -> Agenda:
    """Bring it into another state, for everybody to see."""
    note = words_given(note, 0, rules.WHY_MOST, "note")
    with use_case(by) as work:
        agenda = records.locked(agenda_id)
        require(by, may_change, agenda)
        if agenda.state is state:
            raise Conflict(_("이미 그 단계예요. 화면을 새로 고쳐 확인해 주세요."))
        if agenda.published_at is None:
            raise Conflict(_("의제를 공개한 뒤에 단계를 바꿀 수 있어요."))
        operations.move(work.session, agenda, state, at=work.at, evidence=note or None)
        work.record("agendas.moved", agenda, state=state.value)
        work.emit(AgendaMoved(agenda.id))
        return agenda


def note(agenda_id: int, what: str, *, by: User) -> Agenda:
    """Write down what happened: a walk, a meeting, a survey."""
    what = words_given(what, rules.WHY_LEAST, rules.WHY_MOST, "what")
    with use_case(by) as work:
        agenda = records.locked(agenda_id)
        require(by, may_change, agenda)
        journeys.add(work.session, agenda.journey_id, "noted", at=work.at, evidence=what)
        work.record("agendas.noted", agenda)
        return agenda


def _why_not_coming(kind: NextKind, slug: str) -> str | None:
    """The reason of the feature that has such pages why there is none of this slug."""
    reasons = (coming.why_not(slug) for _kind, coming in kinds.having(kinds.Coming) if coming.step == kind.value)
    return next((reason for reason in reasons if reason), None)


def set_next(agenda_id: int, kind: NextKind, text: str, *, by: User, slug: str | None = None) -> AgendaNext:
    """Say what comes next; what was said before counts as done."""
    text = words_given(text, rules.WHY_LEAST, rules.WHY_MOST, "note")
    if slug and not slugs.fits(slug, least=LEAST_SLUG):
        raise Refusal(_("주소의 마지막 부분을 그대로 적어 주세요."), field="slug")
    if slug and (reason := _why_not_coming(kind, slug)):
        raise Refusal(reason, field="slug")
    with use_case(by) as work:
        agenda = records.locked(agenda_id)
        require(by, may_change, agenda)
        work.session.execute(sa.update(AgendaNext).filter_by(agenda_id=agenda.id, done_at=None)
                             .values(done_at=work.at))
        coming = AgendaNext(agenda_id=agenda.id, kind=kind.value, slug=slug or None, note=text, at=work.at, by_id=by.id)
        work.session.add(coming)
        work.record("agendas.next_told", agenda, kind=kind.value)
        work.emit(AgendaNextTold(agenda.id))
        return coming
