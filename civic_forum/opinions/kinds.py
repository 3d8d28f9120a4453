"""Consultations as a kind of thing: found, told of, decided about."""

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from civic_forum.accounts.queries.people import works_here
from civic_forum.attachments.queries import digest_of_picture
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, Decidable, Kind, Searched, SearchResult, Told
from civic_forum.blocks.moderated import Moderated
from civic_forum.blocks.pickers import Choice, Pickable, has_words, register
from civic_forum.blocks.sharing import Day, Preview, Shared
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, end, end_day, local, moment

from . import labels, moderated, policy, queries, rules
from .models import Consultation, Statement
from .process import DOCUMENTS
from .rules import Stage


def shown_in_search(ids: list[int]) -> dict[int, SearchResult]:
    return {id_: SearchResult(
        url=f"/consultations/{card.consultation.slug}", word=str(labels.STAGE[card.stage]),
        about=(_("구청이 묻습니다"), _("%(day)s 마감", day=end_day(card.consultation.closes_at))))
        for id_, card in queries.of_ids(ids, clock.now()).items()}


def _told(ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("consultation"), Consultation.id, Consultation.title).where(
        Consultation.id.in_(ids), sa.or_(Consultation.announced_at.is_not(None), works_here(reader_id)))


_SHARED = sa.select(
    Consultation.id, Consultation.slug, Consultation.title, Consultation.question, Consultation.opens_at,
    Consultation.closes_at, Consultation.announced_at, Consultation.version,
    digest_of_picture(Consultation.attachment_set_id).label("picture")).where(Consultation.announced_at.is_not(None))


def _preview(consultation_id: int) -> Preview | None:
    row = db.session.execute(_SHARED.where(Consultation.id == consultation_id)).one_or_none()
    if row is None:
        return None
    stage = rules.stage(row.announced_at, row.opens_at, row.closes_at, clock.now())
    asked = Preview(
        name=row.slug, url=f"/consultations/{row.slug}", title=row.title, text=row.question, picture=row.picture,
        figure=str(labels.STAGE[stage]), sentence=_("물음을 마쳤어요. 결과를 볼 수 있어요."), act=_("비추고 읽어 보기"),
        version=row.version, since=row.announced_at,
        days=(Day("opening", _("묻기 시작: %(title)s", title=row.title), row.opens_at, begins=True),
              Day("closing", _("답하기 마감: %(title)s", title=row.title), row.closes_at)))
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
        sentence=_("‘%(title)s’ 물음에서 어느 모임이든 적어도 %(percent)s%%가 이렇게 답했어요.", **facts) if first.of_every_group
        else _("‘%(title)s’ 물음에서 %(percent)s%%가 이렇게 답했어요.", **facts))


def _why_not_decided(consultation: Consultation) -> str | None:
    if policy.stage_of(consultation) is Stage.CLOSED:
        return None
    return _("물음을 마친 뒤에 결과를 쓸 수 있어요.")


def _choice(consultation: Consultation) -> Choice:
    return Choice(consultation.slug, consultation.title,
                  f"{consultation.slug} · {labels.STAGE[policy.stage_of(consultation)]}")


def _search_public(_actor, text: str, limit: int, _within: str) -> list[Choice]:
    matching = sa.select(Consultation).where(has_words(text, Consultation.title, Consultation.slug),
                                             Consultation.announced_at.is_not(None))
    return [*map(_choice, db.session.scalars(matching.order_by(Consultation.id.desc()).limit(limit)))]


def _find_public(_actor, value: str, _within: str) -> Choice | None:
    consultation = queries.slugged(value)
    return _choice(consultation) if consultation is not None and consultation.announced_at is not None else None


def _offered(department_ids: Collection[int]) -> sa.Select:
    """Closed ones that are theirs or nobody's."""
    return sa.select(Consultation.id, Consultation.slug.label("name"), Consultation.title,
                     Consultation.closes_at.label("since")).where(
        Consultation.announced_at.is_not(None), Consultation.closes_at <= clock.now(),
        sa.or_(Consultation.department_id.is_(None), Consultation.department_id.in_(department_ids)))


PICKED = register(Pickable("consultation", _l("물음"), ("opinions.see_desk",), _search_public, _find_public,
                           "/consultations/", SLUG))
CONSULTATION = kinds.register(Kind(
    "consultation", Consultation, label=_l("물음"), title=lambda consultation: consultation.title,
    url=lambda consultation: f"/consultations/{consultation.slug}", why_not_read=policy.may_read,
    missing=queries.missing, named=queries.slugged,
    capabilities=(
        Attached(sets=DOCUMENTS.kind, why_not_read=policy.may_read),
        Searched(shown_in_search, place=35),
        Told(_told),
        Shared(place="consultations", preview=_preview),
        Decidable(
            place="consultations", about=_l("물음의 결과"), order=25, by=Consultation.slug, locked=queries.locked,
            department_id=lambda record: record.department_id, began=lambda record: record.announced_at,
            why_not_yet=_why_not_decided, why_not_read=policy.may_read,
            neighbourhoods=lambda record: [place.id for place in record.neighbourhoods], offered=_offered))))
STATEMENT = kinds.register(Kind(
    "statement", Statement, label=_l("한 줄 의견"), title=lambda statement: statement.text, url=moderated.url,
    why_not_read=moderated.why_not_read, missing=queries.no_such_statement,
    capabilities=(Moderated(
        find=moderated.find, excerpt=lambda statement: statement.text, author=Statement.author_id,
        words=Statement.text, around=moderated.around, locked=moderated.locked, put_hidden=moderated.put_hidden,
        described=moderated.described, at=moderated.at, is_anonymous=True),)))
