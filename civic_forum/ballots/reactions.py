"""Parts of ballot boxes in the rest of the site: personal data, how long rolls are kept, work in the background."""

import sqlalchemy as sa

from civic_forum.accounts.extensions import HOLDS, Holding
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks.extensions import ME, ONCE
from civic_forum.district.events import Renamed
from civic_forum.platform import asked_backups, backup_parts, hooks, jobs, start_checks, write_ahead
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.key_files import KINDS, KeyKind
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK

from . import queries, server_settings
from .counting import closing, publication
from .keys import backups as backup_list
from .keys import keyring, rotation
from .kiosk import services as kiosk
from .observing import queries as observing
from .observing import own_page
from .officers import operations as officers
from .officers.models import Officer
from .officers.queries import IN_OFFICE
from .officials import waiting
from .strikes import services as strikes
from .published import heads, restoring
from .rolls import operations as roll_operations
from .rolls import queries as rolls
from .rolls import services as roll_services
from .voting import own
from .box import watching
from .models import Promise, RollObjection, Voter
from .observing.models import ObserverAsk


def _erase(user, session) -> None:
    """Objections to rolls and wishes to observe go. Keyed hashes stay, or leaving would give a second vote (decision
    0006); a roll that grows notes that the account is gone."""
    rolls.note_leaving(user)
    for table in (RollObjection, ObserverAsk):
        session.execute(sa.delete(table).where(table.user_id == user.id))


PERSONAL_DATA["ballots"] = PersonalData(erase=_erase, collect=lambda user: {
    "rolls": rolls.kept_about(user), "roll_objections": rolls.objections_kept_about(user),
    "objections": observing.objections_kept_about(user), "observing": observing.kept_about(user)})
HOLDS["officers"] = Holding(
    label=_l("투표 담당관"), model=Officer, column=Officer.user_id, is_open=IN_OFFICE, move=officers.leave,
    obstacle=officers.why_not_leave)
ENTRIES |= {
    "kiosks": DeskEntry("ballots.register_kiosks", _l("투표소 기기"), "ballots.kiosks"),
    "vote_officials": DeskEntry("ballots.officiate", _l("투표 진행하기"), "ballots.confirmations"),
    "vote_officers": DeskEntry("ballots.grant_officer", _l("투표 담당관 정하기"), "ballots.officers_desk"),
    "vote_paper": DeskEntry("ballots.issue_paper", _l("종이와 현장 투표"), "ballots.votes_at_the_desk"),
}
WORK |= {
    "ballots.confirmations": DeskWork("ballots.officiate", _l("두 사람이 확인하기"), waiting.to_officiate,
                                      waiting.officiate_lines),
    "ballots.typing": DeskWork("ballots.type_paper", _l("종이 입력하기"), waiting.to_type, waiting.typed_lines),
    "ballots.differences": DeskWork("ballots.settle_paper", _l("다르게 읽은 종이"), waiting.to_settle,
                                    waiting.differing_lines),
    "ballots.objections": DeskWork("ballots.read_objections", _l("투표 이의"), waiting.objections,
                                   waiting.objection_lines),
}


def own_votes(user) -> dict:
    items = own.took_part(user)
    return {"label": _("참여한 투표"), "key": "votes", "place": 30, "total": len(items), "items": items, "more": (
        "/receipts", _("확인증으로 내 표 찾기")), "note": _("무엇을 골랐는지는 여기에서 알 수 없어요. 확인증은 내려받은 파일에만 있어요.")}


ME.add(own_votes)
ME.add(own_page.on_own_page)
ONCE.add(own.votes_now)
KINDS["signing"] = KeyKind(numbers=keyring.signing_numbers, since=keyring.signing_key_made, rotate=rotation.rotate)
write_ahead.short_while(queries.open_ids)
hooks.on(Renamed)(roll_operations.follow_rename)
jobs.every(1, "votes whose time is over")(closing.close_due)
jobs.every(1, "open votes and their ledgers")(watching.look)
jobs.every(1, "write-ahead log of open votes")(write_ahead.keep_short)
jobs.every(1, "signed counts of open votes")(watching.sign_due)
jobs.every(1, "backups that somebody asked for")(asked_backups.make)
jobs.every(10, "lost leaves of closed votes")(closing.rebuild_lost)
jobs.every(10, "rolls whose day is over")(roll_services.fix_due)
jobs.every(10, "remains of votes that are counted")(publication.clear_remains)
jobs.every(10, "strikes that nobody can confirm any more")(strikes.forget_void)
jobs.every(5, "passes of the kiosk that are over")(kiosk.forget_expired)
jobs.keep_for("RETAIN_ROLLS_DAYS", "electoral rolls")(roll_services.forget)
start_checks.before_serving(server_settings.refuse_wrong)
start_checks.before_serving(rolls.refuse_lost_keys)
start_checks.before_serving(restoring.refuse_database_behind)
start_checks.before_serving(restoring.refuse_other_tombstones)
start_checks.before_serving(heads.refuse_other_signer)
start_checks.before_serving(write_ahead.note_readers)
backup_parts.before_backup(backup_list.note)
backup_parts.before_restore(restoring.refuse_backup_behind)
backup_parts.after_restore(restoring.bring_forward)
backup_parts.after_restore(restoring.tell_of_open_votes)
backup_parts.folders.append("records")
backup_parts.in_order |= {table.__tablename__: f"pk_{table.__tablename__}" for table in (Voter, Promise)}
