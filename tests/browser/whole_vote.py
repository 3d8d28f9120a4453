"""A whole vote of one question at the windows of everybody who works on it, from its making to its publication."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from tests.ballots.officials import COPIES, EARLY, FIRST, SECOND
from tests.common import stamp
from tests.polls.making import BINDING

from .whole_vote_people import Administrator, Clerk, Kiosk, Observer, Officer, Person, Voter
from .whole_vote_residents import Resident
from .whole_vote_town import DAY, HOUR, PLACE, Town

POSITIONS = {"moderator": "주민참여과 참여소통팀장", "official": "도로과 도로계획팀장", "deputy": "감사담당관 조사팀장"}
WHY_PAPER = "본인이 와서 종이로 바꾸겠다고 했어요"
WHY_STRUCK = "다른 구로 이사했다는 신고가 있었어요"
OBJECTS, ANSWER = "저는 이사하지 않았어요. 주민등록을 다시 봐 주세요.", "확인했어요. 이미 낸 표는 그대로 세요."
AGREES = "참관인용 기록을 다시 세어 보니 맞아요."


class WholeVote:
    """A poll. Each person has a window of this width."""

    title, here, voters = "빈터의 쓰임새", "/polls/empty-lot", Voter

    def __init__(self, browser, town: Town, width: int, folder: Path):
        self.browser, self.town, self.width, self.folder = browser, town, width, folder
        self.people: list[Person] = []
        self.ballots: dict[str, Counter] = {title: Counter() for title in self.titles}
        self.editions: dict[str, Path] = {}

    @property
    def titles(self) -> list[str]:
        """Of the boxes."""
        return [self.title]

    def page_of(self, _title: str) -> str:
        return self.here

    def seat(self, kind, name=None, **more):
        """Somebody at a new window."""
        self.people.append(kind(self.browser, self.town, name, width=self.width, **more))
        return self.people[-1]

    def leave(self) -> None:
        for one in self.people:
            one.leaves()

    def go(self) -> None:
        self.name_officers()
        for part, steps in (("to the opening", (self.make, self.make_safe, self.open)),
                            ("while it is open", (self.vote_online, self.vote_at_the_desk, self.strike)),
                            ("to the publication", (self.close, self.type_paper, self.count, self.sign, self.publish))):
            for step in steps:
                self.town.part = part
                step()

    def name_officers(self) -> None:
        """Two administrators grant three positions, and a week goes by."""
        self.administrator, second = (self.seat(Administrator, f"admin{number}") for number in (1, 2))
        for name, position in POSITIONS.items():
            self.administrator.proposes_officer(name, position)
        second.confirms_officers(len(POSITIONS))
        self.town.wait(7 * DAY + HOUR)
        self.first, self.second, self.third = (self.seat(Officer, name) for name in POSITIONS)
        self.observers = [self.seat(Observer, f"observer{number}") for number in (1, 2)]

    def make(self) -> None:
        officer, now = self.first, clock.now()
        officer.at_the_desk("투표 준비하기", "새 투표 만들기")
        officer.ticks("하나만 고르기")
        officer.sends("만들고 이어서 채우기", title=self.title, question="무엇으로 쓸까요?", slug=self.here.rpartition("/")[2],
                      opens_at=stamp(now + timedelta(days=2)), closes_at=stamp(now + timedelta(days=6)),
                      roll_fixed_on=local(now - timedelta(days=1)).date().isoformat())
        officer.takes_next_step("채우러 가기")
        for title in ("텃밭", "쉼터", "놀이터"):
            officer.sends("항목 넣기", title=title, cost="1000000")
        officer.follows("돌아가기")
        officer.takes_next_step("채우러 가기")
        officer.sends("저장하기", binding=BINDING)
        for step in ("모두에게 알리기", "열 준비하기"):
            officer.takes_next_step(step)

    def make_safe(self) -> None:
        """Officers and observers are named, the keys are copied with two phrases, and the worker makes a backup."""
        first, second = self.first, self.second
        first.follows("담당관 정하기")
        first.ticks(*POSITIONS.values())
        first.sends("담당관 정하기")
        for title in self.titles:
            for number, one in enumerate(self.observers, 1):
                one.asks(self.page_of(title), f"참관인 {number}", self.folder)
        for title in self.titles:
            self.name_observers(title)
        first.follows("열쇠 복사하러 가기")
        first.sends("열쇠 복사 제안하기", phrase=FIRST, repeated=FIRST)
        second.at_the_vote(self.titles[0])
        second.confirms("확인하고 복사본 받기", phrase=SECOND, repeated=SECOND)
        assert json.loads(second.saves("복사본 파일 저장하기", self.folder).read_text())
        second.follows("다음 할 일 보기")
        second.sends("백업 만들기")
        self.town.work()

    def name_observers(self, title: str) -> None:
        self.first.at_the_vote(title)
        self.first.follows("참관인 정하기")
        self.first.ticks("참관인 1", "참관인 2")
        self.first.sends("이대로 정하기", signatures="1")

    def open(self) -> None:
        """Two officers, then the day comes."""
        self.two_of_them(self.title, "투표 열기")
        self.first.sees("다음 할 일: 투표 시작")
        self.town.wait(2 * DAY + HOUR)

    def two_of_them(self, title: str, action: str, note=None, *, folded=False) -> None:
        """One proposes from the desk; the other finds it there, reads it and confirms."""
        self.second.at_the_vote(title)
        if folded:
            self.second.unfolds(action)
        self.second.proposes(action, note)
        self.first.at_the_vote(title)
        self.first.agrees(action)
        self.first.sees(f"확인했어요: {action}")

    # Voting

    def at_the_ballot(self, voter: Voter) -> None:
        """From the first page of the site."""
        voter.goes_to("/")
        voter.follows("투표하기")

    def meant(self, *options: int) -> None:
        """Ballots that count in every box, by the option that they choose; 0 is blank."""
        for title in self.titles:
            self.ballots[title].update(options)

    def vote_online(self) -> None:
        """One changes five times, one has no JavaScript, and ten more send what the page of the ballot would."""
        changing, plain = self.seat(self.voters, "changing"), self.seat(self.voters, "plain", javascript=False)
        self.on_paper, self.struck = self.seat(self.voters, "paper"), self.seat(self.voters, "struck")
        for voter, option in ((changing, 1), (plain, 1), (self.on_paper, 3), (self.struck, 3)):
            self.at_the_ballot(voter)
            voter.casts(option)
        for option in (2, 3, 1, 3, 2):
            changing.changes(option)
        self.meant(1, 3, 2)
        for number, account in enumerate(self.town.many):
            somebody = Resident(account, self.town.url)
            self.cast_by_request(somebody, number)
            somebody.leave()

    def cast_by_request(self, somebody: Resident, number: int) -> None:
        option = (1, 1, 1, 1, 1, 2, 2, 2, 3, 0)[number]
        somebody.fill(f"{self.here}/ballot", "/casts", path_follows=False, option=str(option or "blank"))
        self.meant(option)

    def vote_at_the_desk(self) -> None:
        """One alone at the kiosk, one by paper in place of what was cast online, from two clerks."""
        self.clerk, kiosk = self.seat(Clerk, "clerk"), self.seat(Kiosk)
        self.administrator.registers_kiosk(kiosk, PLACE)
        self.vote_at_the_kiosk(kiosk, "kiosk", 2)
        second = self.seat(Clerk, "typist1")
        for title in self.titles:
            for clerk in (self.clerk, second):
                clerk.at_desk_of(title, "종이")
                clerk.hands_out_paper("paper", WHY_PAPER)
            second.sees("온라인으로 낸 표는 거뒀어요")
            second.notes_return(1)
        self.meant(2, 1)

    def vote_at_the_kiosk(self, kiosk: Kiosk, name: str, option: int) -> None:
        """A code for each box, or for as many as the kiosk offers after one."""
        served = 0
        while served < len(self.titles):
            self.clerk.at_desk_of(self.titles[served], "현장 투표")
            served += kiosk.serves(self.clerk.opens_kiosk_for(name), option)

    def strike(self) -> None:
        """Somebody who voted is struck, told, objects and is answered."""
        self.first.at_the_vote(self.titles[0])
        self.first.follows("명부에서 빼기")
        self.first.sends("명부에서 빼기 제안하기", name="struck", reason=WHY_STRUCK)
        self.second.at_the_vote(self.titles[0])
        self.second.confirms("확인하고 명부에서 빼기")
        self.town.work()
        self.struck.objects(OBJECTS, WHY_STRUCK)
        self.answer()
        self.struck.page.reload()
        self.struck.sees(ANSWER)

    def answer(self) -> None:
        self.first.at_the_desk("투표 준비하기", "보기")
        self.first.follows("명부 보기")
        self.first.sees(OBJECTS)
        self.first.sends("답변하기", text=ANSWER)

    # From the close to the publication

    def close(self) -> None:
        self.town.wait(DAY)
        for title in self.titles:
            self.two_of_them(title, "투표 일찍 끝내기", EARLY, folded=True)

    def type_paper(self) -> None:
        """Two read a sheet differently, and a third settles it."""
        typists = [self.seat(Clerk, f"typist{number}") for number in (1, 2)]
        for title in self.titles:
            for typist, line in zip(typists, ("1", "2")):
                typist.types(title, [line], makes_batch=typist is typists[0])
            self.clerk.settles(title, 1, "1")

    def count(self) -> None:
        """One officer counts, and keeps both editions; the site tells the observers."""
        for title in self.titles:
            self.first.at_the_vote(title)
            self.first.sends("세고 기록 만들기")
            for edition in ("모두의 기록 내려받기", "참관인의 기록 내려받기"):
                self.first.saves(edition, self.folder)
        self.town.work()

    def sign(self) -> None:
        """One in the browser, one with a file that the program signed."""
        in_browser, by_program = self.observers
        for title in self.titles:
            self.editions[title] = in_browser.signs(self.page_of(title), AGREES, self.folder)
            by_program.uploads(self.page_of(title), AGREES, self.folder)

    def publish(self) -> None:
        for title in self.titles:
            self.two_of_them(title, "투표지와 열쇠 없애기", COPIES)
            self.two_of_them(title, "결과 공개하기")

    def published(self, title: str) -> tuple[Path, Path, dict]:
        """The record, what the observers signed, and the result, as a visitor takes them home."""
        visitor = self.seat(Person)
        visitor.goes_to(self.page_of(title))
        self.at_the_result(visitor)
        visitor.follows("직접 확인하기")
        visitor.sees(AGREES)
        record = visitor.saves("투표 기록 내려받기", self.folder)
        signatures = record.with_suffix(".signatures.json")
        signatures.write_bytes(visitor.reads("서명 내려받기"))
        return record, signatures, json.loads(visitor.reads("JSON"))

    def at_the_result(self, visitor: Person) -> None:
        """The page of a poll has it."""
