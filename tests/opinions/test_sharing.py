"""A consultation as people pass it on: before, while it is open, with what its result says first, and its days."""

from datetime import timedelta

import pytest

from civic_forum.opinions import services
from civic_forum.opinions.kinds import CONSULTATION
from civic_forum.opinions.services import Decision
from civic_forum.blocks.sharing import Shared
from civic_forum.platform.base import db
from tests.platform.calendars import events

from .making import LINES, consultation
from .published import result


def preview(asked):
    db.session.rollback()
    return CONSULTATION.get(Shared).preview(asked.id)


def test_a_closed_one_shows_what_its_result_says_first(town, browse):
    asked = consultation(open_since=timedelta(days=20))
    assert preview(asked).title == asked.title and "결과를 볼 수 있어요" in preview(asked).sentence
    result(asked).is_last = True
    db.session.commit()
    said = preview(asked)
    assert (said.title, said.figure, said.beside) == (f"“{LINES[0]}”", "89%", "그래요")
    assert said.url.endswith("/result") and asked.title in said.sentence and said.until is None
    page = browse().get(f"/consultations/{asked.slug}/result").text
    assert 'property="og:image"' in page and LINES[0] in page.partition("</head>")[0]
    services.decide(asked.id, 1, Decision.TAKE_OUT, why="다른 질문에서 다뤄요.", by=town.moderator())
    assert LINES[0] not in preview(asked).title


@pytest.mark.both
def test_one_without_groups_says_how_many_of_all_agree(town):
    asked = consultation(open_since=timedelta(days=20))
    result(asked, groups=False).is_last = True
    db.session.commit()
    said = preview(asked)
    assert said.figure.endswith("%") and "모임" not in said.sentence


def test_an_open_one_tells_its_last_moment_and_a_number_that_is_no_live_one(town, browse):
    asked = consultation(open_since=timedelta(hours=1))
    assert preview(asked).figure == "묻고 있어요" and preview(asked).until == asked.closes_at
    result(asked)
    assert (preview(asked).figure, preview(asked).beside) == ("90", "명 참여")
    answer = browse().get(f"/share/consultations/{asked.slug}/calendar.ics")
    closing, = events(answer.data)
    assert closing["SUMMARY"] == f"답하기 마감: {asked.title}" and closing["alarm"]
    assert browse().get(f"/share/consultations/{asked.slug}/poster").status_code == 200


def test_nobody_passes_on_what_is_not_announced(town, browse):
    asked = consultation(announced_at=None, open_since=timedelta(days=-2))
    assert preview(asked) is None
    assert browse(town.official()).get(f"/share/consultations/{asked.slug}").status_code == 404
    assert "og:image" not in browse(town.official()).get(f"/consultations/{asked.slug}").text
