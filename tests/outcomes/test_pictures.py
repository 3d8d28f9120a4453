"""Pictures of before and after: put, replaced and taken down by the department, seen by everybody."""

from io import BytesIO

import pytest
from PIL import Image

from civic_forum.attachments.models import Attachment
from civic_forum.platform.base import db
from civic_forum.outcomes.models import Outcome
from civic_forum.platform.audit import AuditEntry

from .making import agenda, answered, published


@pytest.fixture
def outcome(town, official):
    return published("proposal", answered(town, official).id, official, town.official())


def drawn(colour: str = "green") -> tuple[BytesIO, str]:
    data = BytesIO()
    Image.new("RGB", (600, 400), colour).save(data, "PNG")
    data.seek(0)
    return data, "corner.png"


def given(side: str, description: str, **more) -> dict[str, object]:
    return {"side": side, "picture": drawn(), "picture_description": description} | more


def shown(outcome: Outcome) -> Outcome:
    db.session.rollback()
    return db.session.get(Outcome, outcome.id, populate_existing=True)


@pytest.mark.both
def test_everybody_sees_them_side_by_side_and_the_list_shows_the_later_one(town, official, outcome, browse):
    here, page = f"/desk/outcomes/{outcome.id}/pictures", browse(official)
    assert here in page.get(f"/outcomes/{outcome.id}").text
    for side, words in (("before", "차가 가득 선 모퉁이"), ("after", "비워 둔 모퉁이")):
        assert page.post(here, data=given(side, words)).status_code == 303
    one = shown(outcome)
    told = browse().get(f"/outcomes/{outcome.id}").text
    assert told.index(one.before.key) < told.index(one.after.key)
    assert told.index(one.after.key) < told.index(outcome.reasons)
    for words in ("차가 가득 선 모퉁이", "비워 둔 모퉁이"):
        assert f'alt="{words}"' in told
    assert f"/attachments/{one.after.key}/thumbnail" in browse().get("/outcomes").text
    with browse().get(f"/attachments/{one.before.key}") as sent:
        assert sent.status_code == 200
    db.session.rollback()
    actions = [entry.action for entry in db.session.query(AuditEntry)]
    assert actions.count("outcomes.illustrated") == 2


@pytest.mark.both
def test_a_new_one_takes_the_place_of_the_old_one_and_either_can_be_taken_down(official, outcome, browse):
    here, page = f"/desk/outcomes/{outcome.id}/pictures", browse(official)
    for words in ("처음 그림", "다음 그림"):
        page.post(here, data=given("after", words))
    assert shown(outcome).after.description == "다음 그림"
    assert db.session.query(Attachment).count() == 1
    page.post(here, data={"side": "after", "picture_description": "고친 설명"})
    assert shown(outcome).after.description == "고친 설명"
    removals = f"/desk/outcomes/{outcome.id}/picture-removals"
    assert page.post(removals, data={"side": "middle"}).status_code == 400
    assert page.post(removals, data={"side": "after"}).status_code == 303
    assert page.post(removals, data={"side": "after"}).status_code == 303
    assert shown(outcome).after is None and db.session.query(Attachment).count() == 0


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("changed", "field"), [
    ({"side": ""}, "side"), ({"picture_description": "  "}, "picture_description"), ({"picture": ""}, "picture"),
    ({"picture": b"%PDF-1.4 not a picture"}, "picture")])
def test_refusals_stand_at_the_field_and_leave_nothing(official, outcome, browse, changed, field):
    sent = {name: (BytesIO(value), "a.png") if isinstance(value, bytes) else value for name, value in changed.items()}
    answer = browse(official).post(f"/desk/outcomes/{outcome.id}/pictures", data=given("before", "모퉁이") | sent)
    assert 400 <= answer.status_code < 500 and f'id="{field}-error"' in answer.text
    assert shown(outcome).before is None and db.session.query(Attachment).count() == 0


def test_other_departments_and_residents_put_none(town, official, outcome, browse):
    here = f"/desk/outcomes/{outcome.id}"
    for user in (town.official(department=town.department("청소과")), town.resident(), town.moderator()):
        page = browse(user)
        assert page.get(f"{here}/pictures").status_code == 403
        assert page.post(f"{here}/pictures", data=given("after", "모퉁이")).status_code == 403
        assert page.post(f"{here}/picture-removals", data={"side": "after"}).status_code == 403
    assert shown(outcome).after is None


@pytest.mark.in_turns(of=5)
def test_the_category_is_that_of_most_proposals_behind_it(town, official, browse):
    inside = [town.proposal(category=one) for one in ("traffic", "safety", "safety")]
    about = agenda(town, official, *inside)
    assert published("agenda", about.id, official, town.official()).category == "safety"
    assert "k-safety" in browse().get("/outcomes").text
