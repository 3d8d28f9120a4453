"""What two officials enter: what they saw, their password, and which copies of a key are gone."""

from wtforms import HiddenField, PasswordField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from civic_forum.kernel.forms import Form
from civic_forum.kernel.i18n import _, _l

from ..rules.boxes import ConfirmedAction
from ..services.confirmations import NOTE_MOST


class SeenForm(Form):
    """The fingerprint of what the official looked at: something else is never proposed or confirmed."""

    seen = HiddenField()

    fingerprint = b""

    def validate_seen(self, field):
        try:
            self.fingerprint = bytes.fromhex(field.data or "")
        except ValueError:
            self.fingerprint = b""
        if len(self.fingerprint) != 32:
            raise ValidationError(_("화면을 새로 열고 다시 해 주세요."))


class ProposalForm(SeenForm):
    action = HiddenField()

    proposed = None

    def validate_action(self, field):
        if field.data not in set(ConfirmedAction) - {ConfirmedAction.EXPORT_KEY}:  # a command's, which asks who it is
            raise ValidationError(_("화면을 새로 열고 다시 해 주세요."))
        self.proposed = ConfirmedAction(field.data)


class ConfirmForm(SeenForm):
    note = TextAreaField(_l("열쇠의 복사본을 어떻게 했는지"), [Length(max=NOTE_MOST)])
    password = PasswordField(_l("내 비밀번호"), [InputRequired(_l("비밀번호를 적어 주세요."))])
