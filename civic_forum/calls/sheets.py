"""Sheet of the result of a call."""

from collections.abc import Mapping

from civic_forum.blocks.sheets import Block, Column, Facts, Sheet, SheetKind, Table, declare, in_unit
from civic_forum.district.queries import office
from civic_forum.platform.errors import existing
from civic_forum.platform.i18n import _, _l, day, end_day, local
from civic_forum.platform.web import visitor

from . import labels, queries
from .judging import queries as judging
from .models import Call
from .policy import may_read
from .rules import ApplicationState

MOST = 1_000


def load(slug: str, query: Mapping[str, str]) -> Sheet:
    """Applications that were chosen, by theme, once it is decided. Raises NotFound."""
    call = queries.slugged(slug)
    if may_read(visitor(), call):
        raise queries.missing()
    decided_at = existing(call.decided_at, queries.missing)
    chosen = list(judging.those(call.id, ApplicationState.CHOSEN, most=MOST))
    unit = _("(단위: %(unit)s)", unit=_("천원"))
    money = any(row.won for row in chosen)
    each = Table(heading=_("뽑힌 신청"), unit=unit if money else "", rows=tuple(
        (str(place), *([row.theme or ""] if call.themes else []), row.title or row.number,
         *([row.prize] if call.prizes else []), *([in_unit(row.won or 0)] if money else []), row.reason)
        for place, row in enumerate(chosen, 1)), columns=(
            Column(name=_("번호"), width=.6), *([Column(name=_("주제"), width=1.2)] if call.themes else []),
            Column(name=_("신청"), width=2.4, align="left"), *([Column(name=_("상"))] if call.prizes else []),
            *([Column(name=_("지원금"))] if money else []), Column(name=_("이유"), width=3, align="left")))
    by_theme = [_by_theme(call, chosen, unit)] if call.themes and money else []
    return Sheet(title=_("%(title)s 결과", title=call.title), kind=str(labels.KIND[call.kind]), slug=slug,
                 office=office(call.department_id), day=local(decided_at).date(),
                 blocks=(_facts(call), *by_theme, each))


def _facts(call: Call) -> Facts:
    tally = judging.tally(call.id)
    rows = [(_("신청"), tally.handed_in), (_("뽑힘"), tally[ApplicationState.CHOSEN]),
            (_("예비"), tally[ApplicationState.RESERVE])]
    if call.opens_at and call.closes_at:
        rows.insert(0, (_("신청 기간"), f"{day(call.opens_at)}~{end_day(call.closes_at)}"))
    if call.budget:
        rows += [(_("예산(천원)"), in_unit(call.budget)), (_("지원금의 합(천원)"), in_unit(tally.won))]
    rows += [(str(labels.WHY_NOT[why]), count) for why, count in tally.why_not.items()]
    return Facts(heading=_("한눈에 보기"), rows=tuple(rows))


def _by_theme(call: Call, chosen: list, unit: str) -> Block:
    rows = [(theme, len(those), in_unit(sum(row.won or 0 for row in those)))
            for theme in call.themes for those in [[row for row in chosen if row.theme == theme]]]
    total = (_("합계"), len(chosen), in_unit(sum(row.won or 0 for row in chosen)))
    return Table(heading=_("주제마다"), unit=unit, rows=tuple(rows), foot=(total,), columns=(
        Column(name=_("주제"), width=3), Column(name=_("뽑힌 신청")), Column(name=_("지원금"))))


declare(SheetKind(name="call", label=_l("모집 결과"), load=load))
