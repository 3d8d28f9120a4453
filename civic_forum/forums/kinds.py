"""Forums, and what is said in them, as kinds of things."""

import re
from collections.abc import Callable, Collection

import sqlalchemy as sa

from civic_forum.accounts.queries.people import works_here
from civic_forum.agendas.queries import records as agendas
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, Coming, Decidable, Kind, Searched, SearchResult, Told
from civic_forum.blocks.moderated import Moderated
from civic_forum.blocks.sharing import Day, Preview, Shared
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l, day, local, moment
from civic_forum.platform.statements import made_once

from . import labels, moderated
from . import queries as forums
from .chat.models import ChatMessage
from .models import Forum
from .policy import may_read
from .preparing import listing
from .preparing.process import DOCUMENTS
from .questions.models import Question
from .record.models import Decision
from .registration.models import Registration
from .rules import Stage, stage_of


def shown_in_search(forum_ids: list[int]) -> dict[int, SearchResult]:
    return {forum_id: SearchResult(url=f"/forums/{card.forum.slug}", word=str(labels.STAGE[card.stage]),
                                   about=(_("공론장"), day(card.forum.starts_at)))
            for forum_id, card in listing.of_ids(forum_ids).items()}


def _told(forum_ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("forum"), Forum.id, Forum.title).where(
        Forum.id.in_(forum_ids), sa.or_(Forum.announced_at.is_not(None), works_here(reader_id)))


def _why_not_coming(slug: str) -> str | None:
    """Reason why an agenda cannot lead to a forum: there is no such one."""
    if forums.slugged(slug) is None:
        return _("이런 주소의 공론장이 없어요. 공론장 주소의 끝부분을 그대로 적어 주세요.")
    return None


@made_once
def _ahead() -> sa.Select:
    return sa.select(Forum.slug, Forum.starts_at, Forum.opened_at).where(
        Forum.slug.in_(sa.bindparam("slugs", expanding=True, type_=Forum.slug.type)), Forum.announced_at.is_not(None),
        Forum.closed_at.is_(None))


def _coming(slugs: Collection[str]) -> dict[str, str]:
    rows = db.session.execute(_ahead(), {"slugs": list(slugs)})
    return {slug: _("지금 진행 중") if opened else day(starts, year=False) for slug, starts, opened in rows}


def _preview(forum_id: int) -> Preview | None:
    row = db.session.execute(sa.select(
        Forum.slug, Forum.title, Forum.question, Forum.place, Forum.starts_at, Forum.ends_at, Forum.registration_to,
        Forum.announced_at, Forum.opened_at, Forum.closed_at, Forum.version).where(
        Forum.id == forum_id, Forum.announced_at.is_not(None))).one_or_none()
    if row is None:
        return None
    stage = stage_of(row.announced_at, row.opened_at, row.closed_at)
    figure, beside, sentence = str(labels.STAGE[stage]), "", _("공론장을 마쳤어요. 나눈 이야기를 읽어 보세요.")
    days: tuple[Day, ...] = ()
    if stage is Stage.LIVE:
        figure, sentence = _("지금 진행 중"), _("지금 바로 들어와 함께 이야기할 수 있어요.")
    elif stage is Stage.ANNOUNCED:
        starts = local(row.starts_at)
        figure, beside = f"{starts.month}. {starts.day}.", f"{starts:%H:%M}"
        sentence = _("%(moment)s에 %(place)s에서 만나요.", moment=moment(row.starts_at), place=row.place)
        days = (Day("", row.title, row.starts_at, row.ends_at, row.place),)
        if row.registration_to:
            days += (Day("registration", _("참여 신청 마감: %(title)s", title=row.title), row.registration_to),)
    return Preview(
        name=row.slug, url=f"/forums/{row.slug}", title=row.title, text=row.question, figure=figure, beside=beside,
        sentence=sentence, until=row.starts_at if stage is Stage.ANNOUNCED else None,
        act=_("비추고 읽어 보기") if stage is Stage.FINISHED else _("비추고 함께하기"),
        version=row.version, since=row.announced_at, days=days)


FORUM = kinds.register(Kind(
    "forum", Forum, label=_l("공론장"), title=lambda forum: forum.title, url=lambda forum: f"/forums/{forum.slug}",
    why_not_read=may_read, missing=forums.no_such_forum, named=forums.slugged,
    capabilities=(Attached(sets=DOCUMENTS.kind, why_not_read=may_read), Searched(shown_in_search, place=60),
                  Told(_told), Shared(place="forums", preview=_preview), Coming("forum", _why_not_coming, _coming))))


def _no_decision() -> NotFound:
    return NotFound(_("이런 의결은 없어요. 공론장 화면에서 다시 찾아보세요."))


def _why_not_read_decision(actor, decision: Decision) -> str | None:
    if decision.removed_at is not None:
        return str(_no_decision())
    return may_read(actor, db.session.get_one(Forum, decision.forum_id))


def _locked_decision(decision_id: int) -> Decision:
    """With its forum, and read again."""
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        raise _no_decision()
    forums.locked(decision.forum_id)
    db.session.refresh(decision)
    return decision


def _why_not_decided(decision: Decision) -> str | None:
    return _("공론장에서 거둔 의결이에요.") if decision.removed_at is not None else None


def _journeys(decision: Decision) -> list[int]:
    """Of the agenda of its forum."""
    agenda_id = db.session.get_one(Forum, decision.forum_id).about_one("agenda")
    return [agendas.by_id(agenda_id).journey_id] if agenda_id else []


def _offered(department_ids: Collection[int]) -> sa.Select:
    return sa.select(Decision.id, sa.cast(Decision.id, sa.String).label("name"), Decision.text.label("title"),
                     Decision.at.label("since")).where(
        Decision.removed_at.is_(None), Decision.department_id.in_(department_ids))


DECISION = kinds.register(Kind(
    "forum_decision", Decision, label=_l("공론장 의결"), title=lambda decision: decision.text,
    url=lambda decision: f"/forums/{db.session.get_one(Forum, decision.forum_id).slug}#decision-{decision.id}",
    why_not_read=_why_not_read_decision, missing=_no_decision, named=kinds.numbered(Decision),
    capabilities=(Decidable(
        place="decisions", about=_l("공론장 의결의 결과"), order=50, name=lambda decision: str(decision.id),
        name_sql=lambda id_: sa.cast(id_, sa.String), locked=_locked_decision, why_not_read=_why_not_read_decision,
        department_id=lambda decision: decision.department_id, began=lambda decision: decision.at,
        why_not_yet=_why_not_decided,
        people=lambda id_: sa.select(Registration.user_id).join(
            Decision, Decision.forum_id == Registration.forum_id).where(
            Decision.id == id_, Registration.user_id.is_not(None)),
        journeys=_journeys, offered=_offered),)))


def _missing() -> NotFound:
    return NotFound(_("없거나 지금은 볼 수 없는 글이에요."))


def _why_not_read(actor, post: moderated.Said) -> str | None:
    return may_read(actor, db.session.get_one(Forum, post.forum_id))


def _moderated(kind: str, pattern: re.Pattern[str]) -> Moderated:
    def described(ids: Collection[int]) -> dict[int, tuple[str, str]]:
        return {number: (text, url) for number, (text, _name, _title, url) in moderated.described(kind, ids).items()}

    def at(address: str) -> int | None:
        match = pattern.search(address)
        return int(match[1]) if match else None

    return Moderated(find=moderated.finder(kind), excerpt=moderated.excerpt, author=moderated.AUTHORS[kind],
                     words=moderated.TABLES[kind].text, around=moderated.around, locked=moderated.locked(kind),
                     put_hidden=moderated.put_hidden, described=described, at=at)


def _said(kind: str, model: type, label: object, place: str) -> Kind:
    address = re.compile(rf"/forums/[^/]+/{place}/([1-9][0-9]{{0,17}})")
    url: Callable[[moderated.Said], str] = moderated.url
    return kinds.register(Kind(kind, model, label=label, title=moderated.excerpt, url=url, why_not_read=_why_not_read,
                               missing=_missing, capabilities=(_moderated(kind, address),)))


QUESTION = _said(moderated.QUESTION, Question, _l("공론장 질문"), "questions")
MESSAGE = _said(moderated.MESSAGE, ChatMessage, _l("공론장 대화"), "chat")
