"""Korean particles (조사): which endings of a word may be taken off to look for its stem."""

from itertools import product

RIEUL = 8
"""Number of the final consonant ㄹ in the arithmetic of Hangul syllables."""

# A particle is written after a consonant / after a vowel; one form alone fits both.
_OF_PLACE_AND_MANNER = (
    "에", "에서", "에서부터", "에게", "에게서", "께", "께서", "한테", "한테서", "까지", "부터", "마다", "만", "만으로",
    "처럼", "보다", "밖에", "만큼", "대로", "조차", "마저", "하고", "으로/로", "으로서/로서", "으로써/로써",
    "으로부터/로부터", "과/와", "이랑/랑")
_LAST = (
    "은/는", "이/가", "을/를", "의", "도", "만", "이나/나", "이라도/라도", "이든/든", "이며/며", "이란/란", "이라는/라는",
    "이라고/라고", "이야/야", "뿐", "까지", "부터", "만은", "만이", "만을", "만의")
PLURAL = "들"


def final_consonant(character: str) -> int | None:
    """0 for a syllable that ends in a vowel, None for what is not a Hangul syllable."""
    return (ord(character) - 0xAC00) % 28 if "가" <= character <= "힣" else None


def fits(form: str, after_consonant: bool | None, word: str) -> bool:
    """May `form` be written after `word`? Of 환경평가 the 가 is no particle, since 평 ends in a consonant."""
    final = final_consonant(word[-1])
    if after_consonant is None or final is None:
        return True
    if final == RIEUL and form.startswith("로"):
        return True
    return after_consonant == (final != 0 and not (final == RIEUL and form.startswith("으로")))


def forms(particle: str) -> list[tuple[str, bool | None]]:
    """Each form of a particle with whether it stands after a consonant (None: after anything)."""
    consonant, _, vowel = particle.partition("/")
    return [(consonant, True), (vowel, False)] if vowel else [(consonant, None)]


def attached(word: str, particle: str) -> str:
    """`word` with the form of `particle` that fits it: 주차장 + 을/를 = 주차장을."""
    return word + next(form for form, after in forms(particle) if fits(form, after, word))


_PAIRS = tuple(
    "/".join(attached(form, last) for form, _ in forms(first)) for first, last in product(_OF_PLACE_AND_MANNER, _LAST))
_SINGULAR = tuple(dict.fromkeys((*_OF_PLACE_AND_MANNER, *_LAST, *_PAIRS)))
PARTICLES = (*_SINGULAR, PLURAL, *(attached(PLURAL, particle) for particle in _SINGULAR))
"""Every particle and pair of particles that is known, in the form 을/를; also after the plural 들."""

_ENDINGS = {form: after for particle in PARTICLES for form, after in forms(particle)}
_LONGEST = max(map(len, _ENDINGS))

KEPT = frozenset({"어린이", "젊은이", "늙은이", "지하도", "만족도", "제주도", "경기도", "강원도"})
"""Everyday nouns that only look like a noun with a particle."""


def stems(word: str) -> list[str]:
    """Stems that may be left of `word` without its particle, shortest first; empty if it seems to have none."""
    if word in KEPT:
        return []
    cuts = range(max(1, len(word) - _LONGEST), len(word))
    return [word[:cut] for cut in cuts if word[cut:] in _ENDINGS and fits(word[cut:], _ENDINGS[word[cut:]], word[:cut])]
