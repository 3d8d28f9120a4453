"""Shapes of what the district decides: numbers, choices, names in several languages, lines, days."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString

from . import plain_text
from .errors import Refusal
from .i18n import WHOLE, Language, _, _l, day, language, number
from .settings import Shape, by_language, in_each

YES, NO = "yes", "no"
BLANK, TYPED_BLANK = re.compile(r"%\((\w+)\)s"), re.compile(r"\[(\w+)\]")
"""Place in a text of the site that is filled when it is told, as code and as people write it."""
MOST_LINES, LONGEST_LINE = 60, 300


def count(least: int, most: int, unit: object) -> Shape:
    """A whole number; `unit` says it, as `%(count)s명`."""

    def check(text: str, _words: Mapping[str, str]) -> int:
        typed = plain_text.number(plain_text.clean(text).replace(",", ""), digits=9)
        if typed is None or not least <= typed <= most:
            raise _wrong(_("%(least)s부터 %(most)s까지의 수로 적어 주세요.", least=number(least), most=number(most)))
        return typed

    return Shape(check=check, typed=str,
                 shown=lambda kept: str(unit) % {"count": number(kept)})


def choice(choices: Mapping[str, object], *, kept: Mapping[str, Any] | None = None) -> Shape:
    """One of these words; `kept`: what stands for each of them."""
    values = dict(kept or {name: name for name in choices})
    names = {of_name: name for name, of_name in values.items()}

    def check(text: str, _words: Mapping[str, str]) -> Any:
        if text not in choices:
            raise _wrong(_("하나를 골라 주세요."))
        return values[text]

    return Shape(check=check, typed=lambda value: names[value], shown=lambda value: str(choices[names[value]]),
                 choices=choices)


def switch(yes: object, no: object) -> Shape:
    return choice({YES: yes, NO: no}, kept={YES: True, NO: False})


def names(most: int) -> Shape:
    """A name in each language."""
    return Shape(check=lambda text, words: _lines_by_language(text, words, most), typed=by_language,
                 is_translated=True, read=by_language, shown=_in_words)


def sentence(most: int, text: LazyString) -> Shape:
    """A sentence in each language that may take the place of this one of the site, with the same blanks."""

    def check(korean: str, words: Mapping[str, str]) -> dict[str, str]:
        blanks = set(BLANK.findall(in_each(text)["ko"]))
        kept = _lines_by_language(korean, words, most)
        for code, each in kept.items():
            if "%" in each or set(TYPED_BLANK.findall(each)) != blanks:
                raise Refusal(_("%% 기호 없이, 채울 곳을 모두 그대로 적어 주세요: %(blanks)s", blanks=" ".join(
                    f"[{name}]" for name in sorted(blanks)) or _("없음")), field=field_of(code))
        return {code: TYPED_BLANK.sub(r"%(\1)s", each) for code, each in kept.items()}

    return Shape(check=check, is_translated=True, read=by_language, rows=2,
                 typed=lambda kept: {code: with_blanks(each) for code, each in by_language(kept).items()},
                 shown=lambda kept: with_blanks(_in_words(kept)),
                 hint=_l("대괄호 안은 알릴 때 채우니 그대로 두세요."))


def with_blanks(text: str) -> str:
    """A text of the site as people type it: its blanks in brackets."""
    return BLANK.sub(r"[\1]", text)


def typed_text(text: LazyString) -> LazyString:
    """The same of a text of the site, in the language of the page."""
    return LazyString(lambda: with_blanks(str(text)))


def prose(most: int, none: object) -> Shape:
    """A text in each language in Markdown, or none in any; `none` says what holds then."""

    def check(korean: str, words: Mapping[str, str]) -> dict[str, str]:
        kept = {code: plain_text.clean(text, lines=True) for code, text in ({"ko": korean} | dict(words)).items()}
        if any(len(each) > most or bool(each) != bool(kept["ko"]) and (each or code in WHOLE)
               for code, each in kept.items()):
            raise _wrong(_("한국어와 영어로 %(most)s자까지 적어 주세요. 둘 다 비우면 누리집의 글을 써요.", most=number(most)))
        return {code: each for code, each in kept.items() if each or code in WHOLE}

    return Shape(check=check, typed=by_language, is_translated=True, read=by_language, rows=18,
                 shown=lambda kept: _in_words(kept) or str(none),
                 hint=_l("굵게(**)와 목록(-)을 쓸 수 있어요. 비우면 누리집의 글을 써요."))


def line(most: int, *, cleaned: Callable[[str], str | None] = lambda text: text, refusal: object = "") -> Shape:
    """One line; `cleaned` gives None for what is `refusal`."""

    def check(text: str, _words: Mapping[str, str]) -> str:
        kept = cleaned(_line(text, 1, most))
        if kept is None:
            raise _wrong(str(refusal))
        return kept

    return Shape(check=check, typed=lambda kept: kept, shown=lambda kept: kept or _("아직 적지 않았어요"))


def lines() -> Shape:
    """A list, typed as one entry a line."""
    return Shape(check=lambda text, _words: _lines(text), typed="\n".join, read=tuple,
                 rows=6, shown=lambda kept: ", ".join(kept) or _("아직 적지 않았어요"))


def days() -> Shape:
    """Days, typed as 2026-06-02, one a line."""

    def check(text: str, _words: Mapping[str, str]) -> list[str]:
        try:
            return sorted({date.fromisoformat(typed).isoformat() for typed in _lines(text)})
        except ValueError:
            raise _wrong(_("한 줄에 하루씩 2026-06-02처럼 적어 주세요.")) from None

    return Shape(check=check, typed="\n".join, rows=6,
                 read=lambda kept: tuple(date.fromisoformat(each) for each in kept),
                 shown=lambda kept: ", ".join(day(date.fromisoformat(each)) for each in kept) or _("아직 적지 않았어요"))


def steps(names: Mapping[str, object], *, least: int, most: int, most_steps: int) -> Shape:
    """Steps in ascending order, typed as a number, one of these names and a number of days, one a line."""

    def check(text: str, _words: Mapping[str, str]) -> list[list[Any]]:
        words = {typed: name for name, label in names.items() for typed in (name, str(label).lower())}
        kept = [_step(row, words, least, most) for row in _lines(text)]
        if len(kept) > most_steps:
            raise _wrong(_("%(most)s단계까지 적어 주세요.", most=most_steps))
        if any(above[0] <= below[0] for below, above in zip(kept, kept[1:])):
            raise _wrong(_("공감이 적은 단계부터 차례로, 한 수에 한 번만 적어 주세요."))
        return kept

    return Shape(check=check, rows=4, read=tuple, typed=lambda kept: "\n".join(
                     f"{supports} {names[name]} {days}" for supports, name, days in kept),
                 hint=_l(
                     "한 줄에 한 단계씩 ‘100 공론장 30’처럼 공감 수, 하는 곳, 날을 적어 주세요. 하는 곳은 부서, 공론장, 구청장이에요."),
                 shown=lambda kept: " · ".join(
                     _("%(count)s명: %(who)s %(days)s일", count=number(supports), who=names[name], days=days)
                     for supports, name, days in kept) or _("단계가 없어요"))


def _step(row: str, words: Mapping[str, str], least: int, most: int) -> list[Any]:
    typed = row.lower().split()
    supports, days = (plain_text.number(part.replace(",", ""), digits=6) for part in (typed[0], typed[-1]))
    if len(typed) != 3 or typed[1] not in words or not least <= (supports or 0) <= most or not 1 <= (days or 0) <= 365:
        raise _wrong(_("“%(row)s” 줄은 ‘100 공론장 30’처럼, 공감 %(least)s명부터 %(most)s명까지, 1일부터 365일까지로 적어 주세요.",
                       row=row[:40], least=number(least), most=number(most)))
    return [supports, words[typed[1]], days]


SOURCES = ("source", *(f"source_{words}" for words in WHOLE if not words.is_korean))


def people(ages: tuple[str, ...]) -> Shape:
    """Numbers of residents by neighbourhood and age, typed as the two lines of the source, then a group and its number
    a line."""

    def check(text: str, _words: Mapping[str, str]) -> dict[str, Any]:
        *sources, rows = [*_lines(text)[:2], _lines(text)[2:]]
        counted = dict(_group(row) for row in rows)
        kept = {name: {group: people for group, people in counted.items() if (group in ages) is is_age}
                for name, is_age in (("neighbourhoods", False), ("ages", True))}
        if len(sources) < 2 or not all(kept.values()):
            raise _wrong(_("첫 줄에 출처, 둘째 줄에 영어 출처를 적고, 그 아래에 동과 나이대를 적어 주세요."))
        return dict(zip(SOURCES, sources, strict=True)) | kept

    def typed(kept: Mapping[str, Any]) -> str:
        counted = kept.get("neighbourhoods", {}) | kept.get("ages", {})
        rows = [f"{group} {people}" for group, people in counted.items()]
        return "\n".join([*(kept.get(name, "") for name in SOURCES if kept), *rows])

    return Shape(check=check, typed=typed, rows=18, shown=lambda kept: kept.get("source") or _("아직 적지 않았어요"))


def _group(row: str) -> tuple[str, int]:
    group, _space, typed = row.rpartition(" ")
    people = plain_text.number(typed.replace(",", ""), digits=9)
    if not group or not people:
        raise _wrong(_("“%(row)s” 줄은 동이나 나이대, 그리고 사람 수여야 해요.", row=row[:40]))
    return group, people


def _lines(text: str) -> list[str]:
    every = [plain_text.clean(each) for each in text.splitlines()]
    kept = [each for each in every if each]
    if len(kept) > MOST_LINES or any(len(each) > LONGEST_LINE for each in kept):
        raise _wrong(_("60줄까지, 한 줄에 300자까지 적어 주세요."))
    return kept


def field_of(code: str) -> str:
    """Field in which the text in this language is typed."""
    return "text" if code == Language.KO else f"text_{code}"


def _in_words(kept: Any) -> str:
    texts = by_language(kept)
    return texts.get(language()) or texts["ko"]


def _lines_by_language(korean: str, words: Mapping[str, str], most: int) -> dict[str, str]:
    """A line in each language; those of which not every text is there can do without."""
    lines = {code: _line(text, code in WHOLE, most, field=field_of(code))
             for code, text in ({"ko": korean} | dict(words)).items()}
    return {code: text for code, text in lines.items() if text}


def _line(text: str, least: int, most: int, field: str = "text") -> str:
    cleaned = plain_text.clean(text)
    if not least <= len(cleaned) <= most:
        raise Refusal(_("1자부터 %(most)s자까지 적어 주세요.", most=most), field=field)
    return cleaned


def _wrong(sentence: str) -> Refusal:
    return Refusal(sentence, field="text")


PEOPLE, DAYS = _l("%(count)s명"), _l("%(count)s일")
