"""Categories as rows of the district: made, renamed, given rules of their own, merged."""

import os
import re
import signal
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_forum.answers.models import Duty
from civic_forum.desk.services import by_two, closing
from civic_forum.desk.services import district as lists
from civic_forum.desk.services.district import Decision
from civic_forum.district import queries
from civic_forum.district.models import Category
from civic_forum.district.rules import DistrictAct, DistrictList
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import Language, speaking
from civic_forum.platform.work import Work
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.listing import PROPOSALS
from civic_forum.proposals.rules import Basics, Body, State
from civic_forum.proposals.services import drafts, publication, supports
from tests import factories
from tests.common import day, let_go
from tests.conftest import empty
from tests.factories import MAY

CATEGORIES = DistrictList.CATEGORIES
WHY = "2027년부터 이렇게 나눠요."
pytestmark = pytest.mark.both


def entry(key) -> Category:
    db.session.rollback()
    return db.session.scalars(sa.select(Category).filter_by(key=key)).one()


def change(key, by, *, name=None, from_day=None, second=None, **own):
    category = entry(key)
    names = {"name_ko": name or category.name_ko, "words": category.words}
    kept = {name: getattr(category, name) for name in (*lists.MOST, "department_id")}
    made = lists.rename(CATEGORIES, category.id, Decision(**names, why=WHY, own=kept | own), from_day=from_day or day(),
                        seen=queries.last_change(CATEGORIES, category.id), by=by)
    if second is not None:
        by_two.OWN_RULE.confirm(lists.subject_of(made.id), by=second)
    return made


def make(name_ko, name_en, by):
    return lists.make(CATEGORIES, f"{name_ko} | {name_en}", why=WHY, by=by)[0]


def merge(key, into, two, **facts):
    category, successor = entry(key), entry(into)
    made = closing.close(CATEGORIES, category.id, successor.id, **{
        "why": WHY, "from_day": day(), "seen": queries.last_change(CATEGORIES, category.id), "by": two[0]} | facts)
    closing.CLOSING.confirm(lists.subject_of(made.id), by=two[1])
    return made


def draft(author, key, title="학교 앞에 횡단보도를 놓아 주세요"):
    name = os.urandom(16).hex()
    drafts.save_draft(name, Basics(title, key), by=author)
    drafts.save_draft(name, Body("길을 건너는 아이가 많은데 건널 곳이 없어요.", "건널목을 그려 주세요."), by=author)
    return name


def categories_of(*proposals):
    db.session.rollback()
    known = dict(db.session.execute(sa.select(Proposal.id, Proposal.category)).all())
    return [known[sa.inspect(proposal).identity[0]] for proposal in proposals]


def test_a_site_begins_with_ten_in_both_languages(town):
    assert list(queries.open_categories())[:2] == ["traffic", "safety"] and len(queries.open_categories()) == 10
    with speaking(Language.EN):
        assert queries.category_names()["safety"] == "Safety"


def test_a_new_one_has_a_key_of_its_english_name_or_of_the_day(town, at):
    at(MAY)
    boss = town.administrator()
    assert make("반려동물", "Pets & animals", boss).key == "pets-animals"
    assert make("동물", "Pets animals", boss).key == "pets-animals-2"
    assert make("마을", "村", boss).key == "2030-05-01"
    assert list(queries.open_categories())[-3:] == ["pets-animals", "pets-animals-2", "2030-05-01"]
    with pytest.raises(Refusal, match="이미 있거나"):
        make("반려동물", "Other", boss)


def test_a_new_name_keeps_the_key_and_leaves_proposals_alone(town, later, browse):
    proposal = town.proposal(category="safety")
    change("safety", town.administrator(), name="안전·방재")
    assert queries.category_names()["safety"] == "안전"
    later(1)
    assert queries.category_names()["safety"] == "안전·방재" and queries.category_keys()["안전"] == "safety"
    assert categories_of(proposal) == ["safety"]
    page = browse().get("/proposals?category=safety").text
    assert "안전·방재" in page and proposal.number in page


def test_rules_of_its_own_are_those_of_proposals_that_begin_then(town, two, later):
    (boss, second), author = two, town.resident()
    before = publication.publish(draft(author, "safety"), by=author)
    change("safety", boss, support_threshold=3, support_days=40, answer_days=7, second=second)
    later(1)
    made = publication.publish(draft(author, "safety", "건널목에 등을 달아 주세요"), by=author)
    other = publication.publish(draft(author, "traffic", "버스를 더 자주 보내 주세요"), by=author)
    assert [p.threshold for p in (before, made, other)] == [20, 3, 20]
    assert [p.gathering_ends_at - p.published_at for p in (before, made, other)] == [
        timedelta(days=number) for number in (20, 40, 20)]
    for _number in range(3):
        supports.support(made.id, by=town.resident())
    assert db.session.scalar(sa.select(Duty.due_on).filter_by(proposal_id=made.id)) == day(7)
    factories.signed_in_anew()
    change("safety", boss, support_threshold=None, support_days=None, second=second)
    later(2)
    assert publication.publish(draft(author, "safety", "가로등을 켜 주세요 밤에"), by=author).threshold == 20
    assert [made.act for made in queries.history(CATEGORIES)] == [DistrictAct.SET_BY_TWO, DistrictAct.SET_BY_TWO]
    assert entry("safety").earlier == [] and entry("safety").answer_days == 7


def test_threshold_and_days_of_a_category_take_two_and_its_department_one(town, two, later):
    made = change("safety", two[0], support_threshold=15)
    assert made.act is DistrictAct.SET_BY_TWO and made.asks_another
    for actor in (two[0], town.administrator(), town.moderator()):
        factories.signed_in_anew(actor.id)
        with pytest.raises(Denied):
            by_two.OWN_RULE.confirm(lists.subject_of(made.id), by=actor)
    assert later(1) == 0 and entry("safety").support_threshold is None, "nobody confirmed it"
    with pytest.raises(Conflict, match="정한 날이 지났"):
        by_two.OWN_RULE.confirm(lists.subject_of(made.id), by=two[1])
    lists.withdraw(made.id, by=two[1])
    made = change("safety", two[0], name="안전·방재", support_threshold=15, second=two[1])
    assert later(2) == 1
    assert (entry("safety").support_threshold, entry("safety").name_ko) == (15, "안전·방재")
    assert [name for name, *_rest in entry("safety").earlier] == ["안전"]
    assert change("safety", two[0], department_id=town.department().id).act is DistrictAct.SET


@pytest.mark.parametrize("own, field", [
    ({"support_threshold": 0}, "support_threshold"), ({"support_days": 366}, "support_days"),
    ({"answer_days": -1}, "answer_days"), ({"department_id": 999}, "department")])
def test_a_rule_that_cannot_be_changes_nothing(town, own, field):
    with pytest.raises(Refusal) as refused:
        change("safety", town.administrator(), **own)
    assert refused.value.field == field
    db.session.rollback()
    assert queries.history(CATEGORIES) == []


def test_all_that_is_open_moves_and_the_past_keeps_its_name(town, two, later, browse):
    author = town.resident()
    written, gathering = draft(author, "culture"), town.proposal(category="culture", title="모으는 제안이에요")
    past = town.proposal(category="culture", state=State.ANSWERED, title="답한 제안이에요")
    assert closing.counts(CATEGORIES, entry("culture")) == {"drafts": 1, "gathering": 1}
    before = (gathering.threshold, gathering.gathering_ends_at)
    merge("culture", "education", two)
    assert later(0) == 0 and later(1) == 1
    kept = db.session.scalar(sa.select(Proposal.category).filter_by(draft_key=written))
    assert [kept, *categories_of(gathering, past)] == ["education", "education", "culture"]
    gathering = db.session.get(Proposal, gathering.id, populate_existing=True)
    assert (gathering.threshold, gathering.gathering_ends_at) == before
    assert "culture" not in queries.open_categories() and queries.category_names()["culture"] == "문화·체육"
    for key in ("culture", "education"):
        page = browse().get(f"/proposals?category={key}").text
        assert gathering.number in page and past.number in page and "category=education" in page, key
    assert browse().get("/proposals?category=nothing").status_code == 400
    file = browse().get("/data/proposals.csv").text
    assert "문화·체육" in file and "교육·청소년" in file


def test_pages_of_a_merged_list_go_on_in_their_order(town, two, later, at, browse):
    for number in range(30):
        town.proposal(category=("culture", "education", "safety")[number % 3], state=State.ANSWERED,
                      published_at=MAY + timedelta(hours=number))
    merge("culture", "education", two)
    later(1)
    wanted = PROPOSALS.read({"category": "culture"})
    first = wanted.page(limit=7)
    rows = [*first.items, *wanted.page(first.after, limit=50).items]
    assert [row.published_at for row in rows] == [MAY + timedelta(hours=number) for number in range(29, -1, -1)
                                                  if number % 3 < 2]


def test_a_draft_that_was_left_behind_is_published_under_the_successor(town, two, later):
    author = town.resident()
    change("education", two[0], support_threshold=5, second=two[1])
    later(1)
    merge("culture", "education", two, from_day=day())
    later(2)
    made = draft(author, "culture")
    proposal = publication.publish(made, by=author)
    assert (proposal.category, proposal.threshold) == ("education", 5)


@pytest.mark.parametrize("into, sentence", [("culture", "자기 자신"), ("education", "목록에서")])
def test_one_is_not_merged_into_itself_or_into_one_that_is_closed(town, two, later, into, sentence):
    proposal = town.proposal(category="culture")
    merge("education", "safety", two)
    later(1)
    with pytest.raises(Refusal, match=sentence):
        merge("culture", into, two)
    assert later(2) == 0 and categories_of(proposal) == ["culture"] and entry("culture").closed_at is None
    assert queries.last_change(CATEGORIES, entry("culture").id) == 0


def test_one_merged_twice_leads_to_the_last(town, two, later):
    merge("culture", "education", two)
    later(1)
    merge("education", "welfare", two)
    later(2)
    assert {queries.category_now(key) for key in ("culture", "education", "welfare")} == {"welfare"}
    with pytest.raises(Refusal, match="이미 닫았"):
        merge("culture", "city", two)
    with pytest.raises(Refusal, match="자기 자신"):
        merge("city", "city", two)
    with pytest.raises(Refusal, match="목록에서"):
        merge("city", "culture", two)
    with pytest.raises(Conflict, match="이미 닫았"):
        change("culture", two[0], name="문화")


def test_a_closed_department_leaves_its_categories_to_the_successor(town, two, later):
    old, new = town.department("가과"), town.department("나과")
    change("safety", two[0], department_id=old.id)
    change("city", two[0], department_id=old.id, from_day=day(3))
    later(1)
    asked = closing.close(DistrictList.DEPARTMENTS, old.id, new.id, why=WHY, from_day=day(), seen=0, by=two[0])
    assert closing.counts(DistrictList.DEPARTMENTS, old)["categories"] == 1
    closing.CLOSING.confirm(lists.subject_of(asked.id), by=two[1])
    later(2), later(3)
    assert entry("safety").department_id == entry("city").department_id == new.id


def test_the_department_of_the_category_is_proposed(town, browse, later):
    department, boss = town.department(), town.administrator()
    other = town.department("가과")
    change("safety", boss, department_id=department.id)
    later(1)
    proposal = town.proposal(state=State.ANSWER_DUE, threshold_reached_at=clock.now())
    factories.saved(Duty(proposal_id=proposal.id, kind="threshold", started_at=clock.now(), due_on=day(30)))
    page = browse(town.moderator()).get(f"/desk/answers/{proposal.number}/assignment").text
    assert f'selected value="{department.id}"' in page and f'selected value="{other.id}"' not in page


def test_names_cost_no_statement_until_the_table_changes(town, browse, queries, app):
    town.proposal()
    visitor = browse()
    for address in ("/proposals", "/proposals?category=safety"):
        visitor.get(address)
        with queries() as seen:
            assert visitor.get(address).status_code == 200
        assert not [statement for statement in seen if "FROM category" in statement], address


def test_another_process_has_the_new_name_at_once(town, later, monkeypatch):
    change("safety", town.administrator(), name="안전·방재")
    assert queries.category_names()["safety"] == "안전"
    tomorrow = clock.now() + timedelta(days=1)
    db.session.rollback()
    let_go()
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(clock, "read", lambda: tomorrow)
        lists.apply_due()
        os._exit(0)
    os.waitpid(child, 0)
    assert queries.category_names()["safety"] == "안전·방재"


def test_a_worker_that_is_killed_moves_all_or_nothing(town, two, later, monkeypatch):
    gathering = [town.proposal(category="culture") for _number in range(3)]
    merge("culture", "education", two)
    tomorrow = clock.now() + timedelta(days=1)
    db.session.rollback()
    let_go()
    child = os.fork()
    if child == 0:  # dies with all written and nothing committed
        monkeypatch.setattr(clock, "read", lambda: tomorrow)
        monkeypatch.setattr(Work, "record", lambda *_given, **_more: os.kill(os.getpid(), signal.SIGKILL))
        lists.apply_due()
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert categories_of(*gathering) == ["culture"] * 3 and entry("culture").closed_at is None
    assert later(1) == 1 and lists.apply_due() == 0
    assert categories_of(*gathering) == ["education"] * 3 and entry("culture").closed_at


ACTS = st.lists(st.tuples(st.sampled_from(("merge", "rename", "move", "make")), st.integers(0, 9), st.integers(0, 9)),
                max_size=8)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(ACTS)
def test_names_and_successors_hold_whatever_is_done(app, monkeypatch, acts):
    with app.app_context(), monkeypatch.context() as patched:
        boss, start = factories.Town().administrator(), clock.now()
        proposals = {key: factories.Town().proposal(category=key) for key in queries.open_categories()}
        for number, (act, first, second) in enumerate(acts):
            patched.setattr(clock, "read", lambda number=number: start + timedelta(days=number))
            factories.signed_in_anew(boss.id)
            keys = list(queries.category_names())
            category, other = entry(keys[first]), entry(keys[second])
            try:
                if act == "make":
                    make(f"새 분야 {second}", f"New {second}", boss)
                elif act == "move":
                    lists.move(CATEGORIES, category.id, seen=keys.index(category.key) + 1, to=second + 1, by=boss)
                elif act == "rename":
                    change(category.key, boss, name=f"이름 {second}")
                else:
                    made = closing.close(CATEGORIES, category.id, other.id, why=WHY, from_day=day(), by=boss,
                                         seen=queries.last_change(CATEGORIES, category.id))
                    made = queries.change(made.id)
                    made.confirmed_at = clock.now()
                    db.session.commit()
            except (Conflict, Refusal):
                db.session.rollback()
            patched.setattr(clock, "read", lambda number=number: start + timedelta(days=number + 1))
            db.session.rollback()
            lists.apply_due()
        db.session.rollback()
        known, living = queries.categories(), queries.open_categories()
        names = [name for category in known.values() for name in category.names]
        assert len(names) == len(set(names)) and living
        assert all(category.now in living for category in known.values())
        assert [category for category, proposal in proposals.items()
                if categories_of(proposal) != [queries.category_now(category)]] == []
        db.session.rollback()
        empty()


def test_pages_set_rules_and_merge(town, two, later, browse):
    town.proposal(category="culture")
    first, second, place = browse(two[0]), browse(two[1]), f"/desk/district/categories/{entry('culture').id}"
    form = {"name_ko": "문화·체육", "name_en": "Culture and sports", "why": WHY, "from_day": day().isoformat(), "seen": "0"}
    assert "1부터 10,000까지" in first.post(f"{place}/names", data=form | {"support_threshold": "0"}).text
    assert first.post(f"{place}/names", data=form | {"support_threshold": "15"}).status_code == 303
    change_page = f"/desk/district/changes/{queries.last_change(CATEGORIES, entry('culture').id)}"
    assert change_page in second.get("/desk").text and change_page not in first.get("/desk").text
    assert "공감 목표(명) 구 기준에서 15" not in browse().get("/district").text and later(1) == 0
    factories.signed_in_anew()
    lists.withdraw(queries.last_change(CATEGORIES, entry("culture").id), by=two[0])
    form |= {"from_day": day().isoformat(), "seen": str(queries.last_change(CATEGORIES, entry("culture").id))}
    assert first.post(f"{place}/names", data=form | {"support_threshold": "15"}).status_code == 303
    change_page = f"/desk/district/changes/{queries.last_change(CATEGORIES, entry('culture').id)}"
    [seen] = re.findall(r'name="seen"[^>]* value="([0-9a-f]+)"', second.get(change_page).text)
    assert "승인하기" not in first.get(change_page).text
    assert second.post(f"{change_page}/confirmations", data={"seen": seen}).status_code == 303
    for page in (first.get(place), browse().get("/district")):
        assert "공감 목표(명) 구 기준에서 15" in page.text
    later(2)
    assert "공감 15명<span" in first.get("/desk/district").text
    asked = first.post(f"{place}/closing", data={
        "successor": str(entry("education").id), "why": WHY, "from_day": day().isoformat(),
        "seen": str(queries.last_change(CATEGORIES, entry("culture").id))})
    assert asked.status_code == 303
    page = second.get(asked.location).text
    assert "문화·체육의 일을 교육·청소년에 넘겨요" in page and "공감을 모으는 제안" in page
    [seen] = re.findall(r'name="seen"[^>]* value="([0-9a-f]+)"', page)
    assert second.post(f"{asked.location}/confirmations", data={"seen": seen}).status_code == 303
    assert later(3) == 1 and "지금은 교육·청소년" in first.get("/desk/district").text
    assert first.get(f"{place}/closing").status_code == 404
    assert browse(town.resident()).get(place).status_code == 403
