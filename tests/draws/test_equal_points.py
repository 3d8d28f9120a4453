"""Equal points of a scored call, put in order by a lot that anyone can draw again."""

import subprocess
import sys
from datetime import timedelta
from itertools import combinations

import pytest

from civic_forum.calls.judging import services as judging
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.rules import Step, WhyNot
from civic_forum.draws import operations, queries
from civic_forum.draws.rules import filling
from civic_forum.draws.rules.filling import Reason
from civic_forum.draws.services import chances, holding, leaving, lists, values
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from tests.calls.making_judging import Judged

from .making import BALLS, BONUS, SIGNATURE, later, official
from .test_draws import DRAW


class Tied(Judged):
    """A living lab with money for two, of which one has most points and three have equal ones."""

    def __init__(self, town):
        super().__init__(town)
        self.official, self.second = official(town), official(town)
        self.best, *self.equal = (self.apply(title) for title in ("텃밭", "빈집", "골목", "우물"))
        self.scoring()
        for number in (self.best, *self.equal):
            self.score(number, *((90, 90) if number == self.best else (70, 71)))
        self.release()
        judging.fill_by_rule(self.call.slug, by=self.official)

    def committed(self):
        lists.make_list(self.call.slug, by=self.official)
        subject = holding.subject_of(queries.last_of(self.call))
        lists.COMMIT.propose(subject, by=self.official)
        lists.COMMIT.confirm(subject, by=self.second)
        return queries.last_of(self.call)

    def typed(self, balls=BALLS):
        db.session.rollback()
        later(values.lottery_at(queries.last_of(self.call)) + timedelta(hours=2) - clock.now())
        for each in (self.official, self.second):
            values.enter(self.call.slug, balls, BONUS, SIGNATURE, by=each)
        judging.fill_by_rule(self.call.slug, by=self.official)

    def passed(self, number, reason):
        leaving.propose_passing(self.call.slug, number, reason, by=self.official)
        application_id = self.state(number).id
        person = queries.person(queries.draw_with(application_id), application_id)
        seen = leaving.PASSING.pending(leaving.subject_of(person)).fingerprint
        leaving.confirm_passing(self.call.slug, number, seen=seen, by=self.second)

    def order(self):
        """The equal ones by the places that the lot gave them."""
        return sorted(self.equal, key=lambda number: self.state(number).lot_place)

    def results(self):
        return [(each.won, each.reserve_place) for each in map(self.state, self.order())]


@pytest.mark.both
def test_equal_points_are_put_in_order_by_the_lottery_that_the_results_page_names(town, browse, tmp_path):
    made = Tied(town)
    slug, results = made.call.slug, f"/calls/{made.call.slug}/results"
    assert made.state(made.best).won and made.state(made.equal[0]).won is None, "the rule stops at equal points"
    assert browse().get(results).status_code == 404
    desk = browse(made.official)
    assert f"/desk/draws/{slug}" in desk.get(f"/desk/calls/{slug}/decision").text
    ended = holding.subject_of(made.committed())
    leaving.propose_end(slug, "명단을 다시 봐요.", "", by=made.official)
    leaving.ENDING.confirm(ended, by=made.second)
    assert browse().get(results).status_code == 404, "the lot does not stand"
    draw = made.committed()
    assert [(cell["name"], cell["lines"]) for cell in draw.known["cells"]] == [("같은 점수 1", 3)]
    assert f"로또 {draw.lottery}회" in browse().get(results).text
    page = browse().get(f"/draws/{slug}").text
    assert "신청 3건의 순서를 추첨해요" in page and not any(number in page for number in made.equal)
    for number in made.equal:
        judging.propose(slug, number, Proposed(why_not=WhyNot.OTHER), "", by=made.official)
    with pytest.raises(Conflict, match="추첨한다고 알렸어요"):
        made.reasons().decide()
    for number in made.equal:
        judging.propose(slug, number, None, "", by=made.official)
    made.typed((1, 2, 3, 4, 5, 6))
    assert made.results() == [(10_000_000, None), (None, 1), (None, 2)]
    made.typed()
    assert made.results() == [(10_000_000, None), (None, 1), (None, 2)], "a corrected lottery puts them in its order"
    seed = operations.seed_of(draw, queries.values(draw.id))
    drawn = filling.order(seed, 1, draw.cell_of)
    assert [operations.number_of(queries.person(draw, made.state(number).id)) for number in made.order()] == drawn
    with pytest.raises(Conflict, match="같은 점수가 없어요"):
        lists.make_list(slug, by=made.official)
    last, first = made.order()[-1], made.order()[0]
    made.passed(last, Reason.DIED)
    assert leaving.pass_due() == 1 and made.state(last).reserve_place is None
    for each in (made.official, made.second):
        leaving.settle(leaving.RESTORING, slug, last, by=each)
    judging.fill_by_rule(slug, by=made.official)
    made.passed(first, Reason.MOVED)
    made.reasons().decide()
    with pytest.raises(Conflict, match="결과를 알린 뒤"):
        leaving.propose_passing(slug, first, Reason.MOVED, by=made.official)
    later(timedelta(days=8))
    leaving.pass_due()
    assert made.state(first).state == "chosen", "the next of the reserve would not have moved up"
    page = browse().get(results).text
    assert "추첨한 순서는 1번째" in page and "3 11 15 29 35 44 + 7" in page
    chances.reckon()
    path = tmp_path / "record.zip"
    path.write_bytes(browse().get(f"/draws/{slug}/2/record.zip").data)
    salt = operations.salt(draw.call, 2, draw.key_id, drawn[0]).hex()
    checked = subprocess.run([sys.executable, "-I", "-S", DRAW, path, "--commit", draw.commit.hex(), "--line",
                              str(drawn[0]), salt, made.order()[0], ""], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


class TwiceTied(Tied):
    """Money for two of three equal ones or for another alone, and two behind them equal for what is left of the
    reserve."""

    def __init__(self, town, **facts):
        Judged.__init__(self, town, **facts)
        self.official, self.second = official(town), official(town)
        self.best = self.apply("텃밭")
        self.dear, *_cheap = self.equal = [self.apply(title, asked) for title, asked in (
            ("빈집", 10_000_000), ("골목", 5_000_000), ("우물", 5_000_000))]
        self.behind = [self.apply(title) for title in ("마당", "담장")]
        self.scoring()
        for number in (self.best, *self.equal, *self.behind):
            self.score(number, *((90, 90) if number == self.best else (65, 65) if number in self.behind else (70, 70)))
        self.release()
        judging.fill_by_rule(self.call.slug, by=self.official)

    def balls(self, place):
        """Figures of a lottery by which the dear one comes in at this place."""
        draw = queries.published(self.call.slug, 1)
        number = operations.number_of(queries.person(draw, self.state(self.dear).id))
        return next(balls for balls in combinations(range(1, 45), 6) if filling.order(filling.seed(
            draw.commit, filling.values(draw.lottery, balls, 45), bytes.fromhex(SIGNATURE)), 1,
            draw.cell_of).index(number) == place)

    def corrected(self, balls):
        return [values.enter(self.call.slug, balls, 45, SIGNATURE, by=each, attempt=1)
                for each in (self.official, self.second)]


def test_a_first_lot_is_corrected_and_stands_beside_a_second_attempt(town, browse):
    made = TwiceTied(town)
    slug, desk = made.call.slug, f"/desk/draws/{made.call.slug}"
    first = made.committed().id
    later(values.lottery_at(queries.known(first)) + timedelta(hours=2) - clock.now())
    assert made.corrected(made.balls(2)) == [False, True]
    judging.fill_by_rule(slug, by=made.official)
    assert [made.state(each).reserve_place for each in (made.dear, *made.behind)] == [1, None, None]
    lists.make_list(slug, by=made.official)
    page = browse(made.official).get(desk).text
    assert "어느 추첨인가요?" in page and "1번째 추첨" in page
    assert made.corrected(made.balls(1)) == [False, True], "before the second is committed"
    assert made.corrected(made.balls(2)) == [False, True]
    judging.fill_by_rule(slug, by=made.official)
    second = made.committed()
    assert second.id != first and second.attempt == 2
    assert made.corrected(made.balls(0)) == [False, True], "and after"
    assert made.state(made.dear).lot_place == 1 and made.state(made.dear).won is None
    made.passed(made.equal[1], Reason.DIED)
    assert browse(made.official).get(f"{desk}/letters/{made.equal[2]}").status_code == 200
    leaving.propose_end(slug, "명단을 다시 봐요.", "", by=made.official)
    leaving.ENDING.confirm(holding.subject_of(second), by=made.second)
    db.session.rollback()
    assert queries.last_of(made.call).id == first, "the desk goes back to the one that stands"
    assert made.call.listed_at, "which nobody leaves by hand"
    assert "추첨" in browse().get(f"/calls/{slug}/results").text
    with pytest.raises(Conflict, match="추첨 명단을 잠갔어요"):
        judging.note_step(slug, made.equal[2], Step.COMPLETE, False, "서류가 없어요.", by=made.official)
    leaving.propose_end(slug, "첫 추첨도 다시 해요.", "감사 2027-3", by=made.official)
    leaving.ENDING.confirm(holding.subject_of(queries.known(first)), by=made.second)
    db.session.rollback()
    assert made.call.listed_at is None
    assert lists.make_list(slug, by=made.official).attempt == 3
