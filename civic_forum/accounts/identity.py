"""Identity on paper: a name and a birth date, comparable without being readable."""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from civic_forum.platform import folding, keys

from .rules import age_on

NAME_MOST = 60
OLDEST = 130
NAMESAKES_PROBED = 8
"""Numbers beyond one's own at which somebody of the same name and birthday may stand in what outlives accounts: those
who leave give theirs free."""
SEALED_NAME, SEALED_BIRTH_DATE = "person.name", "person.birth_date"
_DOTS_THAT_COUNT_AS_LETTERS = frozenset("\u318d\u119e\u30fb\uff65\u02bc\u02b9")
"""Typed as a middle dot or an apostrophe, though Unicode calls some of them letters."""
_SEPARATORS = re.compile(r"[\s./\-년월일]+")


_PURPOSE = "person"


class Hashed(Protocol):
    """A verified person as they are kept: comparable, and sealed."""

    identity_hash: bytes
    key_id: int
    name_sealed: bytes
    birth_date_sealed: bytes


@dataclass(frozen=True)
class Identity:
    """Identity as a desk, a letter or a provider of identities establishes it."""

    name: str
    birth_date: date

    @property
    def hash(self) -> bytes:
        """Under the newest key, as a person is kept from now on."""
        return self.hashed()

    @property
    def hashes(self) -> list[bytes]:
        """Under every key, the newest first, then as names were folded before: a person keeps the hash of the day on
        which they were verified. At last those of names that print alike."""
        alike = (_compared(name, self.birth_date) for name in folding.printed_alike(normalised(self.name)))
        return [hashed for compared in dict.fromkeys((*self.compared, *alike))
                for hashed in keys.hashes(_PURPOSE, compared)]

    @property
    def compared(self) -> list[bytes]:
        """Name and day as they are hashed now and, where that differs, as they were before names were folded."""
        return [_compared(name, self.birth_date) for name in dict.fromkeys(
            (normalised(self.name), normalised_before(self.name)))]

    def hashed(self, key: int | None = None) -> bytes:
        return identity_hash(self.name, self.birth_date, key)

    def fits(self, person: Hashed) -> bool:
        """True if that person has this name and birthday."""
        return (hmac.compare_digest(person.identity_hash, self.hashed(person.key_id))
                or opened(person).compared[0] == self.compared[0])


def normalised(name: str) -> str:
    """The name as it is compared: folded, without dots and hyphens."""
    if folding.is_plain(name):
        return folding.folded(name)
    return folding.folded_name("".join(filter(_counts, unicodedata.normalize("NFKD", name))))


def normalised_before(name: str) -> str:
    """The same without folding, as of persons who were verified earlier."""
    if folding.is_plain(name):
        return folding.folded(name)
    for _again in range(4):
        name = "".join(filter(_counts, unicodedata.normalize("NFKC", unicodedata.normalize("NFD", name).casefold())))
    return name


def _counts(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" and character not in _DOTS_THAT_COUNT_AS_LETTERS


def identity_hash(name: str, birth_date: date, key: int | None = None) -> bytes:
    """Keyed hash of the normalised name and the ISO date: 32 bytes, useless without the keys directory."""
    return keys.keyed_hash(_PURPOSE, _compared(normalised(name), birth_date), key)


def hash_of(person: Hashed, key: int) -> bytes:
    """The hash of a verified person under this key, made as theirs was; what is sealed is read only where theirs is
    under another one."""
    if person.key_id == key:
        return person.identity_hash
    *now, last = opened(person).compared
    before = not now or keys.keyed_hash(_PURPOSE, last, person.key_id) == person.identity_hash
    return keys.keyed_hash(_PURPOSE, last if before else now[0], key)


def opened(person: Hashed) -> Identity:
    return Identity(keys.unseal(SEALED_NAME, person.name_sealed),
                    date.fromisoformat(keys.unseal(SEALED_BIRTH_DATE, person.birth_date_sealed)))


def _compared(folded: str, birth_date: date) -> bytes:
    return f"{folded}\n{birth_date.isoformat()}".encode()


def parsed_date(text: str) -> date | None:
    """`19490301`, `1949-03-01`, `1949. 3. 1.` or `1949년 3월 1일`; None for anything else."""
    digits = text.strip()
    if re.fullmatch(r"[0-9]{8}", digits):
        parts = [digits[:4], digits[4:6], digits[6:]]
    else:
        parts = [part for part in _SEPARATORS.split(digits) if part]
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts) or len(parts[0]) != 4:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def plausible(birth: date, day: date) -> bool:
    return birth <= day and age_on(birth, day) <= OLDEST
