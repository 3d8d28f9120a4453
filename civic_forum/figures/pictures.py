"""Figures as charts and tables, in the words of the page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from civic_forum.blocks.charts import NOTHING, Bar, Bars, Line, Lines, Table
from civic_forum.district import maps, queries as district
from civic_forum.forums.labels import AGE_GROUP
from civic_forum.forums.rules import AgeGroup
from civic_forum.platform.i18n import _, language, month_of_day, number

from . import labels
from .queries import Figures, Participation
from .rules import DAYS, Act, Answered, Breakdown, Means, Step

ROOM = 1.05
"""The scale of bars with a mark, for their highest figure: a mark at the very end is not seen."""
ELSEWHERE = (Means.ASSISTED, Means.PAPER, Means.ON_SITE)


def month(day: date) -> str:
    return _("%(month)s월", month=month_of_day(day))


def percent(share: Fraction | float) -> str:
    return f"{round(share * 100)}%"


def people(count: float) -> str:
    return _("%(count)s명", count=number(round(count)))


def times(count: int) -> str:
    return _("%(count)s번", count=number(count))


def proposals(count: int) -> str:
    return _("%(count)s건", count=number(count))


def online_and_elsewhere(participation: Participation) -> Lines:
    elsewhere = [sum(row) for row in zip(*(participation.by_month(means=means) for means in ELSEWHERE), strict=True)]
    return Lines([month(day) for day in participation.months], [
        Line(name, values, [times(count) for count in values])
        for name, values in ((str(labels.MEANS[Means.ONLINE]), participation.by_month(means=Means.ONLINE)),
                             (_("종이·동주민센터·공론장 현장"), elsewhere))])


def acts_by_month(participation: Participation) -> Table:
    """Acts of each kind, month by month."""
    columns = [participation.by_month(act=act) for act in Act] + [participation.by_month()]
    years = {day.year for day in participation.months}
    names = [month(day) if len(years) == 1 else _("%(year)s. %(month)s.", year=day.year, month=month_of_day(day))
             for day in participation.months]
    return Table(
        _("달마다 참여한 횟수"), [_("달"), *(str(labels.ACT[act]) for act in Act), _("모두")],
        [(name, *map(number, cells)) for name, *cells in zip(names, *columns, strict=True)],
        [_("모두"), *(number(sum(column)) for column in columns)])


def by_means(participation: Participation) -> Bars:
    return Bars([Bar(str(labels.MEANS[means]), total, times(total), tone="" if means is Means.ONLINE else "strong")
                 for means in Means for total in (participation.total(means=means),)])


def means_and_acts(participation: Participation) -> Table:
    return Table(_("참여한 길마다 횟수"), [_("길"), *(str(labels.ACT[act]) for act in Act), _("모두")], [
        (str(labels.MEANS[means]), *(number(participation.total(act=act, means=means)) for act in Act),
         number(participation.total(means=means))) for means in Means])


def map_of(places: Breakdown[int]) -> maps.DistrictMap:
    """For every ten thousand residents, or in numbers of people where the residents are not known."""
    values: dict[int, float | None] = {
        group.key: group.rate if places.compared else group.people for group in places.groups}
    return maps.district_map(values, people, hidden=[group.key for group in places.groups if group.people is None],
                             href=lambda place: f"/proposals?neighbourhood={place}")


def table_of_places(places: Breakdown[int], names: Mapping[int, str]) -> Table:
    return _table(places, _("동마다 참여한 사람"), _("동"), names, rate=True)


def names_of_places(participation: Participation) -> dict[int, str]:
    return {place: names.get(language()) or names["ko"] for place, names in participation.names.items()}


def by_age(ages: Breakdown[AgeGroup]) -> Bars:
    """Shares of those who said their age, beside those of the residents."""
    missing = ages.missing()
    rows = [_bar_of(group.key, ages.share(group), ages.residents_share(group), group in missing)
            for group in ages.groups]
    return Bars(rows, max(*(row.value or 0 for row in rows), *(row.mark or 0 for row in rows)) * ROOM)


def _bar_of(age: AgeGroup, share: Fraction | None, there: Fraction | None, is_missing: bool) -> Bar:
    return Bar(str(AGE_GROUP[age]), share and float(100 * share), "" if share is None else percent(share),
               there and float(100 * there), hidden=share is None, tone="warm" if is_missing else "",
               detail=_("사는 사람 %(share)s", share=percent(there)) if there else "")


def table_of_ages(ages: Breakdown[AgeGroup]) -> Table:
    return _table(ages, _("나이를 밝힌 %(people)s", people=people(ages.said)), _("나이"), names_of_ages())


def names_of_ages() -> dict[AgeGroup, str]:
    return {age: str(label) for age, label in AGE_GROUP.items()}


def _table(breakdown: Breakdown, caption: str, head: str, names: Mapping, *, rate: bool = False) -> Table:
    heads = [head, _("참여한 사람"), _("몫")]
    if breakdown.compared:
        heads += [_("사는 사람"), _("몫")] + [_("주민 만 명에")] * rate
    rows: list[Sequence[str | None]] = []
    for group in breakdown.groups:
        share, there = breakdown.share(group), breakdown.residents_share(group)
        row = [names[group.key], None if group.people is None else people(group.people),
               None if share is None else percent(share)]
        if breakdown.compared:
            row += [people(group.residents or 0), percent(there or 0)]
            row += [None if group.rate is None else people(group.rate)] * rate
        rows.append(row)
    return Table(caption, heads, rows)


def way(steps: Mapping[Step, int]) -> Bars:
    return Bars([Bar(str(labels.STEP[step]), steps[step], proposals(steps[step]),
                     tone="good" if step is Step.DONE else "") for step in Step], steps[Step.PROPOSED])


def table_of_way(steps: Mapping[Step, int]) -> Table:
    whole = steps[Step.PROPOSED]
    return Table(_("제안에서 실행까지"), [_("단계"), _("제안"), _("모든 제안 가운데")], [
        (str(labels.STEP[step]), proposals(steps[step]), percent(Fraction(steps[step], whole)) if whole else "–")
        for step in Step])


def classes_of_days() -> list[str]:
    starts = [last + 1 for last in DAYS]
    return [_("%(last)s일 안", last=DAYS[0]),
            *(_("%(first)s–%(last)s일", first=first, last=last) for first, last in zip(starts, DAYS[1:], strict=False)),
            _("%(first)s일부터", first=starts[-1])]


def days_to_answer(answers: Answered) -> Bars:
    return Bars([Bar(name, count, proposals(count))
                 for name, count in zip(classes_of_days(), answers.classes, strict=True)])


def table_of_days(answers: Answered) -> Table:
    return Table(_("답을 받기까지 걸린 날"), [_("걸린 날"), _("답변"), _("몫")], [
        (name, proposals(count), percent(Fraction(count, answers.total)))
        for name, count in zip(classes_of_days(), answers.classes, strict=True)])


def table_of_departments(departments: Mapping[int, Answered]) -> Table:
    names = district.department_names()
    return Table(_("부서마다 답변"), [_("부서"), _("답변"), _("제때"), _("늦음"), _("늦은 몫"), _("가운데 값")], [
        (names[department_id], proposals(answers.total), proposals(answers.in_time), proposals(answers.late),
         percent(Fraction(answers.late, answers.total)), _("%(days)s일", days=answers.median))
        for department_id in names if (answers := departments.get(department_id))])


def rows(figures: Figures) -> Iterator[tuple[object, ...]]:
    """All that the page for everybody says, a figure in each row: of what, of whom or when, by what, number."""
    part = figures.participation
    for (act, means), counts in part.acts.items():
        for day, count in zip(part.months, counts, strict=True):
            yield str(labels.ACT[act]), f"{day:%Y-%m}", str(labels.MEANS[means]), count
    yield _("구청이 물은 것에 답하기"), "", "", figures.numbers.responses
    yield _("열린 투표에 참여하기"), "", "", figures.numbers.ballots
    for name, groups, names in ((_("사는 동"), part.places, names_of_places(part)),
                                (_("나이"), part.ages, names_of_ages())):
        for group in groups.groups:
            yield name, names[group.key], _("참여한 사람"), NOTHING if group.people is None else group.people
            if group.residents is not None:
                yield name, names[group.key], _("사는 사람"), group.residents
        yield name, _("밝히지 않음"), _("참여한 사람"), groups.unsaid
    for step, count in figures.numbers.steps.items():
        yield _("제안에서 실행까지"), str(labels.STEP[step]), "", count
    for name, count in zip(classes_of_days(), figures.answers.all.classes, strict=True):
        yield _("답을 받기까지 걸린 날"), name, "", count
