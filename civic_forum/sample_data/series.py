"""Series of the sample district. What a department promised to hold so often (series.json); the assemblies of 2020 with
what they chose, and of 2019 with what was carried out in 2020 (assemblies.json). What 2020 chose for the participatory
budget is the round of budgets.json."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.parts import EnvelopeParts
from civic_forum.budgets.parts import Wording as RoundWording
from civic_forum.budgets.projects.rules import ProjectText
from civic_forum.budgets.queries import slugged
from civic_forum.budgets.rounds import history
from civic_forum.budgets.rounds.rules import PastProject, PastRound
from civic_forum.budgets.rules import Calendar, Phase, PhaseParts, ProjectState
from civic_forum.district.queries import category_keys
from civic_forum.forums import queries as forums
from civic_forum.forums.minutes.services import Heard, write_down
from civic_forum.forums.preparing.parts import Holder, Times, Wording as ForumWording
from civic_forum.forums.rules import Form
from civic_forum.platform.i18n import SEOUL
from civic_forum.platform.work import use_case
from civic_forum.series import services
from civic_forum.series.models import Series, SeriesThing
from civic_forum.series.parts import Beginning, Step, Wording
from civic_forum.series.process import PROCESS, STEPS
from civic_forum.series.queries import by_slug
from civic_forum.series.rules import ASSEMBLY, SeriesKind, VOTE, YEAR

from .people import DATA, read
from .timeline import TimelineEvent

if TYPE_CHECKING:
    from .steps import Script

AT = datetime(2022, 1, 6, 10, tzinfo=SEOUL)
OFFICE, CATEGORY, BY = "마을자치과", "주민자치", "moderator1"
ACTIVITY, BUDGET = "주민자치활동", "주민참여예산"
COST = {ACTIVITY: 1_500_000, BUDGET: 3_000_000}
INVENTED = {2020: "동마다 몇 가지였는지는 자료 그대로예요. 이름과 금액은 지어냈어요.",
            2019: "2020년에 동마다 몇 가지를 했는지는 자료 그대로예요. 2019년에 골랐다는 것, 이름과 금액은 지어냈어요."}
OF_2020 = "2021-neighbourhoods"
QUESTION = "함께 무엇을 정할까요?"


def happenings(script: "Script") -> Iterator[TimelineEvent]:
    yield TimelineEvent(AT, 700_000, partial(load, script))
    yield TimelineEvent(AT, 700_001, partial(load_yearly, script))


def load(script: "Script") -> None:
    """Rounds without a vote, then the series of both years with what stands for their votes."""
    entries, by = read("assemblies"), script.people.user(BY)
    rounds = {2019: [_enter(script, entries, 2019, programme) for programme in (ACTIVITY, BUDGET)],
              2020: [_enter(script, entries, 2020, ACTIVITY), slugged(OF_2020)]}
    for year, stands in rounds.items():
        for entry in entries:
            _assembly(script, entry, year, stands)
        services.announce_year(year, by=by)


def _enter(script: "Script", entries: Sequence[dict[str, Any]], year: int, programme: str) -> BudgetRound:
    chosen: list[tuple[str, str, str]] = [
        (entry["neighbourhood"], title, state) for entry in entries for kind, title, state in (
            entry["executed"] if year == 2019 else [(ACTIVITY, title, "") for title in entry["activities"]])
        if kind == programme]
    letter, done = "S" if programme == ACTIVITY else "B", datetime(year + 1, 12, 20, 10, tzinfo=SEOUL)
    slugs = {entry["neighbourhood"]: f"n{number:02}" for number, entry in enumerate(entries, 1)}
    return history.enter(PastRound(
        f"{year + 1}-{'activities' if programme == ACTIVITY else 'neighbourhoods'}",
        RoundWording(f"{year + 1}년 {programme}", year + 1, f"{year} 주민총회에서 동마다 고른 일이에요.", programme=programme),
        f"{year} 주민총회", Calendar((PhaseParts(Phase.CARRIED_OUT, done - timedelta(days=340), done),)),
        [(slug, EnvelopeParts(place, COST[programme] * sum(of == place for of, *_rest in chosen),
                              neighbourhood_id=script.ids[f"neighbourhood:{place}"]))
         for place, slug in slugs.items()],
        [PastProject(f"{letter}{number:02}", slugs[place], ProjectText(title, f"{place}에서 함께 하는 일이에요.",
                                                                      COST[programme], place=place),
                     ProjectState.DONE if state else ProjectState.CHOSEN, done, f"{state}." if state else "",
                     script.ids[f"neighbourhood:{place}"], category_keys()[CATEGORY],
                     script.ids[f"department:{OFFICE}"])
         for number, (place, title, state) in enumerate(chosen, 1)], INVENTED[year]), by=script.people.user(BY))


def _assembly(script: "Script", entry: dict[str, Any], year: int, stands: Sequence[BudgetRound | None]) -> None:
    """A year earlier all days are those of the usual steps, around the same weekday."""
    place = entry["neighbourhood"]
    place_id, day = script.ids[f"neighbourhood:{place}"], date.fromisoformat(entry["steps"][ASSEMBLY - 1][0])
    made = services.begin(Beginning(SeriesKind.ASSEMBLY, year, place_id),
                          Wording(f"{year} {place} 주민총회", department_id=script.ids[f"department:{OFFICE}"]),
                          day if year == 2020 else day - YEAR, by=script.people.user(BY))
    with use_case(None) as work:
        series = work.session.get_one(Series, made.id)
        for step, (first, last) in zip(series.steps, entry["steps"], strict=True) if year == 2020 else ():
            step.starts_on, step.until_on = date.fromisoformat(first), last and date.fromisoformat(last)
        series.steps[VOTE - 1].things += [
            SeriesThing(kind="budget_round", record_id=budget_round.id) for budget_round in stands if budget_round]
        before = f"series:{year - 1} {place}"
        series.after_id, script.ids[f"series:{year} {place}"] = script.ids.get(before), series.id
        work.record("sample_data.series", series)


def load_yearly(script: "Script") -> None:
    """Series that count for the yearly targets of commitments, with what was held in each quarter."""
    facts, by = json.loads((DATA / "series.json").read_text("utf-8")), script.people.user(BY)
    for entry in facts["series"]:
        department_id = script.ids[f"department:{entry['department']}"]
        slug = services.begin(Beginning(SeriesKind.YEARLY, entry["year"]), Wording(
            entry["title"], entry["text"], department_id), by=by).slug
        for number, step in enumerate(entry["steps"], 1):
            STEPS.add(by_slug(slug).id, Step(step["name"], date.fromisoformat(step["from"]),
                                             date.fromisoformat(step["until"])), version=by_slug(slug).version, by=by)
            for held in step["forums"]:
                forum = _written_down(script, held, department_id, facts["invented"])
                services.link(by_slug(slug).id, number, "forum", forum, version=by_slug(slug).version, by=by)
        commitment_id = script.ids[f"commitment:{entry['commitment']}"]
        services.count_for(by_slug(slug).id, f"{commitment_id}:{entry['target']}", version=by_slug(slug).version, by=by)
        PROCESS.announce(by_slug(slug).id, by=by)


def _written_down(script: "Script", held: dict[str, Any], department_id: int, invented: str) -> str:
    """Slug of a gathering that was held before the site opened."""
    starts, place = datetime.combine(date.fromisoformat(held["on"]), time(14), SEOUL), held["neighbourhood"]
    holder = Holder(Form.FORUM, department_id, place and script.ids[f"neighbourhood:{place}"])
    times = Times(held["place"], starts, starts + timedelta(hours=2))
    forum = write_down((holder, ForumWording(held["title"], QUESTION), times),
                       [Heard(text=held["heard"])], by=script.people.user(BY))
    with use_case(None) as work:
        forums.locked(forum.id).invented = invented
        work.record("sample_data.forum", f"forum:{forum.slug}")
    return forum.slug
