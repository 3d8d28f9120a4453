"""Fields of parts that say who votes and when the roll is made, shared by everything that is put to the vote."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wtforms import SelectChoice, SelectField

from civic_forum.blocks.part_files import Entry, Unreadable
from civic_forum.blocks.parts import Day, Moment, Number, OneOf, PartField, Tick, line, said_by
from civic_forum.district import queries as district
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.forms import Checkboxes
from civic_forum.platform.i18n import _, _l, end, moment

from .labels import MISSED, QUORUM, ROLL_SOURCE
from .rolls import electorate
from .rules import quorums
from .rules.boxes import RollSource
from .rules.quorums import Missed, Quorum

LEAST_AGE, MOST_AGE = 14, 99
WHO = {"admits_residents": ("residents", "구민"), "admits_members": ("members", "생활권자")}
"""Column → its box in a form, and its name in a file."""
LABELS = {"residents": _l("구민(여기에 사는 사람)"), "members": _l("생활권자(여기에서 일하거나 학교에 다니는 사람)")}
CARD = {"admits_residents": _l("구민"), "admits_members": _l("생활권자")}


@dataclass(frozen=True, kw_only=True)
class AdmittedField(PartField):
    """Residents, members, or both: two columns, and one group of boxes that the first of them draws."""

    macro = "checkboxes"

    def controls(self, name: str) -> dict[str, Any]:
        return {"who": Checkboxes(self.label, validate_choice=False, choices=[
            SelectChoice(value, label) for value, label in LABELS.items()])}

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {"who": [value for column, (value, _file) in WHO.items() if getattr(record, column)]}

    def read(self, form: Any, name: str) -> bool:
        return WHO[name][0] in (form.who.data or ())

    def of_file(self, entry: Entry, key: str) -> bool:
        who = entry.texts("eligibility.who")
        if not who or not set(who) <= {file for _value, file in WHO.values()}:
            raise Unreadable("eligibility.who")
        return WHO[key][1] in who

    def keys(self, name: str) -> tuple[str, ...]:
        return ("eligibility.who",)

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        """The first of the two columns draws the boxes of both."""
        return [("who", self.macro, {"columns": 1})] if name == next(iter(WHO)) else []


@dataclass(frozen=True, kw_only=True)
class PlaceField(PartField):
    """One neighbourhood, or the whole district."""

    control: str = "neighbourhood"
    macro = "select"

    def controls(self, name: str) -> dict[str, Any]:
        return {self.control: SelectField(self.label, validate_choice=False)}

    def prepare(self, form: Any, name: str) -> None:
        form[self.control].choices = [SelectChoice("", _("구 전체")), *_choices((form[self.control].data,))]

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {self.control: str(getattr(record, name) or "")}

    def read(self, form: Any, name: str) -> int | None:
        place = form[self.control].data or ""
        if place not in {choice.value for choice in form[self.control].choices}:
            raise Refusal(_("동을 골라 주세요."), field=self.control)
        return int(place) if place else None

    def of_file(self, entry: Entry, key: str) -> int | None:
        place = entry.text_or_none(key)
        return named([place])[0] if place else None

    def check(self, name: str, value: int | None) -> None:
        _check_places([value] if value else (), self.control)

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        return [(self.control, self.macro, self._arguments())]


@dataclass(frozen=True, kw_only=True)
class PlacesField(PartField):
    """Some neighbourhoods by their ids; none of them is the whole district. The record has them as `attribute`."""

    attribute: str
    empty: tuple[int, ...] = ()
    attrs: Mapping[str, object] = field(default_factory=dict)
    macro = "checkboxes"

    def controls(self, name: str) -> dict[str, Any]:
        return {self.attribute: Checkboxes(self.label, validate_choice=False)}

    def prepare(self, form: Any, name: str) -> None:
        form[self.attribute].choices = _choices(form[self.attribute].data or ())

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {self.attribute: [str(place.id) for place in getattr(record, self.attribute)]}

    def value(self, record: Any, name: str) -> tuple[int, ...]:
        return tuple(place.id for place in getattr(record, self.attribute))

    def read(self, form: Any, name: str) -> tuple[int, ...]:
        places = form[self.attribute].data or []
        if not set(places) <= {choice.value for choice in form[self.attribute].choices}:
            raise Refusal(_("목록에 있는 동만 고를 수 있어요."), field=self.attribute)
        return tuple(int(place) for place in places)

    def of_file(self, entry: Entry, key: str) -> tuple[int, ...]:
        return tuple(named(entry.texts(key)))

    def check(self, name: str, value: tuple[int, ...]) -> None:
        _check_places(value, self.attribute)

    def write(self, record: Any, name: str, value: tuple[int, ...]) -> None:
        before = getattr(record, self.attribute)
        setattr(record, self.attribute, [place for place in district.neighbourhoods(closed=True)
                                         if place.id in value and (place.closed_at is None or place in before)])

    def columns(self, name: str) -> tuple[str, ...]:
        return (self.attribute,)

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        return [(self.attribute, self.macro, self._arguments())]


def _choices(chosen: Collection[str | None]) -> list[SelectChoice]:
    """The open ones, and a closed one that the record has."""
    return [SelectChoice(str(place.id), place.name) for place in district.neighbourhoods(closed=True)
            if place.closed_at is None or str(place.id) in chosen]


def _check_places(ids: Collection[int], control: str) -> None:
    if ids and not set(ids) <= {place.id for place in district.neighbourhoods(closed=True)}:
        raise Refusal(_("목록에 있는 동만 고를 수 있어요."), field=control)


def named(names: list[str]) -> list[int]:
    """Ids of neighbourhoods by their Korean names. Raises NotFound."""
    known = district.ids_by_name(district.neighbourhoods(closed=True))
    for name in names:
        if name not in known:
            raise NotFound(_("%(name)s: 이런 동이 없어요.", name=name))
    return [known[name] for name in names]


def admitted(default: bool) -> Any:
    return said_by(AdmittedField(label=_l("누가 투표하나요"), on_card=False), default)


def roll_source() -> Any:
    return said_by(OneOf(label=_l("명부를 만드는 방법"), of=RollSource, labels=ROLL_SOURCE, default=RollSource.VERIFIED,
                         key="eligibility.check", card=_l("명부")), RollSource.VERIFIED)


def min_age() -> Any:
    """On the closing day."""
    return said_by(Number(
        label=_l("나이(마감하는 날 기준)"), least=LEAST_AGE, most=MOST_AGE, optional=True,
        key="eligibility.min_age", card=_l("나이"), unset=_l("따로 없음"), shown_as=_l("마감하는 날 %(value)s세 이상"),
        hint=_l("14에서 99 사이의 숫자로 적어요. 비워 두면 나이를 따지지 않아요."),
        sentence=_l("나이는 14세에서 99세 사이로 적어 주세요. 14세보다 어린 사람은 회원이 될 수 없어요.")))


def roll_grows() -> Any:
    return said_by(Tick(label=_l("마감까지 주민 확인을 받은 사람도 투표해요"), on_card=False, key="eligibility.roll_grows", hint=_l(
        "명부를 정한 뒤에 확인받은 사람은 투표하러 올 때 명부에 더해요. 몇 명을 더했는지는 서명해서 기록에 남겨요.")), False)


def roll_grows_card(record: Any) -> tuple[str, str]:
    """Line of the card on who is added later."""
    return _("명부를 정한 뒤에 확인받은 사람"), _("투표하러 올 때 더해요") if record.roll_grows else _("더하지 않아요")


def check_roll_grows(part: Any) -> None:
    """Raises Refusal where every new account would be one more vote."""
    if part.roll_grows and part.roll_source is RollSource.DECLARED:
        raise Refusal(_("주민 확인을 받지 않은 사람도 넣는 명부에는 나중에 더할 수 없어요."), field="roll_grows")


def roll_fixed_on(**attributes: Any) -> Any:
    return said_by(Day(label=_l("명부를 정하는 날"), key="eligibility.roll_fixed_on", **attributes))


def roll_check_from() -> Any:
    return said_by(Moment(label=_l("명부 확인을 시작하는 때"), optional=True, paired=True, on_card=False, key="roll_check.from"))


def roll_check_to() -> Any:
    return said_by(Moment(
        label=_l("명부 확인이 끝나는 때"), ends=True, optional=True, on_card=False, key="roll_check.to"))


def sentence_card(votes: Iterable[Any]) -> tuple[str, str]:
    """Line of the card with what everybody reads, of each roll of these votes."""
    words = dict.fromkeys(filter(None, (electorate.of_vote(vote.box, vote.roll) for vote in votes)))
    return _("모두에게 보이는 말"), " / ".join(words) or _("명부를 정하는 날을 적으면 나와요")


def admitted_card(record: Any) -> tuple[str, str]:
    """Line of the card that says who is admitted."""
    return _("누구"), ", ".join(str(CARD[column]) for column in WHO if getattr(record, column)) or _("아직 적지 않았어요")


def roll_check_card(record: Any) -> tuple[str, str]:
    """Line of the card on the days for checking the roll."""
    first, last = record.roll_check_from, record.roll_check_to
    return _("명부 확인"), f"{moment(first)} – {end(last)}" if first and last else _("투표를 열 때까지")


def check_admitted(part: Any) -> None:
    """Raises Refusal where nobody votes."""
    if not part.admits_residents and not part.admits_members:
        raise Refusal(_("구민이나 생활권자 가운데 적어도 하나를 골라 주세요."), field="who")


def quorum() -> Any:
    return said_by(OneOf(label=_l("최소 참여 기준"), of=Quorum, labels=QUORUM, none=_l("없음"), key="quorum.kind"))


def quorum_value() -> Any:
    return said_by(Number(label=_l("기준이 되는 수"), optional=True, key="quorum.value"))


def residents(**attributes: Any) -> Any:
    """Number of which a quorum is so many ‰."""
    return said_by(Number(
        label=_l("주민 수"), least=1, most=quorums.MOST_PEOPLE, optional=True, hint=_l("천분율(‰)로 정할 때만 적어요."),
        sentence=_l("주민 수를 숫자로 적어 주세요."), **attributes))


def quorum_source() -> Any:
    return line(_l("주민 수가 나온 곳"), 200, empty=None, optional=True, paired=True, key="quorum.source",
                hint=_l("예: 주민등록인구통계"))


def quorum_on() -> Any:
    return said_by(Day(label=_l("주민 수를 센 날"), optional=True, stays=True, key="quorum.on"), None)


def quorum_missed() -> Any:
    return said_by(OneOf(label=_l("기준에 모자라면"), of=Missed, labels=MISSED, default=Missed.VOID, key="quorum.missed"),
                   Missed.VOID)


OF_RESIDENTS = ("quorum_residents", "quorum_source", "quorum_on")


def beside_quorum(part: Any) -> list[str]:
    """Fields of a part, or columns of a record, that say nothing beside this quorum."""
    idle = [*([] if part.quorum else ["quorum_value"]), *(() if part.quorum is Quorum.PER_MILLE else OF_RESIDENTS)]
    return [name for name in idle if hasattr(part, name)]


def card_with_quorum(lines: Iterable[tuple[str, str]], part: Any, record: Any) -> list[tuple[str, str]]:
    """Lines of the card of a part, but those that say nothing beside this quorum."""
    hidden = {str(part.fields()[name].label) for name in beside_quorum(record)}
    return [(label, value) for label, value in lines if label not in hidden]


def check_quorum(part: Any) -> None:
    """Raises Refusal at the field that a quorum lacks."""
    if part.quorum and not quorums.fits(part.quorum, part.quorum_value):
        raise Refusal(_("최소 참여 기준의 숫자를 적어 주세요. 투표율은 100, 천분율은 1,000까지예요."), field="quorum_value")
    for name in OF_RESIDENTS if part.quorum is Quorum.PER_MILLE else ():
        if not getattr(part, name, True):
            raise Refusal(_("주민 수와 그 수가 나온 곳, 센 날을 모두 적어 주세요."), field=name)
