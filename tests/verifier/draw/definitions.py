"""Random lots with nested groups, and lists of people in their cells."""

from datetime import UTC, datetime, timedelta
from random import Random
from unicodedata import normalize

from civic_forum.draws.rules.filling import Passed, Reason
from civic_forum.draws.rules.lots import Group, Lot

AT = datetime(2026, 11, 30, tzinfo=UTC)
NAMES = ("홍길동", normalize("NFD", "홍길동"), "Ann-Marie Strauß", "ＡＮＮ　Ｌｅｅ", "ΣΊΣΥΦΟΣ", "ODYSSEUS ς", "İlker ırmak",
         "ᎠᏂᎩ ꭰ", "ﬁne Ⅷ ẞ", "도시락 / 홍길동", "가 / 나 모임 / Jürgen Groß")
"""Names as people type them; of a group its own and its representative's."""


def lot(random: Random, cells: list[str], name: str = "lot", most: int = 8) -> Lot:
    """A lot over some of these cells whose groups are disjoint or nested, and can be satisfied."""
    own = random.sample(cells, random.randint(1, len(cells)))
    groups, least = _groups(random, own, most)
    return Lot(name, max(1, least, random.randint(0, most)), frozenset(own), tuple(random.sample(groups, len(groups))))


def _groups(random: Random, cells: list[str], most: int, least: int = 0) -> tuple[list[Group], int]:
    """Groups inside these cells, and how many they need together."""
    groups: list[Group] = []
    if len(cells) > 1:
        at = random.randint(1, len(cells) - 1)
        for part in (cells[:at], cells[at:]):
            inner, needed = _groups(random, part, max(1, most // 2))
            if random.random() < 0.6:
                needed = max(needed, random.randint(0, most // 3))
                inner = [*inner, Group(frozenset(part), needed, random.randint(needed, needed + most // 2))]
            groups, least = [*groups, *inner], least + needed
    return groups, least


def draw(random: Random, lines: int = 30, cells: int = 5) -> tuple[list[Lot], dict[int, str]]:
    """Lots one after another, and the cell of each number."""
    names = [f"c{at}" for at in range(1, random.randint(1, cells) + 1)]
    lots = [lot(random, names, f"lot {at}") for at in range(random.randint(1, 3))]
    numbers = random.sample(range(100_000, 1_000_000), random.randint(0, lines))
    return lots, {number: random.choice(names) for number in sorted(numbers)}


def leaving(random: Random, cells: dict[int, str]) -> list[Passed]:
    """Some who are passed over, before and after the lottery of five days later, some of them restored, at its instant
    too, and passed over again."""
    entries: list[Passed] = []
    for at in (AT + timedelta(days=days, hours=11, minutes=35) for days in range(2, random.randint(2, 13))):
        out = {entry.number for entry in entries if entry.restored is None or entry.restored >= at}
        again = sorted({entry.number for entry in entries} - out)
        if numbers := again if again and random.random() < 0.5 else sorted(set(cells) - out):
            entries.append(Passed(random.choice(numbers), Reason.MOVED, at, random.choice(
                [None, at + timedelta(days=1), at + timedelta(days=3), at + timedelta(days=5)])))
    return entries
