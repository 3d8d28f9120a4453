"""Items as a kind of thing: found, reported and hidden, owed an answer, told of.

Pictures of their originals are read at the desk alone."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import join

from civic_forum.answers import operations as duties
from civic_forum.answers.rules import DutyEnd
from civic_forum.blocks.kinds import Answerable, Attached, Ref, SearchResult
from civic_forum.blocks.moderated import Moderated, Passage, Surroundings
from civic_forum.blocks.public import Public
from civic_forum.blocks.submissions import NUMBER, Submission
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l
from civic_forum.platform.work import Work
from civic_forum.proposals import operations as proposals
from civic_forum.search import operations as search

from . import labels, queries
from .models import IntakeItem
from .policy import may_take
from .rules import ITEM, KIND, Became

ADDRESS = re.compile(rf"/intake/({NUMBER.pattern})")
WORDS = 200


def _why_not_read(actor: Any, item: IntakeItem) -> str | None:
    return None if item.is_public or may_take(actor) is None else str(queries.missing())


def _excerpt(item: IntakeItem) -> str:
    return item.text if len(item.text) <= WORDS else f"{item.text[:WORDS].rstrip()}…"


PUBLIC: Public[IntakeItem] = Public(
    kind=ITEM, model=IntakeItem, label=_l("현장에서 들은 말"), place="intake", name=Submission.number,
    title=IntakeItem.text, since=IntakeItem.checked_at, where=(queries.READ,),
    tables=join(IntakeItem, Submission, Submission.id == IntakeItem.submission_id), called=lambda item: item.number,
    titled=_excerpt, words=lambda item: item.text[WORDS:], exact=NUMBER,
    why_not_read=_why_not_read, missing=queries.missing, named=queries.named)


def _hit(item: IntakeItem) -> SearchResult:
    word = labels.BECAME[item.became] if item.became else labels.STATE[item.state]
    return PUBLIC.hit(item.number, word, str(labels.FORM[item.form]))


def _find(actor: Any, item_id: int) -> IntakeItem | None:
    item = db.session.get(IntakeItem, item_id)
    return item if item and item.hidden_at is None and not _why_not_read(actor, item) else None


def _around(item: IntakeItem) -> Surroundings:
    return Surroundings(None, PUBLIC.url(item), Passage(item.id, item.number, item.typed_at, (item.text,),
                                                        hidden_rule=item.hidden_rule))


def _put_hidden(work: Work, hidden: Mapping[IntakeItem, tuple[datetime, str] | None]) -> None:
    """Hide them or show them again; no answer is owed about a hidden one, and names on a hidden sheet do not count."""
    for item, hiding in hidden.items():
        if item.became is Became.COUNTED and item.about_id and bool(hiding) is not bool(item.hidden_at):
            proposal = proposals.locked(work.session, [item.about_id])[item.about_id]
            proposal.paper_count += (item.names or 0) * (-1 if hiding else 1)
        item.hidden_at, item.hidden_rule = hiding or (None, None)
        (duties.owe_no_more if hiding else duties.owe_again)(work, Ref(ITEM, item.id), DutyEnd.HIDDEN)
        make_findable(work.session, item)


def make_findable(session: Any, item: IntakeItem) -> None:
    """Found by its words as long as everybody reads them."""
    if item.is_public:
        search.keep(session, PUBLIC, item)
    else:
        search.remove(session, ITEM, item.id)


def _at(address: str) -> int | None:
    match = ADDRESS.search(address)
    item = match and queries.named(match[1])
    return item.id if item else None


def _described(item_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    return {item.id: (_excerpt(item), PUBLIC.url(item)) for item in queries.of_ids(item_ids)}


INTAKE_ITEM = PUBLIC.register(
    Attached(sets=KIND, why_not_read=lambda actor, _item: may_take(actor)),
    Moderated(find=_find, excerpt=_excerpt, author=IntakeItem.typed_by_id, words=IntakeItem.text, around=_around,
              put_hidden=_put_hidden, described=_described, at=_at),
    Answerable(topics=queries.topics, locked=queries.locked, told_about=lambda item: Ref(ITEM, item.id),
               people=queries.owner, is_of_visit=lambda item: item.forum_id is not None),
    PUBLIC.searched(lambda ids: {item.id: item for item in queries.of_ids(ids) if item.is_public}, _hit, place=45),
    PUBLIC.told(lambda reader_id: Submission.owner_id == reader_id, queries.READ))
