"""Ready-made texts with blanks, from which answers begin."""

import pytest
import sqlalchemy as sa

from civic_forum.answers.models import Answer
from civic_forum.answers.services import texts
from civic_forum.desk.services import district as lists
from civic_forum.desk.services.district import Decision
from civic_forum.district import queries
from civic_forum.district.models import ReadyText
from civic_forum.district.rules import DistrictAct, DistrictList
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.answers.making import on_the_table, text

from tests.common import day
from .test_categories import WHY

TEXTS = DistrictList.TEXTS
VISITED = "[날]에 [곳]에 다녀왔어요. [언제]까지 고칠게요."
NAMES = {"name_ko": "현장에 다녀왔어요", "words": {"en": "We went there"}}
pytestmark = pytest.mark.both


def make(by, **facts) -> int:
    return lists.make(TEXTS, "현장에 다녀왔어요 | We went there", why=WHY, **({"body": VISITED} | facts), by=by)[0].id


def change(entry_id, by, words):
    return lists.rename(TEXTS, entry_id, Decision(why=WHY, **NAMES, own={"text": words}), from_day=day(), by=by,
                        seen=queries.last_change(TEXTS, entry_id))


def test_one_is_made_changed_from_a_day_on_and_taken_out_by_emptying_it(town, later):
    boss = town.administrator()
    made = make(boss)
    assert queries.ready_texts() == {made: ("현장에 다녀왔어요", VISITED)}
    change(made, boss, "[날]에 다녀왔어요.")
    assert queries.ready_texts()[made][1] == VISITED
    later(1)
    assert queries.ready_texts()[made][1] == "[날]에 다녀왔어요."
    change(made, boss, "")
    later(2)
    assert queries.ready_texts() == {}
    assert [(decided.act, decided.fields["text"]) for decided in reversed(queries.history(TEXTS))] == [
        (DistrictAct.MAKE, [None, VISITED]), (DistrictAct.SET, [VISITED, "[날]에 다녀왔어요."]),
        (DistrictAct.SET, ["[날]에 다녀왔어요.", ""])]


def test_one_that_is_too_long_is_refused(town):
    with pytest.raises(Refusal) as refused:
        make(town.administrator(), body="가" * 2_001)
    assert refused.value.field == "text"
    db.session.rollback()
    assert db.session.scalar(sa.select(ReadyText.id)) is None


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("words, left", [
    (VISITED, "[날]"), (VISITED.replace("[날]", "5월 2일"), "[곳]"), ("[붙임]에 있는 자리를 고칠게요. [곳]은 아니에요.", "[곳]"),
    ("[붙임]과 [자료](https://example.kr)에 있는 자리를 고칠게요.", None)])
def test_only_a_blank_of_a_text_of_the_district_keeps_an_answer_back(town, words, left):
    make(town.administrator())
    official = town.official()
    proposal = on_the_table(town, official)
    draft = texts.save(proposal.id, text(text=words), seen=0, by=official)
    if left is None:
        assert texts.submit(proposal.id, text(text=words), seen=draft.version, by=official).text == words
        return
    with pytest.raises(Refusal) as refused:
        texts.submit(proposal.id, text(text=words), seen=draft.version, by=official)
    assert refused.value.field == "text" and str(refused.value).endswith(left)


def test_pages_make_one_and_an_answer_begins_from_it(town, two, browse):
    first, official = browse(two[0]), town.official()
    desk, proposal = browse(official), on_the_table(town, official)
    address = f"/desk/answers/{proposal.number}"
    assert "미리 쓴 글" not in desk.get(address).text
    assert "[날], [곳]처럼" in first.get("/desk/district/texts/new").text
    new = {"names": "현장에 다녀왔어요 | We went there", "text": VISITED, "why": WHY}
    assert first.post("/desk/district/texts", data=new).status_code == 303
    made = db.session.scalar(sa.select(ReadyText.id))
    place = f"/desk/district/texts/{made}"
    assert VISITED in first.get(place).text and f"{place}/closing" not in first.get("/desk/district").text
    assert f"처음 만들었어요, 글 “{VISITED}”" in browse().get("/district").text
    page = desk.get(address).text
    assert f'<option value="{made}">현장에 다녀왔어요</option>' in page and VISITED not in page
    assert VISITED in desk.get(f"{address}?ready={made}").text
    assert desk.get(f"{address}?ready=nothing").status_code == 200
    form = {"kind": "final", "outcome": "referred", "text": VISITED, "document_number": "교통행정과-4121",
            "disclosure": "open", "dated_on": str(day(0)), "seen": "0", "do": "submit"}
    refused = desk.post(address, data=form)
    assert refused.status_code == 422 and "아직 채우지 않은 곳이 있어요: [날]" in refused.text
    assert db.session.scalar(sa.select(Answer.id)) is None
    assert desk.post(address, data=form | {"text": "5월 2일에 독산로에 다녀왔어요. 6월까지 고칠게요."}).status_code == 303
    changed = first.post(f"{place}/names", data={"name_ko": NAMES["name_ko"], "name_en": "We went there"} | {
        "text": "[날]에 다녀왔어요.", "why": WHY, "from_day": str(day()), "seen": str(queries.last_change(TEXTS, made))})
    assert changed.status_code == 303
    assert f"글 “{VISITED}”에서 “[날]에 다녀왔어요.”" in first.get(place).text
