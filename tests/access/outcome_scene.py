"""Outcomes in every state. The official's department decides all but `outcome_elsewhere`."""

from civic_forum.agendas.rules import AgendaState
from civic_forum.agendas.services import making as agendas
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.base import db
from civic_forum.outcomes import services
from civic_forum.outcomes.models import Outcome
from tests.outcomes import making

from .things import Thing


def add(scene) -> None:
    town, official = scene.town, scene.people["official"]
    second, cleaner = town.official(), town.official(department=town.department("청소과"))

    def thing(name: str, by=official):
        agenda = making.agenda(town, by, town.proposal(author=scene.people["author"]), slug=name.replace("_", "-"))
        scene.things[name] = Thing({"kind": "agendas", "name": agenda.slug, "outcome_id": 999_999}, form={"seen": "0"})
        return agenda

    def told(name: str, outcome: Outcome, seen: object) -> Outcome:
        scene.things[name].path["outcome_id"], scene.things[name].form["seen"] = outcome.id, str(seen)
        return outcome

    def published(name: str) -> Outcome:
        agenda = thing(name)
        return told(name, making.published("agenda", agenda.id, official, second), 1)

    thing("outcome_none")
    told("outcome_draft", services.save(Ref("agenda", thing("outcome_draft").id), making.text(), seen=0, by=second), 1)
    told("outcome_awaiting",
         services.submit(Ref("agenda", thing("outcome_awaiting").id), making.text(), seen=0, by=second), 1)
    told("outcome_elsewhere", services.submit(Ref("agenda", thing("outcome_elsewhere", cleaner).id), making.text(),
                                              seen=0, by=cleaner), 1)
    agendas.move(thing("outcome_early").id, AgendaState.PREPARING, by=town.moderator())
    published("outcome_published")
    corrected = published("outcome_corrected")
    services.correct(corrected.id, making.text(), why="드는 돈을 잘못 적었어요", seen=1, by=second)
    at = db.session.get(Outcome, corrected.id).correction["at"]
    scene.things["outcome_correction"] = Thing({"outcome_id": corrected.id}, form={"seen": at})
    making.carried(published("outcome_done"), official, second, done=True)
    for name in ("gathering", "held", "withdrawn", "hidden", "in_agenda"):
        scene.things[f"outcome_of_{name}"] = Thing(
            {"kind": "proposals", "name": scene.things[name].path["number"], "outcome_id": 999_999}, form={"seen": "0"})
    scene.things["no_outcome"] = Thing({"kind": "polls", "name": "no-such-vote", "outcome_id": 999_999})
