"""Sheet of the published result of a poll."""

from collections.abc import Mapping

from civic_forum.ballots.labels import quorum
from civic_forum.blocks.sheets import Column, Facts, Sheet, SheetKind, Table, declare
from civic_forum.district.queries import office
from civic_forum.platform.errors import existing
from civic_forum.platform.i18n import _, _l, day, end_day, local

from .pages import readable
from .queries import records, results
from .queries.results import Result


def load(slug: str, query: Mapping[str, str]) -> Sheet:
    """Raises NotFound, also until the result is published."""
    poll = readable(slug)
    result = existing(results.of(poll), records.missing)
    header, rows = table(result)
    turnout = result.figures["turnout"]
    facts = [(_("투표 기간"), f"{day(poll.opens_at)}~{end_day(poll.closes_at)}"),
             *((str(label), turnout[key]) for label, key in TURNOUT if key in turnout)]
    facts += [] if "small" in result.figures else [(_("기권한 표"), result.figures["blank"])]
    if poll.quorum_terms and result.quorum_reached is not None:
        reached = _("정한 수를 채웠어요") if result.quorum_reached else _("정한 수에 모자라요")
        facts.append((_("최소 참여 기준"), f"{reached}. {quorum(poll.quorum_terms)}"))
    words = (_("항목"), _("질문"), _("선정한 항목"))
    columns = tuple(Column(name=name, width=4, align="left") if name in words else Column(name=name) for name in header)
    return Sheet(title=_("%(title)s 결과", title=poll.title), kind=_("투표 결과"), slug=slug,
                 office=office(poll.department_id), day=local(poll.box.published_at).date(),
                 blocks=(Facts(heading=_("참여"), rows=tuple(facts)), Table(
                     heading=_("결과"), columns=columns, rows=tuple(rows))))


TURNOUT = ((_l("투표인 명부"), "roll"), (_l("투표한 사람"), "total"), (_l("온라인"), "online"), (_l("도움받아 투표"), "assisted"),
           (_l("종이"), "paper_returned"))


def table(result: Result) -> tuple[tuple[str, ...], list[tuple]]:
    """Its header and lines; of few ballots what won alone."""
    if "small" in result.figures:
        return (_("선정한 항목"),), [(title,) for title in result.won]
    if result.lines and result.lines[0].answer:
        return (_("번호"), _("질문"), _("찬성"), _("반대"), _("기권")), [
            (line.option.number, line.title, line.answer.yes, line.answer.no, line.answer.blank)
            for line in result.lines if line.answer]
    return (_("번호"), _("항목"), _("득표"), _("차례")), [
        (line.option.number, line.title, line.place.votes, line.place.place) for line in result.lines if line.place]


declare(SheetKind(name="poll", label=_l("투표 결과"), load=load))
