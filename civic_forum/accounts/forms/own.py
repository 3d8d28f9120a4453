"""Forms of one's own account."""

from wtforms import PasswordField, StringField
from wtforms.fields import SelectChoice

from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import Language, _, _l

from ..services.profile import Profile
from .fields import ELSEWHERE, Choice, EmailField, MobileField, NeighbourhoodChoice, NewPassword, at_most
from .fields import required, same_password


class ProfileForm(Form):
    nickname = StringField(_l("별명"), [required(_l("별명을 적어 주세요."))])
    mobile = MobileField(_l("휴대전화"), [at_most(30)])
    neighbourhood = NeighbourhoodChoice(_l("사는 동"), [required(_l("사는 동을 골라 주세요."))])
    language = Choice(_l("편지를 받을 말"), choices=[
        SelectChoice(str(Language.KO), "한국어"), SelectChoice(str(Language.EN), "English")])

    @classmethod
    def of(cls, user, neighbourhoods) -> "ProfileForm":
        form = cls(nickname=user.nickname, mobile=user.mobile, language=user.language,
                   neighbourhood=str(user.neighbourhood_id or ELSEWHERE))
        form.neighbourhood.offer(neighbourhoods, nothing=_("골라 주세요"), elsewhere=_("다른 곳에 살아요"))
        return form

    def profile(self) -> Profile:
        return Profile(nickname=self.nickname.data, mobile=self.mobile.number,
                       neighbourhood_id=self.neighbourhood.neighbourhood_id, language=Language(self.language.data))


class PasswordForm(Form):
    """Asks who is at the device before something that cannot be taken back."""

    password = PasswordField(_l("지금 비밀번호"), [required(_l("지금 쓰는 비밀번호를 적어 주세요.")), at_most(1000)])


class EmailForm(PasswordForm):
    email = EmailField(_l("전자우편"), [at_most(254)])


class ChangePasswordForm(Form):
    old = PasswordField(_l("지금 비밀번호"), [required(_l("지금 쓰는 비밀번호를 적어 주세요.")), at_most(1000)])
    password = NewPassword(_l("새 비밀번호"))
    password_again = PasswordField(_l("새 비밀번호 한 번 더"), [same_password])


class MobileCodeForm(Form):
    code = StringField(_l("문자로 받은 번호 6자리"), [required(_l("숫자 6자리를 적어 주세요.")), at_most(12)])


class SecondFactorForm(Form):
    code = StringField(_l("앱에 보이는 숫자 6자리"), [required(_l("숫자 6자리를 적어 주세요.")), at_most(12)])
