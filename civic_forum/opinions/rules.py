"""Rules of consultations: stages, who answers, which statement comes next. Pure."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from itertools import combinations

from civic_forum.district.rules import AGES as AGES
from civic_forum.search.rules import distinct_pieces

LEAST_TEXT, TEXT_MOST = 5, 140
"""Characters of a statement, as in Polis."""
IMPORTED_MOST = 1_000
"""Characters of one that comes from a file."""
STATEMENTS_MOST = 10_000
SEEDS_LEAST = 5
"""Statements with which a consultation may be announced."""
OWN_MOST = 10
"""Statements that one participant may write in one consultation."""
SHORTEST = timedelta(hours=1)
MATRIX_LEAST = 100
"""Participants from which on the responses are published, where that was said beforehand."""
BATCH = 10
"""New participants after which the result is computed again before its day."""
BATCH_DAYS = timedelta(days=1)
FEW = 5
"""People or answers of a kind, below which their number is not told."""
LOOKED_AT_WITHIN = timedelta(days=1)
"""Time in which a moderator looks at a statement that waits."""
ALIKE = 0.5
"""Share of pieces that two statements have in common (Dice), from which on they may mean the same."""
SHARING_MOST = 50
"""Texts that share a piece, up to which the piece tells them from others."""
ANSWERS_LEAST, PASSES_MANY = 10, 0.4
"""Answers from which on their shares say something, and the share of passes that asks for other words."""
OUT_FOR = ("off_topic", "personal", "insult", "untrue", "unclear")
"""Reasons for which moderators take a statement out without a report; none is the name of a rule of the house."""
AGENDA_MOST = 5
"""Shared statements that become an agenda."""


class Stage(StrEnum):
    PREPARING = "preparing"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"


class Audience(StrEnum):
    """Those who may answer."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    VERIFIED = "verified"


class Moderation(StrEnum):
    """A resident's statement is looked at before it is public, or afterwards."""

    BEFORE = "before"
    AFTER = "after"


class Origin(StrEnum):
    SEED = "seed"
    RESIDENT = "resident"
    IMPORTED = "imported"
    TABLE = "table"
    """A table of a forum wrote it together."""


class StatementState(StrEnum):
    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"


class Basis(StrEnum):
    """Ground on which somebody is told from others."""

    VERIFIED = "verified"
    ACCOUNT = "account"
    DEVICE = "device"
    LINK = "link"
    KIOSK = "kiosk"
    PAPER = "paper"
    IMPORTED = "imported"


UNVERIFIED = (Basis.ACCOUNT, Basis.DEVICE)
"""Grounds that do not count where only verified people do. Paper, kiosk and letters come through an official."""


class Became(StrEnum):
    """Consequence of a statement."""

    PROMISE = "promise"
    ANSWERED = "answered"
    PARTLY = "partly"
    AGENDA = "agenda"
    DECLINED = "declined"


AGREE, PASS, DISAGREE = 1, 0, -1
VALUES = (AGREE, PASS, DISAGREE)


def stage(announced_at: datetime | None, opens_at: datetime, closes_at: datetime, now: datetime) -> Stage:
    if announced_at is None:
        return Stage.PREPARING
    if now < opens_at:
        return Stage.ANNOUNCED
    return Stage.OPEN if now < closes_at else Stage.CLOSED


def is_due(new: int, known: int, gone: int, last_at: datetime | None, now: datetime, *, over: bool = False) -> bool:
    """True if the result is computed again: after ten new participants who are `known` by more than a browser, after a
    day with five new ones or with anybody `gone`, at the end. The first one is computed once there are five."""
    if over:
        return True
    if last_at is None:
        return new >= FEW
    return known >= BATCH or now - last_at >= BATCH_DAYS and (new >= FEW or gone > 0)


def next_statement(mark: bytes, open_ones: Iterable[int], priority: Mapping[int, float]) -> int | None:
    """The statement that somebody is asked next: a weighted random draw without replacement (Efraimidis and Spirakis,
    2006), which always falls the same for one participant. A statement without a priority has weight 1."""
    best, winner = -math.inf, None
    for number in open_ones:
        drawn = blake2b(mark + number.to_bytes(8, "big"), digest_size=8).digest()
        key = math.log((int.from_bytes(drawn, "big") + 1) / 2.0**64) / max(priority.get(number, 1.0), 1e-9)
        if key > best:
            best, winner = key, number
    return winner


OTHERS = "*"
KINDS_LEAST = 50
"""People from which on they are told by kind: of so many some kind is never few."""


def not_few(numbers: Mapping[str, int]) -> dict[str, int]:
    """Numbers of people by kind. Kinds of few are put together under `*` with the first kinds that are not few, in the
    order of their names: chosen by no number, these bound nothing, so that no kind of few follows even for whoever
    knows this rule. Empty where nothing else is left to tell."""
    few = {kind for kind, number in numbers.items() if 0 < number < FEW}
    if sum(numbers.values()) < KINDS_LEAST:
        return {}
    if not few:
        return dict(numbers)
    rest = of_few = sum(numbers[kind] for kind in few)
    shown = {}
    for kind in sorted(numbers.keys() - few):
        if rest > of_few and rest >= 2 * FEW - 1:
            shown[kind] = numbers[kind]
        else:
            rest += numbers[kind]
    return shown | {OTHERS: rest} if shown else {}


def likeness(pieces: Iterable[str], other: Iterable[str]) -> float:
    """Share of pieces that two texts have in common (Dice)."""
    first, second = set(pieces), set(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def alike_pairs(texts: Mapping[int, str]) -> list[tuple[int, int]]:
    """Pairs of numbers whose texts may mean the same, the most similar first. Only texts are compared that share a
    piece which few others have, so that thousands of them take no longer than somebody waits."""
    pieces = {number: set(distinct_pieces(text)) for number, text in texts.items()}
    having: dict[str, list[int]] = {}
    for number, of in pieces.items():
        for piece in of:
            having.setdefault(piece, []).append(number)
    together = {pair for numbers in having.values() if len(numbers) <= SHARING_MOST
                for pair in combinations(numbers, 2)}
    scored = ((likeness(pieces[first], pieces[second]), first, second) for first, second in together)
    return [(first, second) for share, first, second in sorted(scored, key=lambda each: (-each[0], *each[1:]))
            if share >= ALIKE]


class Look(StrEnum):
    """Reason for which a moderator looks at a statement again."""

    PASSES = "passes"
    FEW = "few"
    ALIKE = "alike"


def looks(agrees: int, passes: int, disagrees: int, most_answered: int) -> list[Look]:
    """Reasons that the answers to a statement give. Few answers say something once others have many."""
    answers = agrees + passes + disagrees
    if answers < ANSWERS_LEAST:
        return [Look.FEW] if most_answered >= 2 * ANSWERS_LEAST else []
    return [Look.PASSES] if passes >= PASSES_MANY * answers else []
