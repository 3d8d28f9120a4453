"""Officers of votes in the scene: a vote with three and a replacement that waits, one without, a position proposed."""

from civic_forum.accounts.rules import Role
from civic_forum.ballots.officers import services
from tests.ballots.officers.people import box_of, granted, staff, three

from .things import Thing


def add(scene) -> None:
    """A vote with officers and a replacement that waits, one without, a position proposed by another administrator."""
    town, other = scene.town, staff(scene.town, Role.ADMINISTRATOR)
    by = other, staff(town, Role.ADMINISTRATOR)  # granted by a command they would run every vote of a sample
    _users, grants = three(town, by=by)
    scene.newcomer, scene.officers = granted(staff(town), by=by), [one.id for one in grants]
    scene.candidate = staff(town)
    officered, unofficered = box_of(grants), box_of([], opened=False)
    services.propose_change(officered.id, grants[0].id, scene.newcomer.id, by=other)
    proposed = services.propose(staff(town), "제안한 자리", by=other)

    def thing(name, box=b"\0" * 16, officer=999_999, **form):
        scene.things[name] = Thing({"box": box.hex(), "officer": officer}, form=form)

    thing("officered", officered.id, leaves=grants[0].id, comes=scene.newcomer.id, officers=scene.officers)
    thing("unofficered", unofficered.id, officers=scene.officers)
    thing("officer_proposed", officer=proposed.id)
    thing("officer_granted", officer=grants[0].id)
    thing("no_officers")
