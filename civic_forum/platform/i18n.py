"""Korean first, other languages by choice; dates, money and particles as people write them."""

import gettext as catalogues
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask_babel import Babel
from flask_babel.speaklater import LazyString

from . import clock, periods
from .periods import Within

SEOUL = ZoneInfo("Asia/Seoul")
HANGUL, HAN = re.compile("[가-힣]"), re.compile("[\u4e00-\u9fff]")
IN_KOREAN = re.compile("[가-힣]+(?:[^가-힣\u4e00-\u9fffA-Za-z]+[가-힣]+)*")
"""Korean in a text in Chinese: names."""
PIECE = re.compile(r"(<[^<>]*>)([^<>]+)")
UNMARKED = re.compile(r"<(?:title|option|textarea|script|style)\b")
"""Elements whose text can have no element around it."""
CATALOGUES = Path(__file__).parents[1] / "translations"

babel = Babel()


class Language(StrEnum):
    """Languages of the pages: a line here and a catalogue below translations/ make one.

    Each has its code, its own name and its `lang` in HTML. What a catalogue does not have stands in Korean; easy Korean
    has only what it says otherwise.
    """

    KO = "ko", "한국어", "ko"
    EN = "en", "English", "en"
    ZH = "zh", "中文", "zh"
    EASY = "easy", "쉬운 한국어", "ko"

    label: str
    mark: str
    is_korean: bool
    suffix: str
    """Behind the name of a setting that has a value in each language."""

    def __new__(cls, code: str, label: str, mark: str) -> "Language":
        member = str.__new__(cls, code)
        member._value_, member.label, member.mark, member.is_korean = code, label, mark, mark == "ko"
        member.suffix = "" if member.is_korean else f"_{code.upper()}"
        return member


BY_CODE: dict[object, Language] = {str(words): words for words in Language}


def known(code: object) -> Language:
    """Language with this code; Korean for what is none."""
    return BY_CODE.get(code, Language.KO) if isinstance(code, str) else Language.KO


OTHERS = tuple(words for words in Language if not words.is_korean)
"""Languages of which names and texts have words of their own beside the Korean ones."""
WHOLE = (Language.KO, Language.EN, Language.EASY)
"""Languages in which every text of the site is there, and in which the district says what it decides."""
spoken: ContextVar[Language] = ContextVar("spoken", default=Language.KO)
"""Set at the beginning of a request and set back at its end."""


def whole_language() -> Language:
    """Language of this page for what is not made of single texts, or drawn with the font of the site: Korean in the
    place of one of which not every text is there."""
    return spoken.get() if spoken.get() in WHOLE else Language.KO


def language() -> Language:
    """The language of this page; Korean outside a request."""
    return spoken.get()


@cache
def _catalogue(words: Language) -> catalogues.NullTranslations:
    return catalogues.translation("messages", CATALOGUES, [words.value], fallback=True)


@contextmanager
def speaking(words: Language) -> Iterator[None]:
    """For what is not for the reader of this page: a letter is in the language of who gets it."""
    before = spoken.set(words)
    try:
        yield
    finally:
        spoken.reset(before)


OWN_WORDS: dict[str, Callable[[], str | None]] = {}
"""Texts of the site for which a district may have words of its own → those, in the language of the page."""


def in_words(text: str, /, **variables: object) -> str:
    """`gettext`, but Korean is the source and is looked up nowhere."""
    if text in OWN_WORDS and (own := OWN_WORDS[text]()):
        return own
    if (words := language()) is not Language.KO:
        text = _numbered(_catalogue(words).gettext(text), variables)
    return text % variables if variables else text


COUNTS = ("count", "number", "days", "all", "seen", "people")
"""Variables that decide between one and many, the first that a text has."""


def _numbered(words: str, variables: Mapping[str, object]) -> str:
    """Words for this number: a catalogue may have some for one and, behind ` || `, others for many."""
    singular, _mark, plural = words.partition(" || ")
    number = next((variables[name] for name in COUNTS if name in variables), None)
    return singular if not plural or str(number) == "1" else plural


def on_page(text: str, /, **variables: object) -> str:
    """Text for the `_` of templates: as `in_words`, and `%%` is always a per cent sign. The template escapes it."""
    if text in OWN_WORDS and (own := OWN_WORDS[text]()):
        return own
    words = spoken.get()
    return (text if words is Language.KO else _numbered(_catalogue(words).gettext(text), variables)) % variables


def later(text: str, **variables: object) -> LazyString:
    """A text that is put into words when it is shown."""
    return LazyString(in_words, text, **variables)


def _p(context: str, text: str) -> LazyString:
    """A text whose words in other languages are others in this context, put into words when it is shown."""
    return LazyString(lambda: _catalogue(language()).pgettext(context, text))


def is_korean_among_others(text: str) -> bool:
    """True if it has to be marked as Korean, so that a page in another language is read aloud as it should be."""
    return not spoken.get().is_korean and HANGUL.search(text) is not None and not (
        spoken.get() not in WHOLE and HAN.search(text))  # of such a page `marked` marks what is Korean


def marked(page: str) -> str:
    """A page in another language with every text in Korean marked as such, also where no template knew of it."""

    def with_mark(piece: re.Match[str]) -> str:
        tag, text = piece.groups()
        if not HANGUL.search(text) or UNMARKED.match(tag) or ' lang="ko"' in tag:
            return piece[0]
        return tag + IN_KOREAN.sub(r'<span lang="ko">\g<0></span>', text) if HAN.search(
            text) else f'{tag}<span lang="ko">{text}</span>'

    return PIECE.sub(with_mark, page)


_ = in_words
_l = later


def in_plural_words(singular: str, plural: str, number: int) -> str:
    """Text with a number, for templates; they fill it in themselves."""
    return _catalogue(language()).ngettext(singular, plural, number)


def _n(singular: str, plural: str, number: int, **variables: object) -> str:
    """A text about a number, which stands in it as `%(num)s`."""
    return in_plural_words(singular, plural, number) % ({"num": number} | variables)


def local(instant: datetime) -> datetime:
    return instant.astimezone(SEOUL)


def today() -> date:
    """Day of the district."""
    return local(clock.now()).date()


def end_of(last: date) -> datetime:
    """The first moment of the next day, as days are counted in the district."""
    return datetime.combine(last + timedelta(days=1), time(), SEOUL)


def day(instant: datetime | date, *, year: bool = True) -> str:
    """`2026. 11. 20.(금)`, without the year where it goes without saying. A date is a day as it is."""
    return _day(instant, year, language())


def by_when(text: str) -> str:
    """A period by which something is promised; words of before there were periods are said as they were written."""
    known = periods.read(text)
    if known is None:
        return _("%(words)s (적힌 대로)", words=text)
    on, within = known
    if within is Within.DAY:
        return _("%(day)s까지", day=day(on))
    if within is Within.MONTH:
        return _("%(year)s년 %(month)s월까지", year=on.year, month=on.month)
    if within is Within.QUARTER:
        return _("%(year)s년 %(number)s분기까지", year=on.year, number=on.month // 3)
    return _("%(year)s년까지", year=on.year)


@lru_cache(maxsize=8192)
def _day(instant: datetime | date, year: bool, words: Language) -> str:
    at = local(instant) if isinstance(instant, datetime) else instant
    weekday = _("월 화 수 목 금 토 일").split()[at.weekday()]
    pattern = _("%(year)s. %(month)s. %(day)s.(%(weekday)s)") if year else _("%(month)s. %(day)s.(%(weekday)s)")
    return pattern % {"year": at.year, "month": month_of_day(at), "day": at.day, "weekday": weekday}


def month_of_day(on: date) -> str:
    """Its month as days are written: `11`, in English `Nov`."""
    return _("1 2 3 4 5 6 7 8 9 10 11 12").split()[on.month - 1]


def moment(instant: datetime, *, year: bool = True) -> str:
    """`2026. 11. 20.(금) 18:00`."""
    return _moment(instant, year, language())


@lru_cache(maxsize=8192)
def _moment(instant: datetime, year: bool, words: Language) -> str:
    return f"{_day(instant, year, words)} {local(instant):%H:%M}"


def last_day(end: datetime | date) -> date:
    """The day on which something can still be done that is over at this moment, or after this day."""
    return local(end - timedelta(microseconds=1)).date() if isinstance(end, datetime) else end


def end_day(end: datetime | date, *, year: bool = True) -> str:
    """`day`, of the last on which something can be done."""
    return _end_day(end, year, language())


@lru_cache(maxsize=8192)
def _end_day(end: datetime | date, year: bool, words: Language) -> str:
    return _day(last_day(end), year, words)


def end(instant: datetime, *, year: bool = True) -> str:
    """`moment` of an end; one at 00:00 is `2026. 12. 31.(목) 밤 12시`, of the day that it ends."""
    return _end(instant, year, language())


@lru_cache(maxsize=8192)
def _end(instant: datetime, year: bool, words: Language) -> str:
    if local(instant).time() != time():
        return _moment(instant, year, words)
    return _("%(day)s 밤 12시", day=_end_day(instant, year, words))


def end_time(instant: datetime) -> str:
    """`18:00`; an end at 00:00 is `24:00`."""
    return "24:00" if local(instant).time() == time() else f"{local(instant):%H:%M}"


def number(amount: int) -> str:
    """`1,800`."""
    return f"{amount:,}"


def won(amount: int) -> str:
    """`1억 1,800만 원`; under 10,000 `5,000원`; in English `₩118,000,000`."""
    if not language().is_korean:
        return _("%(amount)s원", amount=number(amount))
    hundreds, rest = divmod(amount, 10**8)
    tens, ones = divmod(rest, 10**4)
    parts = [f"{hundreds:,}억"] * bool(hundreds) + [f"{tens:,}만"] * bool(tens)
    if not parts:
        return f"{amount:,}원"
    return " ".join(parts) + (f" {ones:,}원" if ones else " 원")


def won_short(amount: float) -> str:
    """`1.9억`, `7,200만`, for a map; in English `₩190M`. What is less than a million is not rounded."""
    if amount < 10**6:
        return won(int(amount))
    if not language().is_korean:
        return _("%(amount)s백만 원", amount=number(round(amount / 10**6)))
    return f"{amount / 10**8:,.1f}".removesuffix(".0") + "억" if amount >= 10**8 else f"{amount / 10**4:,.0f}만"


_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def nth(place: int) -> str:
    """Word before `번째`: `첫`, `열두`, `스무`; from 100 on, and in other languages, the number."""
    if not language().is_korean or not 0 < place < 100:
        return str(place)
    special = {1: "첫", 20: "스무"}
    return special.get(place) or _TENS[place // 10] + _ONES[place % 10]


_DIGIT_ENDS_IN_CONSONANT = dict(zip("0123456789", (1, 1, 0, 1, 0, 0, 1, 1, 1, 0), strict=True))
_LATIN_ENDS_IN_CONSONANT = frozenset("lmnrLMNR")


def josa(word: str, pair: str) -> str:
    """The word with the particle that its last sound asks for: `josa("구청", "이/가")` is `구청이`."""
    with_consonant, without = pair.split("/")
    last = word.rstrip("\"'’”)」. ")[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - 0xAC00) % 28
        closed = bool(final) and not (with_consonant == "으로" and final == 8)
    elif last in _DIGIT_ENDS_IN_CONSONANT:
        closed = bool(_DIGIT_ENDS_IN_CONSONANT[last]) and not (with_consonant == "으로" and last in "178")
    else:
        closed = last in _LATIN_ENDS_IN_CONSONANT
    return word + (with_consonant if closed else without)
