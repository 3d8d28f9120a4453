"""The scene that the tests of forums share is one that their policies know."""

from civic_forum.forums.policy import may_read, may_run, may_take_part, may_write
from civic_forum.forums.rules import Stage
from civic_forum.platform.base import db
from tests.forums.scene import announced_forum, live_forum


def test_everybody_in_the_scene_is_what_they_are_called(town):
    scene = live_forum(town)
    person, muted, stranger = scene.person(), scene.person(), town.resident()
    scene.muted(muted)
    assert scene.forum.stage is Stage.LIVE
    assert may_run(scene.host, scene.at(scene.host)) is None
    assert may_run(scene.moderator, scene.at(scene.moderator)) is None
    assert may_run(person, scene.at(person))
    assert may_write(person, scene.at(person)) is None
    assert may_write(muted, scene.at(muted))
    assert may_take_part(muted, scene.at(muted)) is None
    assert may_take_part(stranger, scene.at(stranger))
    assert may_take_part(scene.visitor, scene.at(scene.visitor))
    assert may_read(scene.visitor, scene.forum) is None


def test_an_announced_forum_is_not_live(town):
    forum = announced_forum(town)
    db.session.rollback()
    assert (forum.stage, len(forum.items)) == (Stage.ANNOUNCED, 4)
