"""Paper: sheets are printed, and what comes back is typed by two people, each without seeing the other's typing."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import use_case

from .. import operations
from .. import queries as consultations
from ..models import PaperRun
from ..policy import may_use_paper
from . import operations as typings
from . import rules
from .operations import Typed


def print_sheets(consultation_id: int, count: int, *, by: User) -> PaperRun:
    """So many more sheets with the statements that are asked now. Raises Refusal for too many sheets, Conflict for more
    statements than a sheet holds."""
    if not 1 <= count <= rules.SHEETS_MOST:
        raise Refusal(_("한 번에 1장에서 %(most)s장까지 인쇄해요.", most=rules.SHEETS_MOST), field="count")
    with use_case(by) as work:
        consultation = operations.held(consultation_id, by, may_use_paper)
        asked = [statement.number for statement in consultations.statements(consultation_id) if statement.is_asked]
        if len(asked) > rules.STATEMENTS_MOST:
            raise Conflict(_("종이에는 의견을 %(most)s개까지 담을 수 있어요.", most=rules.STATEMENTS_MOST))
        last = work.session.scalar(sa.select(sa.func.max(PaperRun.last)).filter_by(
            consultation_id=consultation_id)) or 0
        run = work.store(PaperRun(consultation_id=consultation.id, first=last + 1, last=last + count, statements=asked,
                                  printed_by_id=by.id, at=work.at))
        work.record("opinions.sheets_printed", consultation, first=last + 1, last=last + count)
        return run


def type_in(consultation_id: int, sheet: int, typed: str, *, by: User) -> Typed:
    """Write down what stands on a sheet. It counts once two people have typed the same; until then each may put their
    own typing right. Raises Denied for a second account of who typed it, NotFound for a sheet that was never printed,
    Refusal at `typed`, Conflict for one that counts already."""
    with use_case(by) as work:
        return typings.write(work, consultation_id, sheet, typed)
