"""Leading through the programme."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.forums.floor import programme as floor
from civic_forum.forums.floor.rules import ItemState
from civic_forum.forums.models import ForumEvent, ProgrammeItem
from civic_forum.forums.preparing import services as stages
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.forums.scene import announced_forum, key
from tests.racing import at_once


def states(scene):
    return [str(one.state) for one in floor.part(scene.forum, None).items]


def kinds(scene):
    return [str(kind) for kind in db.session.scalars(sa.select(ForumEvent.kind).filter_by(forum_id=scene.forum.id)
                                                     .order_by(ForumEvent.number))]


def test_the_next_item_ends_the_one_before(scene):
    _first, second, third, _last = scene.forum.items
    floor.start(scene.forum.id, third.id, second.id, by=scene.host)
    assert states(scene) == ["done", "done", "on", "coming"]
    assert second.ended_at == third.started_at
    assert kinds(scene) == ["programme.ended", "programme.started"]


def test_an_item_may_be_left_out_and_does_not_come_back(scene):
    _first, second, third, last = scene.forum.items
    floor.start(scene.forum.id, last.id, second.id, by=scene.moderator)
    assert states(scene) == ["done", "done", "skipped", "on"]
    with pytest.raises(Conflict, match="지나간"):
        floor.start(scene.forum.id, third.id, last.id, by=scene.host)


@pytest.mark.both
def test_one_sending_is_applied_once_and_an_old_page_goes_no_further(scene):
    _first, second, third, last = scene.forum.items
    sent = key()
    for _ in range(2):
        floor.start(scene.forum.id, third.id, second.id, sent, by=scene.host)
    with pytest.raises(Conflict, match="그 사이에"):
        floor.start(scene.forum.id, last.id, second.id, key(), by=scene.moderator)
    assert states(scene) == ["done", "done", "on", "coming"]


@pytest.mark.both
def test_the_running_item_gets_more_time(scene):
    _first, second, third, _last = scene.forum.items
    before = floor.part(scene.forum, None).items[2].times.starts_at
    sent = key()
    for _ in range(2):
        floor.extend(scene.forum.id, second.id, 10, sent, by=scene.host)
    assert second.extra_minutes == 10
    assert floor.part(scene.forum, None).items[2].times.starts_at > before
    with pytest.raises(Conflict):
        floor.extend(scene.forum.id, third.id, 5, by=scene.host)
    with pytest.raises(Refusal):
        floor.extend(scene.forum.id, second.id, 0, by=scene.host)


def test_an_item_is_ended_once(scene):
    second = scene.forum.items[1]
    for _ in range(2):
        floor.end(scene.forum.id, second.id, by=scene.host)
    assert (states(scene), kinds(scene)) == (["done", "done", "coming", "coming"], ["programme.ended"])
    with pytest.raises(Conflict):
        floor.end(scene.forum.id, scene.forum.items[2].id, by=scene.host)


def test_items_of_other_forums_and_forums_that_are_not_live(scene, town):
    other = announced_forum(town)
    with pytest.raises(NotFound):
        floor.start(scene.forum.id, other.items[0].id, scene.forum.items[1].id, by=scene.host)
    with pytest.raises(Denied, match="아직"):
        floor.start(other.id, other.items[0].id, None, by=scene.moderator)


def test_with_the_forum_the_item_that_is_on_ends(scene):
    stages.close_forum(scene.forum.id, by=scene.host)
    assert states(scene)[1] == ItemState.DONE
    assert kinds(scene) == ["programme.ended", "forum.closed"]


@pytest.mark.both
def test_two_hosts_who_go_on_at_once_go_on_once(scene, app):
    forum_id, second, third = scene.forum.id, scene.forum.items[1].id, scene.forum.items[2].id
    ids = [scene.host.id, scene.moderator.id]
    db.session.rollback()
    answers = at_once(app, 4, lambda n: floor.start(forum_id, third, second, by=db.session.get_one(User, ids[n % 2])))
    db.session.rollback()
    assert sorted(type(one).__name__ for one in answers) == ["Conflict"] * 3 + ["ProgrammeItem"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProgrammeItem).where(
        ProgrammeItem.forum_id == forum_id, ProgrammeItem.ended_at.is_(None),
        ProgrammeItem.started_at.is_not(None))) == 1


def test_the_host_sees_how_late_it_is(scene, browse):
    floor.start(scene.forum.id, scene.forum.items[2].id, scene.forum.items[1].id, by=scene.host)
    assert floor.part(scene.forum, None).behind_minutes == -10, "ten minutes in, planned for the twentieth"
    assert "예정보다 10분 일러요." in browse(scene.host).get(f"/forums/{scene.forum.slug}/host").text


def test_the_programme_is_read_in_one_statement(scene, queries):
    db.session.refresh(scene.forum)
    with queries() as seen:
        floor.part(scene.forum, None)
    assert len(seen) == 1
