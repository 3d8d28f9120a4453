"""Outcomes as lines for people: columns under each other, Hangul as wide as it is."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from civic_forum.platform.i18n import _

from ..counting.outcome import Count, text
from ..counting.settings import Rule
from ..trials.labels import COMPARED
from ..labels import money
from .sources import Source

LONGEST_NAME = 40


def of_count(found: Source, result: Count) -> list[str]:
    """First what was chosen in its order, then what was not."""
    lines = [_plain(found.title), *_summary(found, result), ""]
    by_score = result.rules.rule is Rule.WEIGHTED
    lines += aligned([(_("차례"), _("사업"), _("비용"), _("표"), *([_("점수")] if by_score else []), _("이름"))] + [
        (one.round, one.project, money(one.cost, found.currency), text(one.votes),
         *([f"{float(one.score):.4f}"] if by_score else []), _short(found.names[one.project]))
        for one in result.rounds])
    if result.not_selected:
        lines += ["", _("뽑히지 않은 사업"), *aligned([(_("사업"), _("비용"), _("표"), _("이름"))] + [
            (one.project, money(one.cost, found.currency), text(one.votes), _short(found.names[one.project]))
            for one in result.not_selected])]
    return lines


def of_comparison(found: Source, counts: Mapping[str, Count]) -> list[str]:
    """One line for each rule, then for each project by which of them it is chosen."""
    names = list(counts)
    lines = [_plain(found.title), _("예산 %(budget)s, 투표한 사람 %(voters)s명", voters=f"{found.election.voters:,}",
                                    budget=money(found.election.budget, found.currency)), ""]
    lines += aligned([("", _("방식"), _("사업"), _("쓴 돈"), _("고른 사업이 뽑힌 사람"))] + [
        (number, str(COMPARED[name]), len(counts[name].selected), money(counts[name].cost, found.currency),
         _people(counts[name])) for number, name in enumerate(names, 1)])
    chosen = {name: set(counts[name].selected) for name in names}
    somewhere = [one.id for one in found.election.candidates if any(one.id in chosen[name] for name in names)]
    return lines + ["", *aligned([(_("사업"), *range(1, len(names) + 1), _("이름"))] + [
        (project, *("O" if project in chosen[name] else "-" for name in names), _short(found.names[project]))
        for project in somewhere])]


def aligned(rows: Sequence[Sequence[object]]) -> list[str]:
    """Texts to the left and numbers to the right; the last column ends where it ends."""
    cells = [[_plain(str(cell)) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _summary(found: Source, result: Count) -> Iterable[str]:
    yield _("예산 %(budget)s 가운데 %(cost)s, 사업 %(number)s개", budget=money(result.budget, found.currency),
            cost=money(result.cost, found.currency), number=len(result.selected))
    yield _("투표한 사람 %(voters)s명", voters=f"{result.voters:,}")
    if result.satisfied is not None:
        yield _("고른 사업이 하나라도 뽑힌 사람 %(people)s명", people=f"{result.satisfied:,}")


def _people(result: Count) -> str:
    return "-" if result.satisfied is None else f"{result.satisfied:,}"


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in cell)


def _padded(cell: str, width: int) -> str:
    gap = " " * (width - _width(cell))
    return gap + cell if cell[:1].isdigit() and not cell[:2].isalpha() else cell + gap


def _short(name: str) -> str:
    """No longer than a line can be read."""
    plain = _plain(name)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[:LONGEST_NAME]}…"


def _plain(given: str) -> str:
    """On one line, and nothing that a terminal would carry out."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in given).split())
