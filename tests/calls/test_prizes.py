"""A prize: proposals are nominated, scored, and win a grade with a sum."""

from dataclasses import replace
from fractions import Fraction

import pytest
import sqlalchemy as sa

from civic_forum.calls.applying import services as applying
from civic_forum.calls.judging import queries, services
from civic_forum.calls.judging.rules import Candidate, Proposed, Room, by_prizes, prizes_moved, shown
from civic_forum.calls.parts import Amounts
from civic_forum.calls.rules import ApplicationState, ScoresShown, Step, WhyNot
from civic_forum.draws.services import lists
from civic_forum.journeys.models import JourneyEntry
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations as proposals
from tests.answers.making import declined

from .making_judging import REASON
from .making_prizes import PRIZES, Nominated, nominate, worth

ROOM = Room(places=None, won=None, reserve=range(0))


def steps_of(proposal):
    return {entry.step: entry for entry in db.session.scalars(
        sa.select(JourneyEntry).filter_by(journey_id=proposal.journey_id))}


def grades(*means, least=None, prizes=PRIZES):
    candidates = [Candidate(number, Fraction(mean)) for number, mean in enumerate(means, 1)]
    return {number: each.prize or each.why_not for number, each in by_prizes(candidates, prizes, ROOM, least).items()}


def test_prizes_go_down_by_points_and_equal_points_wait_for_a_lot():
    names = [prize["name"] for prize in PRIZES]
    assert grades(90, 80, 70, 60, 50) == dict(enumerate([*names, WhyNot.NO_PLACE], 1))
    assert grades(90, 80, 80, 60) == {1: "최우수"}, "two for one prize, and whoever comes behind"
    assert grades(80, 80, 60, prizes=[PRIZES[0] | {"count": 2}, PRIZES[1]]) == {1: "최우수", 2: "최우수", 3: "우수"}
    assert grades(90, 30, least=60) == {1: "최우수", 2: WhyNot.TOO_FEW_POINTS}
    assert grades(90, 80, prizes=[PRIZES[0] | {"count": 0}, PRIZES[1]]) == {1: "우수", 2: WhyNot.NO_PLACE}
    assert [each.won for each in by_prizes([Candidate(1, Fraction(9))], PRIZES, ROOM, None).values()] == [1_000_000]


def test_a_vacated_prize_goes_on_by_points():
    names, held = ["a", "b", "c"], [(Candidate(number, Fraction(9 - number)), prize) for number, prize in (
        (1, "a"), (2, "b"), (3, "b"), (4, "c"))]
    assert prizes_moved(names, "a", held[1:], 5) == {2: "a", 4: "b", 5: "c"}
    assert prizes_moved(names, "b", [held[0], *held[2:]], 5) == {4: "b", 5: "c"}
    assert prizes_moved(names, "b", [held[0], *held[2:]], None) == {4: "b"}
    assert prizes_moved(names, "c", held[:3], 5) == {5: "c"} and prizes_moved(names, "c", held[:3], None) == {}
    equal = [(replace(each, mean=Fraction(8)), prize) for each, prize in held]
    assert prizes_moved(names, "a", equal[1:], 5) == {}, "no number of a row says who of equals moves up"
    drawn = [(replace(each, lot=9 - each.id), prize) for each, prize in equal]
    assert prizes_moved(names, "a", drawn[1:], 5) == {3: "a", 4: "b", 5: "c"}, "but the lot that was drawn does"


def test_scores_of_few_jurors_show_where_the_call_said_so():
    sheets = [(1, (7, 7)), (2, (9, 9))]
    assert [points for _juror, points in shown(sheets, ScoresShown.FEW).sums] == [18, 14]
    assert not shown(sheets[:1], ScoresShown.FEW).sums and not shown(sheets, ScoresShown.JURORS).sums


@pytest.mark.parametrize("typed", ["최우수", "최우수, 백만, 1", "최우수, 1000000", "최우수, 1000000, 0", ", 1000000, 1",
                                   "최우수, 1, 1\n최우수, 2, 1"])
def test_prizes_are_a_name_a_sum_and_a_number_on_each_line(typed):
    with pytest.raises(Refusal):
        Amounts(prizes=typed).check()


@pytest.mark.both
def test_a_prize_from_nomination_to_results(town, browse):
    clerk = town.clerk()
    made = Nominated(town, *(worth(town, title=title) for title in ("정류장 의자", "골목 나무", "돌봄 쉼터")), jurors=[clerk])
    desk = browse(clerk)
    first, second, third = made.proposals
    assert "nominated" in steps_of(first) and "추천해요" in browse().get("/calls/prize").text
    made.scoring()
    assert "/desk/calls/prize/scores" in desk.get("/desk").text
    made.scored(90, 80, 80)
    assert "/desk/calls/prize/scores" not in desk.get("/desk").text
    services.fill_by_rule("prize", by=made.official)
    listed = lists.make_list("prize", by=made.official)
    assert [(cell["name"], cell["lines"]) for cell in listed.cells] == [
        (f"제안 {proposal.number}", 1) for proposal in (second, third)], "of prizes everybody knows who is nominated"
    with pytest.raises(Refusal):
        services.propose("prize", made.numbers[1], Proposed(won=1), REASON, by=made.official)
    services.propose("prize", made.numbers[1], Proposed(won=1, prize="우수"), "추첨했어요.", by=made.official)
    services.fill_by_rule("prize", by=made.official)
    made.reasons().decide()
    db.session.rollback()
    assert [(each.prize, each.won) for each in queries.those(made.call.id, ApplicationState.CHOSEN)] == [
        (prize["name"], prize["won"]) for prize in PRIZES[:3]]
    awarded = steps_of(third)["awarded"]
    assert (awarded.evidence, awarded.link) == ("올해의 제안 상: 장려", "/calls/prize/results")
    assert db.session.scalar(sa.select(Notice.url).filter_by(user_id=third.author_id, step="awarded")) == awarded.link
    results = browse().get("/calls/prize/results").text
    assert all(f"/proposals/{proposal.number}" in results for proposal in made.proposals) and "100만 원" in results
    page = browse().get(f"/proposals/{first.number}").text
    assert "최우수" in page and "/calls/prize/results" in page
    made.call.prizes_move = True
    db.session.commit()
    assert browse(first.author).post(f"/calls/prize/mine/{made.numbers[0]}/withdrawal").status_code == 303
    db.session.rollback()
    assert [(each.prize, each.won) for each in queries.winners(made.call)] == [
        ("최우수", 1_000_000), ("우수", 500_000)]
    assert steps_of(second)["awarded"].evidence == "올해의 제안 상: 최우수"
    assert browse().get("/calls/prize").text.count("1개는 비어 있어요") == 2


@pytest.mark.both
def test_proposals_are_nominated_once_where_the_office_took_them_up(town):
    made = Nominated(town, worth(town))
    moderator, hidden = town.moderator(), worth(town)
    hidden.hidden_at, hidden.hidden_rule = clock.now(), "abuse"
    db.session.commit()
    for proposal in (worth(town, declined()), worth(town, author=moderator), hidden, town.proposal()):
        with pytest.raises(Refusal):
            nominate(made.call, proposal, by=moderator)
    with pytest.raises(Conflict, match="이미"):
        nominate(made.call, made.proposals[0], by=moderator)
    good = worth(town)
    for somebody in (town.resident(), town.clerk()):
        with pytest.raises(Denied):
            nominate(made.call, good, by=somebody)
    with pytest.raises(Denied):
        applying.begin(made.call.id, by=town.resident())
    made.scoring()
    with pytest.raises(Conflict):
        nominate(made.call, good, by=moderator)


@pytest.mark.both
def test_an_author_declines_and_is_not_nominated_again(town, browse):
    made = Nominated(town, worth(town), worth(town))
    mine = made.proposals[0]
    address = f"/calls/prize/mine/{made.numbers[0]}"
    author = browse(mine.author)
    assert address in author.get(f"/proposals/{mine.number}").text
    assert "/mine/" not in browse().get(f"/proposals/{mine.number}").text
    assert author.get(f"/calls/prize/apply/{made.numbers[0]}").location == address
    assert "포상 받지 않기" in author.get(address).text and "/apply/" not in author.get(address).text
    assert browse(town.resident()).get(address).status_code == 404
    assert author.post(f"{address}/withdrawal").status_code == 303
    assert address not in author.get(f"/proposals/{mine.number}").text
    db.session.rollback()
    with pytest.raises(Conflict):
        nominate(made.call, mine, by=made.second)


@pytest.mark.both
def test_hidden_proposals_win_nothing_and_show_no_title(town):
    made = Nominated(town, worth(town), worth(town))
    made.scored(90, 80)
    services.fill_by_rule("prize", by=made.official)
    made.reasons()
    hidden = made.proposals[0]
    with use_case(made.official) as work:
        proposals.put_hidden(work, {work.session.get(type(hidden), hidden.id): (clock.now(), "abuse")})
    assert made.state(made.numbers[0]).title == "" and made.state(made.numbers[1]).title
    with pytest.raises(Conflict, match="가리거나"):
        made.decide()
    db.session.rollback()
    services.note_step("prize", made.numbers[0], Step.COMPLETE, False, "가린 제안이에요.", by=made.official)
    made.decide()
    assert made.state(made.numbers[1]).state is ApplicationState.CHOSEN
    with use_case(made.official) as work:
        proposals.put_hidden(work, {work.session.get(type(hidden), hidden.id): None})
    assert made.state(made.numbers[0]).title == hidden.title


def test_addresses_of_awards_lead_to_calls(browse):
    for old, new in (("/awards", "/calls?kind=prize"), ("/awards/7", "/calls/awards-7/results"),
                     ("/desk/awards/7/publication", "/desk/calls/awards-7/decision"),
                     ("/award-nominees/3/declining", "/me")):
        answer = browse().get(old)
        assert answer.status_code == 301 and answer.location == new
