"""Registrations of accounts with the site: personal data, mail, and how long things are kept."""

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.platform import jobs, outbox, start_checks

from .queries import own_data, people
from .operations import erase_account
from .services import codes, leaving, letters, once
from .services import entry as sessions
from .services import people as access

PERSONAL_DATA[leaving.ACCOUNT] = PersonalData(collect=own_data.account, erase=erase_account)
start_checks.before_serving(people.refuse_lost_keys)
outbox.HELD["resets that are asked for"] = lambda now: outbox.OutgoingMail.kind == codes.RESET_ASKED
jobs.every(1, "mail", at_start=True)(outbox.deliver_due)
jobs.every(1, "links to a new password", at_start=True)(codes.answer_resets)
jobs.every(10, "remains of those who left")(leaving.clear_remains)
jobs.every(1, "names from before they were folded", at_start=True)(access.fold_names)
jobs.every(5, "people who took part once")(once.end_over)
jobs.every(60, "codes and sessions that are over")(sessions.throw_away_old)
jobs.keep_for("RETAIN_MAIL_DAYS", "mail")(outbox.throw_away)
jobs.keep_for("RETAIN_DESK_CHECKS_DAYS", "desk checks")(access.forget_checks)
jobs.keep_for("RETAIN_ACCESS_LOG_DAYS", "look-ups by staff")(access.forget_records)
jobs.keep_for("RETAIN_LETTERS_DAYS", "letters")(letters.forget)
