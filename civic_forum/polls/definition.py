"""Texts that a box freezes of a poll: plain texts and whole numbers, the same from the same poll byte for byte."""

from datetime import datetime

from civic_forum.ballots.box.closing import DrawKind
from civic_forum.ballots.rules.log import Canonical, stamp
from civic_forum.ballots.voting.standing import eligibility
from civic_forum.ballots.record.outcomes import WinnersKind
from civic_forum.blocks.parts import Part

from . import rules
from .models import Option, Poll
from .parts import OptionText, Times, Wording
from .rules import PollKind


def definition(poll: Poll) -> dict[str, Canonical]:
    """All that the fingerprint covers but what belongs to the box itself: format, id, rehearsal, key.

    Raises ValueError where the options and the number of choices do not go together.
    """
    rule = rules.box_rule(poll.kind, len(poll.options), poll.max_choices)
    texts = {
        "subject_title": poll.title, "question": poll.question, "description": poll.description,
        "rule": rule.to_json(), "options": [_option(option) for option in poll.options],
        "eligibility": eligibility(poll, poll.box), "opens_at": stamp(poll.opens_at),
        "closes_at": stamp(poll.closes_at), "binding": poll.binding,
        "publishes": str(poll.publishes), "winners": _winners(poll.kind)}
    if poll.kind is PollKind.CHOOSE_ONE:  # nothing else can end in a tie
        texts["draw"] = DrawKind.LOTTERY.value
    return texts | _sealed(Wording, poll) | _sealed(Times, poll) | _given(
        {"quorum": poll.quorum_terms} | poll.texts)


def _sealed(part: type[Part], record: Poll | Option) -> dict[str, Canonical]:
    """Further fields of a part that a box keeps, as plain values."""
    return {name: stamp(value) if isinstance(value, datetime) else value for name, value in part.sealed(record).items()}


def _winners(kind: PollKind) -> dict[str, Canonical]:
    """The decision of the totals alone: of several choices the office says afterwards how many it carries out."""
    if kind is PollKind.YES_NO_EACH:
        return {"kind": WinnersKind.YES.value}
    if kind is PollKind.CHOOSE_ONE:
        return {"kind": WinnersKind.MOST.value, "seats": 1}
    return {"kind": WinnersKind.NONE.value}


def _option(option: Option) -> dict[str, Canonical]:
    texts = {"number": option.number, "title": option.title, "text": option.text}
    return texts | _sealed(OptionText, option) | _given({
        "neighbourhood": option.neighbourhood and option.neighbourhood.name_at(
            option.poll.box and option.poll.box.created_at),
        "proposal": option.proposal and option.proposal.number,
        "picture": option.picture and {"sha256": option.picture.digest, "description": option.picture.description}}
        | option.texts)


def _given(fields: dict[str, object]) -> dict[str, Canonical]:
    return {name: value for name, value in fields.items() if value is not None and value != {}}
