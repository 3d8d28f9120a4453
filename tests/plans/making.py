"""Plans, ready-made."""

from civic_forum.commitments.rules import Unit
from civic_forum.meetings import services as meetings
from civic_forum.meetings.models import MeetingItem
from civic_forum.meetings.rules import ItemResult
from civic_forum.plans import queries, services
from civic_forum.plans.parts import PlanFacts
from civic_forum.plans.rules import PlanKind
from civic_forum.platform.base import db
from civic_forum.platform.csv_tables import rows
from civic_forum.sample_data.people import read
from tests.meetings.making import body, item, record

HEAD = "연번,구분,사업명,주관부서,사업비(천원),추진기간"


def table(*lines: str, head: str = HEAD) -> str:
    return "\n".join((head, *lines))


def many(number: int) -> str:
    """So many actions of one million each, in three sections."""
    return table(*(f"{place},{'기반 전략 일반'.split()[place % 3]},함께 하는 일 {place}번째,교통행정과,\"1,000\",2031-03~2031-11"
                   for place in range(1, number + 1)))


def plan(by, *, body_id=None, text=None, **facts):
    """One of 2031 whose first version has these actions."""
    made = services.make(PlanFacts(**{
        "kind": PlanKind.INNOVATION, "title": "2031년 지역사회혁신계획", "year": 2031, "unit": Unit.THOUSAND,
        "department_id": min(by.department_ids()), "body_id": body_id} | facts), by=by)
    if text:
        written(made.slug, 1, text, by)
    return made


def written(slug, number, text, by):
    """A table read and written; whether anything changed."""
    reading = services.read_table(slug, number, list(rows(text)), {}, by=by)[1]
    assert not reading.problems, reading.problems
    return services.write_actions(slug, number, reading.actions, seen=queries.plan(slug).version,
                                  printed=reading.printed, by=by)


def passed(town, secretary):
    """A body, and an item that it carried three days ago."""
    council = body(town, secretary=secretary)
    meetings.keep(council.id, record(item("계획을 정해요", result=ItemResult.CARRIED)), by=secretary)
    return council, f"meeting_item:{db.session.query(MeetingItem).one().id}"


def in_force(slug, number, thing, first, second, on):
    """Decided, and let in force by the second person."""
    services.decide(slug, number, thing, on, by=first)
    version = services.propose_force(slug, number, by=first)
    subject = services.subject_of(version)
    services.FORCE.confirm(subject, seen=services.FORCE.pending(subject).fingerprint, by=second)


SAMPLE = "키,구분,사업명,필요한 이유,주관,동,연도,재원,항목,사업비(천원),시작,끝,고친 이유"


def sample(slug, number) -> str:
    """The table of a version of a plan of the sample."""
    entry = next(entry for entry in read("plan_versions") if entry["slug"] == slug)
    lines = []
    for key, section, title, need, lead, _body, place, begins, ends, why, money, _polls in (
            entry["versions"][number - 1]["actions"]):
        lines += [[key, section, title, need, lead, place, year, source, "사업비", amount, begins, ends, why]
                  for year, source, amount in money]
    return table(*(",".join(f'"{cell or ""}"' for cell in line) for line in lines), head=SAMPLE)
