"""Pictures and files that an office puts beside a record of a process: the use-cases."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.blocks.process import Process, R
from civic_forum.platform.policy import Predicate
from civic_forum.platform.work import Work

from . import operations
from .models import Attachment
from .queries import of_set
from .services import prepare_document


@dataclass(frozen=True)
class Documents(Generic[R]):
    """Files of a record, in the order in which they came."""

    process: Process[R]
    may_edit: Predicate
    kind: str
    """Of their sets."""
    column: str = "attachment_set_id"
    """Of the record: the number of its set, made with the first file."""
    removed: Callable[[Work, R, Attachment], None] | None = None
    """Takes away what hangs on a file."""

    def of(self, record: R) -> list[Attachment]:
        return of_set(getattr(record, self.column))

    def add(self, record_id: int, file: FileStorage | None, description: str = "", *, version: int,
            by: User) -> Attachment:
        """Put a PDF or a picture at the end; a sentence says what it shows. Raises Refusal at the field."""
        prepared = prepare_document(file, description, by=by)
        with self.process.editing(record_id, version, self.may_edit, by) as edit:
            added = operations.add(edit.work.session, self._set(edit.work, edit.record), prepared=prepared,
                                   description=description, by=by, at=edit.work.at)
            edit.details |= {"part": "document", "document": added.id}
            return added

    def remove(self, record_id: int, key: str, *, version: int, by: User) -> None:
        """Take one away. Raises NotFound."""
        with self.process.editing(record_id, version, self.may_edit, by) as edit:
            document = next((document for document in self.of(edit.record) if document.key == key), None)
            if document is not None and self.removed:
                self.removed(edit.work, edit.record, document)
            operations.remove(edit.work.session, self._set(edit.work, edit.record), key)
            edit.details |= {"part": "document_removed", "document": document.id if document else 0}

    def _set(self, work: Work, record: Any) -> int:
        if getattr(record, self.column) is None:
            setattr(record, self.column, operations.open_set(work.session, self.kind, record.id).id)
            work.session.flush()
        return int(getattr(record, self.column))
