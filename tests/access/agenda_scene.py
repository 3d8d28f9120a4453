"""Agendas and merges in every state. Their proposals are the author's; the official's department leads them."""

from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import branching, grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.proposals.services import supports as proposals
from tests.picking import chosen

from .things import Thing

WHY = "같은 골목의 이야기예요."


def add(scene) -> None:
    town, people = scene.town, scene.people
    moderator, author = town.moderator(), people["author"]

    def agenda(name: str, *, public: bool = True):
        slug = name.replace("_", "-")
        made = making.begin(slug, Wording("골목을 함께 쓰려면 무엇부터 할까요?", lead_department_id=town.department().id),
                            by=moderator)
        link, _other = grouping.group(made.id, [town.proposal(author=author).id, town.proposal().id], Relation.CORE,
                                      WHY,
                                      by=moderator)
        if public:
            making.publish(made.id, by=moderator)
        scene.things[name] = Thing({"slug": slug, "link_id": link.id}, form={"links": str(link.id)})
        return made, link

    scene.group_me = town.proposal().id
    agenda("agenda_draft", public=False)
    agenda("agenda_open")
    _made, link = agenda("agenda_objected")
    objection = objecting.object_to_grouping(link.id, "제 제안은 단속을 말한 것이에요.", by=author)
    scene.things["agenda_objected"].path["objection_id"] = objection.id
    answered = objecting.object_to_grouping(agenda("agenda_answered")[1].id, "제 뜻과 달라요.", by=author)
    objecting.answer(answered.id, "이어진 제안으로 옮겼어요.", by=moderator)
    scene.things["agenda_answered"].path["objection_id"] = answered.id
    into = agenda("agenda_carrying")[0]
    carried = branching.merge(agenda("agenda_merged")[0].id, into.id, WHY, by=moderator)
    undone = branching.merge(agenda("agenda_unmerged")[0].id, into.id, WHY, by=moderator)
    branching.undo(undone.id, WHY, by=moderator)
    for name, descent in (("agenda_merged", carried), ("agenda_unmerged", undone)):
        scene.things[name].path["descent_id"] = descent.id
    _ended = grouping.ungroup(agenda("agenda_left")[1].id, WHY, by=moderator)
    for name in ("merge_standing", "merge_undone"):
        merged, target = town.proposal(author=author), town.proposal()
        proposals.support(merged.id, by=people["resident"])
        merge = merging.merge(merged.id, target.id, WHY, by=moderator)
        if name == "merge_undone":
            merging.undo(merge.id, WHY, by=moderator)
        scene.things[name] = Thing({"merge_id": merge.id, "number": merged.number},
                                   form=chosen("into", town.proposal().number))
    scene.things["no_agenda"] = Thing({"slug": "no-agenda", "link_id": 999_999, "objection_id": 999_999,
                                       "descent_id": 999_999,
                                       "merge_id": 999_999, "number": "2031-9999"})
