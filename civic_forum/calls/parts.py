"""Parts of a call: what it is for, when, who may apply, how is chosen, how much there is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from civic_forum.blocks.parts import Day, Moment, Number, OneOf, Part, Tick, line, paragraphs, said_by
from civic_forum.blocks.questions import Lines, lines_of
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.parts import EntryField
from civic_forum.district.parts import department_field
from civic_forum.forums import queries as forums
from civic_forum.forums.kinds import PICKED
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l, won
from civic_forum.polls.parts import Joined

from . import labels, queries, rules
from .rules import Applicants, CallKind, ScoresShown


@dataclass(frozen=True, kw_only=True)
class Rows(Lines):
    """Rows of a text and whole numbers, each on a line with commas between; the last number is never 0."""

    keys: tuple[str, ...]
    text_most: int
    digits: int
    wrong: Any

    def value(self, record: Any, name: str) -> str:
        return "\n".join(", ".join(str(row[key]) for key in self.keys) for row in getattr(record, name))

    def shown(self, value: Any) -> str:
        units: dict[str, Callable[[Any], str]] = {
            "won": won, "count": lambda count: _("%(count)s개", count=count),
            "points": lambda points: _("%(points)s점", points=points)}
        return " · ".join(" ".join(str(units.get(key, str)(row[key])) for key in self.keys) for row in value)

    def check(self, name: str, value: str) -> None:
        super().check(name, value)
        self._rows(name, value)

    def write(self, record: Any, name: str, value: str) -> None:
        setattr(record, name, self._rows(name, value))

    def _rows(self, name: str, typed: str) -> list[dict[str, Any]]:
        """As the call keeps them. Raises Refusal for a line that is not a text and its numbers."""
        rows = []
        for each in lines_of(typed):
            words, *rest = each.rsplit(",", len(self.keys) - 1)
            numbers = [plain_text.number(word.strip(), digits=self.digits) for word in rest]
            row = dict(zip(self.keys, (text := plain_text.clean(words), *numbers), strict=False))
            is_whole = text and len(text) <= self.text_most and len(row) == len(self.keys) and None not in numbers
            if not is_whole or not numbers[-1] or text in (other[self.keys[0]] for other in rows):
                raise Refusal(str(self.wrong), field=name)
            rows.append(row)
        return rows


class Lots(Lines):
    """Lots one after another: name, places, whom it is for; groups with bounds behind semicolons."""

    def value(self, record: Any, name: str) -> str:
        return "\n".join("; ".join((
            ", ".join((lot["name"], str(lot["places"]), *(["/".join(lot["who"])] if lot["who"] else []))),
            *(f"{'/'.join(group['who'])} {group['least']}~{group['most']}" for group in lot["groups"])))
            for lot in getattr(record, name))

    def shown(self, value: Any) -> str:
        return ", ".join(f"{lot['name']} {lot['places']}" for lot in value)

    def check(self, name: str, value: str) -> None:
        super().check(name, value)
        lots_of(value)

    def write(self, record: Any, name: str, value: str) -> None:
        setattr(record, name, lots_of(value))


def lots_of(typed: str) -> list[dict[str, Any]]:
    """Lots as the call keeps them. Raises Refusal for a line that is none."""
    return [_lot(line) for line in lines_of(typed)]


def _lot(line: str) -> dict[str, Any]:
    head, *groups = (plain_text.clean(each) for each in line.split(";"))
    name, places, who = (*map(plain_text.clean, head.split(",", 2)), "", "")[:3]
    bounds = [re.fullmatch(r"(.+?) (\d{1,4})~(\d{1,4})", group) for group in groups]
    if not name or not (number := plain_text.number(places, digits=4)) or not all(bounds):
        raise Refusal(_("줄마다 이름과 자리 수를 쉼표로 나눠 적어 주세요. 예: 먼저 자리, 5, 처음이에요"), field="lots")
    return {"name": name, "places": number, "who": _options(who), "groups": [
        {"who": _options(bound[1]), "least": int(bound[2]), "most": int(bound[3])} for bound in bounds if bound]}


def _options(typed: str) -> list[str]:
    return [word for each in typed.split("/") if (word := plain_text.clean(each))]


def _forum_id(slug: str) -> int:
    forum = forums.slugged(slug)
    if forum is None or forum.announced_at is None:
        raise Refusal(_("알린 공론장 가운데 골라 주세요."), field="briefing_slug")
    return forum.id


def _count(label: Any, most: int, **options: Any) -> Any:
    return said_by(Number(label=label, most=most, optional=True, **options), options.get("empty"))


@dataclass(frozen=True)
class Wording(Part):
    """Purpose of a call, and who holds it."""

    title: str = line(_l("제목"), rules.TITLE_MOST, needed=True, on_card=False)
    kind: CallKind = said_by(OneOf(label=_l("무엇을 모으나요"), of=CallKind, labels=labels.KIND, needed=True,
                                   attrs={"columns": 2}))
    department_id: int | None = said_by(department_field(_l("여는 부서")), None)
    text: str = paragraphs(_l("왜 모으나요"), rules.TEXT_MOST, 4, hint=_l("첫 문장만 읽어도 무엇을 하는 것인지 알 수 있게 적어요."))
    themes: str = said_by(Lines(label=_l("주제"), most=rules.MOST_THEMES * (rules.THEME_MOST + 1), rows=3, optional=True,
                                lines=rules.MOST_THEMES, longest=rules.THEME_MOST,
                                hint=_l("한 줄에 하나씩 적어요. 없으면 비워요.")), "")
    elsewhere: str = paragraphs(_l("돈은 어디에서 다루나요"), rules.ELSEWHERE_MOST, 2, optional=True, hint=_l(
        "교부와 정산을 하는 곳을 적어요. 이 누리집에서는 돈을 주고받지 않아요."))


@dataclass(frozen=True)
class Times(Part):
    """Days of a call."""

    opens_at: datetime | None = said_by(Moment(label=_l("신청 시작"), needed=True, paired=True))
    closes_at: datetime | None = said_by(Moment(label=_l("신청 마감"), ends=True, needed=True, hint=_l(
        "이때부터는 1초가 늦어도 받지 않아요.")))
    briefing_slug: str | None = said_by(Joined(label=_l("설명회"), pickable=PICKED, column="briefing_id",
                                               id_of=_forum_id, optional=True, on_card=False), None)

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        return [*super().card(record), (_("설명회"), record.briefing.title if record.briefing else "–")]

    def check(self) -> None:
        """Raises Refusal at the end."""
        super().check()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise Refusal(_("마감은 시작보다 뒤여야 해요."), field="closes_at")


@dataclass(frozen=True)
class Eligible(Part):
    """People who may apply."""

    applicants: Applicants = said_by(OneOf(label=_l("누가 신청하나요"), of=Applicants, labels=labels.APPLICANTS,
                                           needed=True))
    least_people: int | None = _count(_l("모임은 몇 명부터인가요"), 1_000, least=2)
    least_age: int | None = _count(_l("몇 살부터인가요"), 120, least=14, paired=True)
    most_age: int | None = _count(_l("몇 살까지인가요"), 120, least=14)
    residents_only: bool = said_by(Tick(label=_l("구에 살거나 일하거나 다니는 사람만 신청해요")), False)
    verified_only: bool = said_by(Tick(label=_l("구민으로 확인된 사람만 신청해요")), False)
    course_id: int | None = said_by(EntryField(label=_l("먼저 들어야 하는 교육"), optional=True, entries=queries.courses,
                                               on_card=False), None)
    course_hours: int | None = _count(_l("그 교육을 몇 시간 들어야 하나요"), rules.MOST_HOURS, least=1)
    who_else: str = paragraphs(_l("그 밖의 조건"), 300, 2, optional=True, hint=_l("부서가 신청서를 보고 확인해요."))
    most_each: int = said_by(Number(label=_l("한 사람이 몇 개까지 내나요"), least=1, most=20, empty=1, optional=True), 1)

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        course = [(_("먼저 들어야 하는 교육"), record.course.title)] if record.course else []
        return [*super().card(record), *course]


@dataclass(frozen=True)
class Choosing(Part):
    """Steps in which is chosen, and by which points."""

    has_review: bool = said_by(Tick(label=_l("부서가 할 수 있는 일인지 검토해요")), False)
    has_scores: bool = said_by(Tick(label=_l("위원회가 점수를 매겨요")), False)
    has_lot: bool = said_by(Tick(label=_l("추첨해요")), False)
    lots: str = said_by(Lots(label=_l("추첨 차례"), rows=4, optional=True, hint=_l(
        "한 줄에 하나씩, 이름과 자리 수, 들어가는 사람의 답을 쉼표로 나눠요. 적어도와 많아야는 뒤에 붙여요. 예: 모두의 자리, 35; 여 10~25. "
        "비우면 한 번에 뽑아요."), most=rules.MOST_LOTS * (rules.LOT_MOST + 1), lines=rules.MOST_LOTS,
        longest=rules.LOT_MOST), "")
    body_id: int | None = said_by(EntryField(label=_l("심사하는 위원회"), optional=True, entries=bodies.names,
                                                 on_card=False), None)
    criteria: str = said_by(Rows(label=_l("점수를 매기는 기준"), rows=6, optional=True, hint=_l(
        "한 줄에 하나씩, 무엇을 보는지와 점수를 쉼표로 나눠요. 예: 문제를 잘 아는가, 30"), keys=("text", "points"), digits=3,
        text_most=rules.CRITERION_MOST, wrong=_l("줄마다 무엇을 보는지와 점수를 쉼표로 나눠 적어 주세요. 예: 문제를 잘 아는가, 30"),
        most=rules.MOST_CRITERIA * (rules.CRITERION_MOST + 5), lines=rules.MOST_CRITERIA,
        longest=rules.CRITERION_MOST + 5), "")
    least_points: int | None = _count(_l("가장 적어도 몇 점인가요"), 10_000, least=1)
    scores_until: date | None = said_by(Day(label=_l("점수를 매기는 마지막 날"), optional=True), None)
    scores_shown: ScoresShown = said_by(OneOf(label=_l("점수를 어떻게 보여 주나요"), of=ScoresShown, labels=labels.SHOWN,
                                              needed=True), ScoresShown.MEAN)

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        return [*super().card(record), (_("심사하는 위원회"), record.body.title if record.body else "–")]


@dataclass(frozen=True)
class Amounts(Part):
    """Number of those chosen, and money for them."""

    places: int | None = _count(_l("몇을 뽑나요"), 10_000, least=1, paired=True)
    hours: int | None = _count(_l("몇 시간을 마치나요"), rules.MOST_HOURS, least=1, hint=_l(
        "교육에만 적어요. 이만큼 나온 사람이 마침 쪽지를 받아요."))
    reserves: int = _count(_l("예비는 몇인가요"), 1_000, empty=0)
    budget: int | None = _count(_l("모두 얼마인가요(원)"), 10**12, least=1, won=True, paired=True)
    most_won: int | None = _count(_l("한 곳에 많아야 얼마인가요(원)"), 10**12, least=1, won=True)
    filled_id: int | None = said_by(EntryField(label=_l("어느 위원회의 자리인가요"), optional=True, entries=bodies.names,
                                               on_card=False, hint=_l("위원 모집이면 정해요.")), None)
    prizes: str = said_by(Rows(
        label=_l("상"), rows=4, optional=True, keys=("name", "won", "count"), digits=9, text_most=rules.PRIZE_MOST,
        most=rules.MOST_PRIZES * (rules.PRIZE_MOST + 25), lines=rules.MOST_PRIZES, longest=rules.PRIZE_MOST + 24,
        hint=_l("포상에만 적어요. 높은 상부터 한 줄에 하나씩, 이름과 상금(원)과 몇 개인지를 쉼표로 나눠요. 예: 최우수, 1000000, 1"),
        wrong=_l("줄마다 상의 이름, 상금(원), 개수를 쉼표로 나눠 적어 주세요. 예: 최우수, 1000000, 1")), "")
    prizes_move: bool = said_by(Tick(label=_l("상이 비면 다음 점수로 옮겨 가요")), False)

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        filled = [(_("어느 위원회의 자리인가요"), record.filled.title)] if record.filled else []
        return [*super().card(record), *filled]


PARTS: dict[str, type[Part]] = {"wording": Wording, "times": Times, "eligible": Eligible, "choosing": Choosing,
                                "amounts": Amounts}
"""The pages of the desk."""
NAMES = {"wording": _l("무엇을 모으나요"), "times": _l("때와 설명회"), "eligible": _l("누가 신청하나요"), "choosing": _l("어떻게 뽑나요"),
         "amounts": _l("몇을, 얼마나")}
FIRST = ((Wording, ("title", "kind", "department_id")), (Eligible, ("applicants",)))
"""The little that a call begins with."""
