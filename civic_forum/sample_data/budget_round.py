"""Common parts of sample budget rounds: their files, who acts, who handed in what, and what the offices said of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.budgets.models import BudgetRound, ExclusionReason, ProjectKind
from civic_forum.budgets.rules import Calendar, Finding, ListEntry, Phase, PhaseParts, Verdict
from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import EligibilityReview, Project
from civic_forum.budgets.projects.rules import Belonging, ProjectText
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.reviews.rules import Opinion
from civic_forum.budgets.rounds import services as envelopes
from civic_forum.budgets.parts import EnvelopeParts, ProjectLimits, Wording
from civic_forum.budgets.process import PROCESS
from civic_forum.district.labels import CATEGORY
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal

from .ballots import hashed
from .people import Crowd, Newcomer, read
from .timeline import TimelineEvent


def rounds() -> list[dict]:
    """All of them; the one in which one can vote right now has a file of its own."""
    return [*read("budgets")["rounds"], read("open_round")]


WITH_ACCOUNT = {"교통행정과": "official1", "어르신장애인과": "official2"}


@cache
def _names() -> dict[str, str]:
    """Department → sign-in name of its official, in the order of their first project."""
    told = [one["department"] for entry in rounds() for one in (*entry["projects"], *entry.get("not_eligible", ()))]
    told += [name for entry in rounds() for name in entry.get("other_departments", ())]
    without = [name for name in dict.fromkeys(told) if name not in WITH_ACCOUNT]
    return WITH_ACCOUNT | {name: f"office{number:02d}" for number, name in enumerate(without, 1)}


def office_of(department: str) -> str:
    return _names()[department]


def officials(opened: datetime, loaded: datetime) -> list[Newcomer]:
    """They join with the rest of the staff."""
    return [Newcomer(opened, {
        "name": name, "nickname": f"{department} 담당자", "neighbourhood": None, "email": None, "language": "ko",
        "roles": [{"role": "official", "department": department}], "age_band": "40s", "affiliations": [],
    }, loaded) for department, name in _names().items() if department not in WITH_ACCOUNT]


EDITOR, SECOND = "moderator1", "official1"
"""Who prepares and proposes, and who confirms."""
EVENT = "행사성 사업"
THOUSAND = 1000
CATEGORIES = {str(word): category for category, word in CATEGORY.items()}
FROM_PROPOSALS = {"시흥행궁 이야기 길 바닥 표지": "haenggung", "독산로 버스 정류장 그늘막 여섯 곳": "shade"}
"""Projects that came from a proposal of the sample: title → its key."""
PROPOSERS = 24
ALL_INVENTED = "사업과 금액, 검토 내용, 날짜를 모두 예시로 지어냈어요."
MOST_CHOICES = {"resident": 5, "cooperation": 4, "neighbourhoods": 2}
REASONS = {
    "법에 어긋남": "법이나 조례에 맞지 않는 사업이에요.",
    "다른 기관 소관": "서울시나 다른 기관이 정하는 일이에요.",
    "개인·단체만 이로움": "특정한 사람이나 단체만 이로운 사업이에요.",
    "해마다 드는 비용": "한 해로 끝나지 않고 해마다 돈이 드는 사업이에요.",
    "행사 한도 초과": "행사성 사업의 한도를 넘는 사업이에요.",
    "다른 사업과 겹침": "이미 하고 있거나 하기로 한 사업과 겹쳐요.",
}
"""Why a project may not be eligible, as the rounds list it."""
AT_ONCE = timedelta(seconds=1)
ORDER = 2
"""At the same moment budget rounds come after everything else but forums."""


class SampleRound:
    """One round of the sample's files; amounts there are in 1,000 won."""

    def __init__(self, entry: dict, loaded: datetime, there: Crowd, ids: dict[str, int]):
        self.entry, self.loaded, self.people, self.ids = entry, loaded, there, ids
        self.codes: dict[str, str] = {}
        """Id in the file → the code that the project got when it was handed in."""

    def at(self, moment: datetime, what) -> TimelineEvent:
        return TimelineEvent(moment, ORDER, what)

    def user(self, name: str) -> User:
        return self.people.user(name)

    @property
    def round(self) -> BudgetRound:
        return db.session.scalars(sa.select(BudgetRound).filter_by(slug=self.entry["slug"])).one()

    def span(self, phase: str) -> tuple[datetime, datetime | None]:
        """From when to when a phase of this round lasts."""
        told = next(one for one in self.entry["phases"] if one["phase"] == phase)
        return datetime.fromisoformat(told["from"]), told["to"] and datetime.fromisoformat(told["to"])

    def project(self, told: dict) -> Project:
        found = sa.select(Project).filter_by(round_id=self.round.id, code=self.codes[told["id"]])
        return db.session.scalars(found).one()

    # Setting it up

    def make(self) -> None:
        """Filled in and announced by a moderator."""
        envelopes.begin(self.entry["slug"], Wording(self.entry["title"], self.entry["year"], self.entry["description"]),
                        by=self.user(EDITOR))
        self._say_what_is_invented()
        self.edit(Calendar(tuple(self._stretches())))
        self.edit(self._limits())
        for told in self.entry["envelopes"]:
            envelopes.add(self.round.id, told["id"], self.purse(told), version=self.round.version, by=self.user(EDITOR))
        PROCESS.announce(self.round.id, by=self.user(EDITOR))

    def edit(self, part) -> None:
        PROCESS.write(self.round.id, part, version=self.round.version, by=self.user(EDITOR))

    def _say_what_is_invented(self) -> None:
        with use_case(None) as work:
            budget_round = self.round
            said = [self.entry.get(name) for name in ("invented", "phases_note")]
            budget_round.invented = " ".join(one for one in said if one) or ALL_INVENTED
            budget_round.counting_note = self.entry.get("rules_note", "")
            work.record("sample_data.budget_round", budget_round)

    def _stretches(self) -> Iterator[PhaseParts]:
        for told in self.entry["phases"]:
            yield PhaseParts(Phase(told["phase"]), *self.span(told["phase"]), note=told.get("note"))

    def _limits(self) -> ProjectLimits:
        caps = self.entry["caps"]
        return ProjectLimits(caps["project"] * THOUSAND, (ListEntry(EVENT, caps["event"] * THOUSAND),),
                      tuple(ListEntry(name, text=text) for name, text in REASONS.items()),
                      review_due_days=self.entry.get("review_due_days", 60))

    def purse(self, told: dict) -> EnvelopeParts:
        return EnvelopeParts(told["name"], told["amount"] * THOUSAND, max_choices=MOST_CHOICES.get(told["id"], 3))

    # Projects and reviews

    def proposers(self, since: datetime) -> list[str]:
        return self.people.some(f"budget {self.entry['slug']}", PROPOSERS, since, but="")

    def hand_in(self, told: dict, name: str) -> None:
        """In the name of its proposal's author where it came from one."""
        budget_round, number = self.round, None
        by = self.user(name)
        if key := told.get("from_proposal", FROM_PROPOSALS.get(told["title"])):
            proposal = db.session.get_one(Proposal, self.ids[f"proposal:{key}"])
            number, by = proposal.number, db.session.get_one(User, proposal.author_id)
        text = ProjectText(told["title"], told["text"], told.get("proposed", told["cost"]) * THOUSAND,
                           place=told.get("place", told["neighbourhood"] or ""), cost_note=told.get("cost_note", ""))
        kinds = {one.name: one.id
                 for one in db.session.scalars(sa.select(ProjectKind).filter_by(round_id=budget_round.id))}
        envelope = next(one for one in budget_round.envelopes if one.slug == told["envelope"])
        where = Belonging(envelope.id, id_of(Neighbourhood, told["neighbourhood"]), CATEGORIES[told["category"]],
                          kinds[EVENT] if told.get("event") and told.get("eligible", True) else None)
        made = projects.hand_in(budget_round.id, text, where, form_key=f"{hashed(budget_round.slug, told['id']):032x}",
                                proposal_number=number, by=by)
        self.codes[told["id"]] = made.code

    def assign(self, some: Iterable[dict], department: str | None = None) -> None:
        for told in some:
            reviews.assign(self.project(told).id, id_of(Department, department or told["department"]),
                           by=self.user(EDITOR))
            db.session.remove()

    def review(self, told: dict, opinion: Opinion) -> None:
        """The newest review of the project is ended by an official of its department."""
        project = self.project(told)
        found = db.session.scalars(sa.select(EligibilityReview).where(
            EligibilityReview.project_id == project.id, EligibilityReview.ended_at.is_(None),
            EligibilityReview.taken_back_at.is_(None), EligibilityReview.is_second_opinion.is_(False))).one()
        reviews.hand_in(found.id, opinion, version=found.version, project_version=project.version,
                        by=self.user(office_of(found.department.name_ko)))

    def reason(self, name: str) -> int:
        return db.session.scalars(sa.select(ExclusionReason.id).filter_by(round_id=self.round.id, name=name)).one()

    def fine(self, text: str, parts: Iterable[tuple[str, int]]) -> Opinion:
        return Opinion(Finding.FINE, "", Finding.FINE, "", cost_parts=self._won(parts), text=text,
                       verdict=Verdict.ELIGIBLE)

    def fine_if(self, text: str, parts: Iterable[tuple[str, int]], condition: str) -> Opinion:
        return Opinion(Finding.WITH_CONDITIONS, "", Finding.FINE, "", cost_parts=self._won(parts), text=text,
                       verdict=Verdict.ELIGIBLE_IF, condition=condition)

    def not_fine(self, text: str, reason: str, why: str | None = None) -> Opinion:
        """`reason`: of the round's list; `why`: the same in words to its proposer, where the review says more."""
        return Opinion(Finding.NOT_POSSIBLE, "" if why else text, Finding.FINE, "", text=text,
                       verdict=Verdict.NOT_ELIGIBLE, reason_id=self.reason(reason), reason=why or text)

    def _won(self, parts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
        return tuple((what, int(cost * THOUSAND)) for what, cost in parts)


def spread_evenly(start: datetime, end: datetime, count: int) -> list[datetime]:
    """So many moments between the two, by day."""
    step = (end - start) / (count + 1)
    return [(start + step * number).astimezone(SEOUL).replace(hour=9 + number % 9, minute=7 * number % 60, second=0,
                                                                 microsecond=0) for number in range(1, count + 1)]


def id_of(model, name: str | None) -> int | None:
    return db.session.scalars(sa.select(model.id).filter_by(name_ko=name)).one() if name else None
