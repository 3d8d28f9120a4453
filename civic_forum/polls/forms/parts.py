"""The parts of a poll as a moderator fills them in; each form makes the part that a service takes."""

from wtforms import RadioField, SelectChoice, StringField, TextAreaField

from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.blocks import about
from civic_forum.blocks.pickers import PickerField
from civic_forum.district import queries as district
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.fields import DayField, MomentField, NumberField, chosen
from civic_forum.kernel.forms import PUBLIC, Checkboxes, Form, VersionedForm
from civic_forum.kernel.text_checks import check_filled
from civic_forum.kernel.i18n import _, _l

from .. import labels
from ..models import Poll
from ..rules import COUNTED_KINDS, Electorate, PollKind, Publishes, Quorum, Terms, Wording, slug_fits
from ..times import Times

KINDS = [SelectChoice(str(kind), word) for kind, word in labels.KIND.items()]
NO_QUORUM = "none"
ENGLISH = ("title", "question", "description", "eligibility", "binding")


class NewPollForm(Form):
    """The little that a poll begins with."""

    title = StringField(_l("제목"), render_kw=PUBLIC)
    question = TextAreaField(_l("질문"), render_kw=PUBLIC)
    slug = StringField(_l("주소"))
    kind = RadioField(_l("고르는 방법"), choices=KINDS, validate_choice=False)
    max_choices = NumberField(_l("몇 개를 고르나요"))
    opens_at = MomentField(_l("시작"))
    closes_at = MomentField(_l("마감"))
    roll_fixed_on = DayField(_l("명부를 정하는 날"))

    def refuse_the_rest(self) -> None:
        """Say of every field that is empty that it is."""
        said = Wording(self.title.data or "", self.question.data or "")
        self.refuse_besides(title=lambda: check_filled(said, "title"), question=lambda: check_filled(said, "question"),
                            slug=self._address, kind=lambda: chosen(self.kind, PollKind))

    def _address(self) -> None:
        if self.slug.data and not slug_fits(self.slug.data):
            raise Refusal(labels.BAD_SLUG, field="slug")

    def parts(self) -> tuple[str | None, Wording, Times, Terms]:
        """Raises Refusal for what is not of its kind."""
        kind = chosen(self.kind, PollKind)
        return (self.slug.data or None, Wording(self.title.data or "", self.question.data or ""),
                Times(self.opens_at.needed, self.closes_at.needed, self.roll_fixed_on.needed),
                Terms(kind, self.max_choices.number or 1))


class WordingForm(VersionedForm):
    title = StringField(_l("제목"), render_kw=PUBLIC)
    question = TextAreaField(_l("질문"), render_kw=PUBLIC)
    description = TextAreaField(_l("설명"), render_kw=PUBLIC)
    programme = StringField(_l("사업 이름"), render_kw=PUBLIC)
    about_kind = about.kind_field(_l("무엇을 바탕으로 하나요"))
    agenda_slug = PickerField(_l("바탕이 된 것"), None, kind_from="about_kind")
    sign_language_video = StringField(_l("수어 영상 주소"))
    title_en = StringField(_l("영어 제목"), render_kw=PUBLIC)
    question_en = TextAreaField(_l("영어 질문"), render_kw=PUBLIC)
    description_en = TextAreaField(_l("영어 설명"), render_kw=PUBLIC)
    eligibility_en = StringField(_l("누가 투표하나요(영어)"), render_kw=PUBLIC)
    binding_en = TextAreaField(_l("반영 방식(영어)"), render_kw=PUBLIC)

    @classmethod
    def of(cls, poll: Poll) -> "WordingForm":
        english = {f"{name}_en": text for name, text in (poll.texts.get("en") or {}).items()}
        form = cls(formdata=None, obj=poll, data=english | {"agenda_slug": about.name_of(poll.about)})
        form.agenda_slug.pickable = about.picker_of(poll.about)
        return form

    def part(self) -> Wording:
        english = {name: self[f"{name}_en"].data or "" for name in ENGLISH}
        return Wording(self.title.data or "", self.question.data or "", self.description.data or "",
                       self.programme.data or None, self.sign_language_video.data or None, {"en": english},
                       about.named(self.about_kind, self.agenda_slug))


class TimesForm(VersionedForm):
    opens_at = MomentField(_l("시작"))
    closes_at = MomentField(_l("마감"))
    paper_until = MomentField(_l("종이 투표지를 받는 마지막 때"))
    roll_fixed_on = DayField(_l("명부를 정하는 날"))
    roll_check_from = MomentField(_l("명부 확인을 시작하는 때"))
    roll_check_to = MomentField(_l("명부 확인이 끝나는 때"))

    @classmethod
    def of(cls, poll: Poll) -> "TimesForm":
        return cls(formdata=None, obj=poll)

    def part(self) -> Times:
        return Times(self.opens_at.needed, self.closes_at.needed, self.roll_fixed_on.needed,
                     self.roll_check_from.moment, self.roll_check_to.moment, self.paper_until.moment)


class ElectorateForm(VersionedForm):
    who = Checkboxes(_l("누가 투표하나요"), validate_choice=False, choices=[
        SelectChoice("residents", _l("구민(여기에 사는 사람)")),
        SelectChoice("members", _l("생활권자(여기에서 일하거나 학교에 다니는 사람)"))])
    eligibility = StringField(_l("투표할 수 있는 사람을 한 문장으로"), render_kw=PUBLIC)
    roll_source = RadioField(_l("명부를 만드는 방법"), validate_choice=False,
                             choices=[SelectChoice(str(kind), word) for kind, word in labels.ROLL_SOURCE.items()])
    neighbourhoods = Checkboxes(_l("동"), validate_choice=False)
    min_age = NumberField(_l("나이(마감하는 날 기준)"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.neighbourhoods.choices = [SelectChoice(str(one.id), one.name) for one in district.neighbourhoods()]

    @classmethod
    def of(cls, poll: Poll) -> "ElectorateForm":
        who = ["residents"] * poll.admits_residents + ["members"] * poll.admits_members
        return cls(formdata=None, data={
            "who": who, "eligibility": poll.eligibility, "roll_source": str(poll.roll_source), "version": poll.version,
            "neighbourhoods": [str(one.id) for one in poll.neighbourhoods], "min_age": poll.min_age})

    def part(self) -> Electorate:
        who, places = set(self.who.data or ()), self.neighbourhoods.data or []
        if not set(places) <= {choice.value for choice in self.neighbourhoods.choices}:
            raise Refusal(_("목록에 있는 동만 고를 수 있어요."), field="neighbourhoods")
        return Electorate(self.eligibility.data or "", "residents" in who, "members" in who,
                          chosen(self.roll_source, RollSource), tuple(int(place) for place in places),
                          self.min_age.number)


class TermsForm(VersionedForm):
    kind = RadioField(_l("고르는 방법"), choices=KINDS, validate_choice=False)
    max_choices = NumberField(_l("몇 개를 고르나요"))
    binding = TextAreaField(_l("반영 방식"), render_kw=PUBLIC)
    quorum = RadioField(_l("최소 참여 기준"), validate_choice=False, choices=[
        SelectChoice(NO_QUORUM, _l("없음")), *(SelectChoice(str(kind), word) for kind, word in labels.QUORUM.items())])
    quorum_value = NumberField(_l("기준이 되는 수"))
    quorum_text = StringField(_l("기준을 한 문장으로"), render_kw=PUBLIC)
    publishes = RadioField(_l("공개하는 기록"), validate_choice=False,
                           choices=[SelectChoice(str(kind), word) for kind, word in labels.PUBLISHES.items()])

    @classmethod
    def of(cls, poll: Poll) -> "TermsForm":
        form = cls(formdata=None, obj=poll)
        form.quorum.data = str(poll.quorum or NO_QUORUM)
        if poll.kind not in COUNTED_KINDS:
            form.max_choices.data = ""
        return form

    def part(self) -> Terms:
        quorum = None if self.quorum.data in (None, NO_QUORUM) else chosen(self.quorum, Quorum)
        return Terms(chosen(self.kind, PollKind), self.max_choices.number or 1, quorum, self.quorum_value.number,
                     self.quorum_text.data or None, self.binding.data or "", chosen(self.publishes, Publishes))


PARTS = {"wording": WordingForm, "times": TimesForm, "electorate": ElectorateForm, "terms": TermsForm}
