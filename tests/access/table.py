"""Rights, for every route: the whole of the rights of this site on a few screens.

Beneath a method and an address stand the things that it can be about (`scene.py` makes them; `-` where there is
only one way), then what each of the cast gets: `in` is being led to signing in, `ok` being led on after it was
done, a number the status. Several addresses in a row share the lines beneath the last of them. A request with a
status of 400 and more changes nothing, and neither does a GET; a star says that something is noted all the same. A
new route without lines here fails the test beside.
"""

from dataclasses import dataclass

from .account_table import ACCOUNTS
from .agenda_table import AGENDAS
from .answer_table import ANSWERS
from .appeal_table import APPEALS
from .body_table import BODIES
from .call_table import CALLS
from .commitment_table import COMMITMENTS
from .consultation_desk_table import CONSULTATION_DESK
from .application_table import APPLICATIONS
from .budget_desk_table import BUDGET_DESK
from .budget_table import BUDGETS
from .consultation_table import CONSULTATIONS
from .export_table import EXPORTS
from .figure_table import FIGURES
from .forum_table import FORUMS
from .course_table import COURSES
from .draw_table import DRAWS
from .judging_table import JUDGING
from .key_table import KEYS
from .letter_table import LETTERS
from .intake_table import INTAKE
from .meeting_table import MEETINGS
from .notice_table import NOTICES
from .officer_table import OFFICERS
from .outcome_table import OUTCOMES
from .picker_table import PICKERS
from .poll_table import POLLS
from .proposal_table import PROPOSALS
from .report_table import REPORTS
from .scene import ACTORS
from .evaluation_table import EVALUATIONS
from .series_table import SERIES
from .share_table import SHARING
from .plan_table import PLANS
from .survey_table import SURVEYS
from .visit_table import VISITS
from .vote_desk_table import VOTES_AT_THE_DESK
from .window_table import WINDOW

TABLE = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Pages for everybody
GET /
GET /accessibility
GET /healthz
GET /help
GET /help/glossary
GET /district
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


TABLES = (TABLE, PROPOSALS, ACCOUNTS, AGENDAS, ANSWERS, OUTCOMES, COMMITMENTS, APPEALS, VOTES_AT_THE_DESK,
          BODIES, MEETINGS, INTAKE, CALLS, APPLICATIONS, JUDGING, DRAWS, COURSES, SERIES, EVALUATIONS, SURVEYS, PLANS,
          VISITS, WINDOW, POLLS, EXPORTS, LETTERS, NOTICES, REPORTS, FORUMS, BUDGETS, BUDGET_DESK, OFFICERS, KEYS,
          PICKERS, FIGURES, SHARING, CONSULTATIONS, CONSULTATION_DESK)
ROWS = [row for table in TABLES for row in rows_of(table)]
