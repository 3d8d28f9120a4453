"""Tables of a box compared with its ledger every minute and last when it ends, and alarms in words."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from hashlib import sha256

import sqlalchemy as sa

from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import Language, _, _l, local, speaking
from civic_forum.platform.work import Work, use_case

from .. import queries as boxes
from ..events import VoteNoticed
from ..keys import keyring
from ..models import BallotBox, Count, VoteNotice
from ..paper.models import PaperSheet
from ..rolls import queries as rolls
from ..published import heads
from ..rules import signing
from ..rules.boxes import SheetState
from ..rules.log import KEPT_FORMAT, parse_canonical
from . import acts_file, additions, additions_file, closing, closing_file, definition, ledger_file, voters
from .additions import Grown, Named, Signed
from .additions_file import Known
from .closing import Comparison
from .ledger import Ledger
from .sealing import BoxKeys, SALT_BYTES, roll_leaf, roll_root

log = logging.getLogger(__name__)
ENOUGH = 10
"""So many more since the last one are signed for at the full hour; fewer wait for midnight."""


def found(box: BallotBox, keys: BoxKeys, named: Ledger | None, added: Known) -> Comparison:
    """Rows and promises of this box as they stand now. `named`: its ledger, read before them unless the box's lock is
    held alone, so that it names nothing that they could not have; `added`: who was added to its roll."""
    entries = rolls.salted(box.roll_id, box.opened_at)
    seen = closing.compare(closing_file.box_of(box, keys), _roll(box, keys, added, entries), voters.all_rows(box.id),
                           voters.all_promises(box.id), named)
    seen.another_roll = not _is_as_opened(box, entries)
    return seen


Entries = Sequence[tuple[bytes, bytes]]
"""Persons and salts of those who were on the roll at the opening, whatever came later."""


def _roll(box: BallotBox, keys: BoxKeys, added: Known, entries: Entries) -> set[bytes]:
    """Row keys of these and of those who were added."""
    return {keys.row_key(box.id, person) for person in (*(person for person, _salt in entries), *added.named.persons)}


_compared: dict[bytes, tuple[bytes, bool]] = {}
"""Box → hash of the entries that were compared last, and whether they are those that it was opened with."""


def _is_as_opened(box: BallotBox, entries: Entries) -> bool:
    """True if the roll still has the size and the root that the definition names. The root is made again only where an
    entry is another than before."""
    if any(len(salt) != SALT_BYTES for _person, salt in entries):
        return False
    seen = sha256(b"".join(map(b"".join, sorted(entries)))).digest()
    if _compared.get(box.id, (b"",))[0] != seen:
        kept = definition.of(box.id) or {"definition": box.definition}
        asked = parse_canonical(str(kept["definition"]).encode())["roll"]
        root = roll_root(roll_leaf(box.id, salt, person) for person, salt in entries)
        _compared[box.id] = seen, (asked["size"], asked["root"]) == (len(entries), root.hex())
    return _compared[box.id][1]


def grown(box: BallotBox, keys: BoxKeys, added: Known) -> Grown | None:
    """Additions in the order of the record; None where the roll does not grow. With the file their order is lost, and
    only counts that named nobody hold."""
    if not boxes.grows(box):
        return None
    counts = [count.as_signed() for count in db.session.scalars(sa.select(Count).filter_by(
        box_id=box.id, additions=0).order_by(Count.number))] if added.lost else added.named.counts
    return additions.grown(keys, box.id, Named(added.named.persons, counts))


def additions_figures(box: BallotBox, added: Known, grown: Grown | None = None) -> dict[str, int]:
    """Figures of the additions that are not as they should be, none where the roll does not grow. They change no
    number: the file says who was added. `grown`: what is frozen, with which the signed counts are compared."""
    if not boxes.grows(box):
        return {}
    other = 0
    if grown is not None and not added.lost:
        signed = sa.select(sa.cast(Count.additions, sa.BigInteger), sa.cast(Count.additions_root, sa.LargeBinary))
        other = sum(not 0 <= size <= len(grown.leaves) or root != grown.root_of(size)
                    for size, root in db.session.execute(signed.where(Count.box_id == box.id)))
    return {"additions_forged": added.forged, "additions_gone": added.gone, "additions_lost": int(added.lost),
            "additions_other": other}


def amiss(seen: Comparison, figures: Mapping[str, int]) -> dict[str, int]:
    """Those of these that are not 0, and whether the roll is another one."""
    return {name: figure for name, figure in (*figures.items(), ("roll", int(seen.another_roll))) if figure}


def sheets_amiss(box_id: bytes, seen: Comparison) -> int:
    """Number of papers and sheets that do not agree."""
    states = db.session.execute(
        sa.select(sa.cast(PaperSheet.number, sa.BigInteger), sa.cast(PaperSheet.state, sa.Text))
        .where(PaperSheet.box_id == box_id))
    return closing.sheets_amiss(seen, {
        number: SheetState(state).channel if state in SheetState._value2member_map_ else None
        for number, state in states})


def look() -> dict[bytes, Mapping[str, int]]:
    """Look at every open box and raise the alarm where something is amiss, in the log and on the page of the vote,
    while it can be repaired. Returns the figures of these boxes: `CLEAN` of one that cannot be compared."""
    amiss: dict[bytes, Mapping[str, int]] = {}
    for box_id in boxes.open_ids():
        figures, trouble = CLEAN, ""
        try:
            mend(box_id)
            figures = figures_of(box_id)
            if figures != CLEAN:  # a paper may have come back, somebody been added between two of the statements
                figures = figures_of(box_id)
        except Refusal as refusal:
            trouble = str(refusal)
        except Exception as unreadable:  # a table holds what cannot be read: no reason to be silent about other boxes
            db.session.rollback()
            log.critical("ALARM: box %s cannot be compared", box_id.hex(), exc_info=unreadable)
        if trouble or figures != CLEAN:
            amiss[box_id] = figures
            log.critical("ALARM: box %s %s: %s", box_id.hex(), "cannot be compared" if trouble else
                         "does not agree with its ledger", trouble or figures)
            with use_case(None) as work:
                publish(boxes.required(box_id), work.at, trouble, figures)
    return amiss


def mend(box_id: bytes) -> None:
    """Put instants of a box that are none back, with an alarm and a notice: neither its pages nor its end wait for
    somebody who does."""
    if wrong := definition.unreadable(box_id):
        with use_case(None) as work:
            definition.put_instants_back(box_id, wrong)
            publish(boxes.required(box_id), work.at, _(
                "투표함에 적힌 때를 누가 알아볼 수 없게 바꿔서, 투표를 시작할 때 따로 적어 둔 대로 되돌렸어요."))


def figures_of(box_id: bytes) -> dict[str, int]:
    """`Found.figures` of an open box with the papers whose sheet is gone or in another state, in a reading of its
    own."""
    db.session.rollback()
    keys = keyring.box_keys(box_id)
    named, of_file = ledger_file.read(box_id, keys), additions_file.read(box_id, keys)
    box = boxes.required(box_id)
    definition.check(box)
    keys = keyring.box_keys(box_id, box.key_sha256)
    added = additions_file.completed(box, keys, of_file)
    seen = found(box, keys, named, added)
    figures = seen.figures() | {"sheets": sheets_amiss(box_id, seen)} | amiss(seen, additions_figures(box, added))
    db.session.rollback()
    return figures


def is_due(now: datetime, voted: int, last: Count | Signed | None, opened_at: datetime) -> bool:
    """True if a count is to be signed now. Nobody learns from two counts when fewer than ten people voted."""
    since, before = (last.at, last.voters) if last else (opened_at, 0)
    hour = local(now).replace(minute=0, second=0, microsecond=0)
    midnight = datetime.combine(hour, time(), hour.tzinfo)
    return since < midnight or (since < hour and voted - before >= ENOUGH)


def sign_due() -> list[bytes]:
    """Sign the counts that are due; returns the boxes."""
    return [box_id for box_id in boxes.open_ids() if _sign(box_id)]


def _sign(box_id: bytes) -> bool:
    db.session.rollback()
    box, now = boxes.required(box_id), database_now()
    last: Count | Signed | None = db.session.scalar(
        sa.select(Count).filter_by(box_id=box_id).order_by(Count.number.desc()).limit(1))
    try:
        definition.check(box)
        if box.roll is None or not box.opens_at <= now < box.closes_at:
            return False
        keys = keyring.box_keys(box_id)
        added = additions_file.completed(box, keys, additions_file.read(box_id, keys))
        if added.named.counts and (last is None or last.number < added.named.counts[-1].number):
            last = added.named.counts[-1]  # the database was put back
        many = box.roll.entries + len(added.named.persons)
        if added.lost or not is_due(now, many, last, box.opens_at):
            return False
        seed, voted, so_far = heads.seed_of(box_id), _voted(box, keys, added), grown(box, keys, added)
    except Refusal:
        return False  # `look` raises the alarm
    if not is_due(now, voted, last, box.opens_at):
        return False
    acts = None if box.format == KEPT_FORMAT else acts_file.so_far(box, now)
    count = Signed((last.number if last else 0) + 1, now.replace(microsecond=0), voted, len(added.named.persons))
    with use_case(None) as work:
        box = boxes.held(box_id)
        if box.closed_at is not None:
            return False
        public_key, signature = signing.signed(seed, signing.count(
            box.fingerprint, count.number, count.at, voted, additions=count.additions,
            root=so_far.root if so_far else signing.ZEROS, acts=acts))
        work.session.add(Count(box_id=box_id, **count._asdict(), additions_root=so_far and so_far.root,
                               public_key=public_key, signature=signature))
        work.session.flush()  # whoever was first with this number has it
        if acts is not None:
            acts_file.keep(box_id, count.number, acts)
        if so_far:
            additions_file.append(box_id, keys, [count])
    return True


def _voted(box: BallotBox, keys: BoxKeys, added: Known) -> int:
    """Row keys of the roll that stand in table or ledger, so that deleting rows lowers no count."""
    named = ledger_file.read(box.id, keys)
    known = {row.row_key for row in voters.all_rows(box.id)}.union(named.revisions if named else ())
    return len(known & _roll(box, keys, added, rolls.salted(box.roll_id, box.opened_at)))


KIND = "alarm"
CLEAN = {"damaged": 0, "foreign": 0, "ledger": 1, "lost": 0, "missing": 0, "sheets": 0}
"""Figures of a box with which all is as it should be."""
SAYS = {
    "additions_forged": _l("명부에 더한 줄 가운데 %(number)s개를 누가 몰래 넣었어요. 투표할 수 없고 세지 않아요."),
    "additions_gone": _l("명부에 더한 사람 가운데 %(number)s명이 명부에서 없어졌어요. 따로 적어 둔 것으로 기록해요."),
    "additions_lost": _l("명부에 더한 사람을 따로 적어 둔 파일이 없어졌어요. 그동안 서명한 수를 확인할 수 없어요."),
    "additions_other": _l("서명한 투표자 수 %(number)s개가 다른 명부 추가를 말해요."),
    "damaged": _l("열 수 없거나 예전 것으로 바뀐 투표가 %(number)s개 있어요."),
    "foreign": _l("명부에 없는 줄이 투표함에 %(number)s개 있어요. 세지 않아요."),
    "ledger": _l("열쇠 곁의 장부가 없어서, 없어진 투표가 있어도 알 수 없어요."),
    "lost": _l("확인증을 준 투표지 가운데 %(number)s개가 없어졌어요. 확인증 파일이 있으면 증거가 돼요."),
    "missing": _l("투표한 사람 가운데 %(number)s명의 투표가 없어졌어요."),
    "roll": _l("명부가 투표를 시작할 때와 달라요. 그때의 명부로 되돌려야 기록을 낼 수 있어요."),
    "sheets": _l("종이 %(number)s장의 기록이 투표함과 달라요."),
}


def sentence(figures: Mapping[str, int]) -> str:
    """A sentence for each figure that is amiss; empty where none is."""
    return " ".join(str(SAYS[name]) % {"number": f"{figures[name]:,}"} for name in SAYS
                    if figures.get(name, CLEAN.get(name, 0)) != CLEAN.get(name, 0))


def decided_by(box: BallotBox) -> str:
    """Sentence of a notice on those who decided: in a rehearsal one may do it alone."""
    return _("예행연습이라 담당관 한 명이 결정할 수 있어요.") if box.rehearsal else _("두 담당관이 함께 결정했어요.")


def announce(work: Work, subject: str, *, kind: str, title: str, text: str) -> VoteNotice:
    """A notice of whoever acts, and tell of it. `kind` is notice, correction (after the opening) or alarm."""
    notice = work.store(VoteNotice(subject=subject, kind=kind, title=title, text=text, at=work.at,
                                   by_id=work.actor and work.actor.id))
    work.emit(VoteNoticed(subject, notice.id))
    return notice


def publish(box: BallotBox, at: datetime, text: str = "", figures: Mapping[str, int] = CLEAN) -> None:
    """A notice on the page of the vote, inside the caller's transaction; what stands there already is not repeated."""
    with speaking(Language.KO):  # for everybody, whatever language whoever closes the box reads
        title, text = _("투표함에 이상이 있어요"), " ".join(filter(None, (text, sentence(figures))))
    known = sa.select(VoteNotice.id).filter_by(subject=box.subject, kind=KIND, text=text).limit(1)
    if text and db.session.scalar(known) is None:
        db.session.add(VoteNotice(subject=box.subject, kind=KIND, title=title, text=text, at=at))
