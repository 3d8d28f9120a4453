"""Sheets of meetings: the report of one, and of all of a body within a month."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from civic_forum.blocks.extensions import Extension
from civic_forum.blocks.sheets import Block, Column, Facts, Points, Sheet, SheetKind, Table, Text, declare, in_unit
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.queries import BodyCase
from civic_forum.forums.pages import forum_at
from civic_forum.platform.errors import existing
from civic_forum.platform.i18n import _, _l, day, local, moment
from civic_forum.platform.web import visitor

from . import labels, minutes, policy, queries
from .models import MeetingItem
from .queries import MeetingCase
from .rules import OpenPart

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
DECIDED: Extension[[MeetingItem], tuple[Block, ...]] = Extension("what an item decided, as blocks of a sheet")


def load(slug: str, query: Mapping[str, str]) -> Sheet:
    """The report of a meeting whose results the visitor reads. Raises NotFound."""
    case = existing(_case(slug), queries.missing)
    title = _("%(title)s 개최 결과 보고", title=case.meeting.forum.title)
    return _sheet(case.body, title, slug, case.meeting.last_on, (_overview([case]), *_order(case), *_items(case)))


def load_month(key: str, query: Mapping[str, str]) -> Sheet:
    """All meetings of a body and of what belongs to it in a month: `<body>_2020-09`. Raises NotFound."""
    slug, _line, month = key.partition("_")
    known, numbers = bodies.read_by(visitor(), slug), existing(MONTH.fullmatch(month), queries.missing)
    first = date(int(numbers[1]), int(numbers[2]), 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    slugs = queries.held(policy.bodies_open(visitor(), known, OpenPart.RESULTS), first, last)
    cases = [case for case in map(_case, slugs) if case]
    title = _("%(body)s 회의(%(month)s월) 개최 결과 보고", body=known[0].body.title, month=first.month)
    existing(next(iter(cases), None), queries.missing)
    return _sheet(known[0], title, key, last, (
        _overview(cases), *(block for case in cases for block in _items(case, among=cases))))


def _case(slug: str) -> MeetingCase | None:
    """The meeting at this address, once it is written down and where the visitor reads its results."""
    case = queries.of_forum(forum_at(slug), visitor())
    return case if case and case.meeting.is_over and not case.meeting.is_cancelled and case.results else None


def _sheet(case: BodyCase, title: str, slug: str, on: date, blocks: Sequence[Block]) -> Sheet:
    office = case.body.department.name if case.body.department else case.body.title
    return Sheet(title=title, kind=_("회의 개최 결과 보고"), office=office, day=on, slug=slug, blocks=tuple(blocks))


def _overview(cases: Sequence[MeetingCase]) -> Block:
    """Day, place, and numbers of those who came, of the civil side and of the office."""
    posts = ", ".join(dict.fromkeys(post for case in cases for post in case.meeting.officials))
    rows: list[tuple[str, str]] = [row for case in cases for row in _facts(case, among=cases)]
    return Facts(heading=_("개최 개요"), across=1, rows=(*rows, *([(_("행정 참여자"), posts)] if posts else [])))


def _facts(case: MeetingCase, *, among: Sequence[MeetingCase]) -> Iterator[tuple[str, str]]:
    meeting, forum = case.meeting, case.meeting.forum
    if len(among) > 1:
        yield _("회의"), forum.title
    when = _("%(day)s까지 서면", day=day(meeting.last_on)) if meeting.written else moment(forum.starts_at)
    yield _("일시와 장소"), ", ".join(filter(None, (when, forum.place)))
    came = [_("%(seat)s %(of)s명 가운데 %(came)s명", seat=seat, of=of, came=count) for seat, count, of in meeting.came]
    came += [_("다른 분과 위원 %(count)s명", count=meeting.guests)] if meeting.guests else []
    yield _("참석한 위원"), ", ".join(came) or _("적지 않았어요")
    if meeting.needed:
        yield _("정족수 기준"), _("표결권이 있는 %(members)s명 가운데 %(needed)s명", members=meeting.members, needed=meeting.needed)


def _order(case: MeetingCase) -> Iterator[Block]:
    """Minutes of each item, where they are known."""
    rows, at = [], local(case.meeting.forum.starts_at)
    for item in case.meeting.items:
        until = at + timedelta(minutes=item.minutes or 0)
        rows += [(f"{at:%H:%M}~{until:%H:%M}", _("%(count)s분", count=item.minutes), item.title)] if item.minutes else []
        at = until
    if rows:
        yield Table(heading=_("진행 순서"), rows=tuple(rows), columns=(
            Column(name=_("때")), Column(name=_("걸린 시간")), Column(name=_("안건"), width=4, align="left")))


def _items(case: MeetingCase, *, among: Sequence[MeetingCase] = ()) -> Iterator[Block]:
    """Reports, opinions and results of each item, as far as they are read."""
    yield Text(heading=case.meeting.forum.title if among else _("주요 회의내용"), paragraphs=())
    if among:
        yield from _order(case)
    members = queries.named(case.meeting)
    for item in case.meeting.items:
        is_open = case.opinions_of(item)
        told = item.reported.splitlines() if is_open else [
            _("이 안건의 논의는 공개하지 않아요: %(reason)s", reason=item.closed_by)] if item.closed_by else []
        heading = f"{item.number}. {item.title} ({labels.KIND[item.kind]})"
        yield Text(heading=heading, minor=True, paragraphs=tuple(told))
        for blocks in DECIDED.ask(item) if item.result else ():
            yield from blocks
        if is_open and item.opinions:
            yield Points(heading=_("주요의견"), minor=True, items=tuple(item.opinions))
        results = (*(minutes.answers(item, members) if is_open else ()), *_told(item))
        if results:
            yield Points(heading=_("회의결과"), minor=True, items=results)


def _told(item: MeetingItem) -> Iterator[str]:
    """Its result with its numbers, and the money that it moved."""
    if item.result:
        yield _("결과: %(result)s", result=labels.RESULT[item.result])
    if item.votes:
        yield _("찬성 %(yes)s, 반대 %(no)s, 기권 %(abstained)s", **vars(item.votes))
    if item.money:
        yield _("%(source)s %(whole)s천원 가운데 %(moved)s천원을 %(target)s에 옮겨요.", source=item.money["from"],
                target=item.money["to"], whole=f"{in_unit(item.money['of']):,}",
                moved=f"{in_unit(item.money['moved']):,}")
    for decision in queries.standing(item) if item.decision_ids else ():
        yield " · ".join(filter(None, (
            decision.text, decision.who, decision.due_on and _("%(day)s까지", day=day(decision.due_on)))))


declare(SheetKind(name="meeting", label=_l("회의 개최 결과 보고"), load=load))
declare(SheetKind(name="meetings", label=_l("한 달 회의 개최 결과 보고"), load=load_month))
