"""A round of three envelopes as a whole vote: made, opened and voted in at once, each box counted by itself."""

from datetime import timedelta
from types import SimpleNamespace

import sqlalchemy as sa

from civic_forum.budgets.models import Envelope
from civic_forum.budgets.projects.models import Project
from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from tests.budgets.making import BINDING

from tests.common import stamp
from .whole_vote import ANSWER, OBJECTS, WholeVote
from .whole_vote_people import Person, Voter
from .whole_vote_residents import ENVELOPES, Resident, in_hex
from .whole_vote_town import DAY, HOUR

AT_THE_DESK = ("주민참여예산 준비하기", "보기")
PROJECTS = 3
"""In each envelope."""


class VoterInAll(Voter):
    """Chooses the same in all envelopes on one page, and sends them together."""

    def chooses(self, *numbers: int) -> None:
        for slug, _name, _amount in ENVELOPES:
            for number in numbers:
                self.page.locator(f"#{slug}-option-{number}").check()

    def changes(self, *numbers: int) -> None:
        self.follows("투표 바꾸기")
        for slug, _name, _amount in ENVELOPES:
            self.page.locator(f"#again-{slug}").check()
        self.casts(*numbers)


class WholeRound(WholeVote):
    title, here, voters = "2027년 주민참여예산", "/budgets/2027", VoterInAll
    titles = [f"2027년 주민참여예산 — {name}" for _slug, name, _amount in ENVELOPES]

    def page_of(self, title: str) -> str:
        return f"{self.here}/{ENVELOPES[self.titles.index(title)][0]}"

    def make(self) -> None:
        officer, now = self.first, clock.now()
        officer.at_the_desk(AT_THE_DESK[0], "새 주민참여예산 만들기")
        officer.sends("만들고 이어서 채우기", title=self.title, slug=self.here.rpartition("/")[2])
        officer.takes_next_step("채우러 가기")
        for slug, name, amount in ENVELOPES:
            officer.sends("배정 예산 넣기", name=name, slug=slug, amount=str(amount), max_choices="2")
        officer.follows("돌아가기")
        officer.takes_next_step("채우러 가기")
        officer.sends("저장하기", collecting_starts=stamp(now - timedelta(hours=1)),
                      review_starts=stamp(now + timedelta(hours=1)), voting_starts=stamp(now + timedelta(days=2)),
                      voting_ends=stamp(now + timedelta(days=6)))
        officer.takes_next_step("모두에게 알리기")
        officer.follows("채우기")
        officer.ticks("많은 표 차례: 표를 많이 받은 사업부터 담아요")
        officer.sends("저장하기")
        officer.follows("채우기")
        officer.sends("저장하기", roll_fixed_on=local(now - timedelta(days=1)).date().isoformat())
        officer.follows("채우기")
        officer.sends("저장하기", binding=BINDING)
        self.gather_projects()
        officer.at_the_desk(*AT_THE_DESK)
        officer.takes_next_step("투표 열기 화면으로 가기")
        officer.sends("투표함 준비하기")

    def gather_projects(self) -> None:
        """By requests: nine residents hand one in each, and the second officer's department finds all eligible."""
        envelopes = [envelope_id
                     for (envelope_id,) in self.town.read(sa.select(Envelope.id).order_by(Envelope.position))]
        for number, account in enumerate(self.town.many[:PROJECTS * len(envelopes)]):
            resident = Resident(account, self.town.url)
            resident.hand_in_project(self.here, f"골목 의자 {number + 1}", envelope=str(envelopes[number // PROJECTS]),
                                     neighbourhood=str(self.town.places[0]), cost="30000000")
            resident.leave()
        self.town.wait(2 * HOUR)
        [session] = [one["value"] for one in self.second.page.context.cookies() if one["name"] == "session"]
        reviewer = Resident(SimpleNamespace(session=session), self.town.url)
        for project, cost in self.town.read(sa.select(Project.id, Project.cost).order_by(Project.id)):
            reviewer.review_project(project, cost, self.town)
        reviewer.leave()

    def open(self) -> None:
        """One proposal and one confirmation for all boxes, then the day comes."""
        for officer in (self.second, self.first):
            officer.at_the_desk(*AT_THE_DESK, "투표 열기")
            if officer is self.second:
                officer.sends("투표함 3개를 열자고 제안하기")
        self.first.confirms("확인하고 투표함 3개 열기")
        self.first.sees("배정 예산 3개")
        self.town.wait(2 * DAY + HOUR)

    def at_the_ballot(self, voter: Voter) -> None:
        voter.goes_to(self.here)
        voter.follows("투표하기")

    def cast_by_request(self, somebody: Resident, number: int) -> None:
        """Numbers differ from envelope to envelope, so that none is taken for another."""
        option = (1, 1, 1, 1, 1, 2, 2, 2, 3, 0)[number]
        chosen = [(option + place - 1) % PROJECTS + 1 if option else 0 for place in range(len(ENVELOPES))]
        somebody.vote({slug: in_hex(PROJECTS, (one,) if one else ()) for (slug, _name, _amount), one
                       in zip(ENVELOPES, chosen)}, self.here)
        for title, one in zip(self.titles, chosen):
            self.ballots[title][one] += 1

    def answer(self) -> None:
        self.first.at_the_desk(*AT_THE_DESK, "투표함")
        self.first.follows("명부 보기")
        self.first.sees(OBJECTS)
        self.first.sends("답변하기", text=ANSWER)

    def at_the_result(self, visitor: Person) -> None:
        visitor.follows("결과 보기")
