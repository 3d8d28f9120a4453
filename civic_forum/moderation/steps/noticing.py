"""Writing down what may be worth a look; each kind once for a thing."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from ..models import Signal
from ..rules import SignalKind


def notice(session, subject_kind: str, subject_ids: Iterable[int], kinds: Iterable[SignalKind], *,
           at: datetime) -> int:
    """Returns how many were new."""
    ids, wanted = sorted(set(subject_ids)), sorted(set(kinds))
    if not ids or not wanted:
        return 0
    known = set(map(tuple, session.execute(sa.select(Signal.subject_id, Signal.kind).where(
        Signal.subject_kind == subject_kind, Signal.subject_id.in_(ids), Signal.kind.in_(wanted)))))
    fresh = [Signal(kind=kind, subject_kind=subject_kind, subject_id=id_, at=at)
             for id_ in ids for kind in wanted if (id_, kind) not in known]
    session.add_all(fresh)
    return len(fresh)
