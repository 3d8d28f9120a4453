"""WTForm of a file that an office shows beside a thing."""

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import StringField

from civic_forum.platform.forms import PUBLIC, Form, VersionedForm
from civic_forum.platform.i18n import _l

MOST_BYTES = 22 * 1024 * 1024
"""Of what is sent, with the file in it."""


class FileForm(Form):
    file = FileField(_l("파일"))
    description = StringField(_l("무엇이 담긴 자료인가요"), render_kw=PUBLIC)

    @property
    def chosen_file(self) -> FileStorage | None:
        data = self.file.data
        return data if data and getattr(data, "filename", "") else None


class DocumentForm(FileForm, VersionedForm):
    """The same beside a record that colleagues change."""
