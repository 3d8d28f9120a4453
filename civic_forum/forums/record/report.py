"""A pasted report of a meeting, cut into rows by its headings. Pure.

Nothing is left out: the lines of all rows, one behind the other, are the report again.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

LONGEST = 2_000
"""Characters of one line that are looked at."""


class Part(StrEnum):
    """Meaning of a row."""

    HEAD = "head"
    HEADING = "heading"
    ITEM = "item"
    OPINION = "opinion"
    RESULT = "result"
    TEXT = "text"
    """Not understood."""


KINDS = {"election": "선거|선출|호선", "decision": "결정|의결|심의|승인|변경|[개제]정 ?\\(?안?\\)?(?:의|$)",
         "report": "(?:보고|공유)(?:의|[^가-힣]|$)", "discussion": "논의|토의|토론|협의|수렴"}
"""Kind of an item → words of its title."""
OUTCOMES = {"rejected": "부결|불승인|기각", "postponed": "보류|재논의|계속심사", "carried": "가결|통과|채택|원안의결|원안승인",
            "agreed": "[이異]견없음|이의없음|만장일치", "reported": "보고(?:를?받음|로갈음|청취)|접수"}
"""Outcome of an item → words; of several that one row names the first holds."""
_DENIED = re.compile("(?:가결|통과|채택|부결|보류)(?:되지|하지|안됨|없이)|이견있음|(?:가결|부결|보류)여부")
_DECIDED = f"(?:대로|안)?(?:{'|'.join(OUTCOMES.values())})(?:함|됨|하다|되다)?"
_OUTCOME = re.compile(f"(?:원안|수정)?{_DECIDED}[.]?(?:\\(.*\\))?")
_PLAIN = re.compile(f"(?:원안)?{_DECIDED}|(?:찬성|반대|기권):?\\d+[명표]?|[\\W_]+")
"""Words of a result that outcome and votes say as well."""
_FACTS = {"일시": "day", "날짜": "day", "회의일시": "day", "장소": "place", "회의장소": "place"} | \
    dict.fromkeys(("참석자", "참여자", "참석", "참석인원", "출석", "출석위원", "참석위원", "출석인원"), "came")
_LABELS = dict.fromkeys(("회의결과", "결과", "심의결과", "논의결과", "의결결과", "결정", "결정사항", "의결", "결론"), Part.RESULT) | \
    dict.fromkeys(("주요의견", "의견", "위원의견", "논의내용", "논의사항", "토의내용", "질의", "질의응답", "발언"), Part.OPINION) | \
    dict.fromkeys(("보고", "보고내용", "변경내용", "내용", "주요내용", "설명", "제안설명", "제안이유", "현황"), Part.ITEM)
_CONTENT = re.compile("(?:주요)?(?:회의|논의|심의|토의|협의|안건)(?:및(?:회의|논의|심의|처리))?(?:내용|사항|결과|안건)?")
_OVERVIEW = re.compile("(?:회의|개최|행사)?개요")
_OTHER = re.compile("(?:향후|추진|차기|다음|기타|행정|회의사진|사진|붙임|첨부|별첨)[가-힣0-9]{0,12}|끝")
_ENCLOSED = re.compile(r"(?:붙임|별첨|첨부)(?: ?[\d:]|$)")
_MARK = re.compile(
    r"(?:[□■◆◇▣○●◎❍] ?)?[\[【<(]?(?P<item>(?:안건|의안) ?(?:제 ?)?\d{1,3} ?호?|제 ?\d{1,3} ?호(?: ?(?:안건|의안))?)"
    r"(?![가-힣\d])[\]】>)]? ?[.):]? ?"
    r"|(?P<box>[□■◆◇▣]) ?|(?P<roman>[IVX]{1,4})(?:\. ?| )|(?P<hanja>[一二三四五六七八九十]{1,3}) ?[.)、] ?"
    r"|(?P<bracket>\((?:\d{1,3}|[가-하])\)) ?|(?P<number>\d{1,3})[.)](?! ?\d{1,2}\.) ?"
    r"|(?P<letter>[가나다라마바사아자차카타파하])[.)] ?|(?P<bullet>[○●◦◎•▸▶❍※⇒→➡] ?|[o·*–—] |-(?!\d) ?)")
_PAGE = re.compile(r"- ?\d{1,4} ?-|\d{1,4} ?/ ?\d{1,4}|[^\w\[【]*")
_SECTION = re.compile(r"[\[【]([^\[\]【】]{1,40})[\]】]")
_DAY = re.compile(r"(20\d\d)(?:\. ?|년 ?|-|/)(\d{1,2})(?:\. ?|월 ?|-|/)(\d{1,2})")
_CAME = re.compile(r"([가-힣]{1,12}) ?(?:\d{1,3} ?명 ?중 ?)?(\d{1,3}) ?명")
_VOTES = re.compile(r"(찬성|반대|기권|무효) ?:? ?(\d{1,3})")
_SPEAKER = re.compile(r"(?:[가-힣]{1,4} ?)?(?:위원|의장|위원장|부위원장|분과장|팀장|과장|주무관)님? ?: ?")
_ALIKE = {ord("①") + number: f"({number + 1})" for number in range(20)} | str.maketrans("ㆍ│┃ㅇ", "·||○")
_NO_SEAT = re.compile("행정|공무원|팀장|주무관|직원|방청|간사|총|계")


@dataclass
class Row:
    """Lines that belong together."""

    part: Part
    lines: list[str]
    words: list[str]
    indent: int

    @property
    def text(self) -> str:
        """Its words without marks, breaks and the name of who spoke."""
        return " ".join(self.words)


@dataclass
class ReportItem:
    """An item of the meeting with its rows, the first of which is its title."""

    number: str
    section: str
    rows: list[Row]

    def of(self, part: Part) -> list[Row]:
        """Opinions, results, or what is reported."""
        return [row for row in self.rows[1:] if row.part is part]

    @property
    def kind(self) -> str:
        """By the word in brackets at its end, or else by a word of its title."""
        title = self.rows[0].text
        end = title.rpartition("(")[2] if title.endswith(")") else ""
        return next((kind for text in (end, title) for kind, words in KINDS.items() if re.search(words, text)), "")

    @property
    def result(self) -> tuple[str, dict[str, int]]:
        """Outcome, empty where none is named or one is denied, and votes; in a table they stand in the first row."""
        text = " ".join(row.text for row in self.rows if row.part is Part.RESULT or " | " in row.text)
        compact = "".join(text.split())
        known = (outcome for outcome, words in OUTCOMES.items() if re.search(words, compact))
        return ("" if _DENIED.search(compact) else next(known, "")), votes_in(text)

    @property
    def more(self) -> list[str]:
        """Results that say more than an outcome and votes: what was changed, until when something is put off."""
        return [row.text for row in self.of(Part.RESULT) if _PLAIN.sub("", "".join(row.text.split()))]


@dataclass
class Report:
    """A report as it was understood."""

    rows: list[Row] = field(default_factory=list)
    title: str = ""
    place: str = ""
    days: dict[str, date] = field(default_factory=dict)
    """By section; the only one has none."""
    came: dict[str, dict[str, int]] = field(default_factory=dict)
    """Section → group of people → number."""
    items: list[ReportItem] = field(default_factory=list)

    def contradictions(self) -> Iterator[tuple[str, ReportItem, int, int]]:
        """Items with what differs: `votes` of those who came and had a seat, `outcome` of ayes and noes."""
        for item in self.items:
            groups, (outcome, votes) = self.came.get(item.section) or self.came.get("", {}), item.result
            seats = sum(many for group, many in groups.items() if not _NO_SEAT.search(group))
            if votes and seats and sum(votes.values()) != seats:
                yield "votes", item, seats, sum(votes.values())
            ayes, noes = votes.get("찬성", 0), votes.get("반대", 0)
            if ayes > noes and outcome == "rejected" or ayes < noes and outcome == "carried":
                yield "outcome", item, ayes, noes


def read(text: str) -> Report:
    """The report in rows, in a time that grows with its length alone."""
    reader = _Reader()
    for line in text.splitlines(keepends=True):
        reader.take(line)
    return reader.report


def votes_in(text: str) -> dict[str, int]:
    return {word: int(many) for word, many in _VOTES.findall(text)}


def _labelled(words: str) -> tuple[str, str]:
    """The label before a colon, or that stands by itself or first; the words behind it."""
    label, _colon, rest = words.partition(":")
    compact, parts = "".join(label.split()), words.split(" ", 3)
    if compact in _LABELS or compact in _FACTS:
        return compact, rest.strip()
    first = next((count for count in (1, 2, 3) if "".join(parts[:count]) in _FACTS), 0)
    return "".join(parts[:first]), " ".join(parts[first:])


class _Reader:
    """Place in a report that is being read."""

    def __init__(self) -> None:
        self.report, self.zone = Report(), Part.HEAD
        self.zone_mark = self.zone_next = self.level = self.section = self.fact = self.number = ""
        self.indent = self.fact_indent = 0
        self.cells: list[str] = []
        self.label: Part | None = None
        self.item: ReportItem | None = None
        self.goes_on = False

    def take(self, line: str) -> None:
        known = unicodedata.normalize("NFKC", line[:LONGEST].translate(_ALIKE))[:LONGEST]
        words, rows, marked = " ".join(known.split()), self.report.rows, None
        self.indent = len(known.expandtabs(4)) - len(known.expandtabs(4).lstrip())
        self.cells = [" ".join(cell.split()) for cell in re.split(r"[|\t]", known.strip().strip("|"))]
        if not _PAGE.fullmatch(words):
            marked = _MARK.match(words)
        if rows and (not words or self.goes_on and not marked and self.indent > rows[-1].indent):
            self.goes_on = bool(words)
            rows[-1].lines.append(line)
            rows[-1].words += [words] if words else []
            return
        self.number = "".join(filter(str.isdecimal, marked[0])) or marked[0].strip(" .)、") if marked else ""
        part, text = self._part(marked.lastgroup or "" if marked else "", words[marked.end():] if marked else words)
        self.goes_on = part not in (Part.TEXT, Part.HEADING)
        rows.append(Row(part, [line], [text], self.indent))
        if part is Part.ITEM and self.item is None:
            self.item = ReportItem(self.number, self.section, [])
            self.report.items.append(self.item)
        if self.item is not None and part in (Part.ITEM, Part.OPINION, Part.RESULT):
            self.item.rows.append(rows[-1])

    def _part(self, mark: str, words: str) -> tuple[Part, str]:
        """Meaning of a line and the words that say it."""
        compact = "".join(words.split()) if len(words) < LONGEST else ""
        if (section := _SECTION.fullmatch(words)) and self.report.title:
            self.zone, self.section, self.item = Part.ITEM, section[1].strip(), None
            return Part.HEADING, words
        if _CONTENT.fullmatch(compact) and (self.zone is Part.HEAD or mark in ("roman", self.zone_mark)):
            self.zone, self.zone_mark, self.item = Part.ITEM, mark, None
            self.zone_next = str(int(self.number) + 1) if self.number.isdecimal() else ""
            return Part.HEADING, words
        if self.zone is Part.HEAD:
            return self._of_head(mark, words, compact)
        return (Part.TEXT, words) if self.zone is Part.TEXT else self._of_item(mark, words, compact)

    def _of_head(self, mark: str, words: str, compact: str) -> tuple[Part, str]:
        facts = [(_FACTS["".join(label.split())], text) for label, text in (*pairwise(self.cells), _labelled(words))
                 if "".join(label.split()) in _FACTS]
        for self.fact, text in facts:
            self.fact_indent = self.indent
            self._note(text)
        if facts:
            return Part.HEAD, words
        if _OVERVIEW.fullmatch(compact):
            return Part.HEADING, words
        if self.fact and mark == "bullet" and (self.indent > self.fact_indent or self.number == "※"):
            self._note(words)
            return Part.HEAD, words
        self.fact = ""
        if not self.report.title and not mark:
            self.report.title = words
            return Part.HEAD, words
        if mark not in ("", "bullet", "roman") and self.report.title:
            self.zone = Part.ITEM
            return self._of_item(mark, words, compact)
        return Part.TEXT, words

    def _of_item(self, mark: str, words: str, compact: str) -> tuple[Part, str]:
        in_table = len(self.cells) > 2 and self.cells[0].isdecimal()
        follows = mark == self.zone_mark and (not self.number.isdecimal() or self.number == self.zone_next)
        enclosed = _ENCLOSED.match(words)
        if mark and (follows or _OTHER.fullmatch(compact)) or enclosed:
            self.zone, self.item = Part.TEXT, None
            return Part.TEXT if enclosed else Part.HEADING, words
        if in_table or mark == "item" or mark not in ("", "bullet") and self.level in ("", mark):
            self.level, self.item, self.label = self.level if in_table else mark, None, None
            self.number = self.cells[0] if in_table else self.number
            return Part.ITEM, " | ".join(self.cells) if in_table else words
        if self.item is None:
            return Part.TEXT, words
        label, rest = _labelled(words)
        if part := _LABELS.get(label):
            self.label = None if rest and part is not Part.ITEM else part
            return (part, rest) if rest else (Part.HEADING, words)
        if self.number == "※":
            return Part.TEXT, words
        if self.number in ("⇒", "→", "➡") or len(compact) <= 40 and (_OUTCOME.fullmatch(compact) or votes_in(words)):
            return Part.RESULT, words
        speaker = _SPEAKER.match(words)
        if mark or speaker:
            return self.label or Part.OPINION, words[speaker.end():] if speaker else words
        return Part.TEXT, words

    def _note(self, words: str) -> None:
        """Keep a fact of the head, of all or of the section that stands before a colon."""
        label, colon, rest = words.partition(": ")
        section, rest = (label.strip(), rest) if colon and not re.search(r"\d", label) else ("", words)
        if self.fact == "place":
            self.report.place = self.report.place or words
        elif self.fact == "day" and (day := _DAY.search(rest)):
            with suppress(ValueError):
                self.report.days[section] = date(*map(int, day.groups()))
        elif self.fact == "came" and self.number != "※":
            alone = re.match(r"(\d{1,3}) ?명", rest)
            groups = {section: int(alone[1])} if alone else {of: int(many) for of, many in _CAME.findall(rest)}
            if groups:
                self.report.came.setdefault("" if alone else section, {}).update(groups)
