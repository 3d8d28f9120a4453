"""Promises kept, among the figures for everybody."""

import pytest
import sqlalchemy as sa

from civic_forum.commitments.queries import board
from civic_forum.commitments.rules import EntryKind
from civic_forum.district.models import Category
from civic_forum.platform import clock
from civic_forum.platform.base import db

from .making import accepted, told


@pytest.mark.both
def test_figures_say_what_was_kept_by_department_and_field(town, browse):
    pair = (town.official(), town.official())
    assert "약속은 지켰나요" not in browse().get("/figures").text
    one = accepted(town, *pair)
    told(one, EntryKind.STATUS, {"status": "done", "why": "모두 놓았어요."}, *pair)
    accepted(town, *pair)
    shown = browse().get("/figures").text
    assert "약속 2개 가운데 1개를 지켰어요." in shown and "교통행정과" in shown and "안전" in shown
    reader = browse()
    reader.set_cookie("language", "en")
    shown = reader.get("/figures").text
    assert "2 promises: 1 kept" in shown and 'class="bar-name">Safety' in shown and "안전" not in shown
    shown = browse().get("/commitments").text
    assert shown.index("최근에 지킨 것") < shown.index("우리 동 약속") < shown.index("약속 2개 모두 보기")
    assert '<details class="fold block" id="all">' in shown and "모두 보기" not in browse().get(
        "/commitments?standing=kept").text.partition("<main")[2].partition('id="all-h"')[2]
    assert "약속에 쓰기로 한 돈 1,480만 원" in shown and " 0원" not in shown and ">0원" not in shown


def test_a_field_under_its_earlier_name_counts_with_the_field(town):
    pair = (town.official(), town.official())
    accepted(town, *pair)
    field = db.session.scalars(sa.select(Category).filter_by(key="safety")).one()
    field.earlier, field.name_ko = [[field.name_ko, field.words, clock.now().isoformat()]], "생활안전"
    db.session.commit()
    accepted(town, *pair)
    assert [(kept.name, sum(kept.standings.values())) for kept in board.kept_by_field()] == [("생활안전", 2)]
