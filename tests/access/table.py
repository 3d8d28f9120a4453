"""Rights, for every route: the whole of the rights of this site on a few screens.

Beneath a method and an address stand the things that it can be about (`scene.py` makes them; `-` where there is
only one way), then what each of the cast gets: `in` is being led to signing in, `ok` being led on after it was
done, a number the status. Several addresses in a row share the lines beneath the last of them. A request with a
status of 400 and more changes nothing, and neither does a GET; a star says that something is noted all the same. A
new route without lines here fails the test beside.
"""

from dataclasses import dataclass

from .agenda_table import AGENDAS
from .answer_table import ANSWERS
from .appeal_table import APPEALS
from .award_table import AWARDS
from .commitment_table import COMMITMENTS
from .consultation_desk_table import CONSULTATION_DESK
from .budget_desk_table import BUDGET_DESK
from .budget_table import BUDGETS
from .consultation_table import CONSULTATIONS
from .export_table import EXPORTS
from .figure_table import FIGURES
from .forum_table import FORUMS
from .key_table import KEYS
from .letter_table import LETTERS
from .notice_table import NOTICES
from .officer_table import OFFICERS
from .outcome_table import OUTCOMES
from .picker_table import PICKERS
from .poll_table import POLLS
from .report_table import REPORTS
from .scene import ACTORS
from .share_table import SHARING
from .vote_desk_table import VOTES_AT_THE_DESK

TABLE = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Pages for everybody
GET /
GET /accessibility
GET /healthz
GET /help
GET /help/glossary
GET /manifest.webmanifest
GET /offline
GET /service-worker.js
GET /.well-known/security.txt
GET /robots.txt
GET /security
GET /search
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /display
    -                                                            ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
GET /readyz
    -                                                            503  503  503  503  503  503  503  503  503  503
GET /static/<filename>
    style_sheet                                                  200  200  200  200  200  200  200  200  200  200

# Proposals and their files
# What is held, its author and moderators know of; a draft only its author. Hidden: that it is, everybody may know.
GET /attachments/<key>
GET /attachments/<key>/thumbnail
    draft                                                        404  404  404  200  404  404  404  404  404  404
    held hidden                                                  404  404  404  200  200  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged                                      200  200  200  200  200  200  200  200  200  200
    unknown                                                      404  404  404  404  404  404  404  404  404  404
GET /proposals
GET /proposals/similar
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /proposals/<number>
    held                                                         404  404  404  200  200  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged hidden                               200  200  200  200  200  200  200  200  200  200
    unknown                                                      404  404  404  404  404  404  404  404  404  404
POST /proposals/<number>/approval
POST /proposals/<number>/return
    held                                                         401  404  404  403  ok   404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged hidden                               401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /proposals/<number>/edit
    held                                                         in   404  404  200  403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda lapsed       in   403  403  200  403  403  403  403  403  403
    decided withdrawn merged hidden                              in   403  403  403  403  403  403  403  403  403
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /proposals/<number>/edit
    held                                                         401  404  404  ok   403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda lapsed       401  403  403  ok   403  403  403  403  403  403
    decided withdrawn merged hidden                              401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
POST /proposals/<number>/follows
    held                                                         401  404  404  403  403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged                                      401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    hidden                                                       401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
POST /proposals/<number>/follows/end
    held                                                         401  404  404  ok   ok   404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged hidden                               401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    unknown                                                      401  404  404  404  404  404  404  404  404  404
POST /proposals/<number>/supports
POST /proposals/<number>/supports/end
    held                                                         401  404  404  403  403  404  404  404  404  404
    gathering answer_due in_agenda                               401  ok   ok   403  ok   ok   ok   ok   ok   ok
    overdue answered decided lapsed withdrawn merged hidden      401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /proposals/<number>/versions
    held hidden                                                  404  404  404  200  200  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged                                      200  200  200  200  200  200  200  200  200  200
    unknown                                                      404  404  404  404  404  404  404  404  404  404
GET /proposals/<number>/withdrawal
    held                                                         in   404  404  200  403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda lapsed
    hidden                                                       in   403  403  200  403  403  403  403  403  403
    decided withdrawn merged                                     in   403  403  403  403  403  403  403  403  403
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /proposals/<number>/withdrawal
    held                                                         401  404  404  ok   403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda lapsed
    hidden                                                       401  403  403  ok   403  403  403  403  403  403
    decided withdrawn merged                                     401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /proposals/mine
GET /proposals/drafts
GET /proposals/new
    -                                                            in   200  200  200  200  200  200  200  200  200
GET /proposals/drafts/<key>/<step>
    step_1 step_2 step_3                                         in   404  404  200  404  404  404  404  404  404
    step_4 unknown                                               in   404  404  404  404  404  404  404  404  404
POST /proposals/drafts/<key>/<step>
    step_1 step_2                                                401  404  404  ok   404  404  404  404  404  404
    step_3 step_4                                                401  404  404  404  404  404  404  404  404  404
    unknown                                                      401  409  409  409  409  409  409  409  409  409
POST /proposals/drafts/<key>/attachments
POST /proposals/drafts/<key>/attachments/descriptions
POST /proposals/drafts/<key>/publication
POST /proposals/drafts/<key>/removal
    step_3                                                       401  404  404  ok   404  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
POST /proposals/drafts/<key>/attachments/<file_key>/removal
    step_3                                                       401  404  404  ok   404  404  404  404  404  404
    foreign_file unknown                                         401  404  404  404  404  404  404  404  404  404
GET /proposals/drafts/<key>/removal
    step_3                                                       in   404  404  200  404  404  404  404  404  404
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /proposals/new
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok

# Comments and reports
GET /comments/<comment_id>
    comment old_comment deleted_comment hidden_comment reply
    comment_of_withdrawn comment_of_decided                      ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    comment_of_hidden comment_of_held                            404  404  404  ok   ok   404  404  404  404  404
    unknown                                                      404  404  404  404  404  404  404  404  404  404
GET /comments/<comment_id>/edit
    comment reply comment_of_decided                             in   403  403  200  403  403  403  403  403  403
    old_comment deleted_comment hidden_comment
    comment_of_withdrawn                                         in   403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            in   404  404  403  403  404  404  404  404  404
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /comments/<comment_id>/edit
    comment reply comment_of_decided                             401  403  403  ok   403  403  403  403  403  403
    old_comment deleted_comment hidden_comment
    comment_of_withdrawn                                         401  403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            401  404  404  403  403  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /comments/<comment_id>/removal
    comment old_comment hidden_comment reply
    comment_of_withdrawn comment_of_decided                      in   403  403  200  403  403  403  403  403  403
    deleted_comment                                              in   403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            in   404  404  200  403  404  404  404  404  404
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /comments/<comment_id>/removal
    comment old_comment hidden_comment reply
    comment_of_withdrawn comment_of_decided                      401  403  403  ok   403  403  403  403  403  403
    deleted_comment                                              401  403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            401  404  404  ok   403  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /comments/<comment_id>/replies
    comment old_comment deleted_comment hidden_comment
    comment_of_withdrawn comment_of_decided                      200  200  200  200  200  200  200  200  200  200
    reply unknown                                                404  404  404  404  404  404  404  404  404  404
    comment_of_hidden comment_of_held                            404  404  404  200  200  404  404  404  404  404
POST /comments/<comment_id>/replies
    comment old_comment comment_of_decided                       401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    deleted_comment hidden_comment reply comment_of_withdrawn    401  403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            401  404  404  403  403  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /comments/<comment_id>/replies/new
    comment old_comment comment_of_decided                       in   200  200  200  200  200  200  200  200  200
    deleted_comment hidden_comment reply comment_of_withdrawn    in   403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            in   404  404  403  403  404  404  404  404  404
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /comments/<comment_id>/supports
POST /comments/<comment_id>/supports/end
    comment old_comment reply comment_of_decided                 401  ok   ok   403  ok   ok   ok   ok   ok   ok
    deleted_comment hidden_comment comment_of_withdrawn          401  403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            401  404  404  403  403  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /reports/new
    gathering comment                                            200  200  200  200  200  200  200  200  200  200
    held hidden deleted_comment unknown                          404  404  404  404  404  404  404  404  404  404
    comment_of_held                                              404  404  404  200  200  404  404  404  404  404
POST /reports/new
    gathering comment                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    held hidden deleted_comment unknown                          401  404  404  404  404  404  404  404  404  404
    comment_of_held                                              401  404  404  ok   ok   404  404  404  404  404
POST /threads/<thread_id>/comments
    draft                                                        401  404  404  403  404  404  404  404  404  404
    held hidden                                                  401  404  404  403  403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed                                                       401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    withdrawn merged                                             401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404

# Accounts: coming in
# Links and codes work for whoever has them: that is what they are for.
GET /<document>/<number>
    terms privacy                                                200  200  200  200  200  200  200  200  200  200
GET /consents/<document>
GET /consents/<document>/<number>
    collection                                                   200  200  200  200  200  200  200  200  200  200
GET /email-confirmations/<code>
    unknown reset                                                404  404  404  404  404  404  404  404  404  404
    confirmation                                                 200  200  200  200  200  200  200  200  200  200
POST /email-confirmations/<code>
    unknown reset                                                422  422  422  422  422  422  422  422  422  422
    confirmation                                                 in   ok   ok   ok   ok   ok   ok   ok   ok   ok
GET /forgotten-password
POST /forgotten-password
GET /reset-with-code
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /password-resets/<code>
    unknown confirmation                                         404  404  404  404  404  404  404  404  404  404
    reset                                                        200  200  200  200  200  200  200  200  200  200
POST /password-resets/<code>
    unknown confirmation                                         422  422  422  422  422  422  422  422  422  422
    reset                                                        in   in   in   in   in   in   in   in   in   in
GET /privacy
GET /terms
    -                                                            200  200  200  200  200  200  200  200  200  200
POST /reset-with-code
    -                                                            422  422  422  422  422  422  422  422  422  422
    desk_code                                                    in   in   in   in   in   in   in   in   in   in
POST /providers/<key>
    provider                                                     401  404  404  404  404  404  404  404  404  404
GET /providers/<key>/callback
    provider                                                     404  404  404  404  404  404  404  404  404  404
GET /sign-in
GET /sign-up
GET /once
    -                                                            200  ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /sign-in
POST /sign-up
    -                                                            ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /sign-in/code
    -                                                            in   in   in   in   in   in   in   in   in   in
    half_way                                                     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    half_way_wrong                                               422  422  422  422  422  422  422  422  422  422
POST /sign-in/passkey
POST /sign-up/passkey/challenges
POST /sign-up/provider
    -                                                            422  422  422  422  422  422  422  422  422  422
POST /sign-in/passkey/challenges
    -                                                            403  403  403  403  403  403  403  403  403  403
POST /sign-in/proof
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /sign-out
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok
GET /welcome
    -                                                            in   200  200  200  200  200  200  200  200  200
GET /sign-up/under-14
    -                                                            200  200  200  200  200  200  200  200  200  200

# Accounts: one's own
GET /me
GET /me/consents
GET /me/download
GET /me/email
GET /me/leaving
GET /me/mobile
GET /me/password
GET /me/passkeys
GET /me/providers
GET /me/profile
GET /me/residency
GET /me/residency/code
GET /me/residency/letters/new
GET /me/second-factor
GET /me/sessions
    -                                                            in   200  200  200  200  200  200  200  200  200
POST /me/download
    -                                                            401  200  200  200  200  200  200  200  200  200
POST /me/email
POST /me/email/confirmations
POST /me/mobile/codes
POST /me/password
POST /me/profile
POST /me/residency/declarations
POST /me/second-factor
POST /me/second-factor/end
POST /me/sessions/others/end
POST /me/staff-acts/read
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /me/leaving
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   403  ok
POST /me/mobile
    -                                                            401  422  422  422  422  422  422  422  422  422
POST /me/passkeys
POST /me/passkeys/challenges
    -                                                            401  403  403  403  403  403  403  403  403  403
POST /me/passkeys/<number>/removal
    passkey_of_user                                              401  ok   404  404  404  404  404  404  404  404
POST /me/providers/<number>/removal
    provider_link_of_user                                        401  ok   404  404  404  404  404  404  404  404
POST /me/residency/code
    -                                                            401  422  422  422  422  422  422  422  422  422
    letter_code                                                  401  404  ok   404  404  404  404  404  404  404
POST /me/residency/declarations/<kind>/withdrawals
    work                                                         401  404  404  404  404  404  404  404  404  404
POST /me/residency/letters
    -                                                            401  ok   409  ok   ok   ok   ok   ok   ok   ok
POST /me/residency/letters/cancellations
    -                                                            401  404  ok   404  404  404  404  404  404  404
POST /me/second-factor/confirmation
    -                                                            401  409  409  409  409  409  409  409  409  409
GET /me/second-factor/qr.svg
    -                                                            in   404  404  404  404  404  404  404  404  404
POST /me/sessions/<number>/end
    session_of_user                                              401  in   404  404  404  404  404  404  404  404
    no_session                                                   401  404  404  404  404  404  404  404  404  404

# The desk
# A member is opened with a reason given lately (`access`); for everybody else the reason is another's.
GET /desk
    -                                                            in   403  403  403  200  200  200  200  200  403
GET /desk/access-log
GET /desk/audit
GET /desk/roles
    -                                                            in   403  403  403  403  403  403  403  200  403
POST /desk/access-log/exports
POST /desk/audit/exports
    -                                                            401  403  403  403  403  403  403  403  200  403
GET /desk/held
    -                                                            in   403  403  403  200  403  403  403  403  403
POST /desk/held/approvals
    -                                                            401  403  403  403  ok   403  403  403  403  403
GET /desk/letters
GET /desk/second-clerk
    -                                                            in   403  403  403  403  403  200  200  403  403
POST /desk/letters/postings
    -                                                            401  403  403  403  403  403  404  404  403  403
POST /desk/second-clerk
    -                                                            401  403  403  403  403  403  403  403  403  403
POST /desk/letters/prints
    -                                                            401  403  403  403  403  403  422  422  403  403
    letter                                                       401  403  403  403  403  403  200  403  403  403
GET /desk/people
    -                                                            in   403  403  403  403  403  200  200  200  403
POST /desk/people
    -                                                            401  403  403  403  403  403  200  200  ok   403
GET /desk/people/<user_id>
    member member_of_staff                                       in   403  403  403  403  403  200  403  200  403
    member_unopened                                              in   403  403  403  403  403  403  403  403  403
    member_elsewhere                                             in   403  403  403  403  403  403  200  200  403
    member_gone unknown                                          in   403  403  403  403  403  404  404  404  403
POST /desk/people/<user_id>/codes
    member                                                       401  403  403  403  403  403  ok   403  ok   403
    member_unopened                                              401  403  403  403  403  403  403  403  403  403
    member_elsewhere                                             401  403  403  403  403  403  403  422  422  403
    member_of_staff                                              401  403  403  403  403  403  403  403  422  403
    member_gone unknown                                          401  403  403  403  403  403  404  404  404  403
GET /desk/people/<user_id>/codes/new
    member                                                       in   403  403  403  403  403  200  403  200  403
    member_unopened                                              in   403  403  403  403  403  403  403  403  403
    member_elsewhere                                             in   403  403  403  403  403  403  200  200  403
    member_of_staff                                              in   403  403  403  403  403  403  403  200  403
    member_gone unknown                                          in   403  403  403  403  403  404  404  404  403
POST /desk/people/<user_id>/names
    member                                                       401  403  403  403  403  403  200  403  200  403
    member_unopened                                              401  403  403  403  403  403  403  403  403  403
    member_elsewhere                                             401  403  403  403  403  403  403  404  404  403
    member_of_staff                                              401  403  403  403  403  403  404  403  404  403
    member_gone unknown                                          401  403  403  403  403  403  404  404  404  403
POST /desk/people/<user_id>/openings
    member member_unopened member_of_staff                       401  403  403  403  403  403  ok   403  ok   403
    member_elsewhere                                             401  403  403  403  403  403  403  ok   ok   403
    member_gone unknown                                          401  403  403  403  403  403  404  404  404  403
POST /desk/residents
    -                                                            401  403  403  403  403  403  ok   422  403  403
GET /desk/residents/new
    -                                                            in   403  403  403  403  403  200  200  403  403
POST /desk/roles
    -                                                            401  403  403  403  403  403  403  403  ok   403
POST /desk/roles/<grant_id>/withdrawals
    unknown                                                      401  403  403  403  403  403  403  403  404  403
    grant                                                        401  403  403  403  403  403  403  403  ok   403
    own_grant                                                    401  403  403  403  403  403  403  403  403  403
GET /desk/roles/<grant_id>/withdrawals/new
    unknown                                                      in   403  403  403  403  403  403  403  404  403
    grant own_grant                                              in   403  403  403  403  403  403  403  200  403
GET /desk/slips/<user_id>
    member                                                       in   403  403  403  403  403  404  404  404  403
    slip                                                         in   403  403  403  403  403  200  200  200  403
"""


@dataclass(frozen=True)
class Row:
    """Some things at one address, for which the same holds."""

    method: str
    rule: str
    things: tuple[str, ...]
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.rule} {' '.join(thing or '-' for thing in self.things)}"


def rows_of(table: str) -> list[Row]:
    """Rows of a table: those beneath several headings in a row stand at each of these addresses."""
    rows, things, addresses, heading = [], [], [], False
    for line in [*table.splitlines()[3:], ""]:
        words = line.split()
        if not words or line.startswith("#"):
            if heading:
                raise ValueError(f"{' '.join(addresses[-1])}: no rows stand beneath it")
            continue
        if not line.startswith(" "):
            addresses, heading = [*(addresses if heading else ()), words], True
            continue
        heading = False
        things += ["" if word == "-" else word for word in line[:65].split()]
        if outcomes := line[65:].split():
            expected = dict(zip(ACTORS, outcomes, strict=True))
            rows += [Row(method, rule, tuple(things), expected) for method, rule in addresses]
            things = []
    return rows


TABLES = (TABLE, AGENDAS, ANSWERS, AWARDS, OUTCOMES, COMMITMENTS, APPEALS, VOTES_AT_THE_DESK, POLLS, EXPORTS, LETTERS,
          NOTICES, REPORTS, FORUMS, BUDGETS, BUDGET_DESK, OFFICERS, KEYS, PICKERS, FIGURES, SHARING,
          CONSULTATIONS, CONSULTATION_DESK)
ROWS = [row for table in TABLES for row in rows_of(table)]
