"""The shape of a comment as it is sent."""

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, Optional, Regexp

from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _l

from .labels import STANCES
from .rules import LONGEST, Stance



def _text() -> TextAreaField:
    return TextAreaField(_l("내용"), render_kw=PUBLIC, validators=[
        DataRequired(_l("내용을 적어 주세요.")),
        Length(max=LONGEST, message=_l("댓글은 2,000자까지 쓸 수 있어요. 글을 줄여 주세요.")),
    ])


class ReplyForm(Form):
    text = _text()
    form_key = HiddenField(validators=[Optional(), Regexp(r"[0-9a-f]{32}\Z")])


class CommentForm(ReplyForm):
    stance = RadioField(_l("입장"), choices=[SelectChoice(*choice) for choice in STANCES.items()],
                        validate_choice=False, validators=[
        AnyOf(list(Stance), message=_l("찬성, 반대, 의견만 가운데 하나를 골라 주세요.")),
    ])
    text = _text()
