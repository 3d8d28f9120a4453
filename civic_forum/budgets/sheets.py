"""Sheet of the published result of a round of participatory budgeting."""

from collections.abc import Iterator, Mapping

from civic_forum.ballots.labels import quorum
from civic_forum.blocks.sheets import Block, Column, Facts, Sheet, SheetKind, Table, declare, in_unit
from civic_forum.district.queries import office
from civic_forum.platform.i18n import _, _l, local

from . import queries
from .pages import found
from .results import labels
from .results.queries import Part, ResultRow, of_round, title_of


def load(slug: str, query: Mapping[str, str]) -> Sheet:
    """Envelopes as far as they are published. Raises NotFound where none is."""
    budget_round = found(slug)
    parts = [part for part in of_round(budget_round) if part.result or part.few or part.elsewhere]
    if not parts:
        raise queries.missing()
    costs = [cost for part in parts for cost in part.costs]
    facts = Facts(heading=_("한눈에 보기"), rows=(
        (_("모든 예산(천원)"), in_unit(budget_round.total)), (_("선정한 사업"), len(costs)),
        (_("쓰는 돈(천원)"), in_unit(sum(costs))), *([(_("정한 곳"), budget_round.decided_in)] if budget_round.decided_in
                                                else [])))
    published = [part.envelope.box.published_at for part in parts if part.envelope.box]
    return Sheet(title=_("%(title)s 결과", title=budget_round.title), kind=_("주민참여예산 결과"), slug=slug,
                 office=office(budget_round.department_id),
                 day=local(max(published, default=budget_round.announced_at)).date(),
                 blocks=(facts, *(block for part in parts for block in _part(part))))


def _part(part: Part) -> Iterator[Block]:
    """An envelope: its money, who voted, what was chosen and what was not."""
    envelope, counted = part.envelope, part.result or part.few
    rows = [(_("배정 예산(천원)"), in_unit(envelope.amount)), (_("쓰는 돈(천원)"), in_unit(sum(part.costs)))]
    if counted:
        rows.append((_("투표한 사람"), counted.voters))
    if counted and envelope.quorum_terms:
        reached = counted.figures["outcome"].get("quorum", 1)
        rows.append((_("최소 참여 기준"), " ".join((_("정한 수를 채웠어요") if reached else _("정한 수에 모자라요"), "·",
                                              quorum(envelope.quorum_terms)))))
    yield Facts(heading=envelope.name, rows=tuple(rows))
    unit = _("(단위: %(unit)s)", unit=_("천원"))
    columns = (Column(name=_("차례"), width=.6), Column(name=_("사업 번호")), Column(name=_("사업"), width=3, align="left"),
               Column(name=_("동")), Column(name=_("사업비")), Column(name=_("득표"), width=.8))
    chosen = [_row(line) for line in counted.funded] if counted else [
        ("", project.code, title_of(project), _place(project), in_unit(project.cost), "") for project in part.elsewhere]
    yield Table(heading=_("선정한 사업"), unit=unit, columns=columns, rows=tuple(chosen), foot=((
        "", "", _("합계"), "", in_unit(sum(part.costs)), ""),))
    if counted and counted.passed:
        why = Column(name=_("왜"), width=3, align="left")
        yield Table(heading=_("선정하지 않은 사업"), unit=unit, columns=(*columns[1:], why), rows=tuple((
            *_row(line)[1:], labels.sentence(
                part.result.count, line.project.code, part.result.titles, is_hidden=line.is_hidden)
            if part.result else "") for line in counted.passed))


def _row(line: ResultRow) -> tuple:
    return (line.place or "", line.project.code, line.title, _place(line.project), in_unit(line.cost),
            line.votes if line.said else "")


def _place(project) -> str:
    return project.neighbourhood.name if project.neighbourhood else _("구 전체")


declare(SheetKind(name="round", label=_l("주민참여예산 결과"), load=load))
