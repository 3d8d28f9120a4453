"""Use-cases of the pictures and files of a consultation's background."""

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.attachments import operations as attachments
from civic_forum.attachments import services as files
from civic_forum.attachments.models import Attachment

from . import operations
from .policy import may_edit
from .process import PROCESS


def add(consultation_id: int, file: FileStorage | None, description: str = "", *, version: int, by: User) -> Attachment:
    """Put a PDF or a picture at the end; a sentence says what it shows. Raises Refusal at the field."""
    prepared = files.prepare_document(file, description, by=by)
    with PROCESS.editing(consultation_id, version, may_edit, by) as edit:
        set_id = operations.file_set(edit.work, edit.record)
        added = attachments.add(edit.work.session, set_id, prepared=prepared, description=description, by=by,
                                at=edit.work.at)
        edit.details |= {"part": "document", "document": added.id}
        return added


def remove(consultation_id: int, key: str, *, version: int, by: User) -> None:
    """Take one away. Raises NotFound."""
    with PROCESS.editing(consultation_id, version, may_edit, by) as edit:
        attachments.remove(edit.work.session, operations.file_set(edit.work, edit.record), key)
        edit.details |= {"part": "document_removed"}
