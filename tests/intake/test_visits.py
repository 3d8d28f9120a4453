"""Items of a visit: on its page, late first, and on the screen at the place."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.answers.models import Duty
from civic_forum.answers.rules import DutyEnd, DutyKind
from civic_forum.blocks.kinds import Ref
from civic_forum.forums.rules import Form
from civic_forum.intake import services
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import Became, ItemForm, ItemRecord
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import local
from tests.factories import saved
from tests.forums.scene import announced_forum
from tests.polls.reading import main_of


def heard(forum, by, checked_by, *texts) -> dict[str, IntakeItem]:
    services.take([ItemRecord(form=ItemForm.NOTE, text=text, key=text) for text in texts], forum.id, by=by)
    items = {item.text: item for item in db.session.scalars(sa.select(IntakeItem).filter_by(forum_id=forum.id))}
    for text in texts:
        if checked_by:
            services.check(items[text].id, text, by=checked_by)
    return items


@pytest.mark.both
def test_a_visit_says_what_became_of_what_was_heard_late_first_and_its_screen_shows_it(town, browse):
    roads, here, clerk = town.department("도로과"), town.neighbourhood(), town.clerk()
    now, today, moderator = clock.now(), local(clock.now()).date(), town.moderator()
    held = announced_forum(town, form=Form.VISIT, neighbourhood_id=here.id, starts_at=now - timedelta(hours=3),
                           opened_at=now - timedelta(hours=3), closed_at=now)
    items = heard(held, clerk, moderator, "그늘이 없어요", "의자를 놓아 주세요", "불이 꺼졌어요", "물이 고여요", "고마워요")
    heard(held, clerk, None, "아직 안 읽은 쪽지")
    items["그늘이 없어요"].became, items["그늘이 없어요"].reply = Became.ANSWERED, "나무 두 그루를 심었어요."
    known = town.proposal()
    items["그늘이 없어요"].about = Ref("proposal", known.id)
    for text, due_on, how in (("의자를 놓아 주세요", today + timedelta(days=5), None), ("불이 꺼졌어요", today, DutyEnd.ANSWERED),
                              ("물이 고여요", today - timedelta(days=2), None)):
        items[text].became = Became.DUTY
        saved(Duty(kind=DutyKind.LATER, about_kind="intake_item", about_id=items[text].id, department_id=roads.id,
                   started_at=now, days=7, due_on=due_on, ended_how=how, ended_at=now if how else None))
    db.session.commit()
    shown = main_of(browse().get(f"/forums/{held.slug}"))
    order = [shown.index(text) for text in ("물이 고여요", "의자를 놓아 주세요", "고마워요", "그늘이 없어요")]
    assert order == sorted(order) and "아직 안 읽은 쪽지" not in shown
    for words in ("2일 늦었어요", "D-5", "온 날 1번, 들은 말 6개, 정해진 것 2개", "들은 말 5개", "나무 두 그루를 심었어요."):
        assert words in shown, words
    assert f'href="/proposals/{known.number}"' in browse().get(f"/forums/{held.slug}").text
    coming = announced_forum(town, form=Form.VISIT, neighbourhood_id=here.id)
    screen = browse().get(f"/forums/{coming.slug}/display")
    text = screen.text
    assert "나무 두 그루를 심었어요." in text and "불이 꺼졌어요" in text and "물이 고여요" not in text
    assert "아직 안 읽은 쪽지" not in text and "<form" not in text and screen.headers["Refresh"] == "60"
    assert browse().get(f"/forums/{announced_forum(town).slug}/display").status_code == 404
    inner = announced_forum(town, form=Form.VISIT, neighbourhood_id=here.id, announced_at=None, is_closed=True)
    assert browse(moderator).get(f"/forums/{inner.slug}/display").status_code == 404
    with pytest.raises(NotFound):
        heard(inner, clerk, None, "안에서 들은 말")
