"""Presses that a workshop takes in a browser, from five proposals to agendas of what their tables decided."""

import pytest
import sqlalchemy as sa

from civic_forum.agendas.models import Agenda
from civic_forum.forums.models import Forum
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.common import again, rows
from tests.desk.test_first_day_in_chromium import Walk
from tests.servers import axe, chromium

pytestmark = [pytest.mark.one_database, pytest.mark.in_turns(of=10)]
TITLES = ("의자를 놓아요", "등을 켜요", "턱을 낮춰요", "그늘을 더해요", "물을 마셔요")
MOST = 15


def test_five_proposals_become_agendas_in_fifteen_presses(town, signed_in, monkeypatch):
    monkeypatch.setattr(Walk, "presses", 0)
    made = {title: town.proposal(title=title) for title in TITLES}
    labels = {title: f"{title} {proposal.number} · 구 전체 · 공감 0" for title, proposal in made.items()}
    by = town.moderator()
    walk = Walk(signed_in(by, width=390))
    walk.opens("/desk/forums/workshop")
    for title in TITLES:
        walk.ticks(labels[title])
    assert chromium.overflow(walk.page) == 0 and axe.violations(walk.page) == []
    walk.types(place="구청 강당")
    walk.presses_on("고른 제안으로 만들기")
    walk.presses_on("모두에게 알리기")
    db.session.rollback()
    forum = db.session.scalars(sa.select(Forum)).one()
    clock.shift((forum.starts_at - clock.now()).total_seconds())
    walk = Walk(signed_in(again(by), width=1280))  # sessions of staff end in those weeks
    walk.opens(f"/desk/forums/{forum.slug}")
    walk.presses_on("공론장 시작하기")
    walk.opens(f"/desk/forums/{forum.slug}/agendas")
    assert chromium.overflow(walk.page) == 0 and axe.violations(walk.page) == []
    walk.types(**{f"result-{number}": f"{title} 하기로 했어요." for number, title in enumerate(TITLES, 1)})
    walk.presses_on("의제 만들기")
    walk.is_told("의제 5개를 만들었어요.")
    assert sorted(agenda.question for agenda in rows(Agenda)) == sorted(TITLES)
    assert Walk.presses <= MOST, Walk.presses
