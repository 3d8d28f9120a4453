"""A thing of each kind that is decided, for polls and forums about it."""

from dataclasses import dataclass

from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping
from civic_forum.agendas.services import making as agendas
from civic_forum.agendas.services.making import Wording
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable, Ref
from civic_forum.forums.record.models import Decision
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.answers import making as answers
from tests.budgets import making as budgets
from tests.forums.minutes.making import finished_forum
from tests.opinions.making import consultation
from tests.polls.making import poll


@dataclass(frozen=True)
class Case:
    """A public thing."""

    ref: Ref
    record: object

    @property
    def kind(self) -> kinds.Kind:
        return kinds.of(self.ref.kind)

    @property
    def named(self) -> tuple[str, str]:
        """As forms name it."""
        return self.ref.kind, self.name

    @property
    def name(self) -> str:
        return self.kind.get(Decidable).name(self.record)

    @property
    def url(self) -> str:
        return self.kind.url(self.record)

    @property
    def title(self) -> str:
        return self.kind.title(self.record)

    @property
    def page(self) -> str:
        """Address without the anchor."""
        return self.url.partition("#")[0]


def _agenda(town):
    by = town.moderator()
    made = agendas.begin("empty-lot", Wording("빈터를 이웃이 함께 쓰려면 무엇부터 할까요?"), by=by)
    grouping.group(made.id, [town.proposal().id], Relation.RELATED, "같은 빈터의 이야기예요.", by=by)
    return agendas.publish(made.id, by=by)


def _decision(town):
    made = Decision(forum_id=finished_forum(town).forum.id, text="놀이터에 그늘막을 세운다", at=clock.now(), earlier=[])
    db.session.add(made)
    db.session.commit()
    return made


def _answer(town):
    officials = town.official(), town.official()
    return answers.published(answers.on_the_table(town, officials[0]), *officials)


MAKE = {"agenda": _agenda, "poll": lambda town: poll(town, title="나무를 어디에 심을까요?"),
        "proposal": lambda town: town.proposal(),
        "project": lambda town: budgets.project(town, budgets.new_round(town)),
        "forum_decision": _decision, "answer": _answer, "consultation": lambda _town: consultation()}


def case(town, kind: str) -> Case:
    record = MAKE[kind](town)
    return Case(kinds.of(kind).ref(record), record)


def assert_that_they_lead_to_each_other(reader, stranger, thing, address: str) -> str:
    """The page at the address, which is about the thing, as a stranger reads it."""
    page = reader.get(thing.page)
    assert page.status_code == 200 and f'href="{address}"' in page.text
    shown = stranger.get(address).text
    assert f'href="{thing.url}"' in shown and thing.title in shown
    return shown
