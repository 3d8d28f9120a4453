"""Hostile texts through every field and every part of an address: refused with a sentence, or stored clean."""

import unicodedata
from functools import cache
from io import BytesIO
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from civic_forum.agendas.models import Agenda
from civic_forum.budgets.models import BudgetRound
from civic_forum.forums.models import Forum
from civic_forum.kernel import plain_text
from civic_forum.kernel.base import db
from civic_forum.kernel.rich_text import Html
from civic_forum.polls.models import Poll
from civic_forum.proposals.models import Proposal
from tests import limits
from tests.attachments import making
from tests.hostile.files import NAMES
from tests.hostile.strings import STRINGS

from . import agenda_forms, appeal_forms, award_table, budget_forms, export_table, forum_forms, letter_table, notice_table, outcome_forms, report_forms, vote_fields
from .asking import CONVERTER, client_of
from .forms import filled_in
from .table import ROWS
from .stage import staged

TEXTS = [hostile.text for hostile in STRINGS]
APART = 48
"""One text of so many is sent to a field that is not in WHOLE, to a form or to an address, to each from another one on;
`long` sends them all."""
WHOLE = {("/threads/<thread_id>/comments", "text"), ("/proposals/drafts/<key>/<step>", "problem")}
LONGEST_ADDRESS = 5_000
WHO = {
    "/sign-up": "visitor", "/sign-in": "visitor", "/sign-in/code": "visitor", "/forgotten-password": "visitor",
    "/reset-with-code": "visitor", "/password-resets/<code>": "visitor", "/desk/residents": "clerk",
    "/threads/<thread_id>/comments": "user", "/comments/<comment_id>/replies": "user", "/reports/new": "user",
    "/proposals/<number>/return": "moderator", "/desk/people": "administrator", "/desk/roles": "administrator",
    "/desk/people/<user_id>/openings": "administrator", "/desk/people/<user_id>/names": "administrator",
    "/desk/people/<user_id>/codes": "administrator", "/desk/answers/<number>": "official",
    "/desk/answers/<number>/contact": "official", "/desk/answers/<number>/send-backs": "official",
    "/desk/answers/<number>/<act>": "official", "/desk/answers/corrections/<answer_id>": "official",
} | {rule: "moderator" for rule in agenda_forms.FORMS if rule.startswith("/desk/")} | award_table.WHO | export_table.WHO | forum_forms.WHO | outcome_forms.WHO | report_forms.WHO | vote_fields.WHO | appeal_forms.WHO | budget_forms.WHO
"""Who fills the form in; the author otherwise."""
ABOUT = {"/sign-in/code": "half_way", "/password-resets/<code>": "reset", "/reset-with-code": "desk_code",
         "/threads/<thread_id>/comments": "gathering", "/comments/<comment_id>/replies": "comment",
         "/comments/<comment_id>/edit": "comment", "/reports/new": "comment", "/proposals/<number>/return": "held",
         "/proposals/<number>/edit": "gathering", "/proposals/<number>/withdrawal": "gathering",
         "/proposals/drafts/<key>/<step>": "step_1", "/desk/people/<user_id>/openings": "member",
         "/desk/people/<user_id>/names": "member", "/desk/people/<user_id>/codes": "member",
         "/answers/<answer_id>/understandings": "declined", "/desk/answers/<number>": "filed",
         "/desk/answers/<number>/contact": "filed", "/desk/answers/<number>/send-backs": "awaiting",
         "/desk/answers/<number>/<act>": "referral_filed", "/desk/answers/corrections/<answer_id>": "declined",
         "/proposals/<number>/<act>": "own_formal_gathering",
         "/proposals/drafts/<key>/attachments": "step_3",
         "/proposals/drafts/<key>/attachments/descriptions": "step_3"} | agenda_forms.ABOUT | appeal_forms.ABOUT | award_table.ABOUT | export_table.ABOUT | forum_forms.ABOUT | notice_table.ABOUT | outcome_forms.ABOUT | report_forms.ABOUT | vote_fields.ABOUT | budget_forms.ABOUT
FIELDS = [(rule, name) for rule, names in {
    "/sign-up": "name nickname email mobile neighbourhood work study password age next",
    "/sign-in": "name password next kept",
    "/sign-in/code": "code next kept",
    "/forgotten-password": "who",
    "/password-resets/<code>": "password",
    "/reset-with-code": "name code password",
    "/me/profile": "nickname mobile neighbourhood language",
    "/me/email": "email password",
    "/me/mobile": "code",
    "/me/password": "old password",
    "/me/download": "password",
    "/me/second-factor": "password",
    "/me/leaving": "password",
    "/me/second-factor/end": "password",
    "/me/second-factor/confirmation": "code",
    "/me/residency/code": "code",
    "/me/residency/declarations": "kind place",
    "/me/residency/letters": "name birth_date address neighbourhood",
    "/threads/<thread_id>/comments": "text stance form_key",
    "/comments/<comment_id>/replies": "text form_key",
    "/comments/<comment_id>/edit": "text stance",
    "/reports/new": "about rule sentence",
    "/proposals/new": "key title category neighbourhood audiences version go",
    "/proposals/drafts/<key>/<step>": "title category neighbourhood audiences problem wish version go",
    "/proposals/drafts/<key>/attachments/descriptions": "description-x",
    "/proposals/<number>/edit": "title problem wish version",
    "/proposals/<number>/withdrawal": "reason",
    "/proposals/<number>/return": "reason",
    "/proposals/<number>/<act>": "name contact",
    "/answers/<answer_id>/understandings": "understood",
    "/desk/answers/<number>": "kind outcome text reason by_when cost document_number dated_on disclosure team phone "
                              "seen",
    "/desk/answers/<number>/contact": "why-reason",
    "/desk/answers/<number>/send-backs": "back-reason back-seen",
    "/desk/answers/<number>/<act>": "way to note",
    "/desk/answers/corrections/<answer_id>": "outcome text reason by_when cost document_number dated_on team phone why",
    **agenda_forms.FIELDS,
    **appeal_forms.FIELDS,
    **award_table.FIELDS,
    **export_table.FIELDS,
    **forum_forms.FIELDS,
    **notice_table.FIELDS,
    **outcome_forms.FIELDS,
    "/desk/people": "person reason",
    "/desk/people/<user_id>/openings": "reason",
    "/desk/people/<user_id>/names": "reason",
    "/desk/people/<user_id>/codes": "name birth_date evidence",
    "/desk/residents": "name birth_date evidence account kinds desk_number new_name nickname neighbourhood among "
                       "decision",
    "/desk/letters/prints": "letter",
    "/desk/roles": "sign_in_name role department neighbourhood",
    **report_forms.FIELDS,
    **vote_fields.FIELDS,
    **budget_forms.FIELDS,
}.items() for name in names.split()]
RULES = sorted({rule for rule, _name in FIELDS})
ENDS = {"/me/password", "/me/leaving", "/me/email", "/proposals/<number>/withdrawal", "/proposals/<number>/return",
        "/reports/new", "/me/residency/letters", "/password-resets/<code>", "/reset-with-code", "/sign-up",
        "/desk/people/<user_id>/codes", "/desk/residents", "/desk/roles", "/me/second-factor/end",
        "/proposals/<number>/<act>", "/desk/answers/<number>", "/desk/answers/<number>/<act>",
        "/desk/answers/<number>/contact", "/desk/answers/<number>/send-backs",
        "/desk/answers/corrections/<answer_id>"} | set(agenda_forms.FIELDS) | set(award_table.FIELDS) | set(outcome_forms.FIELDS) | appeal_forms.ENDS | forum_forms.ENDS | report_forms.ENDS | vote_fields.ENDS | set(budget_forms.FIELDS)
"""Forms that can be sent only once, and are put back each time."""
OF_VOTES = sorted(vote_fields.FIELDS | budget_forms.FIELDS)
"""Each of their fields gets fewer texts: there are many."""
FILES = "/proposals/drafts/<key>/attachments"
ADDRESSES = [
    "/agendas?state={}", "/agendas?neighbourhood={}", "/agendas?after={}", "/agendas/{}", "/agendas/{}/versions",
    "/desk/agendas?after={}", "/desk/agendas/{}", "/desk/agendas/agenda-open/proposals?q={}",
    "/search?q={}", "/search?q=x&kind={}", "/search?q=x&after={}", "/search?q=x&year={}", "/proposals?state={}",
    "/proposals?neighbourhood={}", "/proposals?category={}", "/proposals?year={}", "/proposals?sort={}",
    "/proposals?after={}", "/proposals/{}", "/proposals/{}/supports", "/proposals/similar?title={}",
    "/attachments/{}", "/attachments/{}/thumbnail", "/comments/{}", "/sign-in?next={}", "/sign-up?next={}",
    "/display?text={}", "/display?language={}&back=/", "/display?text=xl&back={}", "/password-resets/{}",
    "/email-confirmations/{}", "/terms/{}", "/consents/{}", "/{}", "/static/{}", "/reports/new?about={}",
    "/proposals/drafts/{}/1", "/desk/people/1?access={}", "/desk/slips/{}", "/desk/audit?area={}",
    "/desk/audit?subject={}", "/desk/audit?actor={}", "/desk/audit?since={}", "/desk/audit?until={}",
    "/desk/audit?after={}", "/desk/access-log?by={}", "/desk/access-log?user={}", "/desk/access-log?since={}",
    "/desk/roles?after={}", "/desk/held?after={}", "/desk/held?number={}",
    "/desk?due={}", "/desk?kind={}", "/desk?after={}", "/answers/late?department={}", "/answers/late?after={}",
    "/answers/{}/versions", "/desk/answers/{}", *export_table.ADDRESSES, *forum_forms.ADDRESSES, *notice_table.ADDRESSES, *outcome_forms.ADDRESSES, *letter_table.ADDRESSES, *report_forms.ADDRESSES, *vote_fields.ADDRESSES, *appeal_forms.ADDRESSES,
    *budget_forms.ADDRESSES,
]
OF_A_PROPOSAL = ["?order={}", "?stance={}", "?after={}", "/versions?from={}", "/versions?to={}"]
BUTTONS = outcome_forms.BUTTONS | {
    "/desk/agendas/<slug>/publications", "/desk/groupings/<link_id>/take-up", "/merges/<merge_id>/agreements",
    "/merges/<merge_id>/opt-outs",
    "/desk/answers/<number>/approvals",
    "/desk/answers/<number>/takings", "/desk/answers/corrections/<answer_id>/approvals",
    "/desk/answers/corrections/<answer_id>/send-backs",
    "/comments/<comment_id>/removal", "/comments/<comment_id>/supports", "/comments/<comment_id>/supports/end",
    "/desk/access-log/exports", "/desk/audit/exports", "/desk/roles/<grant_id>/withdrawals",
    "/email-confirmations/<code>", "/me/consents/<document>/<answer>", "/me/email/confirmations", "/me/mobile/codes",
    "/me/residency/declarations/<kind>/withdrawals", "/me/residency/letters/cancellations",
    "/me/sessions/<number>/end", "/me/sessions/others/end", "/proposals/<number>/approval",
    "/proposals/<number>/follows", "/proposals/<number>/follows/end", "/proposals/<number>/supports",
    "/proposals/<number>/supports/end", "/proposals/drafts/<key>/attachments/<file_key>/removal",
    "/proposals/drafts/<key>/publication", "/proposals/drafts/<key>/removal", "/sign-out",
} | award_table.BUTTONS | forum_forms.BUTTONS | letter_table.BUTTONS | report_forms.BUTTONS | vote_fields.BUTTONS | appeal_forms.BUTTONS | budget_forms.BUTTONS
"""Forms with nothing in them but a button."""
NOT_TEXT = {"password_hash", "secret_hash", "device", "digest", "thumbnail_digest", "key", "draft_key"}


@pytest.fixture(scope="module")
def stage(sqlite_app):
    yield from staged(sqlite_app)


def sentence_is_missing(answer) -> str | None:
    """What is wrong with an answer, or None."""
    if answer.status_code >= 500 or "Traceback" in answer.text:
        return f"fault {answer.status_code}"
    said = answer.get_json().get("detail", "") if answer.is_json else answer.text.partition("<main")[2].partition("<footer")[0]
    if answer.status_code >= 400 and "요." not in said:
        return f"{answer.status_code} without a sentence"
    target = (answer.location or "/").removeprefix("http://localhost")
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        return f"led to {answer.location}"
    return None


def sendable(name: str) -> bool:
    """Half a pair cannot be sent as UTF-8 at all."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


@pytest.mark.parametrize("rule, name", FIELDS)
def test_a_hostile_text_is_refused_with_a_sentence_or_stored_clean(stage, rule, name):
    place = FIELDS.index((rule, name))
    apart = 2 * APART if rule in OF_VOTES else APART
    texts = TEXTS if (rule, name) in WHOLE else TEXTS[place % apart::apart]
    assert field_faults(stage, rule, [{name: text} for text in texts]) == []


@pytest.mark.parametrize("rule", RULES)
def test_hostile_texts_in_all_fields_at_once_are_refused_with_sentences(stage, rule):
    assert at_once(stage, rule, TEXTS[RULES.index(rule) % APART::APART]) == []


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES)
def test_every_hostile_text_in_all_fields_at_once(stage, rule):
    assert at_once(stage, rule, TEXTS) == []


def at_once(stage, rule: str, texts: list[str]) -> list[str]:
    names = [name for one, name in FIELDS if one == rule]
    return field_faults(stage, rule, [dict.fromkeys(names, text) for text in texts])


@pytest.mark.long
@pytest.mark.parametrize("rule, name", FIELDS)
def test_every_hostile_text_in_every_field(stage, rule, name):
    assert field_faults(stage, rule, [{name: text} for text in TEXTS]) == []


def field_faults(stage, rule: str, changes: list[dict]) -> list[str]:
    """What went wrong when the form was sent with each of these changes."""
    found = []
    for changed in changes:
        answer = sent(stage, rule, changed)
        if wrong := sentence_is_missing(answer):
            found.append(f"{ascii(changed)[:100]}: {wrong}")
        if answer.status_code < 400 and stage.watch.wrote and rule in ENDS:
            with stage.app.app_context():
                found += unclean()
                stage.saved.put_back()
    with stage.app.app_context():
        found += unclean()
        stage.saved.put_back()
    return found


@pytest.mark.parametrize("named", [
    name for name in (*(one.name for one in NAMES), *TEXTS[::2]) if len(name) < 10_000 and sendable(name)
], ids=lambda name: ascii(name[:30]))
def test_a_hostile_file_name_is_refused_with_a_sentence_or_stored_clean(stage, named):
    answer = sent(stage, FILES, {"files": (BytesIO(making.jpeg()), named or "x"), "descriptions": named})
    assert sentence_is_missing(answer) is None
    with stage.app.app_context():
        found = unclean()
        stage.saved.put_back()
    assert found == []


@pytest.mark.parametrize("address", ADDRESSES + OF_A_PROPOSAL)
def test_a_hostile_text_in_an_address_is_a_page_with_a_sentence(stage, address):
    place = (ADDRESSES + OF_A_PROPOSAL).index(address)
    assert address_faults(stage, address, TEXTS[place % APART::APART]) == []


@pytest.mark.long
@pytest.mark.parametrize("address", ADDRESSES + OF_A_PROPOSAL)
def test_every_hostile_text_in_every_address(stage, address):
    assert address_faults(stage, address, TEXTS) == []


def address_faults(stage, address: str, texts: list[str]) -> list[str]:
    path = address if address in ADDRESSES else f"/proposals/{stage.scene.things['gathering'].path['number']}{address}"
    actor = "visitor" if path.startswith("/sign") else "moderator" if "held" in path or "desk/agendas" in path else "administrator"
    found = []
    with stage.app.app_context():
        client = client_of(stage.app, stage.scene, actor)
    for text in texts:
        if len(text) <= LONGEST_ADDRESS:
            limits.forget()
            said = quote(text.encode("utf-8", "replace"), safe="")
            answer = client.get(path.replace("{}", said))
            if wrong := sentence_is_missing(answer):
                found.append(f"{text[:60]!r}: {wrong}")
    return found


def sent(stage, rule: str, changed: dict):
    """The form as it is meant, with one field changed."""
    actor, scene = WHO.get(rule, "author"), stage.scene
    about = scene.things[ABOUT.get(rule, "")]
    limits.forget()
    with stage.app.app_context():
        form = filled_in(rule, scene, actor) | about.form
        if "version" in form:
            form["version"] = str(version_of(about))
        client = client_of(stage.app, scene, actor, about.session(actor))
        address = CONVERTER.sub(lambda found: str(about.path[found[1]]), rule)
        stage.watch.clear()
        answer = client.post(address, query_string=about.query(actor), data=form | changed, buffered=True)
        answer.request.environ["wsgi.input"].close()  # a long form with a file lies in one of the client's own
    db.session.commit()  # forms may have read the scene in the session around this one
    return answer


def version_of(about) -> int:
    if "key" in about.path and "step" in about.path:
        return db.session.scalar(sa.select(Proposal.version).filter_by(draft_key=about.path["key"])) or 0
    if "slug" in about.path:
        return db.session.scalar(sa.select(Poll.version).filter_by(slug=about.path["slug"])) or db.session.scalar(
            sa.select(Agenda.version).filter_by(slug=about.path["slug"])) or db.session.scalar(
            sa.select(Forum.version).filter_by(slug=about.path["slug"])) or db.session.scalar(
            sa.select(BudgetRound.version).filter_by(slug=about.path["slug"]))
    if "number" in about.path:
        return db.session.scalar(sa.select(Proposal.version).filter_by(number=about.path["number"]))
    return 0


def unclean() -> list[str]:
    """Texts in the database that hold what `plain_text.clean` takes away."""
    found = []
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            if names := text_columns(table):
                read = "SELECT {} FROM {}".format(", ".join(f'"{name}"' for name in names), f'"{table.name}"')
                for row in connection.exec_driver_sql(read):
                    found += [f"{table.name}.{name}{wrong}: {text[:80]!r}" for name, text in zip(names, row)
                              if text is not None for wrong in wrong_with(text, table.name == "outgoing_mail")]
    return found


@cache
def text_columns(table) -> list[str]:
    return [column.name for column in table.columns
            if isinstance(column.type, sa.String) and not isinstance(column.type, (Html, sa.Enum))
            and column.name not in NOT_TEXT and not column.name.endswith("html")]


@cache
def wrong_with(text: str, mail: bool) -> list[str]:
    """Asked about the same texts of the scene after every form that was sent: each is looked at once."""
    kept = text.removesuffix("\n") if mail else text
    unclean = kept not in (plain_text.clean(kept), plain_text.clean(kept, lines=True))
    return [""] * unclean + [" is not NFC"] * (unicodedata.normalize("NFC", kept) != kept)


def test_every_form_is_sent_with_hostile_texts():
    posts = {row.rule for row in ROWS if row.method == "POST"}
    assert posts - {rule for rule, _name in FIELDS} - BUTTONS - {FILES} == set()
