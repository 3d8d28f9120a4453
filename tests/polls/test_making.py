"""A poll from a file: everything in it arrives, and what is wrong in it is named."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.agendas.services import making as agendas
from civic_forum.agendas.services.making import Wording
from civic_forum.ballots.models import VoteNotice
from civic_forum.ballots.rules.log import canonical_json
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, Refusal
from civic_forum.platform.i18n import Language, local, speaking
from civic_forum.polls.definition import definition
from civic_forum.polls.models import Poll
from civic_forum.polls.rules import PollKind
from civic_forum.polls import services as making
from civic_forum.search.models import Entry
from tests.factories import MAY

from .making import entry, poll, unannounced

SAMPLE = Path(__file__).resolve().parents[2] / "civic_forum" / "sample_data" / "data" / "polls.json"
PLACES = "가산동 독산1동 독산2동 독산3동 독산4동 시흥1동 시흥2동 시흥3동 시흥4동 시흥5동".split()


def sample() -> list[dict]:
    return json.loads(SAMPLE.read_text("utf-8"))["polls"]


@pytest.mark.both
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_votes_of_the_sample_are_made_whole(town, number):
    for name in PLACES:
        town.neighbourhood(name)
    given, moderator = sample()[number], town.moderator()
    if slug := given.get("links", {}).get("agenda"):
        agendas.begin(slug, Wording("빈터를 무엇으로 쓸까요?"), by=moderator).published_at = clock.now()
        db.session.commit()
    made = making.create(given, by=moderator)
    asked = given.get("options") or given["questions"]
    assert [one.title for one in made.options] == [one["title"] for one in asked]
    assert [one.cost for one in made.options] == [one["cost"] * 1000 if "cost" in one else None for one in asked]
    assert [one.neighbourhood and one.neighbourhood.name_ko for one in made.options] == [
        one.get("neighbourhood") for one in asked]
    assert made.binding == given["binding"]
    notices = db.session.scalars(sa.select(VoteNotice).filter_by(subject=made.subject).order_by(VoteNotice.id)).all()
    assert [one.title for one in notices] == [one["title"] for one in given["notices"]]


def test_relative_dates_count_calendar_days_in_seoul(town, at):
    now = MAY.replace(hour=16)  # 1 May in London, 2 May in Seoul
    at(now)
    made = poll(town, opens_at={"days": 1, "time": "09:00"}, closes_at={"minutes": 4000})
    assert local(made.opens_at).strftime("%m-%d %H:%M") == "05-03 09:00"
    assert made.closes_at == now + timedelta(minutes=4000)


def test_the_same_poll_is_the_same_definition_to_the_byte(town):
    made = poll(town)
    once = canonical_json(definition(made))
    db.session.expire_all()
    assert canonical_json(definition(db.session.get(Poll, made.id))) == once


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("facts", "name"), [
    ({"slug": None}, "slug"), ({"title": " "}, "title"), ({"kind": "quadratic"}, "kind"),
    ({"opens_at": "2030-05-01T09:00:00"}, "opens_at"), ({"opens_at": {"days": "one"}}, "opens_at"),
    ({"closes_at": 5}, "closes_at"), ({"eligibility": {"who": ["아무나"]}}, "eligibility.who"),
    ({"options": [{"number": 2, "title": "둘"}]}, "options.number"),
    ({"options": [{"number": 1, "title": "하나", "votes": 5}]}, "options.1.votes"),
    ({"opens_at": "9999-12-31T23:59:59-12:00"}, "opens_at"), ({"closes_at": "0001-01-01T00:00:00+09:00"}, "closes_at"),
    ({"closes_at": {"days": 10**9}}, "closes_at"), ({"opens_at": {"minutes": 10**15}}, "opens_at"),
    ({"eligibility": {"who": ["구민"], "roll_fixed_on": "9999-12-31"}}, "eligibility.roll_fixed_on"),
    ({"winner": 3}, "winner"), ({"quorum": {"kind": "luck", "value": 3}}, "quorum.kind"),
    ({"kind": "up_to_k", "max_choices": True}, "max_choices"),
    ({"notices": [{"title": "x", "text": "y"}]}, "notices.at"),
])
def test_faults_of_a_file_are_named(town, facts, name):
    given = {key: value for key, value in entry(**facts).items() if value is not None}
    with pytest.raises(Refusal) as refused:
        making.create(given, by=town.moderator())
    assert refused.value.field == name and name in str(refused.value)
    assert db.session.scalar(sa.select(sa.func.count(Poll.id))) == 0


@pytest.mark.parametrize("given", [None, [], "poll", 5, {}])
def test_a_file_that_is_no_poll_at_all_is_refused(town, given):
    with pytest.raises(Refusal):
        making.create(given, by=town.moderator())


@pytest.mark.both
def test_an_unknown_neighbourhood_is_named_and_nothing_is_kept(town):
    with pytest.raises(NotFound, match="어디동"):
        poll(town, options=[{"number": 1, "title": "하나", "neighbourhood": "어디동"}, {"number": 2, "title": "둘"}])
    assert db.session.scalar(sa.select(sa.func.count(Poll.id))) == 0


@pytest.mark.parametrize("who", ["resident", "official", "clerk", "administrator"])
def test_only_moderators_make_polls(town, who):
    with pytest.raises(Denied):
        making.create(entry(), by=getattr(town, who)())


@pytest.mark.both
def test_making_leaves_its_trail(town):
    moderator = town.moderator()
    made = poll(town, by=moderator)
    trail = db.session.execute(sa.select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.subject)
                               .order_by(AuditEntry.id)).all()
    assert trail == [("polls.made", moderator.id, f"poll:{made.id}"),
                     ("polls.announced", moderator.id, f"poll:{made.id}")]


@pytest.mark.both
def test_an_announced_poll_can_be_found_one_in_preparation_cannot(town):
    unannounced(town)
    made = poll(town)
    found = db.session.execute(sa.select(Entry.kind, Entry.ref_id, Entry.title)).all()
    assert found == [("poll", made.id, made.title)]


def test_english_texts_are_kept_where_there_are_some(town):
    made = poll(town, title_en="What for?", options=[
        {"number": 1, "title": "텃밭", "title_en": "Garden"}, {"number": 2, "title": "쉼터"}])
    assert made.texts == {"en": {"title": "What for?"}}
    assert [one.texts for one in made.options] == [{"en": {"title": "Garden"}}, {}]


def test_a_definition_is_the_same_as_before_and_in_whatever_language_the_page_is(town):
    options = [{"number": 1, "title": "텃밭", "title_en": "Garden"}, {"number": 2, "title": "쉼터"}]
    made = poll(town, title="빈터", title_en="The lot", opens_at="2030-05-01T09:00+09:00",
                closes_at="2030-05-08T18:00+09:00", options=options)
    for language in Language:
        with speaking(language):
            parts = definition(made)
        assert {name: part for name, part in parts.items() if name == "en"} == {"en": {"title": "The lot"}}
        assert parts["options"] == [{"number": 1, "title": "텃밭", "text": "", "en": {"title": "Garden"}},
                                    {"number": 2, "title": "쉼터", "text": ""}]
        assert canonical_json(parts) == canonical_json(definition(made)) and not parts.keys() & {"zh", "easy"}


def test_a_definition_has_the_words_of_every_language_that_somebody_wrote(town):
    made = poll(town, title_zh="空地", options=[
        {"number": 1, "title": "텃밭", "title_en": "Garden", "title_zh": "菜园"}, {"number": 2, "title": "쉼터"}])
    parts = definition(made)
    assert parts["zh"] == {"title": "空地"} and "en" not in parts
    assert parts["options"][0]["zh"] == {"title": "菜园"} and parts["options"][0]["en"] == {"title": "Garden"}


def test_an_english_text_is_refused_where_it_is_too_long_and_never_cut(town):
    assert poll(town, title_en="a" * 200).texts == {"en": {"title": "a" * 200}}
    for field, most in (("title_en", 200), ("question_en", 500), ("binding_en", 3_000)):
        with pytest.raises(Refusal, match="자까지") as refused:
            poll(town, **{field: "a" * (most + 1)})
        assert refused.value.field == field


def test_a_video_is_an_https_address_or_in_a_sample_a_sentence(town):
    assert poll(town, sign_language_video="https://example.org/v").sign_language_video
    assert poll(town, sign_language_video="수어 설명 영상(예시)").sign_language_video
    for address in ("http://example.org/v", "https://", "https://me@example.org/", "javascript://x"):
        with pytest.raises(Refusal) as refused:
            poll(town, sign_language_video=address)
        assert refused.value.field == "sign_language_video"


def test_a_kind_that_counts_needs_a_number(town):
    with pytest.raises(Refusal) as refused:
        poll(town, kind="up_to_k", max_choices=0)
    assert refused.value.field == "max_choices"
    assert poll(town, kind="exactly_k", max_choices=2).kind is PollKind.EXACTLY_K


def test_instants_of_a_file_are_whole_seconds(town):
    made = poll(town, opens_at={"minutes": 0}, closes_at={"minutes": 600})
    assert made.opens_at.microsecond == made.closes_at.microsecond == 0
    assert clock.now() - made.opens_at < timedelta(minutes=1)
