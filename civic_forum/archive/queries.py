"""Statement of everything that is over, and what is told of the rows of a page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from civic_forum.attachments import queries as attachments
from civic_forum.blocks import filters, listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.kinds import Archived, having
from civic_forum.blocks.listing import Chosen, Column, Listing
from civic_forum.blocks.orders import MOMENT, TEXT, Order
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import WON
from civic_forum.district import queries as district
from civic_forum.district.filters import neighbourhood
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.questions.models import Question
from civic_forum.forums.record.models import Decision
from civic_forum.meetings.models import Meeting, MeetingItem
from civic_forum.outcomes.models import Outcome
from civic_forum.platform import paging
from civic_forum.platform.base import Instant, db
from civic_forum.platform.i18n import SEOUL, _, _l, _n, today
from civic_forum.platform.statements import made_once
from civic_forum.series import queries as series

MOST_YEARS, MOST_TOLD = 30, 200
COLUMNS = {"key": sa.String(), "kind": sa.String(), "id": sa.BigInteger(), "what": sa.String(), "title": sa.String(),
           "day": Instant(), "url": sa.String(), "places": sa.String(), "files": sa.BigInteger()}
OVER = sa.table("over", *(sa.column(name, kind) for name, kind in COLUMNS.items()))


def _rows() -> sa.Select[Any]:
    """Of every kind with the capability; made when all of them are there."""
    every = sa.union_all(*(archived.rows() for _kind, archived in having(Archived))).cte("over")
    return sa.select(*OVER.c).add_cte(every)


def labels() -> dict[str, object]:
    """Labels of things, by their word."""
    return {word: label for _kind, archived in having(Archived) for word, label in archived.labels.items()}


def years() -> dict[int, object]:
    return {year: _("%(year)s년", year=year) for year in range(today().year, today().year - MOST_YEARS, -1)}


def begin(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time(), SEOUL)


def _place_names(row: Any, known: Mapping[int, str] | None = None) -> str:
    names = known or district.neighbourhood_names()
    return ", ".join(names[int(place)] for place in row.places.split())


ARCHIVE = listing.declare(Listing(
    "archive", _rows, endpoint="archive.show_list",
    filters=(
        Filter("year", _l("연도"), lambda _year: sa.and_(*(
            OVER.c.day.op(sign)(sa.bindparam(name, type_=Instant())) for name, sign in (
                ("year_begins", ">="), ("year_ends", "<")))), years, _l("모든 해"),
            bound=lambda year: {"year_begins": begin(year), "year_ends": begin(year + 1)}),
        neighbourhood(lambda place: OVER.c.places.like(
            sa.literal("% ").concat(sa.cast(place, sa.String)).concat(" %")), OVER.c.places == "", _l("구 전체")),
        Filter("what", _l("종류"), OVER.c.what, labels, _l("모든 종류")),
        filters.words("q", _l("제목에서 찾기"), OVER.c.title, most=60)),
    orders=(Order("latest", None, (OVER.c.day.desc(), OVER.c.key.desc()), (MOMENT, TEXT)),),
    columns=(
        Column("what", _l("종류"), _l("무엇이었는지예요."), value=lambda row: str(labels()[row.what])),
        Column("title", _l("제목"), _l("그때의 제목이에요.")),
        Column("day", _l("날"), _l("열린 날이나 끝난 날이에요. 한국 날짜예요."), type="day"),
        Column("place", _l("동"), _l("비어 있으면 구 전체의 일이에요."), value=_place_names),
        Column("url", _l("주소"), _l("바뀌지 않는 주소의 뒷부분이에요.")))))
"""The latest first."""


@dataclass(frozen=True)
class ArchiveCard:
    """Something that is over, as the list shows it."""

    row: Any
    label: str
    places: str
    picture: str | None
    """Key of the first photograph."""
    photographs: int
    minutes: bool
    outcome: str
    outcome_url: str


def listed(wanted: Chosen, after: str | None) -> paging.Page[ArchiveCard]:
    """Raises Invalid for an `after` that is no token."""
    page = wanted.page(after)
    words, names = labels(), district.neighbourhood_names()
    files = attachments.of_sets([row.files for row in page.items if row.files])
    minutes, outcomes = _minutes(page.items), _outcomes(page.items)
    cards = []
    for row in page.items:
        pictures = [file.key for file in files.get(row.files, ()) if file.is_picture]
        line, url = outcomes.get(row.key, ("", ""))
        line = _("결과 보기") if url and line == row.title else line
        cards.append(ArchiveCard(row, str(words[row.what]), _place_names(row, names), next(iter(pictures), None),
                                 len(pictures), row.key in minutes, line, url))
    return paging.Page(cards, page.after)


def _ids(rows: Sequence[Any], kind: str) -> list[int]:
    return [row.id for row in rows if row.kind == kind]


def _minutes(rows: Sequence[Any]) -> set[str]:
    """Keys of gatherings whose minutes were published."""
    return {f"forum:{number}" for number, in _about(MINUTES, _ids(rows, "forum"))}


def _outcomes(rows: Sequence[Any]) -> Mapping[str, tuple[str, str]]:
    """Key → what came of it in a line, and where that is told: what its department decided, else what was decided,
    chosen or heard there."""
    told = {f"{kind}:{number}": (line, "") for kind, lines in (
        ("forum", _of_gatherings(_ids(rows, "forum"))), ("budget_round", _of_rounds(_ids(rows, "budget_round"))),
        ("series", _of_series(_ids(rows, "series")))) for number, line in lines.items()}
    subjects = [(row.kind, row.id) for row in rows]
    decided = db.session.execute(sa.select(Outcome.subject, Outcome.subject_id, Outcome.title, Outcome.id).where(
        sa.tuple_(Outcome.subject, Outcome.subject_id).in_(subjects), Outcome.published_at.is_not(None))
        .limit(MOST_TOLD)) if subjects else ()
    return told | {f"{kind}:{number}": (title, f"/outcomes/{outcome_id}")
                   for kind, number, title, outcome_id in decided}


def _of(record: Any, *what: Any) -> sa.Select[Any]:
    """SELECT of this, of the records with these `ids`; made once."""
    return sa.select(record, *what).where(record.in_(sa.bindparam("ids", expanding=True))).limit(MOST_TOLD)


MINUTES = _of(Minutes.forum_id).where(Minutes.published_at.is_not(None)).distinct()
HEARD = _of(Question.forum_id, sa.func.count()).where(
    Question.grouped_under_id.is_(None), Question.hidden_at.is_(None)).group_by(Question.forum_id)
DEALT_WITH = _of(Meeting.forum_id, sa.func.count()).join(MeetingItem).where(
    MeetingItem.result.is_not(None)).group_by(Meeting.forum_id)
DECIDED = _of(Decision.forum_id, Decision.text).where(Decision.removed_at.is_(None)).order_by(Decision.id)
CHOSEN = _of(Project.round_id, sa.func.count()).where(
    Project.state.in_(WON), Project.hidden_at.is_(None)).group_by(Project.round_id)


def _about(statement: sa.Select[Any], ids: Sequence[int]) -> Sequence[Any]:
    return db.session.connection().execute(statement, {"ids": ids}).all() if ids else ()


def _of_gatherings(ids: Sequence[int]) -> dict[int, str]:
    lines = {number: _n("들은 말 %(num)s개", "들은 말 %(num)s개", count) for number, count in _about(HEARD, ids)}
    lines |= {number: _n("안건 %(num)s개를 다뤘어요.", "안건 %(num)s개를 다뤘어요.", count)
              for number, count in _about(DEALT_WITH, ids)}
    decisions = _about(DECIDED, ids)
    others = Counter(forum_id for forum_id, _text in decisions)
    for forum_id, text in reversed(decisions):
        count = others[forum_id] - 1
        more = _n("그 밖에 %(num)s건이 더 있어요.", "그 밖에 %(num)s건이 더 있어요.", count)
        lines[forum_id] = f"{text} · {more}" if count else text
    return lines


def _chose(count: int) -> str:
    return _n("사업 %(num)s개를 골랐어요.", "사업 %(num)s개를 골랐어요.", count)


def _of_rounds(ids: Sequence[int]) -> dict[int, str]:
    return {number: _chose(count) for number, count in _about(CHOSEN, ids)}


def _of_series(ids: Sequence[int]) -> dict[int, str]:
    chosen = Counter(project.series_id for project in series.chosen(ids)) if ids else {}
    return {number: _chose(count) for number, count in chosen.items()}


def totals(wanted: Chosen) -> dict[int, int]:
    """Year → how many, below the other filters; the latest first."""
    statement = _totals(today().year).where(*wanted.conditions(but=("year",)))
    return {number: count for number, count in db.session.connection().execute(statement) if number}


@made_once
def _totals(latest: int) -> sa.Select[Any]:
    year = sa.case(*((OVER.c.day >= begin(number), number) for number in range(latest, latest - MOST_YEARS, -1)),
                   else_=0).label("year")
    return _rows().with_only_columns(year, sa.func.count()).select_from(OVER).group_by(year).order_by(
        year.desc()).limit(MOST_YEARS)
