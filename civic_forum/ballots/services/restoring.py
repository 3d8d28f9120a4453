"""Heads that were shown and a database that does not have them: after a restore, and at every start."""

import logging

from civic_forum.kernel.backup_parts import Copied
from civic_forum.kernel.errors import Conflict, Unavailable
from civic_forum.kernel.i18n import _, moment
from civic_forum.kernel.work import use_case

from .. import heads, keyring, server_settings
from ..events import VoteNoticed
from ..models import VoteNotice
from ..queries import boxes

log = logging.getLogger(__name__)
ALARM = "alarm"


def behind(box_ids: list[bytes]) -> Conflict:
    """The alarm that stops a start or a restore."""
    named = ", ".join(box_id.hex() for box_id in box_ids)
    return Conflict(_("ALARM: 데이터베이스가 이미 공개한 기록 확인값보다 뒤에 있어요(투표함 %(named)s). 공개한 뒤에 복사한 더 새로운 "
                      "백업을 쓰세요. 운영 안내서의 '투표 중에 되돌리기'를 보세요.", named=named))


def refuse_database_behind() -> None:
    """A head was shown that this database does not have: it was put back, or altered."""
    try:
        found = [box_id for box_id, _head in heads.ahead_of_database()]
    except ValueError as damaged:
        raise Unavailable(_("ALARM: 열쇠 보관함의 heads에 읽을 수 없는 파일이 있어요. 복사본을 되돌려 놓으세요.")) from damaged
    if found:
        raise behind(found)


def refuse_wrong_settings() -> None:
    """PostgreSQL would log or lose ballots."""
    server_settings.refuse_wrong()


def refuse_backup_behind(copied: Copied) -> None:
    """Nothing that was shown may be taken back, and no box come back full whose key is destroyed: nobody could ever
    count it again.
    """
    shown = list(keyring.kept_heads())
    if not shown:
        return
    there = {(row["box_id"], row["number"]): row["signature"]
             for row in copied.rows("head", "box_id", "number", "signature")}
    emptied = {row["id"] for row in copied.rows("ballot_box", "id", "erased_at") if row["erased_at"] is not None}
    found = {box_id for box_id, head in shown
             if there.get((box_id, head["number"])) != bytes.fromhex(head["signature"])}
    found |= set(keyring.destroyed_boxes()) - emptied
    if found:
        log.critical("ALARM: the backup is behind the published heads of %s", ", ".join(map(bytes.hex, sorted(found))))
        raise behind(sorted(found))


def tell_of_open_votes() -> list[str]:
    """Casts since the backup are lost: an alarm for the operator and a public notice, always."""
    notes = []
    for box_id in boxes.open_ids():
        with use_case(None) as work:
            box = boxes.held(box_id)
            notice = VoteNotice(subject=box.subject, kind=ALARM, at=work.at, title=_("투표 중에 백업으로 되돌렸어요"), text=_(
                "%(at)s에 사이트를 백업으로 되돌렸어요. 백업한 뒤에 낸 표는 없어졌어요. 투표했다면 확인증으로 다시 확인하고, 참여 표시가 "
                "없으면 다시 투표해 주세요.", at=moment(work.at)))
            work.session.add(notice)
            work.record("ballots.restored_while_open", f"ballot_box:{box_id.hex()}")
            work.session.flush()
            work.tell(VoteNoticed(box.subject, notice.id))
        log.critical("ALARM: restored while box %s is open", box_id.hex())
        notes.append(f"ALARM: box {box_id.hex()} is open. Ballots cast after this backup are lost; a public notice "
                     "says so. Tell people to look whether they are marked as having voted.")
    return notes
