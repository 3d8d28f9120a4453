"""Calls as a kind of thing: found, told of, with days, passed on."""

from collections.abc import Callable

import sqlalchemy as sa

from civic_forum.accounts.queries.people import works_here
from civic_forum.blocks.kinds import SearchResult
from civic_forum.blocks.public import Public
from civic_forum.blocks.sharing import Day, Preview
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, _l, end, end_day, moment

from . import labels, policy, queries
from .models import Call
from .rules import CallStage, stage_of


def _words(call: Call) -> str:
    return " ".join((call.text, *call.themes, call.who_else))


PUBLIC = Public(
    kind="call", model=Call, label=_l("모집·공모"), place="calls", name=Call.slug, title=Call.title, text=Call.text,
    words=_words, since=Call.announced_at, why_not_read=policy.may_read, missing=queries.missing, named=queries.known)


def _hit(call: Call) -> SearchResult:
    return PUBLIC.hit(call.slug, labels.STAGE[call.stage], str(labels.KIND[call.kind]),
                      _("%(day)s 마감", day=end_day(call.closes_at)), is_open=call.stage is CallStage.OPEN)


def _days(title: str, row: sa.Row) -> tuple[Day, ...]:
    return (Day("opening", _("신청 시작: %(title)s", title=title), row.opens_at, begins=True),
            Day("closing", _("신청 마감: %(title)s", title=title), row.closes_at))


def _preview(row: sa.Row, begin: Callable[..., Preview]) -> Preview:
    stage = stage_of(announced=True, opens_at=row.opens_at, closes_at=row.closes_at, decided=row.decided_at is not None,
                     now=clock.now())
    sentence = {CallStage.ANNOUNCED: _("%(moment)s부터 신청할 수 있어요.", moment=moment(row.opens_at)),
                CallStage.OPEN: _("%(moment)s까지 신청할 수 있어요.", moment=end(row.closes_at))}.get(stage, labels.STAGE[stage])
    return begin(figure=str(labels.STAGE[stage]), sentence=str(sentence), word=str(labels.KIND[row.kind]),
                 days=_days(row.title, row), act=_("비추고 읽어 보기"),
                 until=row.closes_at if stage is CallStage.OPEN else None)


CALL = PUBLIC.register(
    PUBLIC.searched(queries.of_ids, _hit, place=37), PUBLIC.told(works_here),
    PUBLIC.occasions(_days, Call.opens_at, Call.closes_at, department=Call.department_id),
    PUBLIC.archived(Call.decided_at),
    PUBLIC.shared(_preview, Call.kind, Call.opens_at, Call.closes_at, Call.decided_at))
