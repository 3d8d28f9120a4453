"""Heads that were shown and a database that does not have them: after a restore, and at every start."""

import logging

from civic_forum.platform.backup_parts import Copied
from civic_forum.platform.errors import Conflict, Refusal, Unavailable
from civic_forum.platform.i18n import _, moment
from civic_forum.platform.work import use_case

from .. import queries as boxes
from ..box import ending, ledger_file, watching
from ..box.watching import KIND, announce
from ..keys import keyring
from ..rules.signing import HeadKind
from . import heads

log = logging.getLogger(__name__)


def behind(box_ids: list[bytes]) -> Conflict:
    """The alarm that stops a start or a restore."""
    named = ", ".join(box_id.hex() for box_id in box_ids)
    return Conflict(_("ALARM: 데이터베이스가 이미 공개한 기록 확인값보다 뒤에 있어요(투표함 %(named)s). 공개한 뒤에 복사한 더 새로운 "
                      "백업을 쓰세요. 운영 안내서의 '투표 중에 되돌리기'를 보세요.", named=named))


def refuse_database_behind() -> None:
    """A head was shown that this database does not have: it was put back, or altered."""
    try:
        box_ids = [box_id for box_id, _head in heads.ahead_of_database()]
    except ValueError as damaged:
        raise Unavailable(_("ALARM: 열쇠 보관함의 heads에 읽을 수 없는 파일이 있어요. 복사본을 되돌려 놓으세요.")) from damaged
    if box_ids:
        raise behind(box_ids)


def refuse_backup_behind(copied: Copied) -> None:
    """Nothing that was shown may be taken back, and no box come back full whose key is destroyed: nobody could ever
    count it again. A box that was closed since is taken: what its closing froze lies beside the keys."""
    shown = list(keyring.kept_heads())
    if not shown:
        return
    there = {(row["box_id"], row["number"]): row["signature"]
             for row in copied.rows("head", "box_id", "number", "signature")}
    boxes_there = {row["id"]: row for row in copied.rows("ballot_box", "id", "fingerprint", "erased_at")}
    emptied = {box_id for box_id, row in boxes_there.items() if row["erased_at"] is not None}
    box_ids = {box_id for box_id, head in shown
               if there.get((box_id, head["number"])) != bytes.fromhex(head["signature"])
               and not ({number for box, number in there if box == box_id} == {HeadKind.OPENING.number}
                        and ending.can_bring_forward(box_id, boxes_there[box_id]["fingerprint"], head))}
    box_ids |= set(keyring.destroyed_boxes()) - emptied
    if box_ids:
        log.critical("ALARM: the backup is behind the published heads of %s",
                     ", ".join(map(bytes.hex, sorted(box_ids))))
        raise behind(sorted(box_ids))


def bring_forward() -> list[str]:
    """Boxes that were closed since the backup are closed as they were: no ballot is lost."""
    notes = []
    for box_id, head in list(keyring.kept_heads()):
        if head["kind"] != HeadKind.CLOSING or heads.newest(box_id).number >= head["number"]:
            continue
        ledger_file.mark_restored(box_id)
        with use_case(None) as work:
            ending.bring_forward(box_id, head)
            announce(work, boxes.held(box_id).subject, kind=KIND, title=_("마감한 뒤에 백업으로 되돌렸어요"), text=_(
                "%(at)s에 사이트를 마감하기 전의 백업으로 되돌렸어요. 마감할 때 따로 적어 둔 것으로 투표함을 맞췄어요. 낸 표는 하나도 없어지지 않았어요.",
                at=moment(work.at)))
        log.critical("ALARM: restored to before the close of box %s, which is closed again as it was", box_id.hex())
        notes.append(f"ALARM: box {box_id.hex()} was closed after this backup and is closed again as it was; a public "
                     "notice says so. Papers noted since the close have to be noted again.")
    return notes


def tell_of_open_votes() -> list[str]:
    """Casts since the backup are lost: an alarm for the operator and a public notice, always. The ledger says how
    many."""
    notes = []
    for box_id in boxes.open_ids():
        gone = _gone(box_id)
        ledger_file.mark_restored(box_id)
        with use_case(None) as work:
            box = boxes.held(box_id)
            announce(work, box.subject, kind=KIND, title=_("투표 중에 백업으로 되돌렸어요"), text=_(
                "%(at)s에 사이트를 백업으로 되돌렸어요. 백업한 뒤에 낸 표는 없어졌어요. 투표했다면 확인증으로 다시 확인하고, 참여 표시가 "
                "없으면 다시 투표해 주세요.", at=moment(work.at)))
            work.record("ballots.restored_while_open", box, **gone)
        log.critical("ALARM: restored while box %s is open; gone are %s", box_id.hex(), gone)
        notes.append(f"ALARM: box {box_id.hex()} is open. Ballots cast after this backup are lost (the ledger names "
                     f"{gone['voters']} voters and {gone['receipts']} receipts); a public notice says so. Tell people "
                     "to look whether they are marked as having voted.")
    return notes


def refuse_other_tombstones() -> None:
    """A key that was destroyed and a box that is full, or the other way round: database and keys directory are not of
    one time."""
    destroyed = set(keyring.destroyed_boxes())
    for box_id, erased_at, key_destroyed_at in boxes.ends() if any(keyring.kept_heads()) else ():
        if (box_id in destroyed and erased_at is None) or (key_destroyed_at is not None and box_id not in destroyed):
            log.critical("ALARM: the tombstone of box %s and the database do not agree", box_id.hex())
            raise Conflict(_("ALARM: 투표함 %(named)s의 열쇠를 없앴다는 기록이 데이터베이스와 열쇠 보관함에서 서로 달라요. 같은 때의 복사본을 "
                             "되돌려 놓으세요.", named=box_id.hex()))


def _gone(box_id: bytes) -> dict[str, int]:
    """Voters and receipts that the ledger names and a database that was put back lacks; none where nobody can say."""
    try:
        figures = watching.figures_of(box_id)
    except Refusal as trouble:
        log.critical("ALARM: box %s cannot be compared with its ledger: %s", box_id.hex(), trouble)
        return {"voters": 0, "receipts": 0}
    return {"voters": figures["missing"] + figures["damaged"], "receipts": figures["lost"]}
