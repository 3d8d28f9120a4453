"""Parts of a poll and of its options: what is asked, when, of whom, how it is counted and how far it binds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from civic_forum.agendas.kinds import PUBLIC_AGENDA
from civic_forum.agendas.queries import records as agendas
from civic_forum.ballots import parts as votes
from civic_forum.ballots.labels import PUBLISHES
from civic_forum.ballots.rules.boxes import Publishes, RollSource
from civic_forum.ballots.rules.quorums import Missed, Quorum
from civic_forum.blocks.part_files import Entry, Unreadable
from civic_forum.blocks.parts import (About, Moment, Number, OneOf, Part, PartField, Translation, Translations, Video,
                                      line, paragraphs, said_by)
from civic_forum.blocks.pickers import Pickable, PickerField
from civic_forum.district.parts import department_field
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l
from civic_forum.proposals import rules as proposal_rules
from civic_forum.proposals.pickers import PROPOSAL
from civic_forum.proposals.queries import records as proposals

from . import labels, rules
from .rules import COUNTED_KINDS, PollKind


def _video() -> Any:
    return said_by(Video(label=_l("수어 영상 주소"), most=500, empty=None, public=False, optional=True, sealed=True,
                         hint=_l("https://로 시작하는 주소"), card=_l("수어 영상"), attrs={"inputmode": "url"}))


@dataclass(frozen=True)
class Wording(Part):
    """Question and texts of a poll."""

    title: str = line(_l("제목"), 200, needed=True, on_card=False, hint=_l("무엇을 정하는지 한눈에 알 수 있게 적어요."))
    question: str = paragraphs(_l("질문"), 500, 3, needed=True, on_card=False,
                               hint=_l("투표지 맨 위에 적히는 질문이에요."))
    description: str = paragraphs(_l("설명"), 10_000, 8, markdown=True, optional=True, hint=_l(
        "왜 이것을 묻는지, 무엇이 정해져 있고 무엇을 정하는지 적어요. 굵게(**)와 목록(-)을 쓸 수 있어요."))
    department_id: int | None = said_by(department_field(
        _l("여는 부서"), key="held_by", optional=True, hint=_l("이 부서 담당자가 함께 준비해요.")), None)
    programme: str | None = line(_l("사업 이름"), 100, empty=None, optional=True, sealed=True)
    contact: str | None = line(_l("물어볼 곳"), 200, empty=None, optional=True, public=False,
                               hint=_l("부서 이름과 전화번호를 적어요. 모두에게 보여요."))
    about: tuple[str, str] | None = said_by(About(
        label=_l("무엇을 바탕으로 하나요"), picked=_l("바탕이 된 것"), key="links.agenda", on_card=False))
    sign_language_video: str | None = _video()
    texts: dict[str, object] = said_by(Translations(label=_l("다른 언어로 적은 글"), of={
        "title": Translation(_l("제목"), 200), "question": Translation(_l("질문"), 500, 3),
        "description": Translation(_l("설명"), 10_000, 6), "binding": Translation(_l("반영 방식"), 3_000, 4)}), {})


@dataclass(frozen=True)
class Times(Part):
    """Instants and days of a poll."""

    opens_at: datetime = said_by(Moment(label=_l("시작"), needed=True, paired=True, hint=_l("이때부터 투표해요.")))
    closes_at: datetime = said_by(Moment(label=_l("마감"), ends=True, needed=True, hint=_l("시작하고 적어도 한 시간 뒤예요.")))
    roll_fixed_on: date = votes.roll_fixed_on(
        needed=True, hint=_l("이날을 기준으로 명부를 만들어요. 투표를 시작하기 전이어야 해요."))
    roll_check_from: datetime | None = votes.roll_check_from()
    roll_check_to: datetime | None = votes.roll_check_to()
    paper_until: datetime | None = said_by(Moment(
        ends=True, label=_l("종이 투표지를 받는 마지막 때"), optional=True, sealed=True, card=_l("종이를 받는 마지막 때"), unset=_l("마감까지"),
        hint=_l(
            "비워 두면 마감한 뒤에는 돌아온 종이를 적을 수 없어요. 마감 무렵에 낸 종이와 우편을 정리할 시간을 두세요. 마감보다 빠를 수 없어요.")))

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        return [*super().card(record), votes.roll_check_card(record)]

    def check(self) -> None:
        """Raises Refusal at the time that does not fit the others."""
        if wrong := rules.why_not_times(self):
            raise Refusal(str(labels.BAD_TIMES[wrong]), field=labels.BAD_TIMES_FIELD[wrong])


@dataclass(frozen=True)
class Electorate(Part):
    """Electorate of a poll."""

    admits_residents: bool = votes.admitted(True)
    admits_members: bool = votes.admitted(False)
    roll_source: RollSource = votes.roll_source()
    roll_grows: bool = votes.roll_grows()
    neighbourhood_ids: tuple[int, ...] = said_by(votes.PlacesField(
        label=_l("동"), attribute="neighbourhoods", optional=True, hint=_l("고르지 않으면 구 전체예요."),
        key="eligibility.neighbourhoods", on_card=False))
    min_age: int | None = votes.min_age()

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        places = ", ".join(place.name for place in record.neighbourhoods) or _("구 전체")
        return [votes.sentence_card([record]), votes.admitted_card(record), *super().card(record),
                votes.roll_grows_card(record), (_("동"), places)]

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        votes.check_admitted(self)
        votes.check_roll_grows(self)


@dataclass(frozen=True)
class Terms(Part):
    """Counting of a poll, and its effect."""

    kind: PollKind = said_by(OneOf(label=_l("고르는 방법"), of=PollKind, labels=labels.KIND, needed=True))
    max_choices: int = said_by(Number(
        label=_l("몇 개를 고르나요"), empty=1, optional=True, hint=_l("정한 수까지 고르거나 정한 수만큼 고르는 투표에만 적어요.")))
    binding: str = paragraphs(_l("반영 방식"), 3_000, 5, hint=_l(
        "결과가 나오면 누가, 언제까지, 무엇을 하는지 적어요. 이 글이 없으면 투표를 열 수 없어요."))
    answer_days: int = said_by(Number(
        label=_l("며칠 안에 알리나요"), least=1, most=365, empty=14, optional=True, shown_as=_l("%(value)s일 안에"), hint=_l(
            "결과를 공개한 날부터 세어요. 이날까지 결과를 어떻게 할지 쓰는 일이 맡은 부서의 업무 화면에 있어요."),
        sentence=_l("1일부터 365일까지 숫자로 적어 주세요.")))
    quorum: Quorum | None = votes.quorum()
    quorum_value: int | None = votes.quorum_value()
    quorum_residents: int | None = votes.residents(key="quorum.residents")
    quorum_source: str | None = votes.quorum_source()
    quorum_on: date | None = votes.quorum_on()
    quorum_missed: Missed = votes.quorum_missed()
    publishes: Publishes = said_by(OneOf(
        label=_l("공개하는 기록"), of=Publishes, labels=PUBLISHES, default=Publishes.TOTALS, hint=_l(
            "투표지마다의 내용을 모두 공개하면 누구나 다시 셀 수 있지만, 고른 조합이 드물면 누구의 것인지 짐작될 수 있어요.")),
        Publishes.TOTALS)

    @classmethod
    def of(cls, record: Any) -> dict[str, object]:
        return super().of(record) | ({} if record.kind in COUNTED_KINDS else {"max_choices": None})

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        """Lines of the card; the number of choices and the figure of a quorum only where they count."""
        beside = [] if record.kind in COUNTED_KINDS else ["max_choices"]
        hidden = {str(cls.fields()[name].label) for name in beside}
        return votes.card_with_quorum([line for line in super().card(record) if line[0] not in hidden], cls, record)

    @classmethod
    def of_file(cls, entry: Entry) -> "Terms":
        terms = super().of_file(entry)
        if terms.kind in COUNTED_KINDS and entry.number("max_choices") is None:
            raise Unreadable("max_choices")
        return terms

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        if self.kind in COUNTED_KINDS and not 1 <= self.max_choices <= rules.MOST_OPTIONS:
            raise Refusal(_("몇 개를 고르는지 1에서 %(most)s 사이로 적어 주세요.", most=rules.MOST_OPTIONS), field="max_choices")
        votes.check_quorum(self)
        named = rules.DAYS_NAMED.findall(self.binding)
        if named and str(self.answer_days) not in named:
            raise Refusal(_("반영 방식에 적은 날수와 달라요. 둘을 같게 적어 주세요."), field="answer_days")

    def write(self, record: Any) -> None:
        """Keep how many may be chosen only where that is counted, and what a quorum needs only where there is one."""
        self.check()
        counted = {} if self.kind in COUNTED_KINDS else {"max_choices": 1}
        Part.write(replace(self, **counted, **dict.fromkeys(votes.beside_quorum(self))), record)


@dataclass(frozen=True, kw_only=True)
class Joined(PartField):
    """A public thing that an option came from, by the name that people type; the option keeps its id."""

    pickable: Pickable
    column: str
    id_of: Callable[[str], int]

    def controls(self, name: str) -> dict[str, Any]:
        return {name: PickerField(self.label, self.pickable)}

    def value(self, record: Any, name: str) -> str | None:
        return self.typed(record, name)[name] or None

    def typed(self, record: Any, name: str) -> dict[str, Any]:
        relation, _end, attribute = name.rpartition("_")
        joined = getattr(record, relation)
        return {name: getattr(joined, attribute) if joined else ""}

    def read(self, form: Any, name: str) -> str | None:
        return form[name].value

    def of_file(self, entry: Entry, key: str) -> str | None:
        return entry.text_or_none(key)

    def write(self, record: Any, name: str, value: str | None) -> None:
        setattr(record, self.column, self.id_of(value) if value else None)

    def columns(self, name: str) -> tuple[str, ...]:
        return (self.column,)

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        return [(name, "picker", self._arguments())]


def _proposal_id(number: str) -> int:
    proposal = proposals.numbered(number) if proposal_rules.NUMBER.fullmatch(number) else None
    if proposal is None or proposal.published_at is None:
        raise Refusal(_("이런 번호의 제안이 없어요. 제안 주소 끝의 번호를 그대로 적어 주세요."), field="proposal_number")
    return proposal.id


def _agenda_id(slug: str) -> int:
    agenda = agendas.slugged(slug)
    if agenda is None or agenda.published_at is None:
        raise Refusal(_("이런 주소의 공개한 의제가 없어요. 의제 주소의 끝부분을 그대로 적어 주세요."), field="agenda_slug")
    return agenda.id


def _word(label: Any, most: int, **attributes: Any) -> Any:
    return line(label, most, empty=None, optional=True, public=False, sealed=True, **attributes)


@dataclass(frozen=True)
class OptionText(Part):
    """One thing to choose, or one question to answer."""

    title: str = line(_l("이름"), 200, needed=True)
    text: str = paragraphs(_l("내용"), 3_000, 5, optional=True)
    cost: int | None = said_by(Number(label=_l("금액(원)"), most=rules.MOST_WON, won=True, optional=True, paired=True,
                                      sealed=True, times=1_000, sentence=_l("금액을 원 단위 숫자로 적어 주세요.")))
    """In won; a file gives thousands."""
    cost_note: str | None = line(_l("금액 설명"), 300, empty=None, optional=True, sealed=True)
    neighbourhood_id: int | None = said_by(votes.PlaceField(label=_l("동"), optional=True, key="neighbourhood"))
    proposal_number: str | None = said_by(Joined(
        label=_l("바탕이 된 제안"), pickable=PROPOSAL, column="proposal_id", id_of=_proposal_id, optional=True,
        key="proposal", hint=_l("제목에 있는 낱말이나 접수번호를 적어 찾아요.")))
    agenda_slug: str | None = said_by(Joined(
        label=_l("바탕이 된 의제"), pickable=PUBLIC_AGENDA, column="agenda_id", id_of=_agenda_id, optional=True, key="agenda",
        hint=_l("질문에 있는 낱말을 적어 찾아요.")))
    kind: str | None = _word(_l("종류"), 60, paired=True)
    category: str | None = _word(_l("분야"), 60)
    department: str | None = _word(_l("담당 부서"), 100, paired=True)
    division: str | None = _word(_l("분과"), 100)
    sign_language_video: str | None = _video()
    texts: dict[str, object] = said_by(Translations(label=_l("다른 언어로 적은 글"), of={
        "title": Translation(_l("이름"), 200), "text": Translation(_l("내용"), 3_000, 4)}), {})


PARTS: dict[str, type[Part]] = {"wording": Wording, "times": Times, "electorate": Electorate, "terms": Terms}
"""The pages of the desk."""
NAMES = {"wording": _l("글"), "times": _l("때"), "electorate": _l("누가 투표하나요"), "terms": _l("세는 방법과 반영 방식")}
FIRST = ((Wording, ("department_id", "title", "question")), (Terms, ("kind", "max_choices")),
         (Times, ("opens_at", "closes_at", "roll_fixed_on")))
"""The little that a poll begins with."""
