"""A trial election: a file is brought in whole or not at all, counted by every rule, and published."""

import hashlib

import pytest
import sqlalchemy as sa

from civic_forum.budgets.trials import queries
from civic_forum.budgets.trials import services as trials
from civic_forum.budgets.trials.models import BudgetTrial
from civic_forum.budgets.trials.rules import LARGEST_FILE
from civic_forum.budgets.counting.outcome import Count
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from tests.budgets.commands.test_counting import WORKED
from tests.budgets.making import new_round
from tests.budgets.pabulib.texts import text


def brought_in(by, whole=WORKED, **given):
    return trials.create(whole.encode(), **{"slug": "last-year", "at_once": False, "by": by} | given)


def kept():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(BudgetTrial))


def again(slug="last-year"):
    db.session.rollback()
    return queries.by_slug(slug)


def test_a_file_is_kept_byte_for_byte_and_waits_for_the_worker(town):
    made = brought_in(town.official(), round_slug=new_round(town).slug)
    found = again()
    assert queries.file_of(made.id) == WORKED.encode() and found.sha256 == hashlib.sha256(WORKED.encode()).digest()
    assert found.title == "서울 금천구 주민참여예산" and found.step == "1" and found.round.slug.startswith("round-")
    assert found.result is None and found.counted_at is None and queries.waiting() == [made.id]


def test_the_worker_counts_what_waits_once(town):
    made = brought_in(town.moderator())
    assert trials.count_waiting() == 1 and trials.count_waiting() == 0
    assert not trials.count(made.id)
    found = again()
    counts = {name: Count.from_json(one) for name, one in found.result["counts"].items()}
    assert counts["greedy"].selected == ("bike", "gym") and counts["shares"].selected == ("bike", "play", "lib")
    assert counts["greedy"].satisfied == 7 and counts["shares"].satisfied == 11
    assert found.counted_at is not None and found.failed is None
    assert {one["id"]: (one["cost"], one["votes"]) for one in found.result["projects"]}["gym"] == ("400", "6")


def test_a_small_one_is_counted_at_once_and_a_large_one_waits(town):
    by = town.moderator()
    brought_in(by, at_once=None)
    assert again().result["voters"] == 11 and again().counted_at is not None
    large = text(meta={"num_votes": "300", "budget": "30000"}, votes=(
        "voter_id;vote", *(f"{number};{number % 2 + 1}" for number in range(300))))
    brought_in(by, large, slug="large", step="0.001", at_once=None)
    assert again("large").counted_at is None and trials.count_waiting() == 1


def test_a_small_file_that_takes_long_to_count_keeps_nobody_waiting(town, monkeypatch):
    """Two projects tied as long as one of their supporters pays all they have, in steps that are tiny for so many
    blank ballots; and a cost at which no float can leap."""
    tied = text(meta={"num_votes": "1005", "budget": "1000000", "num_projects": "4"},
                projects=("project_id;cost", "x;600000", "a;150000", "b;150000", "w;999999999"),
                votes=("voter_id;vote", "1;x,a", "2;a", "3;x,b", "4;b", "5;x,w", *(f"b{n};" for n in range(1000))))
    made = brought_in(town.moderator(), tied, at_once=None, step="20")
    assert again().counted_at is None and queries.waiting() == [made.id]
    monkeypatch.setattr(trials.rules, "most_runs", lambda election: 50)
    trials.count_waiting()
    assert again().failed and queries.waiting() == []
    far = text(projects=("project_id;cost", f"1;{'9' * 30}", "2;40", "P/3;50"))
    brought_in(town.moderator(), far, slug="far", at_once=None)
    assert again("far").counted_at is not None


def test_places_are_counted_where_the_file_says_them(town):
    votes = ["voter_id;vote;neighborhood", *(f"a{number};1;독산1동" for number in range(12)),
             *(f"b{number};2;시흥3동" for number in range(11)), "c;1;시흥4동", "d;2;"]
    whole = text(meta={"num_votes": "25"}, votes=votes, projects=(
        "project_id;cost;name;neighborhood", "1;60;Bench;독산1동", "2;50;Lamp;시흥3동", "P/3;50;Tree;"))
    brought_in(town.moderator(), whole, at_once=True)
    result = again().result
    assert [(home["name"], home["voters"]) for home in result["homes"]] == [("독산1동", 12), ("시흥3동", 11)]
    assert [home["satisfied"]["greedy"] for home in result["homes"]] == [12, 0]
    assert [one["place"] for one in result["projects"]] == ["독산1동", "시흥3동", ""]


@pytest.mark.parametrize("whole", ["", "noise", text(votes=("voter_id;vote", "a;9", "b;", "c;", "d;")),
                                   text(meta={"num_votes": "5"})])
def test_a_faulty_file_leaves_nothing(town, whole):
    with pytest.raises(Refusal, match="번째 줄") as refused:
        brought_in(town.moderator(), whole)
    assert refused.value.field == "file" and kept() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_a_file_that_is_too_large_leaves_nothing(town):
    with pytest.raises(Refusal, match="20MB"):
        trials.create(b"x" * (LARGEST_FILE + 1), slug="large", by=town.moderator())
    projects = ["project_id;cost", *(f"{number};1" for number in range(501))]
    whole = text(meta={"num_projects": "501", "num_votes": "0"}, projects=projects, votes=("voter_id;vote",))
    with pytest.raises(Refusal, match="500"):
        brought_in(town.moderator(), whole)
    assert kept() == 0


def test_names_are_shown_as_text_of_people_is(town):
    hostile = ("project_id;cost;name;neighborhood", "1;60;\u202eBench\x07;독산\u200b1동", f"2;40;{'가' * 400};", "P/3;50;;")
    brought_in(town.moderator(), text(projects=hostile, meta={"description": "모의\u202e 투표\x1b"}), at_once=True)
    shown = again().result["projects"]
    assert [one["name"] for one in shown] == ["Bench", "가" * 300 + "…", "P/3"] and shown[0]["place"] == "독산1동"
    assert again().title == "모의 투표" and "\u202eBench" in queries.file_of(again().id).decode()


def test_an_id_that_no_page_could_show_is_refused(town):
    with pytest.raises(Refusal, match="100자") as refused:
        brought_in(town.moderator(), text(projects=("project_id;cost", f"{'1' * 101};60", "1;40", "2;50"), votes=(
            "voter_id;vote", "a;1", "b;2", "c;", "d;")))
    assert refused.value.field == "file" and kept() == 0


@pytest.mark.parametrize("step", ["0", "-1", "much", "1/0", "0.0001", "1e-3", "1" * 50, "nan",
                                  f"{2**60 + 1}/{2**60}"])
def test_a_step_that_is_none_is_refused(town, step):
    with pytest.raises(Refusal) as refused:
        brought_in(town.moderator(), step=step)
    assert refused.value.field == "step" and kept() == 0


def test_the_step_of_won_is_a_hundred_unless_said(town):
    whole = WORKED.replace("budget;1100", "currency;KRW\nbudget;1100")
    brought_in(town.moderator(), whole)
    assert again().step == "100"
    brought_in(town.moderator(), whole, slug="other", step="12.5")
    assert again("other").step == "12.5"


@pytest.mark.parametrize("given, field",
                         [({"slug": "Large"}, "slug"), ({"slug": "a/b"}, "slug"), ({"slug": ""}, "slug"),
                                          ({"title": "x" * 201}, "title"), ({"about": "x" * 3001}, "about")])
def test_a_file_that_cannot_be_kept_is_refused(town, given, field):
    with pytest.raises(Refusal) as refused:
        brought_in(town.moderator(), **given)
    assert refused.value.field == field and kept() == 0


def test_an_address_is_given_once_and_a_round_is_there(town):
    brought_in(town.moderator())
    with pytest.raises(Conflict):
        brought_in(town.official())
    with pytest.raises(NotFound):
        brought_in(town.official(), slug="other", round_slug="nowhere")
    assert kept() == 1


@pytest.mark.both
def test_a_counted_trial_can_be_published_and_taken_back(town):
    by = town.official()
    made = brought_in(by)
    with pytest.raises(Conflict):
        trials.publish(made.id, by=by)
    trials.count(made.id)
    trials.publish(made.id, by=by)
    assert [line.slug for line in queries.listed(everything=False).items] == ["last-year"]
    with pytest.raises(Conflict):
        trials.delete(made.id, by=by)
    trials.withdraw(made.id, by=by)
    assert queries.listed(everything=False).items == [] and len(queries.listed(everything=True).items) == 1
    trials.delete(made.id, by=by)
    assert kept() == 0


@pytest.mark.both
def test_one_that_is_deleted_meanwhile_is_not_counted(town):
    by = town.official()
    made = brought_in(by)
    trials.delete(made.id, by=by)
    assert not trials.count(made.id) and trials.count_waiting() == 0


def test_one_that_is_deleted_while_it_is_counted_holds_up_nobody(town, monkeypatch):
    by = town.official()
    gone, fine = brought_in(by), brought_in(by, slug="fine")
    figures, gone_id = trials.rules.figures, gone.id

    def deleted_meanwhile(*given):
        monkeypatch.setattr(trials.rules, "figures", figures)
        trials.delete(gone_id, by=by)
        return figures(*given)

    monkeypatch.setattr(trials.rules, "figures", deleted_meanwhile)
    assert trials.count_waiting() == 1 and fine.id
    assert again("fine").counted_at is not None and kept() == 1


@pytest.mark.both
def test_one_that_cannot_be_counted_any_more_says_so_and_lets_others_go_on(town):
    broken, fine = brought_in(town.official()), brought_in(town.official(), slug="fine")
    db.session.execute(sa.update(BudgetTrial).where(BudgetTrial.id == broken.id).values(source=b"META"))
    db.session.commit()
    assert trials.count_waiting() == 2 and queries.waiting() == []
    assert "번째 줄" in again().failed and again().result is None
    assert again("fine").result["voters"] == 11 and fine is not None


@pytest.mark.both
def test_a_list_goes_on_where_its_page_ended(town):
    by = town.official()
    for number in range(5):
        brought_in(by, slug=f"trial-{number}")
    first = queries.listed(everything=True, limit=3)
    second = queries.listed(first.after, everything=True, limit=3)
    assert [line.slug for line in (*first.items, *second.items)] == [f"trial-{number}" for number in (4, 3, 2, 1, 0)]
    assert second.after is None
