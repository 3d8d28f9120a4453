"""A key that came with one thing is none for another: nothing is taken for what it is not."""

import pytest
import sqlalchemy as sa

from civic_forum.forums.models import ForumEvent
from civic_forum.forums.questions.models import Question
from civic_forum.platform.base import db
from tests.forums.notes.working import at_work
from tests.forums.scene import key

JSON = {"Accept": "application/json"}


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("where, typed", [
    ("tables/1/notes", {"text": "쪽지"}), ("tables/1/messages", {"text": "한마디"}), ("chat", {"text": "잘 들려요."}),
    ("floor/requests", {"topic": "가로등"}), ("tables/1/arrangement", {"do": "make", "title": "등"})])
def test_a_key_of_something_else_is_refused(town, browse, where, typed):
    scene, same = at_work(town), key()
    page, address = browse(scene.anna), f"/forums/{scene.forum.slug}"
    sent = [page.post(f"{address}/{path}", data=data | {"key": same}, headers=JSON).status_code for path, data in (
        ("questions", {"text": "언제 밝히나요?"}), (where, typed), ("questions", {"text": "언제 밝히나요?"}))]
    assert sent == [204, 422, 204]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ForumEvent).filter_by(key=same)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 1
