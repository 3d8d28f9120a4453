"""Parts of a forum: what it is about, when and where it is, how everybody can take part; an item of its programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wtforms import SelectField, TextAreaField

from civic_forum.blocks import about
from civic_forum.blocks.part_files import Entry
from civic_forum.blocks.parts import (
    About, Moment, Number, OneOf, Part, PartField, Tick, Video, line, paragraphs, said_by)
from civic_forum.blocks.process import forget_season
from civic_forum.district.parts import department_field, neighbourhood_field
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import PUBLIC
from civic_forum.platform.fields import offered
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.personal_numbers import refuse_secret

from .. import labels
from ..registration import queries as registering
from ..rules import Form, Way
from ..settings import decided
from . import rules


@dataclass(frozen=True)
class Holder(Part):
    """Form of a gathering, and who holds it: what says who may prepare it."""

    # Without a default, which would hide `Part.form`.
    form: Form = said_by(OneOf(label=_l("형태"), of=Form, labels=labels.FORMS, default=Form.FORUM, needed=True))
    department_id: int | None = said_by(department_field(
        _l("여는 부서"), key="department", optional=True, hint=_l("이 부서 담당자가 함께 준비해요.")), None)
    neighbourhood_id: int | None = said_by(neighbourhood_field(
        _l("동"), key="neighbourhood", optional=True,
        hint=_l("한 동에서 열면 골라요. 찾아가는 날은 그 동 담당자가 함께 준비해요.")), None)


@dataclass(frozen=True, kw_only=True)
class VisitKind(PartField):
    """One of the district's kinds of visits, or none."""

    macro = "select"

    def controls(self, name: str) -> dict[str, Any]:
        return {name: SelectField(self.label, validate_choice=False)}

    def prepare(self, form: Any, name: str) -> None:
        form[name].choices = offered({kind: kind for kind in decided("VISIT_KINDS")}, _("정하지 않음"))

    def read(self, form: Any, name: str) -> str | None:
        kind: str = form[name].data or ""
        if kind and kind not in decided("VISIT_KINDS"):
            raise Refusal(_("목록에 있는 것 가운데 골라 주세요."), field=name)
        return kind or None

    def of_file(self, entry: Entry, key: str) -> str | None:
        return entry.text_or_none(key)


@dataclass(frozen=True)
class Visiting(Part):
    """Facts of a visit alone: its kind, who goes, why it was moved, and whether everybody hears of it."""

    visit_kind: str | None = said_by(VisitKind(label=_l("종류"), heading=_l("찾아가는 날이면"), optional=True))
    went: str | None = line(_l("누가 가나요"), 200, empty=None, optional=True, hint=_l(
        "직책과 사람 수만 적고 이름은 적지 않아요. 예: 부서장 2명, 담당자 1명"))
    moved_because: str | None = line(_l("때나 곳을 옮긴 이유"), 200, empty=None, optional=True, hint=_l(
        "예: 비가 와서 안으로 옮겼어요."))
    is_closed: bool = said_by(Tick(label=_l("안에서만 봐요"), hint=_l(
        "집에 찾아가는 날처럼 알리면 안 되는 날이에요. 여는 부서와 그 동의 담당자만 봐요.")), False)

    def write(self, record: Any) -> None:
        """Raises Refusal for what is no visit, and for an inner one of which everybody knows."""
        if record.form is not Form.VISIT and self != Visiting():
            raise Refusal(_("찾아가는 날에만 적을 수 있어요."), field="went")
        if self.is_closed and record.announced_at:
            raise Refusal(_("이미 알린 날은 안에서만 볼 수 없어요."), field="is_closed")
        super().write(record)


@dataclass(frozen=True)
class Wording(Part):
    """Texts of a forum."""

    title: str = line(_l("제목"), 200, needed=True, on_card=False, hint=_l("무엇을 이야기하는지 한눈에 알 수 있게 적어요."))
    question: str = line(_l("질문"), 300, needed=True, on_card=False, hint=_l("그날 함께 답할 질문 하나예요."))
    programme_name: str | None = line(_l("사업 이름"), 100, empty=None, optional=True, paired=True,
                                      hint=_l("예: 우리 동에 온 날"))
    label: str | None = line(_l("몇 번째인지"), 60, empty=None, optional=True, hint=_l("예: 2026년 4분기"))
    description: str = paragraphs(_l("설명"), 10_000, 8, markdown=True, optional=True, hint=_l(
        "왜 이야기하는지, 나눈 이야기가 어디에 쓰이는지 적어요. 굵게(**)와 목록(-)을 쓸 수 있어요."))
    contact: str | None = line(_l("물어볼 곳"), 200, empty=None, optional=True, public=False,
                               hint=_l("부서 이름과 전화번호를 적어요. 모두에게 보여요."))
    about: tuple[str, str] | None = said_by(About(
        label=_l("무엇을 바탕으로 하나요"), picked=_l("바탕이 된 것"), on_card=False))

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        subject = about.subject(record.about)
        named = (str(subject.kind.label), subject.title) if subject else (_("의제"), "–")
        return [*super().card(record), named]


def _places(label: Any, hint: Any, **options: Any) -> Any:
    return said_by(Number(label=label, most=rules.MOST_PLACES, empty=0, hint=hint, sentence=_l(
        "자리 수를 0부터 %(most)s 사이로 적어 주세요.", most=f"{rules.MOST_PLACES:,}"), **options))


@dataclass(frozen=True)
class Times(Part):
    """Times, place and places of a forum."""

    place: str = line(_l("곳"), 200, needed=True, hint=_l("예: 구청 대강당과 온라인"))
    starts_at: datetime = said_by(Moment(label=_l("시작"), needed=True, paired=True))
    ends_at: datetime = said_by(Moment(label=_l("끝"), ends=True, needed=True))
    on_site_places: int = _places(_l("현장 자리"), _l("현장에 올 수 없으면 0으로 적어요."), paired=True)
    online_places: int = _places(_l("온라인 자리"), _l("온라인으로 함께하지 않으면 0으로 적어요."))
    registration_from: datetime | None = said_by(Moment(
        label=_l("신청을 받기 시작하는 때"), optional=True, paired=True, unset=_l("알린 때"),
        hint=_l("비워 두면 알린 때부터 받아요.")))
    registration_to: datetime | None = said_by(Moment(
        ends=True, label=_l("신청을 마치는 때"), optional=True, unset=_l("시작할 때"),
        hint=_l("비워 두면 시작할 때까지 받아요. 시작한 뒤에는 남은 자리만큼 바로 들어와요.")))

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        if wrong := rules.why_not_times(self):
            raise Refusal(str(labels.BAD_TIMES[wrong]), field=labels.BAD_TIMES_FIELD[wrong])

    def write(self, record: Any) -> None:
        """Never fewer places than are taken; other days forget who answered for an election season."""
        self.check()
        held = registering.counts(record.id).held if record.id else {}
        for way in Way:
            name = f"{way}_places"
            if getattr(self, name) < held.get(way, 0):
                raise Refusal(_("이미 %(count)s명이 자리를 받았어요. 그보다 적게 줄일 수 없어요.", count=held[way]), field=name)
        if (record.starts_at, record.ends_at) != (self.starts_at, self.ends_at):
            forget_season(record)
        super().write(record)


@dataclass(frozen=True, kw_only=True)
class Offers(PartField):
    """Short texts, typed one in a line and kept as a list."""

    rows: int
    macro = "textarea"

    def controls(self, name: str) -> dict[str, Any]:
        return {name: TextAreaField(self.label, render_kw=PUBLIC)}

    def value(self, record: Any, name: str) -> tuple[str, ...]:
        return tuple(getattr(record, name))

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {name: "\n".join(getattr(record, name))}

    def read(self, form: Any, name: str) -> tuple[str, ...]:
        return tuple(line for typed in (form[name].data or "").splitlines() if (line := typed.strip()))

    def of_file(self, entry: Entry, key: str) -> tuple[str, ...]:
        return tuple(entry.texts(key))

    def check(self, name: str, value: Sequence[str]) -> None:
        if len(value) > rules.MOST_OFFERED or any(len(offer) > rules.LONGEST_OFFER for offer in value):
            raise Refusal(_("한 줄에 %(longest)s자까지, %(most)s가지까지 적을 수 있어요.", longest=rules.LONGEST_OFFER,
                            most=rules.MOST_OFFERED), field=name)
        refuse_secret(**{name: " ".join(value)})

    def write(self, record: Any, name: str, value: Sequence[str]) -> None:
        setattr(record, name, list(dict.fromkeys(value)))

    def shown(self, value: Sequence[str]) -> str:
        return ", ".join(value)

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        return [(name, self.macro, self._arguments() | {"rows": self.rows})]


def _video(label: Any, hint: Any, card: Any) -> Any:
    return said_by(Video(label=label, most=500, empty=None, public=False, optional=True, hint=hint, card=card,
                         attrs={"inputmode": "url"}))


@dataclass(frozen=True)
class Access(Part):
    """Offers so that everybody can take part, and addresses from outside."""

    accessibility: tuple[str, ...] = said_by(Offers(
        label=_l("함께할 수 있게 마련한 것"), rows=6, optional=True, card=_l("마련한 것"),
        hint=_l("한 줄에 하나씩 적어요. 신청하는 사람이 필요한 것을 골라요. 예: 실시간 자막")), ())
    accessibility_note: str | None = paragraphs(_l("더 알릴 것"), 500, 3, empty=None, optional=True, hint=_l(
        "오는 길, 미리 연락할 곳처럼 알아 두면 좋은 것이에요."))
    recording_note: str | None = paragraphs(_l("녹화"), 500, 4, empty=None, hint=_l(
        "무엇을 녹화하고 어디에 쓰는지, 동의하지 않은 사람은 어떻게 하는지 적어요. 이 글이 없으면 알릴 수 없어요."))
    video_url: str | None = _video(_l("실시간 영상이나 화상 회의 주소"), _l(
        "유튜브, 네이버TV, 카카오TV 영상은 화면 안에서 보여요. 다른 화상 회의 주소는 새 창으로 열려요."), _l("영상"))
    interpreter_url: str | None = _video(_l("수어 통역 영상 주소"), _l("자료 옆에 늘 보이는 영상이에요."), _l("수어 통역 영상"))


@dataclass(frozen=True)
class Item(Part):
    """An item of the programme."""

    title: str = line(_l("순서 이름"), 200, needed=True, hint=_l("예: 발제"))
    minutes: int | None = said_by(Number(
        label=_l("몇 분"), least=1, most=rules.MOST_MINUTES, attrs={"maxlength": 3}, sentence=_l(
            "몇 분인지 1부터 %(most)s 사이의 숫자로 적어 주세요.", most=rules.MOST_MINUTES)))
    text: str = paragraphs(_l("설명"), 2_000, 3, optional=True)

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        if self.minutes is None:
            raise Refusal(str(self.fields()["minutes"].sentence), field="minutes")  # type: ignore[attr-defined]
