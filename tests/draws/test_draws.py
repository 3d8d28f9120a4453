"""A draw from its list to those who make room."""

import csv
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.ballots.rules import signing
from civic_forum.blocks.seats import SeatWay
from civic_forum.bodies.models import Membership
from civic_forum.calls.applying import services as applying
from civic_forum.calls.judging import services as judging
from civic_forum.calls.reviewing import services as reviewing
from civic_forum.calls.rules import ApplicationState, Step
from civic_forum.draws import operations, queries
from civic_forum.draws.models import DrawEntry
from civic_forum.draws.rules import filling, lots
from civic_forum.draws.rules.filling import Reason
from civic_forum.draws.services import chances, holding, leaving, lists, values
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import today
from civic_forum.platform.work import use_case
from tests.calls.making_judging import jury_body
from tests.factories import count

from .making import BALLS, BONUS, SIGNATURE, Drawn, later, official

DRAW = Path(__file__).parents[2] / "verifier/draw.py"

def state(made, number):
    return made.state(number).state


def assert_nowhere_but_in_public(made, salt):
    """In no table of the database, jobs, letters on their way and the audit log among them, is a number of the list but
    in the list that everybody reads, and nowhere a salt."""
    cells = made.draw.cell_of
    kept = {table.name: [str(value) for row in db.session.execute(sa.select(table)) for value in row
                         if not isinstance(value, date)] for table in db.metadata.sorted_tables}
    for name in kept.keys() - {"public_draw"}:
        words = set(re.findall(r"[\w-]+", "\n".join(kept[name])))
        assert not words & {*map(str, cells), salt}, name
    assert salt not in "".join(kept["public_draw"])


@pytest.mark.both
def test_a_list_is_committed_by_two_drawn_by_values_of_two_and_its_next_moves_up(town, browse, monkeypatch):
    made = Drawn(town)
    slug = made.call.slug
    desk, second, here = browse(made.official), browse(made.second), f"/desk/draws/{slug}"
    assert desk.post(here, data={"act": "list"}).status_code == 409, "nobody has looked at the papers"
    owner = db.session.get(User, made.state(made.numbers[0]).submission.owner_id)
    applicant, mine = browse(owner), f"/calls/{slug}/mine/{made.numbers[0]}"
    assert "적어도 괜찮아요" in applicant.get(mine).text
    assert applicant.post(f"/draws/{slug}/mine/{made.numbers[0]}/agreement").status_code == 303
    assert made.state(made.numbers[0]).few_agreed_at
    judging.pass_rest(slug, Step.COMPLETE, by=made.official)
    assert desk.post(here, data={"act": "list"}).status_code == 303
    first_list = made.draw.list_text
    assert browse().get(f"/draws/{slug}").status_code == 404, "nobody has committed to it"
    assert desk.post(here, data={"act": "list"}).status_code == 303 and made.draw.list_text != first_list
    assert desk.post(here, data={"act": "commit"}).status_code == 303
    assert "다른 담당자의 확인" in desk.get(here).text
    seen = re.search(r'name="seen" value="(\w+)"', second.get(here).text)[1]
    assert desk.post(here, data={"act": "confirm_commit", "seen": seen}).status_code == 403
    assert second.post(here, data={"act": "confirm_commit", "seen": seen}).status_code == 303
    assert desk.post(here, data={"act": "list"}).status_code == 409, "no list is made twice"
    assert desk.post(here, data={"act": "commit"}).status_code == 409, "a draw is committed once"
    draw, known = made.draw, made.draw.known
    assert known["counts"] | {"handed_in": 12, "listed": 12, "desk": 12} == known["counts"]
    assert [cell["lines"] for cell in known["cells"]] == [6, 6]
    assert known["rule"] == lots.rule(operations.lots_of(draw)).hex()
    number = made.number_of(made.numbers[0])
    told = db.session.query(Notice).filter_by(user_id=owner.id, step="draw_committed").one()
    assert told.details["commit"] == draw.commit.hex() and str(number) not in str(told.details)
    assert f"{number}번" in applicant.get(mine).text and str(number) in applicant.get("/me").text
    letter = applicant.get(f"/draws/{slug}/mine/{made.numbers[0]}").text
    salt = operations.salt(draw.call, 1, draw.key_id, number).hex()
    assert {str(number), salt, draw.commit.hex()} <= set(re.findall(r"\w+", letter))
    identity = operations.who(made.state(made.numbers[0]), owner)
    mark = lots.mark(lots.draw_id(slug, 1), number, bytes.fromhex(salt), identity)
    assert f"{number} {mark.hex()} c1\n" in browse().get(f"/draws/{slug}/1/list.txt").text
    assert browse(made.official).get(f"/draws/{slug}/mine/{made.numbers[0]}").status_code == 404
    assert_nowhere_but_in_public(made, salt)
    page = browse().get(f"/draws/{slug}").text
    assert f'href="/draws/{slug}/1"' in browse().get("/draws").text
    assert desk.post(f"{here}/observers").status_code == 409, "nobody was named to compare it"
    [own] = PERSONAL_DATA["draws"].collect(owner)
    assert (own["number"], own["salt"]) == (number, salt)
    assert draw.commit.hex() in page and "명단은 아무도 대조하지 않았어요" in page and salt not in page
    with pytest.raises(Conflict, match="로또"):
        values.enter(slug, BALLS, BONUS, SIGNATURE, by=made.official)
    gone = made.numbers[11]
    applying.withdraw(made.call, gone, by=db.session.get(User, made.state(gone).submission.owner_id))
    assert made.typed() == [False, True] and count(DrawEntry) == 2
    drawn = [number for lot in made.draw.drawn for number in lot["numbers"]]
    assert len(drawn) == 4 and made.number_of(gone) not in drawn
    judging.propose_decision(slug, by=made.official)
    judging.DECISION.confirm(judging.subject_of(made.call), by=made.second)
    chosen = [number for number in made.numbers if state(made, number) is ApplicationState.CHOSEN]
    assert {made.number_of(number) for number in chosen} == set(drawn)
    results = browse().get(f"/calls/{slug}/results").text
    assert "신청 4건을 추첨으로 뽑았어요" in results and "낸 신청" not in results and 'class="card"' not in results
    assert [number in results for number in made.numbers] == [number in chosen for number in made.numbers]
    next_up = filling.drawn(operations.lots_of(draw), draw.cell_of, operations.seed_of(draw, queries.values(draw.id)),
                            {made.number_of(chosen[0]), made.number_of(gone)})
    applying.withdraw(made.call, chosen[0], by=db.session.get(User, made.state(chosen[0]).submission.owner_id))
    assert [lot["numbers"] for lot in made.draw.drawn] == next_up
    states = [state(made, number) for number in made.numbers]
    assert [states.count(each) for each in (ApplicationState.CHOSEN, ApplicationState.NOT_CHOSEN)] == [4, 6]
    page = browse().get(f"/draws/{slug}").text
    assert all(str(number) in page for lot in next_up for number in lot) and "(추첨 전)" in page
    assert "예비" in page and second.get(here).status_code == 200
    with monkeypatch.context() as patched:
        patched.setattr(filling, "newcomers", None)
        assert applicant.get(f"/draws/{slug}").status_code == 200, "visitors draw nothing anew"
    erased = made.numbers[states.index(ApplicationState.NOT_CHOSEN)]
    left, leaver = made.number_of(erased), made.state(erased).submission.owner_id
    with use_case(None) as work:
        for name in ("calls", "draws"):
            PERSONAL_DATA[name].erase(db.session.get(User, leaver), work.session)
    assert left in {each.number for each in queries.passed(made.draw.id)}, "nobody would come in"
    with pytest.raises(NotFound):
        made.number_of(erased)


@pytest.mark.both
def test_two_pass_over_somebody_who_can_object_and_two_end_a_draw(town, browse):
    made = Drawn(town, lots="", places=3).committed()
    slug, here = made.call.slug, f"/desk/draws/{made.call.slug}"
    desk, second = browse(made.official), browse(made.second)
    stays, goes, withdraws = made.numbers[:3]
    for number in (stays, goes, withdraws):
        assert desk.post(here, data={"act": "pass", "number": number, "leaving": "moved"}).status_code == 303
    seen = dict(re.findall(r'"number" value="(\S+)"><input type="hidden" name="seen" value="(\w+)">',
                           second.get(here).text))
    assert desk.post(here, data={"act": "pass", "number": stays, "leaving": "died"}).status_code == 303
    assert second.post(here, data={"act": "confirm_pass", "number": stays, "seen": seen[stays]}).status_code == 409
    assert desk.post(here, data={"act": "pass", "number": stays, "leaving": "moved"}).status_code == 303
    for number, read in seen.items():
        assert desk.post(here, data={"act": "confirm_pass", "number": number, "seen": read}).status_code == 403
        assert second.post(here, data={"act": "confirm_pass", "number": number, "seen": read}).status_code == 303
    assert desk.post(here, data={"act": "pass", "number": goes, "leaving": "moved"}).status_code == 409
    for official_desk in (desk, second):
        assert made.person_of(stays).leaving and "그대로 두기" in official_desk.get(here).text
        assert official_desk.post(here, data={"act": "keep", "number": stays}).status_code == 303
    assert made.person_of(stays).leaving is None, "two took it back, as two had said it"
    assert leaving.pass_due() == 0, "somebody has seven days to object"
    left = made.number_of(goes)
    applying.withdraw(made.call, withdraws, by=db.session.get(User, made.state(withdraws).submission.owner_id))
    assert desk.post(here, data={"act": "pass", "number": withdraws, "leaving": "moved"}).status_code == 409
    later(timedelta(days=8))
    assert leaving.pass_due() == 1 and state(made, goes) is ApplicationState.OUT
    assert state(made, withdraws) is ApplicationState.WITHDRAWN, "they left by themselves"
    assert [each.number for each in queries.passed(made.draw.id)] == [made.number_of(withdraws), left]
    made.typed()
    assert left not in made.draw.drawn[0]["numbers"] and len(made.draw.drawn[0]["numbers"]) == 3
    with pytest.raises(Conflict, match="두 사람이 뺀"):
        leaving.settle(leaving.RESTORING, slug, withdraws, by=made.official) or leaving.settle(
            leaving.RESTORING, slug, withdraws, by=made.second)
    before = made.draw.drawn
    for official_desk in (desk, second):
        assert official_desk.post(here, data={"act": "restore", "number": goes}).status_code == 303
    assert state(made, goes) is ApplicationState.RECEIVED and made.draw.drawn == before, "there is no place free"
    assert "되돌렸어요" in browse().get(f"/draws/{slug}").text
    third = official(town)
    assert made.typed(balls=(1, 2, 3, 4, 5, 6), by=(made.second, third)) == [False, True], "typed wrongly before"
    assert made.typed(by=[third]) == [False], "nobody goes back alone to what two had typed before"
    assert "바로잡기 전: 3 11 15 29 35 44 + 7" in browse().get(f"/draws/{slug}").text, "what was wrong stays"
    judging.propose_decision(slug, by=made.official)
    judging.DECISION.confirm(judging.subject_of(made.call), by=made.second)
    chosen = next(number for number in made.numbers if state(made, number) is ApplicationState.CHOSEN)
    drawn = db.session.get(User, made.state(chosen).submission.owner_id)
    made.state(chosen).followed_at = clock.now()
    made.call.filled_id = jury_body(town, [drawn], slug="council").id
    db.session.query(Membership).filter_by(user_id=drawn.id).update({"way": SeatWay.DRAW, "begins": today()})
    db.session.commit()
    assert made.sheet(stays).forget_on
    end = {"act": "end", "reason": "명단이 신청과 달랐어요."}
    assert desk.post(here, data=end).status_code == 422, "after the lottery by a decision from outside alone"
    assert desk.post(here, data=end | {"decision": "행정심판위원회 2027-1"}).status_code == 303
    seen = re.search(r'name="seen" value="(\w+)"', second.get(here).text)[1]
    assert second.post(here, data={"act": "confirm_end", "seen": seen}).status_code == 303
    assert made.draw.ended_at and state(made, stays) is ApplicationState.RECEIVED
    assert "자리가 1개 있어요" in desk.get(here).text, "its body's two people end the seat"
    assert db.session.query(Notice).filter_by(step="draw_ended").count() == 12, "everybody in the list hears of it"
    assert made.state(chosen).followed_at is made.sheet(stays).forget_on is None, "answers make the next list"
    again = made.committed().draw
    assert again.attempt == 2 and again.known["before"] == queries.published(slug, 1).commit.hex()
    assert f"/draws/{slug}/1" in browse().get(f"/draws/{slug}").text


@pytest.mark.both
@pytest.mark.in_turns(of=10)
def test_the_record_passes_the_checker_with_an_observer_who_compared(town, browse, tmp_path):
    made, seed = Drawn(town, lots="").listed(), bytes(range(32))
    slug, key = made.call.slug, signing.public_key(seed).hex()
    desk = browse(made.official)
    for typed, status in (("김참관, 없는 열쇠", 422), (f"김참관, {key}", 303)):
        assert desk.post(f"/desk/draws/{slug}", data={"act": "observers", "observers": typed}).status_code == status
    lists.COMMIT.propose(holding.subject_of(made.draw), by=made.official)
    lists.COMMIT.confirm(holding.subject_of(made.draw), by=made.second)
    sent = {"key": key, "agrees": "1", "text": "", "signature": signing.sign(
        seed, filling.observed_message(made.draw.commit, True, "")).hex()}
    assert browse().post(f"/draws/{slug}/observations", data=sent | {"agrees": "0"}).status_code == 422
    assert browse().post(f"/draws/{slug}/observations", data=sent).status_code == 303
    assert "김참관: 명단이 신청과 같아요" in browse().get(f"/draws/{slug}").text
    assert browse().get(f"/draws/{slug}/1/record.zip").status_code == 404, "chances are not reckoned"
    assert chances.reckon() == 1
    with use_case(None) as work:
        operations.pass_over(work, queries.locked(made.draw.id), made.person_of(made.numbers[0]), Reason.MOVED)
    made.typed()
    with use_case(None) as work:
        operations.restore(work, queries.locked(made.draw.id), queries.passed(made.draw.id)[0])
    path = tmp_path / "record.zip"
    path.write_bytes(browse().get(f"/draws/{slug}/1/record.zip").data)
    header, *rows = csv.reader(desk.post(f"/desk/draws/{slug}/observers").text.removeprefix("\ufeff").splitlines())
    assert header[1:] == ["number", "salt", "name", "birthday"] and {row[0] for row in rows} == set(made.numbers)
    checked = subprocess.run([sys.executable, "-I", "-S", DRAW, path, "--commit", made.draw.commit.hex(), "--line",
                              *rows[0][1:]], capture_output=True, text=True, check=False)
    assert "REFUSED" not in checked.stdout and checked.returncode in (0, 3), checked.stdout + checked.stderr


def test_departments_answer_before_the_list_is_settled_and_never_after(town):
    made, asked = Drawn(town, first=1, again=0, lots="", places=1, has_review=True), town.department("도로과")
    reviewer, day, (number,) = town.official(department=asked), today() + timedelta(days=3), made.numbers
    reviewing.send(made.call.slug, {asked.id}, day, by=made.official)
    with pytest.raises(Conflict, match="부서의 답"):
        made.listed()
    reviewing.note(made.call.slug, number, True, "할 수 있어요.", by=reviewer)
    made.committed()
    for act in (lambda: reviewing.note(made.call.slug, number, False, "할 수 없어요.", by=reviewer),
                lambda: reviewing.send(made.call.slug, {town.department().id}, day, by=made.official)):
        with pytest.raises(Conflict, match="명단을 잠갔어요"):
            act()
    assert state(made, number) is ApplicationState.RECEIVED


@pytest.mark.both
def test_a_beacon_that_failed_leaves_the_next_lottery(town, browse):
    made = Drawn(town, lots="").committed()
    subject, before = holding.subject_of(made.draw), made.draw.lottery
    with pytest.raises(Denied, match="14일"):
        values.LATE.propose(subject, by=made.official)
    later(values.lottery_at(made.draw) + timedelta(days=15) - clock.now())
    ended = made.draw
    ended.ended_at = clock.now()
    assert values.may_state_late(made.official, ended), "nothing is stated of a draw that ended"
    db.session.rollback()
    values.LATE.propose(subject, by=made.official)
    later(timedelta(days=8))
    assert "나오지 않았다고 하기" in browse(made.official).get("/desk/draws/lab").text, "nobody confirmed it in time"
    values.LATE.propose(subject, by=made.official)
    values.LATE.confirm(subject, by=made.second)
    assert made.draw.lottery == lots.lottery_from(made.draw.late_at) > before
    with pytest.raises(Refusal, match="비워요"):
        made.typed()
    assert [values.enter(made.call.slug, BALLS, BONUS, "", by=each) for each in (made.official, made.second)] == [
        False, True]
