"""WTForms of accounts: entry, one's own account, residency."""

from wtforms import (BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField, SubmitField,
                     TextAreaField)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import Language, _, _l

from . import rules
from .identity_form import IdentityForm
from .authenticators import Answer
from .labels import AFFILIATION, EVIDENCE
from .passkey_form import NeededWithoutPasskey, PasskeyField, shown_in
from .rules import AffiliationKind, Evidence, sign_in_key
from .services.entry import NewAccount, check_password, unfit_name
from .services.first_links import NewAdministrator
from .services.profile import Profile

ELSEWHERE = "elsewhere"


def required(sentence):
    return InputRequired(message=sentence)


def at_most(length: int):
    return Length(max=length, message=_l("%(length)s자까지 적을 수 있어요.", length=length))


class Choice(SelectField):
    """A list from which only what it shows can be chosen."""

    def pre_validate(self, form):
        if all(choice.value != (self.data or "") for choice in self.iter_choices()):
            raise ValidationError(_("목록에 있는 것 가운데 골라 주세요."))


class NeighbourhoodChoice(Choice):
    """A neighbourhood of the district; `.neighbourhood_id` is None for elsewhere and for nothing chosen."""

    def offer(self, neighbourhoods, *, nothing, elsewhere=None):
        self.choices = [SelectChoice("", nothing),
                        *(SelectChoice(str(place.id), place.name) for place in neighbourhoods)]
        if elsewhere:
            self.choices.append(SelectChoice(ELSEWHERE, elsewhere))

    @property
    def neighbourhood_id(self) -> int | None:
        return int(self.data) if self.data and self.data != ELSEWHERE else None


class EmailField(StringField):
    """An address; `.address` is None where nothing was typed."""

    @property
    def address(self) -> str | None:
        return rules.email_address(self.data) if self.data else None

    def pre_validate(self, form):
        if self.address is None and "".join(self.raw_data or ()).strip():
            raise ValidationError(_("이메일 주소를 name@example.com처럼 적어 주세요."))


class MobileField(StringField):
    """A number; `.number` is None where nothing was typed."""

    @property
    def number(self) -> str | None:
        return rules.mobile_number(self.data) if self.data else None

    def pre_validate(self, form):
        if self.data and self.number is None:
            raise ValidationError(_("휴대전화 번호를 010-1234-5678처럼 적어 주세요."))


class NewPassword(PasswordField):
    """Its rules are the service's; only its presence is checked here."""

    def __init__(self, label, **kwargs):
        super().__init__(label, [required(_l("비밀번호를 적어 주세요."))], **kwargs)


def same_password(form, field):
    if field.data != form.password.data:
        raise ValidationError(_("두 비밀번호가 서로 달라요. 똑같이 적어 주세요."))


class SignUpForm(Form):
    """As little as an account needs; the rest is asked when it is needed."""

    name = StringField(_l("로그인 이름"), [required(_l("로그인 이름을 적어 주세요.")), at_most(60)])
    password = PasswordField(_l("비밀번호"), [NeededWithoutPasskey(_l("비밀번호를 적어 주세요."))])
    passkey = PasskeyField()
    age = BooleanField(_l("만 14세 이상이에요"), [required(
        _l("만 14세부터 가입할 수 있어요. 만 14세 이상이면 골라 주세요. 아니라면 아래의 다른 참여 방법을 봐 주세요."))])
    terms = BooleanField(_l("이용약관에 동의해요 (필수)"), [required(_l("가입하려면 이용약관을 읽고 동의해 주세요."))])
    privacy = BooleanField(_l("개인정보 수집과 이용에 동의해요 (필수)"),
                           [required(_l("가입하려면 수집하는 것을 읽고 동의해 주세요."))])
    next = HiddenField()
    kept = HiddenField()
    sign_in = SubmitField()

    def validate_name(self, field) -> None:
        if sign_in_key(field.data) is None:
            raise ValidationError(str(unfit_name()))

    def validate_password(self, field) -> None:
        if not self.passkey.data:
            _ask(check_password, field.data, self.name.data)

    def account(self, language) -> NewAccount:
        shown = shown_in(self, self.password) if self.password else ""
        return NewAccount(name=self.name.data, password=shown, language=language,
                          agrees=self.age.data and self.terms.data and self.privacy.data)


class SignUpByProviderForm(SignUpForm):
    """The same, of somebody whom a provider of identities knows: `came` says so, sealed."""

    password = passkey = None
    validate_password = None
    came = HiddenField()


def _ask(check, *arguments) -> None:
    """Refusals of the service, so that everything that is wrong is told at once."""
    try:
        check(*arguments)
    except Refusal as refusal:
        raise ValidationError(str(refusal)) from refusal


class SignInForm(Form):
    name = StringField(_l("로그인 이름"), [required(_l("로그인 이름을 적어 주세요.")), at_most(60)])
    password = PasswordField(_l("비밀번호"), [required(_l("비밀번호를 적어 주세요.")), at_most(1000)])
    next = HiddenField()
    kept = HiddenField()
    sign_up = SubmitField()
    once = SubmitField()


class SignInPasskeyForm(Form):
    """In the place of name and password."""

    passkey = PasskeyField()
    next = HiddenField()
    kept = HiddenField()


class NewPasskeyForm(Form):
    name = StringField(_l("어느 기기인가요?"), [at_most(rules.PASSKEY_NAME_MOST)])
    passkey = PasskeyField()


class SignInCodeForm(Form):
    """Of the second factor, after name and password."""

    code = StringField(_l("인증 앱의 숫자 6자리"), [required(_l("숫자 6자리를 적어 주세요.")), at_most(12)])
    next = HiddenField()
    kept = HiddenField()


class ForgottenPasswordForm(Form):
    who = StringField(_l("로그인 이름이나 이메일"),
                      [DataRequired(_l("로그인 이름이나 이메일 주소를 적어 주세요.")), at_most(254)])


class NewPasswordForm(Form):
    password = NewPassword(_l("새 비밀번호"))
    password_again = PasswordField(_l("새 비밀번호 한 번 더"), [same_password])


class FirstLinkForm(Form):
    """Account of one of the first two administrators."""

    name = StringField(_l("로그인 이름"), [required(_l("로그인 이름을 적어 주세요.")), at_most(60)])
    nickname = StringField(_l("보이는 이름"), [Length(rules.NICKNAME_LEAST, rules.NICKNAME_MOST,
                                                 _l("이름은 2~20자로 적어 주세요."))])
    email = EmailField(_l("이메일"), [required(_l("이메일 주소를 적어 주세요.")), at_most(254)])
    password = NewPassword(_l("비밀번호"))

    def account(self, language: Language) -> NewAdministrator:
        return NewAdministrator(self.name.data, self.nickname.data, self.email.address or "", self.password.data,
                                language)


class InvitationForm(SignUpForm):
    """Account of somebody who is invited to a role."""

    nickname = FirstLinkForm.nickname


class DeskCodeForm(Form):
    name = StringField(_l("로그인 이름"), [required(_l("로그인 이름을 적어 주세요.")), at_most(60)])
    code = StringField(_l("받은 코드"), [required(_l("받은 코드를 적어 주세요.")), at_most(60)])
    password = NewPassword(_l("새 비밀번호"))
    password_again = PasswordField(_l("새 비밀번호 한 번 더"), [same_password])


class ButtonForm(Form):
    """A page with one button."""


class ProfileForm(Form):
    nickname = StringField(_l("별명"), [required(_l("별명을 적어 주세요."))])
    mobile = MobileField(_l("휴대전화"), [at_most(30)])
    neighbourhood = NeighbourhoodChoice(_l("사는 동"), [required(_l("사는 동을 골라 주세요."))])
    language = Choice(_l("편지를 받을 말"), choices=[
        SelectChoice(str(words), words.label) for words in Language])
    next = HiddenField()

    @classmethod
    def of(cls, user, neighbourhoods, then: str | None = None) -> "ProfileForm":
        """`then`: the page after it, for somebody new, who has said nothing yet."""
        form = cls(nickname=user.nickname, mobile=user.mobile, language=user.language, next=then,
                   neighbourhood=str(user.neighbourhood_id or ("" if then else ELSEWHERE)))
        form.neighbourhood.offer(neighbourhoods, nothing=_("골라 주세요"), elsewhere=_("다른 곳에 살아요"))
        return form

    def profile(self) -> Profile:
        return Profile(nickname=self.nickname.data, mobile=self.mobile.number,
                       neighbourhood_id=self.neighbourhood.neighbourhood_id, language=Language(self.language.data))


CURRENT = [NeededWithoutPasskey(_l("지금 쓰는 비밀번호를 적어 주세요.")), at_most(1000)]


class PasswordForm(Form):
    """Asks who is at the device before something that cannot be taken back."""

    password = PasswordField(_l("지금 비밀번호"), CURRENT)
    passkey = PasskeyField()

    @property
    def shown(self) -> str | Answer:
        return shown_in(self, self.password)


class EndSecondFactorForm(PasswordForm):
    code = StringField(_l("인증 앱의 숫자 6자리"), [at_most(12)])


class ProofForm(Form):
    """Asks once more who is at the device; the names leave those of the form that is sent on alone."""

    proof_password = PasswordField(_l("지금 비밀번호"), CURRENT)
    proof_code = StringField(_l("인증 앱의 숫자 6자리"), [at_most(12)])
    proof_passkey = PasskeyField()
    proof_target = HiddenField()
    proof_only = HiddenField()
    """Something where a passkey is asked for, and no password."""

    @property
    def shown(self) -> str | Answer:
        return shown_in(self, self.proof_password)


class EmailForm(PasswordForm):
    email = EmailField(_l("이메일"), [at_most(254)])
    next = HiddenField()


class ChangePasswordForm(Form):
    old = PasswordField(_l("지금 비밀번호"), CURRENT)
    passkey = PasskeyField()
    password = NewPassword(_l("새 비밀번호"))
    password_again = PasswordField(_l("새 비밀번호 한 번 더"), [same_password])

    @property
    def shown(self) -> str | Answer:
        return shown_in(self, self.old)


class MobileCodeForm(Form):
    code = StringField(_l("문자로 받은 번호 6자리"), [required(_l("숫자 6자리를 적어 주세요.")), at_most(12)])


class SecondFactorForm(Form):
    code = StringField(_l("앱에 보이는 숫자 6자리"), [required(_l("숫자 6자리를 적어 주세요.")), at_most(12)])


ADDRESS_MOST = 120
AT_THE_DESK = [kind for kind in Evidence if kind is not Evidence.LETTER]
NOT_ON_THE_LIST = {"invalid_choice_message": _l("목록에 있는 것 가운데 골라 주세요.")}


class EvidenceForm(IdentityForm):
    """The same at the desk, with what the clerk has seen."""

    evidence = RadioField(_l("확인한 것"), [InputRequired(_l("무엇을 보고 확인했는지 골라 주세요."))],
                          choices=[SelectChoice(kind.value, EVIDENCE[kind]) for kind in AT_THE_DESK], **NOT_ON_THE_LIST)


class LetterForm(IdentityForm):
    """Asking for a letter."""

    neighbourhood = SelectField(_l("동"), **NOT_ON_THE_LIST)
    address = TextAreaField(_l("우편을 받을 주소"), [
        Length(5, ADDRESS_MOST, _l("도로명 주소와 동·호수를 5자부터 120자까지 적어 주세요."))])


class CodeForm(Form):
    code = StringField(_l("우편에 적힌 번호"), [Length(1, 40, _l("우편에 적힌 번호를 적어 주세요."))])


class DeclarationForm(Form):
    """Work or study here, as one says oneself."""

    kind = RadioField(_l("무엇을 하나요?"), [InputRequired(_l("하나를 골라 주세요."))], choices=[
        SelectChoice(kind.value, AFFILIATION[kind]) for kind in (AffiliationKind.WORK, AffiliationKind.STUDY)],
        **NOT_ON_THE_LIST)
    place = SelectField(_l("어느 동인가요?"), **NOT_ON_THE_LIST)


def offer(field: SelectField, places, nothing: str | None = None) -> None:
    """Fill a select with neighbourhoods or departments, none of them chosen beforehand."""
    places = [SelectChoice(str(place.id), place.name) for place in places]
    field.choices = [SelectChoice("", nothing or _("동을 골라 주세요")), *places]


def chosen(field: SelectField) -> int | None:
    return int(field.data) if field.data and field.data.strip() else None
