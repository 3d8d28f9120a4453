"""Writing down what may be worth a look; each kind once for a thing, and again for another text of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b

import sqlalchemy as sa

from ..models import Signal
from ..rules import SignalKind


def notice(session, subject_kind: str, texts: Mapping[int, str], kinds: Iterable[SignalKind], *, at: datetime) -> int:
    """`texts` says by id in which text it was noticed (none: in an account). Returns how many are to be looked at that
    were not before: what a moderator has seen comes back where the text is another one by now."""
    wanted = sorted(set(kinds))
    if not texts or not wanted:
        return 0
    known = {(one.subject_id, one.kind): one for one in session.scalars(sa.select(Signal).where(
        Signal.subject_kind == subject_kind, Signal.subject_id.in_(sorted(texts)), Signal.kind.in_(wanted))
        .order_by(Signal.id).with_for_update().execution_options(populate_existing=True))}
    return sum(_noticed(session, known.get((id_, kind)), Signal(
        kind=kind, subject_kind=subject_kind, subject_id=id_, at=at, text_hash=_hash(texts[id_])))
        for id_ in sorted(texts) for kind in wanted)


def _noticed(session, before: Signal | None, now: Signal) -> bool:
    if before is None:
        session.add(now)
        return True
    is_back = before.seen_at is not None and before.text_hash != now.text_hash
    if is_back:
        before.seen_at, before.at = None, now.at
    before.text_hash = now.text_hash
    return is_back


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest() if text else ""
