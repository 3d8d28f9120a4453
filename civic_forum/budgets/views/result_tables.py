"""The result of an envelope as a table to take home: one line for each project, money in won."""

from collections.abc import Iterator

from civic_forum.platform.i18n import _

from ..queries.results import ResultRow, Result
from ..labels import results as labels
from ..labels import rounds as round_words


def header(result: Result) -> list[str]:
    names = [_("차례"), _("사업 번호"), _("투표지 번호"), _("사업"), _("동"), _("사업비(원)"), _("득표"), _("상태"), _("왜"),
             _("확정한 돈(원)"), _("구의회가 바꾼 까닭")]
    return names + ([_("위원회 추천"), _("점수")] if result.by_committee else [])


def rows(result: Result) -> Iterator[list]:
    for line in result.lines:
        yield _row(result, line)


def _row(result: Result, line: ResultRow) -> list:
    project, step = line.project, line.council
    told = [line.place, project.code, project.number, line.title, project.neighbourhood and project.neighbourhood.name,
            line.cost, line.votes, str(round_words.STATE[project.state]),
            labels.sentence(result.count, project.code, result.titles, is_hidden=line.is_hidden),
            step and step.amount, step and step.reason]
    if result.by_committee:
        told += [(result.committee or {}).get(project.code), labels.measure(result.count, line.said)[1]]
    return told
