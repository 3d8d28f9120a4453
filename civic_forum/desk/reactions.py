"""Registrations of this feature with the desk."""

import logging
from datetime import timedelta

from civic_forum.accounts.queries import people
from civic_forum.district import queries as district_lists
from civic_forum.district.labels import TO_CONFIRM
from civic_forum.district.rules import DistrictList
from civic_forum.platform import audit_chain, jobs, migrations, start_checks
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.waiting import DeskEntry, DeskLine, DeskWork, ENTRIES, Staff, WORK, Waiting

from .services import by_two, district, settings

log = logging.getLogger(__name__)


def letter_lines(waits: list[Waiting]) -> list[DeskLine]:
    """Labels of letters, with the neighbourhood that each is of."""
    return [DeskLine("/desk/letters", _("우편 %(number)s", number=wait.ref), (wait.title,)) for wait in waits]


def changes_due(staff: Staff) -> list[Waiting]:
    """Changes of the district that another administrator decided, to be confirmed before their day."""
    return [Waiting(change.id, change.from_day - timedelta(days=1), str(change.id), change.why)
            for change in district_lists.to_confirm(staff.id, staff.today)]


def change_lines(waits: list[Waiting]) -> list[DeskLine]:
    """Changes with what they are of, by their names."""
    changes = [district_lists.change(wait.id) for wait in waits]
    return [DeskLine(f"/desk/district/changes/{change.id}", str(settings.case_of(change).setting.label), why=change.why)
            if change.list is DistrictList.SETTINGS else
            DeskLine(f"/desk/district/changes/{change.id}", by_two.case_of(change).entry.name,
                     (str(TO_CONFIRM[change.act]),), change.why) for change in changes]


ENTRIES |= {
    "residents": DeskEntry("accounts.verify", _l("주민 확인하기"), "desk.new_resident"),
    "supports": DeskEntry("accounts.verify", _l("창구에서 공감 적기"), "desk.supports"),
    "second": DeskEntry("accounts.see_account", _l("두 번째로 확인하기"), "desk.second_clerk"),
    "letters": DeskEntry("accounts.print_letters", _l("우편 인쇄하기"), "desk.letters"),
    "people": DeskEntry("accounts.look_up", _l("회원 찾기"), "desk.people"),
    "roles": DeskEntry("accounts.grant_role", _l("권한 주고 거두기"), "desk.roles"),
    "absences": DeskEntry("accounts.note_absence", _l("자리를 비우는 날"), "desk.absences"),
    "district": DeskEntry("district.change", _l("우리 구 목록 정하기"), "desk.district"),
    "settings": DeskEntry("district.change", _l("우리 구가 정한 것"), "desk.settings"),
    "state": DeskEntry("district.change", _l("서버 상태"), "desk.state"),
    "audit": DeskEntry("accounts.read_audit", _l("감사 기록 보기"), "desk.audit"),
    "access": DeskEntry("accounts.read_access_log", _l("회원 찾은 기록 보기"), "desk.access_log"),
}
WORK["district.changes"] = DeskWork("district.change", _l("우리 구 변경 승인하기"), changes_due, change_lines)
WORK["accounts.letters"] = DeskWork("accounts.print_letters", _l("우편 인쇄하기"), people.printing_due, letter_lines,
                                    within=timedelta(days=2))
WORK["accounts.posting"] = DeskWork("accounts.see_account", _l("우편 부치기"), people.posting_due, letter_lines,
                                    within=timedelta(days=2))


@start_checks.before_serving
def refuse_older_decisions() -> None:
    """Raises Conflict where decisions of the district are in the audit log and not in their tables. It comes before
    what would fill them from the machine's file."""
    if behind := district_lists.behind_audit():
        raise Conflict(f"What the district decided is older than its audit log: {', '.join(behind)}. Tables were put "
                       "back one by one. Put back a whole backup: bin/civic-forum restore DIRECTORY (docs/running.md).")


@start_checks.before_serving
def take_over_settings() -> None:
    """Make data of the settings that the machine says, once; say which count there no more."""
    try:
        ignored = settings.take_over()
    except Conflict:  # another process was first
        ignored = settings.take_over()
    for name in ignored:
        log.warning("CIVIC_FORUM_%s counts no more: the district decides it at /desk/district/settings.", name)


jobs.every(1, "decisions about the district", at_start=True)(district.apply_due)
jobs.every(1, "chain of the audit log")(audit_chain.link)
jobs.every(60, "daily heads of the audit log")(audit_chain.export)
jobs.every(1, "triggers that the site did not make")(migrations.watch_triggers)
