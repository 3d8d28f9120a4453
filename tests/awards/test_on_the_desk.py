"""What a juror has still to score waits at the desk."""

from civic_forum.awards import services
from tests.awards.making import Round
from tests.desk.test_desk_work import counts, desk, links


def test_a_juror_finds_what_is_not_scored_yet(town, browse):
    made = Round(town)
    clerk = made.jury[2]
    page = desk(browse, clerk)
    assert counts(page)["포상 심사"] == 2
    assert set(links(page)) == {f"/desk/awards/nominees/{one}" for one in made.nominees}
    assert browse(clerk).get(links(page)[0]).status_code == 200
    services.score(made.nominees[0], (9, 9), by=clerk)
    assert links(desk(browse, clerk)) == [f"/desk/awards/nominees/{made.nominees[1]}"]
    assert "/desk/awards/nominees" not in desk(browse, town.clerk())
    services.score(made.nominees[1], (1, 2), by=clerk)
    assert "/desk/awards/nominees" not in desk(browse, clerk)
