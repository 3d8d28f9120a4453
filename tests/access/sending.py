"""Forms sent with hostile texts in them: the answer is read, and what was written."""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import sqlalchemy as sa

from civic_forum.agendas.models import Agenda
from civic_forum.budgets.models import BudgetRound
from civic_forum.bodies.models import Body
from civic_forum.calls.models import Call
from civic_forum.forums.models import Forum
from civic_forum.platform import plain_text
from civic_forum.platform.application import Query
from civic_forum.platform.base import db
from civic_forum.platform.question_rows import AnswerSheet
from civic_forum.platform.rich_text import Html
from civic_forum.platform.submission_rows import Submission
from civic_forum.opinions.models import Consultation
from civic_forum.plans.models import Plan
from civic_forum.polls.models import Poll
from civic_forum.proposals.models import Proposal
from civic_forum.evaluations.models import Evaluation
from civic_forum.series.models import Series
from civic_forum.surveys.models import Survey
from tests import limits

from .asking import CONVERTER, client_of
from .form import Form
from .stage import staged

NOT_TEXT = {"password_hash", "secret_hash", "device", "digest", "thumbnail_digest", "key", "draft_key"}
ENDED = ("outgoing_mail", "public_draw")
"""Tables with texts of which every line has its end."""
WRITTEN = re.compile(r'\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE)\s+"?(\w+)', re.IGNORECASE)
MARKED = re.compile(r'<[^>]*\baria-invalid="true"[^>]*>')
BENEATH = re.compile(r'\bid="([^"]+)-error"')
SUMMARY = re.compile(r"<section[^>]*\bdata-error-summary\b.*?</section>", re.S)


class Noting(Query):
    """A form that came in, of which is noted what is read."""

    read: set[str] = set()

    def __init__(self, given=None):
        super().__init__(given)
        self.asked = self.read

    def items(self, multi=False):
        self.read.update(self)
        return super().items(multi)


def stage_for_hostile_texts(app):
    """A stage where a fault is an answer, and of each request is known what it read and the tables it wrote."""
    plain, propagate = app.request_class, app.config["PROPAGATE_EXCEPTIONS"]
    app.request_class = type("Request", (plain,), {"parameter_storage_class": Noting})
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        for stage in staged(app):
            stage.written = set()

            def note(_connection, _cursor, statement, *_rest):
                stage.written.update(WRITTEN.findall(statement))

            sa.event.listen(db.engine, "before_cursor_execute", note)
            yield stage
            sa.event.remove(db.engine, "before_cursor_execute", note)
    finally:
        app.request_class, app.config["PROPAGATE_EXCEPTIONS"] = plain, propagate


class Sending:
    """One form, sent again and again: what went wrong, and what became of its fields."""

    def __init__(self, stage, form: Form):
        self.stage, self.form = stage, form
        self.faults: list[str] = []
        self.names: list[str] = form.fields.format(scene=stage.scene).split()
        self.accepted = False
        self.unnamed: set[str] = set()
        """Fields for which the whole is refused, without a word that names them."""
        Noting.read.clear()

    def send_until_stored(self, texts: dict[str, str]) -> None:
        """Send, and fields that are refused again as they are meant, until the rest is accepted or none is left.

        What is refused only together goes in two halves.
        """
        left = dict(texts)
        while left:
            answer = self.send(left)
            if answer.status_code < 400:
                return
            refused = named(answer) & left.keys() or self.unnamed & left.keys() or self.refused_alone(left)
            if not refused:
                for half in (list(left)[::2], list(left)[1::2]):
                    self.send_until_stored({name: left[name] for name in half})
                return
            left = {name: text for name, text in left.items() if name not in refused}

    def refused_alone(self, texts: dict[str, str]) -> set[str]:
        if len(texts) == 1:
            return set(texts)
        refused = {name for name, text in texts.items() if self.send({name: text}).status_code >= 400}
        self.unnamed |= refused
        return refused

    def look_back(self) -> None:
        """A form that nobody accepts as it is meant, or that no view reads, proves nothing of a hostile text."""
        if self.form.refused:
            return
        if not self.accepted and (answer := self.send({})).status_code >= 400:
            self.faults.append(f"{answer.status_code} for the form as it is meant: {said(answer)}")
        if unread := set(self.names) - Noting.read:
            self.faults.append(f"read by nobody: {sorted(unread)}")

    def send(self, changed: dict):
        """The form as it is meant, with some fields changed; everything is put back if something was written."""
        stage = self.stage
        answer = request(stage, self.form, changed)
        if wrong := sentence_is_missing(answer):
            self.faults.append(f"{ascii(changed)[:200]}: {wrong}")
        self.accepted |= answer.status_code < 400
        if stage.watch.wrote:
            with stage.app.app_context():
                self.faults += unclean(stage.written)
                stage.saved.put_back(stage.watch.wrote)
        return answer


def request(stage, form: Form, changed: dict):
    """The answer to the form as it is meant, with some fields changed."""
    actor, scene = form.who, stage.scene
    about = scene.things[form.about]
    limits.forget()
    with stage.app.app_context():
        given = form.filled_in(scene, actor) | about.form
        if "version" in given:
            given["version"] = str(version_of(about))
        client = client_of(stage.app, scene, actor, about.session(actor))
        address = CONVERTER.sub(lambda found: str(about.path[found[1]]), form.rule)
        stage.watch.clear()
        stage.written.clear()
        answer = client.post(address, query_string=about.query(actor), data=given | changed, buffered=True)
        answer.request.environ["wsgi.input"].close()  # a long form with a file lies in one of the client's own
    db.session.commit()  # forms may have read the scene in the session around this one
    return answer


def version_of(about) -> int:
    """The version of what the form is about."""
    if "key" in about.path and "step" in about.path:
        return db.session.scalar(sa.select(Proposal.version).filter_by(draft_key=about.path["key"])) or 0
    sheet = sa.select(AnswerSheet.version).join(Submission).where(Submission.number == str(about.path.get("number")))
    if (version := db.session.scalar(sheet)) is not None:
        return version
    if "slug" in about.path:
        versions = (db.session.scalar(sa.select(model.version).filter_by(slug=about.path["slug"]))
                    for model in (Poll, Agenda, Forum, BudgetRound, Consultation, Call, Survey, Body,
                                  Series, Plan, Evaluation))
        return next(version for version in versions if version is not None)
    if "number" in about.path:
        return db.session.scalar(sa.select(Proposal.version).filter_by(number=about.path["number"]))
    return 0


def sentence_is_missing(answer) -> str | None:
    """The fault of an answer, or None."""
    if answer.status_code >= 500 or answer.mimetype.startswith("text/") and "Traceback" in answer.text:
        return f"fault {answer.status_code}"
    if answer.status_code >= 400 and "요." not in said(answer):
        return f"{answer.status_code} without a sentence"
    target = (answer.location or "/").removeprefix("http://localhost")
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        return f"led to {answer.location}"
    return None


def said(answer) -> str:
    """The words of an answer, without those around every page."""
    if answer.is_json:
        return answer.get_json().get("detail", "")
    page = answer.text.partition("<main")[2].partition("<footer")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def named(answer) -> set[str]:
    """The fields that a page marks as refused."""
    names = {name for tag in MARKED.findall(answer.text) for name in re.findall(r'\bname="([^"]+)"', tag)}
    links = {name for part in SUMMARY.findall(answer.text) for name in re.findall(r'href="#([^"]+)"', part)}
    return names | links | {link.removesuffix("-0") for link in links} | set(BENEATH.findall(answer.text))


def unclean(tables: set[str]) -> list[str]:
    """Texts in these tables that hold what `plain_text.clean` takes away."""
    found = []
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            if table.name in tables and (names := text_columns(table)):
                read = "SELECT {} FROM {}".format(", ".join(f'"{name}"' for name in names), f'"{table.name}"')
                for row in connection.exec_driver_sql(read):
                    found += [f"{table.name}.{name}{wrong}: {text[:80]!r}" for name, value in zip(names, row)
                              for text in texts_in(value if isinstance(value, int)
                                                   or isinstance(table.c[name].type, sa.String)
                                                   else json.loads(value or "{}"))
                              for wrong in wrong_with(text, table.name in ENDED)]
    return found


def texts_in(value) -> Iterator[str]:
    """The texts in a value, however deep, but for the names in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)


@cache
def text_columns(table) -> list[str]:
    return [column.name for column in table.columns
            if isinstance(column.type, (sa.String, sa.JSON)) and not isinstance(column.type, (Html, sa.Enum))
            and column.name not in NOT_TEXT and not column.name.endswith("html")]


@cache
def wrong_with(text: str, is_ended: bool) -> list[str]:
    """Asked about the same texts of the scene after every form that was sent: each is looked at once."""
    kept = text.removesuffix("\n") if is_ended else text
    unclean = kept not in (plain_text.clean(kept), plain_text.clean(kept, lines=True))
    return [""] * unclean + [" is not NFC"] * (unicodedata.normalize("NFC", kept) != kept)
