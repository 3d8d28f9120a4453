"""Registrations of accounts with the site: personal data, mail, and how long things are kept."""

from functools import partial

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.district.events import Closing
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.district.rules import DistrictList
from civic_forum.platform import hooks, jobs, outbox, start_checks
from civic_forum.platform.i18n import _l

from .invitations import services as invitations
from .invitations.models import Invitation
from .models import RoleGrant, User
from .queries import own_data, people
from .queries.absences import own as own_absences
from .operations import erase_account
from .services import absences, codes, leaving, letters, once
from .services import entry as sessions
from .services import people as access

PERSONAL_DATA[leaving.ACCOUNT] = PersonalData(collect=own_data.account, erase=erase_account)
PERSONAL_DATA["absences"] = PersonalData(collect=own_absences, erase=absences.erase)
start_checks.before_serving(people.refuse_lost_keys)
outbox.HELD["resets that are asked for"] = lambda now: outbox.OutgoingMail.kind == codes.RESET_ASKED
jobs.every(1, "mail", at_start=True)(outbox.deliver_due)
jobs.every(1, "links to a new password", at_start=True)(codes.answer_resets)
jobs.every(10, "remains of those who left")(leaving.clear_remains)
jobs.every(1, "names from before they were folded", at_start=True)(access.fold_names)
jobs.every(5, "people who took part once")(once.end_over)
jobs.every(60, "codes and sessions that are over")(sessions.throw_away_old)
jobs.every(60, "invitations that are over")(invitations.forget_old)
jobs.keep_for("RETAIN_MAIL_DAYS", "mail")(outbox.throw_away)
jobs.keep_for("RETAIN_DESK_CHECKS_DAYS", "desk checks")(access.forget_checks)
jobs.keep_for("RETAIN_ACCESS_LOG_DAYS", "look-ups by staff")(access.forget_records)
jobs.keep_for("RETAIN_LETTERS_DAYS", "letters")(letters.forget)
jobs.every(1, "roles that end", at_start=True)(access.end_due)
jobs.every(30, "roles that end soon", at_start=True)(access.tell_ends)
jobs.every(30, "deputies", at_start=True)(absences.tell_deputies)
GRANTED = partial(Moving, model=RoleGrant, is_open=(RoleGrant.withdrawn_at.is_(None),), move=access.move_grant)
hooks.on(Closing)(access.keep_one_head)
OPEN_WORK |= {
    "staff": GRANTED(label=_l("담당자의 권한"), column=RoleGrant.department_id),
    "clerks": GRANTED(label=_l("동 담당자의 권한"), column=RoleGrant.neighbourhood_id, list=DistrictList.NEIGHBOURHOODS),
    "invitations": Moving(label=_l("초대"), model=Invitation, column=Invitation.department_id, is_open=()),
    "invited clerks": Moving(label=_l("초대"), model=Invitation, column=Invitation.neighbourhood_id, is_open=(),
                             list=DistrictList.NEIGHBOURHOODS),
    "homes": Moving(label=_l("사는 동으로 고른 주민"), model=User, column=User.neighbourhood_id, is_open=(),
                    list=DistrictList.NEIGHBOURHOODS)}
