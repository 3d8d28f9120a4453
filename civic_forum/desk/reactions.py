"""Registrations of this feature with the desk."""

from datetime import timedelta

from civic_forum.accounts.queries import people
from civic_forum.platform import audit_chain, jobs, migrations
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.waiting import DeskEntry, DeskLine, DeskWork, ENTRIES, WORK, Waiting


def letter_lines(waits: list[Waiting]) -> list[DeskLine]:
    """Labels of letters, with the neighbourhood that each is of."""
    return [DeskLine("/desk/letters", _("우편 %(number)s", number=wait.ref), (wait.title,)) for wait in waits]


ENTRIES |= {
    "residents": DeskEntry("accounts.verify", _l("주민 확인하기"), "desk.new_resident"),
    "second": DeskEntry("accounts.see_account", _l("두 번째로 확인하기"), "desk.second_clerk"),
    "letters": DeskEntry("accounts.print_letters", _l("우편 인쇄하기"), "desk.letters"),
    "people": DeskEntry("accounts.look_up", _l("회원 찾기"), "desk.people"),
    "roles": DeskEntry("accounts.grant_role", _l("권한 주고 거두기"), "desk.roles"),
    "audit": DeskEntry("accounts.read_audit", _l("감사 기록 보기"), "desk.audit"),
    "access": DeskEntry("accounts.read_access_log", _l("회원 찾은 기록 보기"), "desk.access_log"),
}
WORK["accounts.letters"] = DeskWork("accounts.print_letters", _l("우편 인쇄하기"), people.printing_due, letter_lines,
                                    within=timedelta(days=2))
WORK["accounts.posting"] = DeskWork("accounts.see_account", _l("우편 부치기"), people.posting_due, letter_lines,
                                    within=timedelta(days=2))
jobs.every(1, "chain of the audit log")(audit_chain.link)
jobs.every(60, "daily heads of the audit log")(audit_chain.export)
jobs.every(1, "triggers that the site did not make")(migrations.watch_triggers)
