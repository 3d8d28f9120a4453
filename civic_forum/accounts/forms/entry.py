"""Forms of people who are not signed in: sign-up, sign-in, new passwords."""

from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l

from ..rules import AffiliationKind, sign_in_key
from ..services.sign_up import NewAccount, check_nickname, check_password, unfit_name
from .fields import EmailField, MobileField, NeighbourhoodChoice, NewPassword, at_most, required, same_password


class SignUpForm(Form):
    name = StringField(_l("로그인 이름"), [required(_l("로그인 이름을 적어 주세요.")), at_most(60)])
    password = NewPassword(_l("비밀번호"))
    password_again = PasswordField(_l("비밀번호 한 번 더"), [same_password])
    nickname = StringField(_l("별명"), [required(_l("별명을 적어 주세요."))])
    email = EmailField(_l("전자우편"), [at_most(254)])
    mobile = MobileField(_l("휴대전화"), [at_most(30)])
    neighbourhood = NeighbourhoodChoice(_l("사는 동"), [required(_l("사는 동을 골라 주세요."))])
    work = NeighbourhoodChoice(_l("일하는 동"))
    study = NeighbourhoodChoice(_l("배우는 동"))
    age = BooleanField(_l("만 14세 이상이에요"), [required(
        _l("만 14세부터 가입할 수 있어요. 만 14세 이상이면 골라 주세요. 아니라면 아래의 다른 참여 방법을 봐 주세요."))])
    terms = BooleanField(_l("이용약관에 동의해요 (필수)"), [required(_l("가입하려면 이용약관을 읽고 동의해 주세요."))])
    privacy = BooleanField(_l("개인정보 수집과 이용에 동의해요 (필수)"),
                           [required(_l("가입하려면 수집하는 것을 읽고 동의해 주세요."))])
    news = BooleanField(_l("소식을 전자우편으로 받을게요 (선택)"))
    next = HiddenField()

    def offer(self, neighbourhoods) -> "SignUpForm":
        self.neighbourhood.offer(neighbourhoods, nothing=_("골라 주세요"), elsewhere=_("다른 곳에 살아요"))
        for field in (self.work, self.study):
            field.offer(neighbourhoods, nothing=_("해당하지 않아요"))
        return self

    def validate_name(self, field) -> None:
        if sign_in_key(field.data) is None:
            raise ValidationError(str(unfit_name()))

    def validate_nickname(self, field) -> None:
        _ask(check_nickname, field.data)

    def validate_password(self, field) -> None:
        _ask(check_password, field.data, self.name.data, self.nickname.data)

    def account(self, language) -> NewAccount:
        places = {AffiliationKind.LIVE: self.neighbourhood, AffiliationKind.WORK: self.work,
                  AffiliationKind.STUDY: self.study}
        return NewAccount(
            name=self.name.data, password=self.password.data, nickname=self.nickname.data, language=language,
            email=self.email.address, mobile=self.mobile.number, neighbourhood_id=self.neighbourhood.neighbourhood_id,
            declared={kind: place.neighbourhood_id for kind, place in places.items() if place.neighbourhood_id},
            agrees=self.age.data and self.terms.data and self.privacy.data, wants_news=self.news.data)


def _ask(check, *said) -> None:
    """Refusals of the service, so that everything that is wrong is told at once."""
    try:
        check(*said)
    except Refusal as refusal:
        raise ValidationError(str(refusal)) from refusal


class SignInForm(Form):
    name = StringField(_l("로그인 이름"), [required(_l("로그인 이름을 적어 주세요.")), at_most(60)])
    password = PasswordField(_l("비밀번호"), [required(_l("비밀번호를 적어 주세요.")), at_most(1000)])
    next = HiddenField()
    kept = HiddenField()


class SignInCodeForm(Form):
    """Of the second factor, after name and password."""

    code = StringField(_l("인증 앱의 숫자 6자리"), [required(_l("숫자 6자리를 적어 주세요.")), at_most(12)])
    next = HiddenField()
    kept = HiddenField()


class ForgottenPasswordForm(Form):
    who = StringField(_l("로그인 이름이나 전자우편"),
                      [required(_l("로그인 이름이나 전자우편 주소를 적어 주세요.")), at_most(254)])


class NewPasswordForm(Form):
    password = NewPassword(_l("새 비밀번호"))
    password_again = PasswordField(_l("새 비밀번호 한 번 더"), [same_password])


class DeskCodeForm(Form):
    name = StringField(_l("로그인 이름"), [required(_l("로그인 이름을 적어 주세요.")), at_most(60)])
    code = StringField(_l("받은 코드"), [required(_l("받은 코드를 적어 주세요.")), at_most(60)])
    password = NewPassword(_l("새 비밀번호"))
    password_again = PasswordField(_l("새 비밀번호 한 번 더"), [same_password])


class ButtonForm(Form):
    """A page with one button."""
