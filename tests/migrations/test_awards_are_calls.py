"""A filled district of the release before: of its rounds of awards nothing is lost."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling

BEFORE, AFTER = "0097", "0098"
SCORING, PUBLISHED, NOMINATING = 1, 2, 3
"""States of the rounds that are filled in."""
MADE = ("call", "question", "submission", "answer_sheet", "call_application", "call_application_step", "call_score")


@pytest.mark.in_turns(of=10)
def test_rounds_in_each_state_are_calls_with_jurors_scores_places_and_links(bare):
    migrations.upgrade(BEFORE)
    with db.engine.begin() as connection:
        filling.fill(connection)
        for change in (
                "UPDATE award_nominee SET round_id = 2, declined_at = NULL, place = id - 1, reason = 'good'"
                " WHERE id IN (2, 4)",
                "UPDATE proposal SET hidden_at = NULL",
                "INSERT INTO award_score (nominee_id, juror_id, points, at) VALUES"
                " (2, 3, '[7, 7]', '2030-05-01 10:00:00.000000'), (2, 4, '[8, 5]', '2030-05-01 10:00:00.000000')",
                "UPDATE membership SET seat_id = NULL, about_kind = 'award_round', about_id = 2 WHERE id = 4",
                "UPDATE journey_entry SET link = '/awards/2' WHERE id = 1",
                "UPDATE notice SET url = '/awards/2' WHERE id = 1"):
            connection.execute(sa.text(change))
        before = filling.rows(connection)
    migrations.upgrade(AFTER)
    with db.engine.connect() as connection:
        after = filling.rows(connection)
    made = {table: after[table][len(before[table]):] for table in MADE}
    rounds = {row["id"]: row for row in before["award_round"]}
    calls = {int(row["slug"].removeprefix("awards-")): row for row in made["call"]}
    assert {number: (call["announced_at"] is None, call["closes_at"] is None, call["decided_at"] is None)
            for number, call in calls.items()} == {
        SCORING: (False, False, True), PUBLISHED: (False, False, False), NOMINATING: (True, True, True),
        4: (False, False, True)}
    for number, call in calls.items():
        row = rounds[number]
        assert call["title"] == f"{row['year']}년 {row['name']}" and call["scores_until"] == row["scores_until"]
        assert call["criteria"] == [{"text": text, "points": 10} for text in row["criteria"]]
    nominees, applications = before["award_nominee"], made["call_application"]
    sheets = {row["submission_id"]: row["answers"] for row in made["answer_sheet"]}
    by_nominee = {}
    for nominee in nominees:
        [application] = [row for row in applications if row["proposal_id"] == nominee["proposal_id"]
                         and row["call_id"] == calls[nominee["round_id"]]["id"]]
        by_nominee[nominee["id"]] = application
        assert list(sheets[application["submission_id"]].values()) == [nominee["why"]]
        assert application["reason"] == nominee["reason"]
    assert len(applications) == len(nominees) == len(made["call_application_step"])
    winner, other = by_nominee[2], by_nominee[4]
    assert (winner["state"], winner["prize"], winner["mean_top"], winner["mean_bottom"]) == ("chosen", "1위", 38, 3)
    assert (other["state"], other["prize"], other["why_not"]) == ("not_chosen", "3위", "no_place")
    assert by_nominee[1]["state"] == by_nominee[3]["state"] == "received"
    assert sorted((row["application_id"], row["juror_id"], row["points"]) for row in made["call_score"]) == sorted(
        (by_nominee[row["nominee_id"]]["id"], row["juror_id"], row["points"]) for row in before["award_score"])
    [juror] = [row for row in after["membership"] if row["about_kind"] == "call"]
    assert (juror["id"], juror["about_id"]) == (4, calls[PUBLISHED]["id"])
    assert after["journey_entry"][0]["link"] == after["notice"][0]["url"] == "/calls/awards-2/results"
