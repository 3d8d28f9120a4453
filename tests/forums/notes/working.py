"""Tables at work: anna and carl sit at the first with its host, ben at the second."""

from civic_forum.forums.tables import services
from civic_forum.forums.tables.models import Note, NoteGroup
from civic_forum.platform import clock
from tests.factories import saved
from tests.forums.scene import Scene, live_forum


class AtWork(Scene):
    """A scene whose tables are open."""

    def with_notes(self):
        """Two notes at the first table, in a group."""
        group = saved(NoteGroup(table_id=self.first.id, number=1, title="낮은 빛"))
        self.groups = {1: group}
        facts = {"table_id": self.first.id, "group_id": group.id, "at": clock.now()}
        self.notes = {1: [saved(Note(user_id=user.id, text=text, **facts))
                          for user, text in ((self.anna, "발밑만 비추는 등이 좋아요"), (self.carl, "기둥 번호를 크게 써 주세요"))]}
        return self


def at_work(town, *, tables=2, people_each=0, **facts):
    live = live_forum(town, **facts)
    scene = AtWork.__new__(AtWork)
    scene.__dict__.update(vars(live))
    scene.lead, scene.anna, scene.carl, scene.ben = scene.person(), scene.person(), scene.person(), scene.person()
    scene.first = scene.table(1, scene.lead, scene.anna, scene.carl)
    scene.sitting = {1: [scene.anna, scene.carl]}
    for number in range(2, tables + 1):
        scene.sitting[number] = scene.people(people_each) or [scene.ben]
        scene.table(number, None, *scene.sitting[number])
    services.ask_tables(scene.forum.id, "꼭 하나만 바꾼다면 무엇을 바꿀까요?", by=scene.host)
    services.open_tables(scene.forum.id, 60, by=scene.host)
    return scene
