"""Applications are sent to other departments, which answer each, see nothing else, and let pass only together."""

from datetime import timedelta

import pytest

from civic_forum.calls.applying.policy import may_read_application
from civic_forum.calls.judging import services as judging
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.models import ApplicationStep
from civic_forum.calls.reviewing import services
from civic_forum.calls.rules import ApplicationState, Step, WhyNot
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import today
from tests.factories import count

from .making_judging import REASON, Judged

CAN, CANNOT = "나무를 심을 땅이 있어요.", "도로라서 심을 수 없어요."


@pytest.mark.both
def test_all_departments_that_were_asked_must_let_it_pass(town, browse):
    made = Judged(town, jury=0, has_review=True, themes=["나무", "길"])
    slug, day = made.call.slug, today() + timedelta(days=3)
    parks, roads = town.department("공원녹지과"), town.department("도로과")
    green, grey = town.official(department=parks), town.official(department=roads)
    parks_id, roads_id = parks.id, roads.id
    tree, path = made.apply("골목 나무", theme="나무"), made.apply("골목 길", theme="길")
    for departments, until, error in ((set(), day, Refusal), ({0}, day, Refusal),
                                      ({parks_id}, today() - timedelta(days=1), Refusal)):
        with pytest.raises(error):
            services.send(slug, departments, until, by=made.official)
    with pytest.raises(Denied):
        services.send(slug, {parks_id}, day, by=green)
    assert services.send(slug, {parks_id, roads_id}, day, theme="나무", by=made.official) == 2
    with pytest.raises(Conflict, match="새로 보낼"):
        services.send(slug, {parks_id}, day, number=tree, by=made.official)
    judging.pass_rest(slug, Step.REVIEW, by=made.official)
    assert count(ApplicationStep) == 3, "what departments were asked about waits for them"
    with pytest.raises(NotFound):
        services.note(slug, path, True, CAN, by=green)
    with pytest.raises(Refusal):
        services.note(slug, tree, True, "", by=green)
    desk, address = browse(green), f"/desk/calls/{slug}/reviews/{tree}"
    assert address in desk.get("/desk").text and address not in browse(made.official).get("/desk").text
    assert "public 질문" not in desk.get(address).text and "골목 나무" in desk.get(address).text
    assert "골목 길" not in desk.get("/desk").text and desk.get(f"/desk/calls/{slug}/reviews/{path}").status_code == 404
    for closed in ("applications", f"applications/{tree}", "decision", "reviews"):
        assert desk.get(f"/desk/calls/{slug}/{closed}").status_code == 403
    assert may_read_application(green, made.state(tree)) is None and may_read_application(green, made.state(path))
    assert desk.post(address, data={"reason": CAN}).status_code == 422
    assert desk.post(address, data={"passed": "passed", "reason": CAN}).status_code == 303
    assert address not in desk.get("/desk").text and made.state(tree).state is ApplicationState.RECEIVED
    judging.propose(slug, tree, Proposed(won=1), REASON, by=made.official)
    judging.propose(slug, path, Proposed(won=1), REASON, by=made.official)
    with pytest.raises(Conflict, match="부서의 답을 기다리는"):
        judging.propose_decision(slug, by=made.official)
    assert CAN not in browse(grey).get(address).text, "another department reads its own answer alone"
    services.note(slug, tree, False, CANNOT, by=grey)
    assert (made.state(tree).state, made.state(tree).why_not) == (ApplicationState.OUT, WhyNot.NOT_ELIGIBLE)
    services.note(slug, tree, True, CAN, by=grey)
    assert made.state(tree).state is ApplicationState.RECEIVED
    assert services.send(slug, {parks_id}, day, by=made.official) == 1
    services.take_back(slug, parks_id, by=made.official)
    page = browse(made.official).get(f"/desk/calls/{slug}/reviews").text
    assert "1건 가운데 1건 답했어요" in page and "공원녹지과" in page
    judging.propose(slug, tree, Proposed(won=1), REASON, by=made.official)
    made.decide()
    with pytest.raises(Denied, match="이미 결과를"):
        services.note(slug, tree, False, CANNOT, by=grey)
    assert browse(grey).get(address).status_code == 403
