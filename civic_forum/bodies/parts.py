"""Parts of bodies: what one is, a kind of seats, and somebody who takes one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import SelectChoice, SelectField

from civic_forum.blocks.part_files import Entry
from civic_forum.blocks.parts import (Day, Number, OneOf, Part, PartField, Tick, Translation, Translations, line,
                                      paragraphs, said_by)
from civic_forum.blocks.seats import MemberFunction, SeatSide, SeatWay, VOTING
from civic_forum.district import queries as district
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l

from . import labels, queries, rules
from .rules import BodyAccess, BodyKind, QuorumShare


@dataclass(frozen=True, kw_only=True)
class EntryField(PartField):
    """One of some entries, or none where the field is `optional`. A page may offer more."""

    entries: Callable[[], Mapping[Any, object]] = dict
    macro = "select"

    def controls(self, name: str) -> dict[str, Any]:
        return {name: SelectField(self.label, validate_choice=False)}

    def prepare(self, form: Any, name: str) -> None:
        none = [SelectChoice("", _("없음"))] if self.optional else []
        form[name].choices = [*none, *(SelectChoice(str(key), words) for key, words in self.entries().items())]

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {name: str(getattr(record, name) or "")}

    def read(self, form: Any, name: str) -> Any:
        typed = form[name].data or ""
        if typed not in {choice.value for choice in form[name].choices}:
            raise Refusal(_("목록에 있는 것을 골라 주세요."), field=name)
        return int(typed) if typed.isdecimal() else typed or None

    def of_file(self, entry: Entry, key: str) -> int | None:
        return entry.number(key)


def _days(label: Any, hint: Any, **options: Any) -> Any:
    return said_by(Number(label=label, hint=hint, most=90, empty=0, **options))


@dataclass(frozen=True, kw_only=True)
class BodyFacts(Part):
    """Facts of a body: what it is, decides and shows."""

    name: str = line(_l("이름"), 100, needed=True)
    kind: BodyKind = said_by(OneOf(label=_l("어떤 곳인가요"), of=BodyKind, labels=labels.KIND, needed=True,
                                 attrs={"columns": 2}))
    parent_id: int | None = said_by(EntryField(label=_l("어디에 속하나요"), optional=True, entries=queries.names), None)
    neighbourhood_id: int | None = said_by(EntryField(
        label=_l("동"), optional=True, entries=district.open_neighbourhood_names), None)
    department_id: int | None = said_by(EntryField(
        label=_l("담당 부서"), optional=True,
        entries=lambda: {department.id: department.name for department in district.departments()}), None)
    mandate: str = paragraphs(_l("하는 일"), 500, 3, needed=True, hint=_l("무엇을 정하는지 한두 문장으로 적어요."))
    basis: str = line(_l("근거"), 200, needed=True, hint=_l("예: 주민자치회 조례 제5조"))
    access: BodyAccess = said_by(OneOf(label=_l("누가 볼 수 있나요"), of=BodyAccess, labels=labels.ACCESS, needed=True,
                                     attrs={"columns": 2}))
    access_reason: str | None = line(_l("모두 공개하지 않는 이유"), 300, empty=None, optional=True,
                                     hint=_l("공개가 아니면 꼭 적어요. 비공개이면 법의 조문을 적어요."))
    term_months: int | None = said_by(Number(label=_l("임기(달)"), least=1, most=120, optional=True, paired=True), None)
    notice_days: int = _days(_l("며칠 앞서 알리나요"), None, paired=True)
    minutes_days: int = _days(_l("회의록은 며칠 안에 싣나요"), None)
    quorum_share: QuorumShare = said_by(OneOf(
        label=_l("모이려면 얼마나 와야 하나요"), of=QuorumShare, labels=labels.SHARE, needed=True,
        attrs={"columns": 2}))
    quorum_of: str = said_by(EntryField(label=_l("누구 가운데서 세나요"), entries=lambda: labels.COUNTED), VOTING)
    begins: date = said_by(Day(label=_l("첫날"), needed=True, paired=True))
    ends: date | None = said_by(Day(label=_l("마지막 날"), optional=True), None)
    texts: dict[str, object] = said_by(Translations(label=_l("다른 언어로 적은 글"), of={
        "name": Translation(_l("이름"), 100), "mandate": Translation(_l("하는 일"), 500, 3),
        "basis": Translation(_l("근거"), 200), "access_reason": Translation(_l("이유"), 300)}), {})

    def check(self) -> None:
        """Raises Refusal also for a body that is not open and does not say why, and one that ends before it begins."""
        super().check()
        if self.access is not BodyAccess.OPEN and not self.access_reason:
            raise Refusal(_("모두 공개하지 않는 이유를 적어 주세요."), field="access_reason")
        if self.ends is not None and self.ends < self.begins:
            raise Refusal(_("마지막 날이 첫날보다 빨라요."), field="ends")


@dataclass(frozen=True, kw_only=True)
class SeatFacts(Part):
    """A kind of seats."""

    name: str = line(_l("자리 이름"), 60, needed=True, hint=_l("이름을 싣지 않는 위원은 이 이름으로 보여요. 예: 민간 위원"))
    number: int = said_by(Number(label=_l("몇 자리인가요"), most=rules.MOST_SEATS, needed=True, empty=0))
    side: SeatSide = said_by(OneOf(label=_l("누구의 자리인가요"), of=SeatSide, labels=labels.SIDE, needed=True,
                                 attrs={"columns": 2}))
    way: SeatWay = said_by(OneOf(label=_l("어떻게 채우나요"), of=SeatWay, labels=labels.WAY, needed=True,
                               attrs={"columns": 2}))
    votes: bool = said_by(Tick(label=_l("표결권이 있어요")), False)
    at_most: bool = said_by(Tick(label=_l("이 수까지 둘 수 있어요")), False)
    texts: dict[str, object] = said_by(Translations(
        label=_l("다른 언어로 적은 글"), of={"name": Translation(_l("이름"), 60)}), {})


@dataclass(frozen=True, kw_only=True)
class Appointment(Part):
    """Somebody who takes a seat: an account by its sign-in name, or a name or post alone."""

    seat: str = said_by(EntryField(label=_l("어느 자리")))
    sign_in_name: str = line(_l("로그인 이름"), 60, optional=True, public=False,
                             hint=_l("이 누리집의 회원이면 적어요. 그러면 본인에게 알리고, 이름을 실을지는 본인이 정해요."))
    name: str = line(_l("이름이나 직위"), 60, optional=True, hint=_l("회원이 아니면 적어요. 비워 두면 자리 이름으로만 보여요."))
    consent: bool = said_by(Tick(label=_l("이름을 싣는 데 동의했어요")), False)
    function: MemberFunction | None = said_by(EntryField(
        label=_l("직책"), optional=True, entries=lambda: labels.FUNCTION), None)
    way: SeatWay = said_by(EntryField(label=_l("어떻게 왔나요"), entries=lambda: labels.WAY))
    begins: date = said_by(Day(label=_l("임기 첫날"), needed=True, paired=True))
    until: date | None = said_by(Day(label=_l("임기 마지막 날"), optional=True, hint=_l("직위를 맡은 동안이면 비워 두어요.")), None)
