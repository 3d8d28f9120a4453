"""Electorates: sentence, roll and pages are made from one rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import AffiliationKind, Verification, age_on
from civic_forum.ballots import operations as opening
from civic_forum.ballots.officials import shown
from civic_forum.ballots.rolls import electorate, operations, queries, services
from civic_forum.ballots.rolls.rules import RollRule
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rules.log import canonical_json
from civic_forum.platform.base import db
from civic_forum.polls import process
from tests.ballots.people import declared
from tests.polls import making

FIXED, OPENS, CLOSES = "2031-05-01", "2031-05-10T09:00:00+09:00", "2031-05-17T18:00:00+09:00"
LIVE, WORK, STUDY = AffiliationKind
PEOPLE = {
    "resident": {"place": "시흥1동"}, "elsewhere": {"place": "독산1동"},
    "worker": {"place": "시흥1동", "kind": WORK}, "student": {"place": "독산1동", "kind": STUDY},
    "just 14": {"place": "시흥1동", "born": date(2017, 5, 17)}, "still 13": {"place": "시흥1동", "born": date(2017, 5, 18)},
    "declared": {"place": "시흥1동", "how": Verification.DECLARED},
    "late": {"place": "시흥1동", "since": datetime(2031, 5, 2, tzinfo=UTC)},
}
UNTIL = "2031. 5. 1.(목)까지 주민 확인을 마쳐야 해요."
OF_AGE = "가운데 2031. 5. 17.(토)에 14세 이상인 사람이 투표해요."
ELECTORATES = [
    ({"who": ["구민"]}, f"금천구에 사는 사람이 투표해요. {UNTIL}", {"resident", "elsewhere", "just 14", "still 13"}),
    ({"who": ["생활권자"]}, f"금천구에서 일하거나 학교에 다니는 사람이 투표해요. {UNTIL}", {"worker", "student"}),
    ({"who": ["구민", "생활권자"]}, f"금천구에 살거나 일하거나 학교에 다니는 사람이 투표해요. {UNTIL}",
     {"resident", "elsewhere", "worker", "student", "just 14", "still 13"}),
    ({"who": ["구민"], "neighbourhoods": ["시흥1동"]}, f"시흥1동에 사는 사람이 투표해요. {UNTIL}",
     {"resident", "just 14", "still 13"}),
    ({"who": ["구민"], "neighbourhoods": ["시흥1동", "독산1동"]}, f"독산1동 · 시흥1동에 사는 사람이 투표해요. {UNTIL}",
     {"resident", "elsewhere", "just 14", "still 13"}),
    ({"who": ["생활권자"], "neighbourhoods": ["독산1동"]}, f"독산1동에서 일하거나 학교에 다니는 사람이 투표해요. {UNTIL}", {"student"}),
    ({"who": ["구민"], "min_age": 14}, f"금천구에 사는 사람 {OF_AGE} {UNTIL}", {"resident", "elsewhere", "just 14"}),
    ({"who": ["구민"], "neighbourhoods": ["시흥1동"], "min_age": 14}, f"시흥1동에 사는 사람 {OF_AGE} {UNTIL}",
     {"resident", "just 14"}),
    ({"who": ["구민"], "roll_grows": True}, "금천구에 사는 사람이 투표해요. 2031. 5. 1.(목)에 명부를 정하고, 그 뒤에 주민 확인을 받은 사람도 마감까지 더해요.",
     {"resident", "elsewhere", "just 14", "still 13"}),
    ({"who": ["구민"], "check": "declared"},
     "금천구에 사는 사람이 투표해요. 2031. 5. 1.(목)까지 그렇게 적은 회원이면 돼요. 주민 확인은 받지 않아도 돼요.",
     {"resident", "elsewhere", "just 14", "still 13", "declared", "account"}),
    ({"who": ["구민"], "check": "declared", "min_age": 14}, f"금천구에 사는 사람 {OF_AGE} "
     "2031. 5. 1.(목)까지 그렇게 적은 회원이면 돼요. 주민 확인은 받지 않아도 돼요.",
     {"resident", "elsewhere", "just 14", "declared", "account"}),
    ({"who": ["구민"], "check": "declared", "min_age": 19},
     "금천구에 사는 사람 가운데 2031. 5. 17.(토)에 19세 이상인 사람이 투표해요. "
     "2031. 5. 1.(목)까지 그렇게 적고, 나이를 알 수 있게 주민 확인을 받은 회원이면 돼요.", {"resident", "elsewhere", "declared"}),
]


def people(town) -> dict[bytes, str]:
    """Hash in a roll → name in `PEOPLE`."""
    town.neighbourhood("독산1동"), town.neighbourhood("시흥1동")
    known = {name: making.voter(town, **facts) for name, facts in PEOPLE.items()}
    known["account"] = declared(town, town.neighbourhood("시흥1동"))
    return {identity: name for name, user in known.items()
            for identity in queries.identities.candidates(db.session.get(User, user.id))}


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize(("conditions", "sentence", "on_the_roll"), ELECTORATES)
def test_sentence_roll_and_pages_of_an_electorate(app, town, browse, conditions, sentence, on_the_roll):
    names = people(town)
    by = town.moderator()
    made = making.poll(town, by=by, opens_at=OPENS, closes_at=CLOSES,
                       eligibility={"label": "아무나", "roll_fixed_on": FIXED} | conditions)
    rule = queries.rule_of(made.roll)
    assert {names[one] for one in operations.entries_by_rule(rule, made.roll.key_id)} == on_the_roll
    assert electorate.of_vote(None, made.roll) == sentence
    public = browse().get(f"/polls/{made.slug}").text
    assert sentence in public and "아무나" not in public
    assert sentence in browse(by).get(f"/desk/polls/{made.slug}").text
    assert process.definition(made)["eligibility"] == {"made": 1, "sentence": sentence, "roll": rule.to_json()}
    unproved = next(one for one in electorate.examples(rule, electorate.places(rule)) if one.person.endswith("받지 않음"))
    assert unproved.is_in is ("account" in on_the_roll)


def test_the_age_counts_on_the_last_day_of_a_vote_that_ends_at_midnight(app, town):
    made = making.poll(town, opens_at=OPENS, closes_at="2031-05-18T00:00:00+09:00",
                       eligibility={"who": ["구민"], "roll_fixed_on": FIXED, "min_age": 14})
    assert queries.rule_of(made.roll).age_on == date(2031, 5, 17)


def box_with(town, written, **facts):
    """A prepared poll whose box has this part `eligibility`."""
    made = making.prepared(town, **facts)
    parts = opening.parts_of(made.box)
    opening.refresh(made.box, parts | {"eligibility": parts["eligibility"] | written}, roll_id=made.roll_id)
    db.session.commit()
    return made


def test_the_confirming_officer_reads_the_rule_the_number_and_examples(app, town):
    town.neighbourhood("독산1동"), town.neighbourhood("시흥1동")
    made = box_with(town, {}, quorum={"kind": "min_voters", "value": 50, "text": "10명 넘게"}, eligibility=making.entry()[
        "eligibility"] | {"neighbourhoods": ["시흥1동"], "min_age": 14})
    rows = dict(shown.rows(made.box, queries.additions_by_hand([made.box.roll_id])))
    assert rows["누가 투표하나요"] == electorate.in_words(queries.rule_of(made.roll))
    assert rows["최소 참여"] == "50명 이상 투표해야 해요. 명부에 그만큼이 없어서 채울 수 없어요."
    assert rows["투표인 명부"] == "10명" and "그때 적은 말" not in rows
    assert rows["투표하는 예"].startswith("시흥1동에 사는 사람, ")
    assert rows["투표하는 예"].endswith("까지 태어남")
    out = rows["투표하지 않는 예"].split(" / ")
    assert "독산1동에 사는 사람" in out and "시흥1동에서 일하는 사람" in out and out[0].endswith("부터 태어남")
    assert any(one.endswith("주민 확인을 받지 않음") for one in out) and "손으로 넣음" not in rows
    services.add(made.roll_id, making.voter(town, place="시흥1동"), "이의가 맞아요", by=town.moderator())
    assert dict(shown.rows(made.box, queries.additions_by_hand([made.box.roll_id])))["손으로 넣음"] == "명부를 정한 뒤에 1번"


def test_a_sentence_that_was_typed_stands_beside_the_rule_for_officers(app, town):
    made = box_with(town, {"made": 0, "sentence": "시흥5동에 사는 14세 이상"})
    rows = dict(shown.rows(made.box, queries.additions_by_hand([made.box.roll_id])))
    assert rows["그때 적은 말"] == "시흥5동에 사는 14세 이상" and rows["누가 투표하나요"].startswith("금천구에 사는 사람이")


def test_an_opened_vote_keeps_the_sentence_that_was_published(app, town):
    parts = {"eligibility": {"sentence": "금천구민 누구나", "roll": RULE.to_json()}, "en": {"eligibility": "Everybody"}}
    definition = canonical_json(parts).decode()
    with app.test_request_context():
        assert electorate.published(definition) == "금천구민 누구나"
        with electorate.speaking(electorate.Language.EN):
            assert electorate.published(definition) == "Everybody"
        written = electorate.stated(RULE) | {"sentence": "예전 이름의 구에 사는 사람이 투표해요."}
        assert electorate.typed(written) is None
        made = canonical_json({"eligibility": written}).decode()
        assert electorate.published(made) == "예전 이름의 구에 사는 사람이 투표해요."
        with electorate.speaking(electorate.Language.EN):
            assert electorate.published(made).startswith("May vote: people who live in")


def test_the_end_of_a_leap_year_is_the_last_birthday(app):
    rule = replace(RULE, min_age=14, age_on=date(2028, 2, 29))
    with app.test_request_context():
        found = list(electorate.examples(rule, {"시흥1동": "시흥1동"}))
    assert found[0] == ("시흥1동에 사는 사람, 2014년 2월 28일까지 태어남", True)
    assert found[1] == ("시흥1동에 사는 사람, 2014년 3월 1일부터 태어남", False)


RULE = RollRule(RollSource.VERIFIED, date(2031, 5, 1))
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
PLACES = ("독산1동", "독산2동", "시흥1동", "시흥5동")
AGES = st.one_of(st.just((None, None)), st.tuples(st.integers(14, 99), DAYS))


@st.composite
def rules(draw) -> RollRule:
    source = draw(st.sampled_from(RollSource))
    min_age, on = draw(AGES)
    return RollRule(source, draw(DAYS), draw(st.frozensets(st.sampled_from(AffiliationKind), min_size=1)),
                    tuple(draw(st.lists(st.sampled_from(PLACES), unique=True).map(sorted))), min_age, on,
                    source is not RollSource.DECLARED and draw(st.booleans()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules(), rules(), st.sampled_from(("ko", "en")))
def test_another_rule_is_another_sentence(app, one, other, spoken):
    with app.test_request_context(), electorate.speaking(electorate.Language(spoken)):
        assert (electorate.in_words(one) == electorate.in_words(other)) is (one == other)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules(), st.data())
def test_every_condition_changes_the_sentence(app, rule, data):
    min_age, on = data.draw(AGES.filter(lambda ages: ages != (rule.min_age, rule.age_on)))
    changes = [{"fixed_on": rule.fixed_on + timedelta(days=1)}, {"min_age": min_age, "age_on": on},
               {"neighbourhoods": PLACES[:len(PLACES) - len(rule.neighbourhoods)]},
               *({"kinds": rule.kinds ^ {kind}} for kind in AffiliationKind if rule.kinds != {kind})]
    changes += [] if rule.grows else [{"source": one} for one in RollSource if one is not rule.source]
    changes += [] if rule.source is RollSource.DECLARED else [{"grows": not rule.grows}]
    with app.test_request_context():
        words = electorate.in_words(rule)
        for change in changes:
            assert electorate.in_words(replace(rule, **change)) != words or replace(rule, **change) == rule, change


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules())
def test_examples_are_asked_of_the_rule_itself(app, rule):
    with app.test_request_context():
        found = list(electorate.examples(rule, dict.fromkeys(PLACES, "")))
        born = electorate._last_birthday(rule)
    assert any(one.is_in for one in found) is (rule.source is not RollSource.IMPORTED)
    assert rule.source is not RollSource.IMPORTED or not any(one.person.endswith("받지 않음") for one in found)
    if born is not None:
        assert age_on(born, rule.age_on) == rule.min_age and not rule.old_enough(born + timedelta(days=1))
