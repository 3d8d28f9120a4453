"""Forums, and what is said in them, as kinds of things."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import join

from civic_forum.accounts.queries.people import works_here
from civic_forum.agendas.queries import records as agendas
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Ahead, Answerable, Attached, Capability, Held, Kind, Ref, SearchResult
from civic_forum.blocks.moderated import Moderated
from civic_forum.blocks.public import NUMBER, Public
from civic_forum.blocks.sharing import Day, Preview
from civic_forum.platform import clock, rich_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l, day, local, moment

from . import labels, moderated
from . import queries as forums
from .chat.models import ChatMessage
from .models import Forum
from .policy import may_read
from .preparing import listing
from .preparing.process import DOCUMENTS
from .questions import queries as questions
from .questions.models import Question
from .record.models import Decision
from .registration.models import Registration
from .rules import Stage, listed_as


def _words(forum: Forum) -> str:
    db.session.expire(forum, ["items", "duties"])
    programme = " ".join(f"{part.title} {part.text}" for part in forum.items)
    speakers = " ".join(f"{duty.called} {duty.topic or ''}" for duty in forum.duties)
    return f"{forum.question} {rich_text.text_of(forum.description_html)} {programme} {speakers}"


PUBLIC = Public(
    kind="forum", model=Forum, label=_l("공론장"), place="forums", name=Forum.slug, title=Forum.title,
    text=Forum.question, words=_words, since=Forum.announced_at, why_not_read=may_read, missing=forums.no_such_forum,
    named=forums.slugged)


def _hit(card: listing.ForumCard) -> SearchResult:
    facts = labels.named(card.forum.form).capitalize(), day(card.forum.starts_at)
    return replace(PUBLIC.hit(card.forum.slug, labels.STAGE[card.stage]), about=facts,
                   is_open=(
        card.stage is Stage.LIVE or card.stage is Stage.ANNOUNCED and card.forum.starts_at > clock.now()))


def _note(forum: Forum) -> str:
    return f"{day(forum.starts_at)} · {labels.STAGE[forum.listed_as]}"


def _day(row: sa.Row, _now: datetime) -> Ahead:
    return Ahead(_("지금 진행 중") if row.opened_at else moment(row.starts_at, year=False), row.place,
                 local(row.starts_at).date())


def _days(title: str, row: sa.Row) -> tuple[Day, ...]:
    until, is_cancelled = row.registration_to, listed_as(None, row.opened_at, row.closed_at) is Stage.CANCELLED
    if is_cancelled:
        return (Day("", _("취소: %(title)s", title=title), row.starts_at, row.ends_at, row.place, cancelled=True),)
    return (Day("", title, row.starts_at, row.ends_at, row.place),
            *([Day("registration", _("참여 신청 마감: %(title)s", title=title), until)] if until else []))


def _preview(row: sa.Row, begin: Callable[..., Preview]) -> Preview:
    stage = listed_as(row.since, row.opened_at, row.closed_at)
    figure, beside = str(labels.STAGE[stage]), ""
    sentence = _("%(gathering)s 마쳤어요. 나눈 이야기를 읽어 보세요.", gathering=labels.named(row.form, "을/를"))
    days: tuple[Day, ...] = ()
    if stage is Stage.LIVE:
        figure, sentence = _("지금 진행 중"), _("지금 바로 들어와 함께 이야기할 수 있어요.")
    elif stage is Stage.CANCELLED:
        sentence, days = _("취소했어요: %(reason)s", reason=row.cancelled_because), _days(row.title, row)
    elif stage is Stage.ANNOUNCED:
        starts = local(row.starts_at)
        figure, beside = f"{starts.month}. {starts.day}.", f"{starts:%H:%M}"
        sentence = _("%(moment)s에 %(place)s에서 만나요.", moment=moment(row.starts_at), place=row.place)
        days = _days(row.title, row)
    return begin(
        word=labels.named(row.form).capitalize(), figure=figure, beside=beside, sentence=sentence,
        until=row.starts_at if stage is Stage.ANNOUNCED else None, days=days,
        act=_("비추고 읽어 보기") if row.closed_at else _("비추고 함께하기"))


PICKED = PUBLIC.picker("forums.prepare", note=_note, latest=(Forum.starts_at.desc(),), asks=True,
                       among=lambda _actor: sa.true())
PLACES = sa.select(Forum.id, Forum.neighbourhood_id).where(Forum.neighbourhood_id.is_not(None)).subquery()
FORUM = PUBLIC.register(
    Attached(sets=DOCUMENTS.kind, why_not_read=may_read), PUBLIC.searched(listing.of_ids, _hit, place=60),
    PUBLIC.told(works_here), Held(took_place=listing.took_place),
    PUBLIC.archived(Forum.starts_at, listing.HELD, places=PLACES, files=Forum.documents_id, what=Forum.form,
                    labels={form.value: label for form, label in labels.FORMS.items()}),
    PUBLIC.occasions(_days, (Forum.starts_at, Forum.ends_at), Forum.registration_to,
                     facts=(Forum.place, Forum.form, Forum.opened_at, Forum.closed_at),
                     word=lambda row: labels.FORMS[row.form],
                     department=Forum.department_id, places=PLACES),
    PUBLIC.shared(_preview, Forum.form, Forum.place, Forum.starts_at, Forum.ends_at, Forum.registration_to,
                  Forum.opened_at, Forum.closed_at, Forum.cancelled_because),
    PUBLIC.coming("forum", _l("이런 주소가 없어요. 주소의 끝부분을 그대로 적어 주세요."), _day, Forum.starts_at,
                  Forum.opened_at, Forum.place, ahead=(Forum.closed_at.is_(None),)))


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
    return _("그 자리에서 거둔 의결이에요.") if decision.removed_at is not None else None


def _journeys(decision: Decision) -> list[int]:
    """Of the agenda of its forum."""
    agenda_id = db.session.get_one(Forum, decision.forum_id).about_one("agenda")
    return [agendas.by_id(agenda_id).journey_id] if agenda_id else []


DECISIONS = Public(
    kind="forum_decision", model=Decision, label=_l("함께 정한 것"), place="decisions",
    name=Decision.id, title=Decision.text, since=Decision.at,
    where=(Decision.removed_at.is_(None), Forum.announced_at.is_not(None)),
    tables=join(Decision, Forum, Forum.id == Decision.forum_id),
    address=lambda decision: f"/forums/{db.session.get_one(Forum, decision.forum_id).slug}#decision-{decision.id}",
    exact=NUMBER, pasted=re.compile(r"#decision-([1-9][0-9]{0,17})$"),
    why_not_read=_why_not_read_decision, missing=_no_decision, named=kinds.numbered(Decision))
DECISIONS.picker("polls.make", "forums.prepare", note=lambda decision: day(decision.at), words=(Decision.text,))
DECISION = DECISIONS.register(DECISIONS.decidable(
    about=_l("함께 정한 것의 결과"), order=50, locked=_locked_decision, why_not_yet=_why_not_decided,
    department=Decision.department_id, waits=(Decision.removed_at.is_(None),),
    anybodys=False, journeys=_journeys,
    people=lambda id_: sa.select(Registration.user_id).join(
        Decision, Decision.forum_id == Registration.forum_id).where(
        Decision.id == id_, Registration.user_id.is_not(None))))


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


def _locked_question(question_id: int) -> Question:
    return existing(moderated.locked(moderated.QUESTION)(db.session, [question_id]).get(question_id), _missing)


ANSWERABLE = Answerable(
    topics=questions.topics, locked=_locked_question, people=questions.waiting_for,
    told_about=lambda question: Ref("forum", question.forum_id))


def _said(kind: str, model: type, label: object, place: str, *more: Capability) -> Kind:
    address = re.compile(rf"/forums/[^/]+/{place}/([1-9][0-9]{{0,17}})")
    url: Callable[[moderated.Said], str] = moderated.url
    return kinds.register(Kind(kind, model, label=label, title=moderated.excerpt, url=url, why_not_read=_why_not_read,
                               missing=_missing, capabilities=(_moderated(kind, address), *more)))


QUESTION = _said(moderated.QUESTION, Question, _l("질문"), "questions", ANSWERABLE)
MESSAGE = _said(moderated.MESSAGE, ChatMessage, _l("대화"), "chat")
