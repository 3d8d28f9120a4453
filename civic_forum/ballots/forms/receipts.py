"""A receipt that somebody pastes or uploads."""

from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length

from civic_forum.kernel.forms import Form
from civic_forum.kernel.i18n import _l

from ..receipt_checks import MOST


class ReceiptForm(Form):
    file = FileField(_l("확인증 파일"))
    receipt = TextAreaField(_l("확인증 내용 붙여 넣기"), [
        Length(max=MOST, message=_l("투표 확인증보다 긴 글이에요. 확인증 파일의 내용만 붙여 넣어 주세요."))])

    def text(self) -> str:
        """What the file says, or what was pasted."""
        if self.file.data:
            return self.file.data.read(MOST + 1).decode("utf-8", "replace")
        return self.receipt.data or ""
