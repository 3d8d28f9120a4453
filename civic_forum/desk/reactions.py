"""What this feature itself puts on the desk."""

from civic_forum.accounts.queries import people
from civic_forum.kernel.i18n import _l
from civic_forum.kernel.registries import DeskEntry, registries

registries.desk |= {
    "residents": DeskEntry("accounts.verify", _l("주민 확인하기"), "desk.new_resident", lambda _user: None),
    "letters": DeskEntry("accounts.print_letters", _l("우편 인쇄하기"), "desk.letters", people.letters_waiting),
    "people": DeskEntry("accounts.look_up", _l("회원 찾기"), "desk.people", lambda _user: None),
    "roles": DeskEntry("accounts.grant_role", _l("권한 주고 거두기"), "desk.roles", lambda _user: None),
    "audit": DeskEntry("accounts.read_audit", _l("감사 기록 보기"), "desk.audit", lambda _user: None),
    "access": DeskEntry("accounts.read_access_log", _l("회원 찾은 기록 보기"), "desk.access_log", lambda _user: None),
}
