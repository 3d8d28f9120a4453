"""Steps of the sample that its JSON files name: services called with their arguments, one after another in time.

    {"at": "2020-10-05T14:00:00+09:00", "do": "poll.prepare", "by": "moderator1", "with": {"poll_id": "@poll:stairs"}}

`do` names a function in `STEPS`; `with` has its arguments, brought into the types that its signature says (days,
enumerations, dataclasses); one that takes the script gets it. `by` is who acts.
`"@poll:stairs"` stands for the number of what an earlier step made, which it registered with `"as": "poll:stairs"`;
people, proposals, comments and the parts of the district are registered too.
`at` is a moment (`timeline.instant`) or a distance from something that was written, `@comment:c221 +36h`.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from datetime import date, datetime
from enum import Enum
from inspect import signature
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from civic_forum.accounts.identity import Identity
from civic_forum.agendas.services import grouping, making, merging, objecting
from civic_forum.comments import services as comments
from civic_forum.district import queries as district
from civic_forum.moderation import services as moderation
from civic_forum.budgets.process import PROCESS as ROUNDS
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.rounds import opening
from civic_forum.forums.preparing.process import PROCESS as FORUMS
from civic_forum.polls import process as polls
from civic_forum.proposals.services import publication as proposals

from . import acts, forums, rounds, visits, votes
from .people import DATA, Crowd
from .timeline import TimelineEvent, after, instant
from .votes import Vote

STEPS: dict[str, Callable[..., Any]] = {
    "agenda.answer": objecting.answer, "agenda.begin": making.begin, "agenda.change": grouping.change,
    "agenda.group": grouping.group, "agenda.move": making.move, "agenda.next": making.set_next,
    "agenda.note": making.note, "agenda.object": objecting.object_to_grouping, "agenda.publish": making.publish,
    "answer.assign": acts.assign, "answer.publish": acts.publish_answer, "comment.remove": comments.remove,
    "commitment.log": acts.log, "forum.announce": FORUMS.announce, "forum.hold": forums.hold,
    "forum.make": forums.make, "forum.record": forums.record, "forum.register": forums.register,
    "forum.write_down": visits.write_down,
    "moderation.appeal": moderation.appeals.appeal, "moderation.block_takedown": moderation.takedowns.block_takedown,
    "moderation.decide": moderation.cases.decide, "moderation.decide_appeal": moderation.appeals.decide_appeal,
    "moderation.report": moderation.reports.report, "moderation.takedown": moderation.takedowns.ask_takedown,
    "moderation.word": moderation.signals.add_word, "outcome.correct": acts.correct_outcome,
    "outcome.picture": acts.illustrate, "outcome.publish": acts.publish_outcome,
    "poll.answer_objection": votes.answer_objection, "poll.make": votes.make, "poll.object": votes.lodge,
    "poll.prepare": polls.prepare, "proposal.merge": merging.merge, "proposal.move": acts.move_proposal,
    "proposal.unmerge": merging.undo, "proposal.withdraw": proposals.withdraw, "round.announce": ROUNDS.announce,
    "round.ask_again": rounds.ask_again, "round.ask_opinion": reviews.ask_opinion, "round.assign": rounds.assign,
    "round.committee": rounds.enter_committee, "round.decide": rounds.decide, "round.enter": rounds.enter,
    "round.group": rounds.group, "round.hand_in": rounds.hand_in, "round.make": rounds.make,
    "round.merge": rounds.merge, "round.pass_on": rounds.pass_on, "round.prepare": opening.prepare,
    "round.review": rounds.review, "trial.publish": rounds.publish_trial, "vote.carry_on": votes.carry_on,
    "vote.close": votes.close, "vote.come": votes.come, "vote.confirm": votes.confirm, "vote.count": votes.count,
    "vote.hold": votes.hold, "vote.leave_unreturned": votes.leave_unreturned, "vote.officer": acts.name_officer,
    "vote.officers": votes.name_officers, "vote.publish": votes.publish, "vote.roll": votes.bring_roll,
    "vote.type_in": votes.type_in, "visit.announce": visits.announce, "visit.answer": visits.answer,
    "visit.ask": visits.ask,
}
"""Name of a step → the function that takes it."""
FILES = ("steps/rounds", "steps/polls", "steps/proposals", "steps/moderation", "steps/agendas", "steps/outcomes",
         "steps/forums")
"""At the same moment the steps of a file come after those of the files before it."""
ORDER = 0
"""At the same moment they come after those who join, but before what is written, said and supported then."""
PARTS = {"at", "do", "by", "with", "as"}
_FROM = re.compile(r"@(\S+) (\+.+)")


class WrongStep(ValueError):
    """A step that cannot be taken; the sentence names its file, its number and what is wrong."""


@dataclass
class Script:
    """The steps of all files, and what is known by a name."""

    loaded: datetime
    people: Crowd
    moments: Mapping[str, datetime]
    """When what is written by other modules is written, by its name: `comment:c221`."""
    identities: Mapping[str, Identity]
    """Who people are, by their sign-in names."""
    ids: dict[str, int] = field(default_factory=dict)
    votes: dict[str, Vote] = field(default_factory=dict)
    """Polls and rounds that were made, by their addresses."""

    def __post_init__(self) -> None:
        for kind, rows in (("neighbourhood", district.neighbourhoods()), ("audience", district.audiences()),
                           ("department", district.departments())):
            self.ids |= {f"{kind}:{row.name_ko}": row.id for row in rows}

    def events(self, files: Collection[str] = FILES) -> list[TimelineEvent]:
        """Raises WrongStep for a step with an unknown name, person, thing or argument, before anything is played."""
        made, known = [], {*self.ids, *self.moments, *(f"person:{name}" for name in self.people.joined)}
        numbered = [(f"{file}.json, step {number}", step) for file in files
                    for number, step in enumerate(json.loads((DATA / f"{file}.json").read_text("utf-8")), 1)]
        known |= {step["as"] for _where, step in numbered if "as" in step}
        for order, (where, step) in enumerate(numbered):
            self._check(where, step, known)
            made.append(TimelineEvent(self._moment(where, step["at"]), ORDER + order,
                                      lambda where=where, step=step: self.take(where, step)))
        return made

    def _check(self, where: str, step: dict, known: set[str]) -> None:
        if set(step) - PARTS or not {"at", "do"} <= set(step):
            raise WrongStep(f"{where}: it needs at and do, and may have by, with and as.")
        if step["do"] not in STEPS:
            raise WrongStep(f"{where}: there is no step called {step['do']}.")
        if "by" in step and step["by"] not in self.people.joined:
            raise WrongStep(f"{where}: nobody is called {step['by']}.")
        if missing := next((name for name in references(step.get("with", {})) if name not in known), None):
            raise WrongStep(f"{where}: nothing is called {missing}.")
        try:
            wanted = signature(STEPS[step["do"]])
            besides = {"by"} & set(step) | {"script"} & set(wanted.parameters)
            wanted.bind(**step.get("with", {}), **dict.fromkeys(besides))
        except TypeError as wrong:
            raise WrongStep(f"{where}: {step['do']}: {wrong}.") from wrong

    def _moment(self, where: str, text: str) -> datetime:
        try:
            if match := _FROM.fullmatch(text):
                return after(match[2], self.moments[match[1]])
            return instant(text, self.loaded)
        except (ValueError, KeyError) as wrong:
            raise WrongStep(f"{where}: {text} is no moment.") from wrong

    def take(self, where: str, step: dict) -> None:
        """Call the function of a step; what it gives back is registered under the name in `as`."""
        act = STEPS[step["do"]]
        try:
            hints = get_type_hints(act, localns={"Script": Script})
            arguments = {name: self._typed(value, hints[name]) for name, value in step.get("with", {}).items()}
            if "script" in hints:
                arguments["script"] = self
            if "by" in step:
                arguments["by"] = self.people.user(step["by"])
            made = act(**arguments)
        except Exception as wrong:
            raise WrongStep(f"{where}: {step['do']}: {type(wrong).__name__}: {wrong}") from wrong
        if name := step.get("as"):
            self.ids[name] = (made[0] if isinstance(made, list) else made).id

    def _typed(self, value: Any, hint: Any) -> Any:
        """A value of JSON in the type that a signature or a dataclass names."""
        if isinstance(value, str) and value.startswith("@"):
            return self._id(value[1:])
        if get_origin(hint) in (Union, UnionType):
            hint = NoneType if value is None else next(part for part in get_args(hint) if part is not NoneType)
        if isinstance(value, dict) and is_dataclass(hint):
            hints = get_type_hints(hint)
            return hint(**{name: self._typed(part, hints[name]) for name, part in value.items()})
        if isinstance(value, dict):
            return {self._typed(name, str): self._typed(part, str) for name, part in value.items()}
        if isinstance(value, list):
            inner = (get_args(hint) or (str,))[0]
            made = [self._typed(part, inner) for part in value]
            return tuple(made) if get_origin(hint) is tuple else made
        if isinstance(hint, type) and isinstance(value, str):
            if issubclass(hint, date):
                return hint.fromisoformat(value)
            return hint(value) if issubclass(hint, Enum) else value
        return value

    def _id(self, name: str) -> int:
        return self.people.user(name.removeprefix("person:")).id if name.startswith("person:") else self.ids[name]


def references(value: Any) -> list[str]:
    """Names that the arguments of a step refer to."""
    if isinstance(value, str):
        return [value[1:]] if value.startswith("@") else []
    if isinstance(value, Mapping):
        return [name for pair in value.items() for part in pair for name in references(part)]
    return [name for part in value for name in references(part)] if isinstance(value, Sequence) else []
