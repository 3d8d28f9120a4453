"""Consultations as a kind of thing: found, told of, decided about."""

from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from civic_forum.accounts.queries.people import works_here
from civic_forum.attachments.queries import digest_of_picture
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, Kind, SearchResult
from civic_forum.blocks.moderated import Moderated
from civic_forum.blocks.public import Public
from civic_forum.blocks.sharing import Day, Preview
from civic_forum.platform import clock, rich_text
from civic_forum.platform.i18n import _, _l, end, end_day, local, moment

from . import labels, moderated, policy, queries, rules
from .models import Consultation, Statement, consultation_neighbourhood
from .process import DOCUMENTS
from .rules import Stage


def _words(consultation: Consultation) -> str:
    statements = " ".join(statement.text for statement in queries.statements(consultation.id) if statement.is_asked)
    return f"{consultation.question} {rich_text.text_of(consultation.background_html)} {statements}"


PUBLIC = Public(
    kind="consultation", model=Consultation, label=_l("질문"), place="consultations", name=Consultation.slug,
    title=Consultation.title, text=Consultation.question, words=_words, since=Consultation.announced_at,
    picture=digest_of_picture(Consultation.attachment_set_id), why_not_read=policy.may_read, missing=queries.missing,
    named=queries.slugged)


def _hit(card: queries.Card) -> SearchResult:
    return SearchResult(PUBLIC.url(card.consultation), word=str(labels.STAGE[card.stage]), about=(
        _("구청이 묻습니다"), _("%(day)s 마감", day=end_day(card.consultation.closes_at))), is_open=card.stage is Stage.OPEN)


def _days(title: str, row: sa.Row) -> tuple[Day, ...]:
    return (Day("opening", _("묻기 시작: %(title)s", title=title), row.opens_at, begins=True),
            Day("closing", _("답하기 마감: %(title)s", title=title), row.closes_at))


def _preview(row: sa.Row, begin: Callable[..., Preview]) -> Preview:
    stage = rules.stage(row.since, row.opens_at, row.closes_at, clock.now())
    asked = begin(
        figure=str(labels.STAGE[stage]), sentence=_("질문을 마쳤어요. 결과를 볼 수 있어요."), act=_("비추고 읽어 보기"),
        days=_days(row.title, row))
    if stage is Stage.OPEN:
        people = queries.latest_participants(row.id)
        return replace(asked, **({"figure": f"{people:,}", "beside": _("명 참여")} if people else {}),
                       sentence=_("%(moment)s까지 한 줄씩 답할 수 있어요.", moment=end(row.closes_at)),
                       until=row.closes_at, act=_("비추고 답하기"))
    if stage is Stage.ANNOUNCED:
        opens = local(row.opens_at)
        return replace(asked, figure=f"{opens.month}. {opens.day}.", beside=_("묻기 시작"),
                       sentence=_("%(moment)s부터 답할 수 있어요.", moment=moment(row.opens_at)))
    return _with_result(asked, queries.first_line(row.id))


def _with_result(asked: Preview, first: queries.FirstLine | None) -> Preview:
    """The same with what all share in front."""
    if first is None:
        return asked
    facts = {"title": asked.title, "percent": first.percent}
    return replace(
        asked, url=f"{asked.url}/result", title=f"“{first.text}”", text=asked.title, figure=f"{first.percent}%",
        beside=str(labels.ANSWER[first.answer]),
        sentence=_("‘%(title)s’ 질문에서 어느 쪽이든 적어도 %(percent)s%%가 이렇게 답했어요.", **facts) if first.of_every_group
        else _("‘%(title)s’ 질문에서 %(percent)s%%가 이렇게 답했어요.", **facts))


def _why_not_decided(consultation: Consultation) -> str | None:
    if policy.stage_of(consultation) is Stage.CLOSED:
        return None
    return _("질문을 마친 뒤에 결과를 쓸 수 있어요.")


def _note(consultation: Consultation) -> str:
    return f"{consultation.slug} · {labels.STAGE[policy.stage_of(consultation)]}"


NOW = sa.bindparam("closed_by", callable_=lambda: clock.now(), type_=Consultation.closes_at.type)
PUBLIC.picker("opinions.see_desk", note=_note)
CONSULTATION = PUBLIC.register(
    Attached(sets=DOCUMENTS.kind, why_not_read=policy.may_read),
    PUBLIC.searched(queries.of_ids, _hit, place=35), PUBLIC.told(works_here),
    PUBLIC.shared(_preview, Consultation.opens_at, Consultation.closes_at),
    PUBLIC.occasions(_days, Consultation.opens_at, Consultation.closes_at, places=consultation_neighbourhood,
                     department=Consultation.department_id),
    PUBLIC.archived(Consultation.closes_at, places=consultation_neighbourhood, files=Consultation.attachment_set_id),
    PUBLIC.decidable(
        about=_l("질문의 결과"), order=25, locked=queries.locked, why_not_yet=_why_not_decided,
        department=Consultation.department_id, waits=(PUBLIC.readable, Consultation.closes_at <= NOW)))
STATEMENT = kinds.register(Kind(
    "statement", Statement, label=_l("한 줄 의견"), title=lambda statement: statement.text, url=moderated.url,
    why_not_read=moderated.why_not_read, missing=queries.no_such_statement,
    capabilities=(Moderated(
        find=moderated.find, excerpt=lambda statement: statement.text, author=Statement.author_id,
        words=Statement.text, around=moderated.around, locked=moderated.locked, put_hidden=moderated.put_hidden,
        described=moderated.described, at=moderated.at, is_anonymous=True),)))
