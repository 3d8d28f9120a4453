"""WTForms for minutes."""

from wtforms import PasswordField, StringField, TextAreaField

from civic_forum.accounts.passkey_form import PasskeyField
from civic_forum.platform.forms import Form, PUBLIC, SeenForm
from civic_forum.platform.i18n import _l

from .rules.drafting import NOTE_MOST, PLACE_MOST, REPLY_MOST, WORDS_MOST


class CorrectionForm(Form):
    place = StringField(_l("어디"), render_kw={"maxlength": PLACE_MOST} | PUBLIC)
    was = TextAreaField(_l("지금 적힌 글"), render_kw={"maxlength": WORDS_MOST} | PUBLIC)
    becomes = TextAreaField(_l("이렇게 고쳐 주세요"), render_kw={"maxlength": WORDS_MOST} | PUBLIC)


class CorrectionAnswer(Form):
    verdict = StringField()
    reply = TextAreaField(_l("까닭"), render_kw={"maxlength": REPLY_MOST} | PUBLIC)


class RevisionForm(Form):
    note = StringField(_l("무엇을 고쳤나요?"), render_kw={"maxlength": NOTE_MOST} | PUBLIC)


class SignatureForm(SeenForm):
    """WTForms for the version that was read, and the password of who signs it."""

    password = PasswordField(_l("비밀번호"))
    passkey = PasskeyField()
