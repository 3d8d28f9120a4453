"""Forms of ballot boxes: desk, kiosk, two officials, rolls."""

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, ValidationError

from civic_forum.accounts.identity_form import IdentityForm
from civic_forum.accounts.passkey_form import NeededWithoutPasskey, PasskeyField
from civic_forum.accounts.pickers import STAFF, PersonField
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST
from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import PUBLIC, Checkboxes, Form
from civic_forum.platform.i18n import _, _l

from .officers.rules import POSITION_LEAST, POSITION_MOST
from .rules.boxes import PAGES_OF_THEIR_OWN, ConfirmedAction
from .officials.services import ANSWER_MOST, NOTE_MOST
from .rolls.rules import LEAST_TEXT, MOST_TEXT

NOT_ON_THE_LIST = {"invalid_choice_message": _l("목록에 있는 것 가운데 골라 주세요.")}


class ReasonForm(Form):
    reason = StringField(_l("찾아보는 이유"), [
        Length(LOOK_UP_LEAST, LOOK_UP_MOST, _l("왜 찾아보는지 5자부터 200자까지 적어 주세요."))])

    def forget(self) -> None:
        """Forget the person who was looked up: no name stays on the screen; the reason may serve again."""
        for field in self:
            if field.name != self.reason.name and field.type != "CSRFTokenField":
                field.data = field.raw_data = None


class VoterForm(ReasonForm, IdentityForm):
    """The person in front of the desk. Nothing of it is kept but the reason."""


class AccountForm(ReasonForm):
    """The same for somebody who stands in the roll by their account alone. Stands beside the other on one page."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"prefix": "account"} | kwargs)

    desk_number = StringField(_l("창구 번호"), [Length(1, 60, _l("본인 화면에 나온 창구 번호를 적어 주세요."))])


class IssueForm(Form):
    """A paper ballot for whom the look-up found."""

    visit = HiddenField()
    number = NumberField(_l("겉봉투에 적을 번호"))
    by_post = BooleanField(_l("우편으로 보내요"))
    reason = StringField(_l("온라인 표를 거두는 이유"))


class SheetForm(Form):
    """The number on an outer envelope."""

    number = NumberField(_l("종이 번호"), [InputRequired(_l("종이 번호를 적어 주세요."))])


class CorrectionForm(SheetForm):
    """The number of a sheet that did not come back although its return was noted."""

    reason = StringField(_l("고치는 이유"))


class BatchForm(Form):
    sheets = NumberField(_l("종이 수"), [InputRequired(_l("몇 장을 묶었는지 적어 주세요."))])


class SheetTypedForm(Form):
    """One sheet as it is read."""

    sheet = StringField(_l("고른 번호"))


class ObjectionForm(Form):
    title = StringField(_l("제목"))
    text = TextAreaField(_l("무엇이 왜 잘못됐나요?"))


class AskForm(Form):
    """Somebody asks to observe a vote."""

    name = StringField(_l("모두에게 보일 이름"))
    key = StringField(_l("공개 열쇠"))


class NamingForm(Form):
    """Observers of a vote: those who are ticked, and one more."""

    chosen = Checkboxes(_l("참관인"), **NOT_ON_THE_LIST)
    name = StringField(_l("이름"))
    key = StringField(_l("공개 열쇠"))
    signatures = NumberField(_l("맞다고 서명해야 하는 수"))


class SignatureForm(Form):
    file = FileField(_l("서명 파일"))


class AnswerForm(Form):
    department = SelectField(_l("어느 부서의 답변인가요?"), **NOT_ON_THE_LIST)
    outcome = StringField(_l("어떻게 하기로 했나요?"))
    answer = TextAreaField(_l("답변"))


class WithholdForm(Form):
    reason = StringField(_l("가리는 이유"))


class CodeForm(Form):
    """The code that somebody types at a kiosk."""

    code = StringField(_l("창구에서 받은 숫자 8자리"))


class KioskForm(Form):
    """A browser that becomes a kiosk."""

    name = StringField(_l("기기 이름"), [Length(2, 60, _l("2자부터 60자까지 적어 주세요."))])
    desk = SelectField(_l("어느 창구인가요?"), coerce=int, **NOT_ON_THE_LIST)


class RegistrationForm(Form):
    """The code that makes this browser a kiosk."""

    code = StringField(_l("등록 번호 8자리"))


class SeenForm(Form):
    """The fingerprint of what the official looked at: something else is never proposed or confirmed."""

    seen = HiddenField()

    fingerprint = b""
    action_asked: ConfirmedAction | None = None
    """The action that it is about, once that is known."""

    def validate_seen(self, field):
        try:
            self.fingerprint = bytes.fromhex(field.data or "")
        except ValueError:
            self.fingerprint = b""
        if len(self.fingerprint) != 32:
            raise ValidationError(_("화면을 새로 열고 다시 해 주세요."))


class ProposalForm(SeenForm):
    action = HiddenField()
    note = TextAreaField(_l("이유"), [Length(max=ANSWER_MOST)])

    def validate_action(self, field):
        if field.data not in set(ConfirmedAction) - PAGES_OF_THEIR_OWN:
            raise ValidationError(_("화면을 새로 열고 다시 해 주세요."))
        self.action_asked = ConfirmedAction(field.data)


class OneselfForm(Form):
    """Whoever acts is who they say: password, and the second factor of whoever has one."""

    password = PasswordField(_l("내 비밀번호"), [NeededWithoutPasskey(_l("비밀번호를 적어 주세요."))])
    passkey = PasskeyField()
    code = StringField(_l("인증 앱의 숫자 6자리"), [Length(max=12, message=_l("%(length)s자까지 적을 수 있어요.", length=12))])


class OfficerForm(OneselfForm):
    """A position that may be an officer, proposed."""

    sign_in_name = PersonField(_l("별명이나 로그인 이름"), STAFF, validators=[Length(1, 60, _l("별명이나 로그인 이름을 적어 주세요."))])
    position = StringField(_l("부서와 직위"), [
        Length(POSITION_LEAST, POSITION_MOST, _l("부서와 직위를 2자부터 80자까지 적어 주세요. 모두에게 보여요."))],
        render_kw=PUBLIC)


class OfficersForm(Form):
    """Officers of a vote, chosen from the positions in force."""

    officers = Checkboxes(_l("이 투표의 담당관"), coerce=int, **NOT_ON_THE_LIST)


class ChangeOfficerForm(OneselfForm):
    """An officer of an opened vote replaced by another."""

    leaves = SelectField(_l("그만두는 담당관"), coerce=int, **NOT_ON_THE_LIST)
    comes = SelectField(_l("새로 맡는 담당관"), coerce=int, **NOT_ON_THE_LIST)


class ConfirmForm(SeenForm, OneselfForm):
    note = TextAreaField(_l("추첨 결과"), [Length(max=NOTE_MOST)])


class KeyCopyForm(SeenForm):
    """The phrase of who proposes that a key be copied, typed twice."""

    phrase = PasswordField(_l("내 문구"), [InputRequired(_l("문구를 적어 주세요."))])
    repeated = PasswordField(_l("내 문구 한 번 더"), [EqualTo("phrase", _l("두 번 적은 문구가 서로 달라요."))])


class KeyCopyConfirmForm(KeyCopyForm, OneselfForm):
    """The same of who confirms it, who says again who they are."""


class KeyRestoreForm(Form):
    """A sealed copy with the phrases of both."""

    file = FileField(_l("열쇠 복사본 파일"))
    first = PasswordField(_l("제안한 사람의 문구"), [InputRequired(_l("문구를 적어 주세요."))])
    second = PasswordField(_l("확인한 사람의 문구"), [InputRequired(_l("문구를 적어 주세요."))])


class StrikeForm(Form):
    """Somebody who is to be taken out of the roll of an open vote."""

    name = StringField(_l("로그인 이름"), [DataRequired(_l("로그인 이름을 적어 주세요."))])
    reason = StringField(_l("이유"))


class RollObjectionForm(Form):
    text = TextAreaField(_l("무엇이 빠졌거나 잘못됐나요?"), [
        Length(LEAST_TEXT, MOST_TEXT, message=_l("5자에서 1,000자까지 적어 주세요."))])


class RollCorrectionForm(Form):
    """Put somebody into the roll or take them out, with the reason."""

    name = StringField(_l("로그인 이름"))
    what = RadioField(_l("무엇을 할까요"), validate_choice=False,
                      choices=[SelectChoice("add", _l("명부에 넣기")), SelectChoice("strike", _l("명부에서 빼기"))])
    reason = StringField(_l("이유"))


class RollAnswerForm(Form):
    text = TextAreaField(_l("답변"), render_kw=PUBLIC)
