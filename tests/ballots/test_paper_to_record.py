"""From a paper at the desk to the published record: the verifier finds every sheet where it belongs."""

import json
import re
import shlex
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest

from civic_forum.accounts.identity import SEALED_BIRTH_DATE, SEALED_NAME, Identity, parsed_date
from civic_forum.accounts.rules import Role
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import publication
from civic_forum.ballots.counting.publication import count
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.observing import services as objections
from civic_forum.ballots.paper import batches
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.paper.batches import Decision, Outcome
from civic_forum.ballots.published import records
from civic_forum.platform import clock, keys
from civic_forum.platform.errors import Conflict
from tests.ballots.officials import after, both, bring_to_publication
from tests.polls.making import opened, voter

from .desk_scene import REASON, WITHDRAWN_FOR, Vote, Voter
from .typing_office import NOTE

VERIFIER = publication.VERIFIER
LEAVES = 320
"""Of a single ballot: 258, up to a multiple of 64."""


class Person(Voter):
    """A resident of a real poll."""

    def __init__(self, vote, user):
        born = parsed_date(keys.unseal(SEALED_BIRTH_DATE, user.person.birth_date_sealed))
        super().__init__(vote, Identity(keys.unseal(SEALED_NAME, user.person.name_sealed), born),
                         identities.of_person(user.person))


class Poll(Vote):
    """The vote of a real poll."""

    def __init__(self, town, poll):
        self.town, self.box_id = town, poll.box_id
        self.rule = boxes.rule_of(poll.box)


@pytest.fixture
def size():
    return 14


@pytest.fixture
def vote(town, size):
    closes = clock.now() + timedelta(hours=2)
    people = [voter(town) for _each in range(size)]
    poll = opened(town, slug="paper", closes_at=closes.isoformat(timespec="seconds"),
                  paper_until=(closes + timedelta(hours=1)).isoformat(timespec="seconds"))
    made = Poll(town, poll)
    made.people = [Person(made, user) for user in people]
    return made


def verified(path, *more):
    return subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), str(path), *more], capture_output=True, text=True)


@pytest.mark.in_turns(of=5)
def test_paper_from_the_desk_to_the_verified_record(vote, town, browse, tmp_path):
    clerk, observer = town.clerk(), town.staff(Role.OBSERVER)
    anna, ben, cho, dan, eun, fay, *others = vote.people
    for one in (anna, *others):
        one.casts(1)
    ben.casts(2)
    eun.casts(3)
    for one in (ben, cho, dan, eun, fay):
        one.gets_paper(clerk)
    assert (cho.spoils(clerk), dan.gives_back(clerk)) == (6, 3)
    dan.casts(3)
    for number in (1, 6, 5):
        papers.mark_returned(vote.box_id, number, by=clerk)
    objections.lodge(vote.box_id, "종이가 모자랐어요", "사흘 동안 종이가 없었어요.", by=observer)
    head = browse(observer).get(f"/votes/{vote.hex}/observation/heads/0.json").text
    first, second, third = town.clerk(), town.moderator(), town.clerk()
    after(2 * 3600 + 10)
    with pytest.raises(Conflict, match="까지 받아요"):
        count(vote.box_id, by=None)
    after(3600)
    number = batches.open_batch(vote.box_id, 3, by=first)
    for typist, lines in ((first, ("1", "무효", "2")), (second, ("1", "무효", "3"))):
        for sheet, line in enumerate(lines, start=1):
            batches.type_sheet(vote.box_id, number, sheet, line, by=typist)
        outcome = batches.finish_typing(vote.box_id, number, by=typist)
    assert outcome is Outcome.DIFFERS
    with pytest.raises(Conflict, match="정해지지 않은 종이 묶음"):
        count(vote.box_id, by=None)
    batches.settle(vote.box_id, number, {3: Decision("2", NOTE)}, by=third)
    bring_to_publication(vote.box_id, *both(town))
    box = vote.box
    result = json.loads(box.result)
    assert result["paper"] == {"issued": 6, "counted": 2, "invalid": 1, "spoiled": 1, "taken_back": 1, "unreturned": 1}
    assert result["ballots"] == 12 and sum(desk["withdrawn"] for desk in result["desks"]) == 2
    assert [line["votes"] for line in result["totals"]] == [10, 1, 1]
    kept = tmp_path / "head.json"
    kept.write_text(head)
    for path in (records.public(box), records.observers(box)):
        checked = verified(path, "--head", str(kept))
        assert checked.returncode == 0, checked.stdout + checked.stderr
    with zipfile.ZipFile(records.observers(box)) as record:
        batch, = json.loads(record.read("paper-choices.json"))
        figures, = json.loads(record.read("paper.json"))
        objection, = json.loads(record.read("objections.json"))
    assert figures["figures"] == {"number": 1, "sheets": 3, "counted": 2, "invalid": 1}
    assert batch["choices"] == [vote.rule.encode({1: 1}).hex(), vote.rule.encode({2: 1}).hex()]
    assert objection["objection"]["title"] == "종이가 모자랐어요"


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("size", [24])
def test_a_record_of_several_batches_is_accepted_by_its_verifier(vote, town, size):
    """None below ten sheets but where all that came back are one batch (`test_paper_from_the_desk_…`)."""
    clerk, second = town.clerk(), town.moderator()
    *on_paper, online, _nobody = vote.people
    online.casts(2)
    for number, one in enumerate(on_paper, start=1):
        one.gets_paper(clerk)
        papers.mark_returned(vote.box_id, number, by=clerk)
    after(3 * 3600 + 10)
    with pytest.raises(Conflict, match="적어도 10장"):
        batches.open_batch(vote.box_id, 13, by=clerk)
    for sheets in (12, 10):
        number = batches.open_batch(vote.box_id, sheets, by=clerk)
        for typist in (clerk, second):
            for sheet in range(1, sheets + 1):
                batches.type_sheet(vote.box_id, number, sheet, "1", by=typist)
            outcome = batches.finish_typing(vote.box_id, number, by=typist)
        assert outcome is Outcome.SETTLED
    bring_to_publication(vote.box_id, *both(town))
    box = vote.box
    assert json.loads(box.result)["paper"]["counted"] == 22
    for path in (records.public(box), records.observers(box)):
        checked = verified(path)
        assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.in_turns(of=5)
def test_an_objection_whose_words_are_withheld_is_a_hash_in_the_record(vote, town):
    observer = town.staff(Role.OBSERVER)
    vote.people[0].casts(1)
    number = objections.lodge(vote.box_id, "남의 이름이 있는 글", "홍길동 님이 그랬어요. 확인해 주세요.", by=observer).id
    objections.withhold(vote.box_id, number, "다른 사람의 이름이 있어요", by=town.moderator())
    after(3 * 3600 + 10)
    bring_to_publication(vote.box_id, *both(town))
    box = vote.box
    with zipfile.ZipFile(records.public(box)) as record:
        assert "홍길동" not in record.read("objections.json").decode()
        assert json.loads(record.read("objections.json")) == [{"leaf": LEAVES, "withheld": "다른 사람의 이름이 있어요"}]
    checked = verified(records.public(box))
    assert checked.returncode == 0, checked.stdout


@pytest.mark.in_turns(of=5)
def test_the_page_of_the_vote_leads_observers_and_clerks_on(vote, town, browse):
    slug = "paper"
    watching, working = "참관 화면 보기", "종이와 현장 투표 업무 보기"
    people = {"visitor": None, "observer": town.staff(Role.OBSERVER), "clerk": town.clerk(),
              "resident": town.resident()}
    seen = {who: browse(user).get(f"/polls/{slug}").text for who, user in people.items()}
    assert [watching in seen[who] for who in seen] == [False, True, False, False]
    assert [working in seen[who] for who in seen] == [False, False, True, False]
    assert f"/votes/{vote.hex}/objections" not in seen["observer"]
    after(2 * 3600 + 10)
    assert f"/votes/{vote.hex}/objections" in browse().get(f"/polls/{slug}").text


@pytest.mark.in_turns(of=5)
def test_after_the_count_the_observer_sees_no_participations_but_the_way_to_recount(vote, town, browse, tmp_path):
    vote.people[0].casts(1)
    observer = town.staff(Role.OBSERVER)
    after(3 * 3600 + 10)
    bring_to_publication(vote.box_id, *both(town))
    page = browse(observer).get(f"/votes/{vote.hex}/observation").text
    assert "참여 기록을 지웠어요" in page and "/polls/paper/observers.zip" in page and "마지막 기록 확인값" in page
    with browse(observer).get("/polls/paper/observers.zip") as edition:
        assert edition.status_code == 200
        (tmp_path / "paper-observers.zip").write_bytes(edition.get_data())
    with browse().get("/polls/paper/record.zip") as public:
        (tmp_path / "paper-record.zip").write_bytes(public.get_data())
    (tmp_path / "verify.py").write_bytes(VERIFIER.read_bytes())
    for number in (0, 1):
        head = browse(observer).get(f"/votes/{vote.hex}/observation/heads/{number}.json")
        name = re.search(r'filename="(.+)"', head.headers["Content-Disposition"])[1]
        (tmp_path / name).write_bytes(head.get_data())
    command = re.search(r"data-command[^>]*>([^<]+)<", page)[1]
    done = subprocess.run([sys.executable, *shlex.split(command)[1:]], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.splitlines()[-1].startswith("맞아요"), done.stdout + done.stderr
    assert browse(town.moderator()).get("/polls/paper/observers.zip").status_code == 403
    assert vote.by_channel() == {}


@pytest.mark.in_turns(of=5)
def test_officials_are_told_what_paper_is_missing_instead_of_being_offered_to_count(vote, town, browse):
    clerk, others = town.clerk(), (town.moderator(), town.clerk())
    found, = desk.look_up(vote.box_id, vote.people[0].who, REASON, by=clerk)
    papers.issue(vote.box_id, found.visit, reason=WITHDRAWN_FOR, by=clerk)
    papers.mark_returned(vote.box_id, 1, by=clerk)
    after(3 * 3600 + 10)
    page, here = browse(town.official()), f"/desk/votes/{vote.hex}"
    text = page.get(here).text
    assert "돌아온 종이 1장을 아직 묶지 않았어요" in text and f'{here}/steps"' not in text
    number = batches.open_batch(vote.box_id, 1, by=clerk)
    for typist in others:
        batches.type_sheet(vote.box_id, number, 1, "1", by=typist)
        batches.finish_typing(vote.box_id, number, by=typist)
    assert f'{here}/steps"' in page.get(here).text
