"""Equal points of a scored call, put in order by a lot that anyone can draw again."""

import subprocess
import sys
from datetime import timedelta

import pytest

from civic_forum.calls.judging import services as judging
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.rules import WhyNot
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
        person = queries.person(queries.last_of(self.call), self.state(number).id)
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
