"""Desk pages of consultations: parts, statements, moderation, what became of them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from flask import redirect, render_template, request, url_for

from civic_forum.attachments import document_pages
from civic_forum.blocks import kinds, part_tables
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.ordered_pages import OrderedPages
from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.process import Gap, Next
from civic_forum.blocks.process_pages import Desk
from civic_forum.comments.kinds import ADDRESS
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l, end, local, moment
from civic_forum.platform.policy import can, require
from civic_forum.platform.web import shown_to, visitor
from civic_forum.proposals.queries import records as proposals

from .. import labels, policy, queries, reviewing, rules, services, taking_out
from ..forms import BecameForm, DecisionForm, JoinForm, NewConsultationForm, SourceForm, StatementForm
from ..models import Consultation, Statement
from ..pages import desk
from ..parts import StatementText
from ..policy import may_moderate, may_prepare, may_say_what_became, may_see_desk, stage_of
from ..process import DOCUMENTS, PROCESS, STATEMENTS, add_statement, gaps
from ..reviewing import Show
from ..rules import Audience, Stage, StatementState

ON_A_PAGE = 100
TABLE_MOST = 200
"""Statements that are pasted at once."""
HOME = "/desk/consultations"
Shown = TypeVar("Shown")

DESK: Desk[Consultation] = Desk(
    process=PROCESS, bp=desk, rule="/<slug>", home=lambda record: f"{HOME}/{record.slug}",
    title=lambda record: record.title, above=lambda: [(_("업무 화면"), "/desk"), (_("주민에게 묻기"), HOME)],
    find=queries.by_slug, may_see=may_see_desk, may_make=may_prepare, may_work=may_prepare)


@desk.get("")
@shown_to(may_see_desk)
def consultations():
    page = queries.EVERYTHING.read(request.args).page(request.args.get("after"))
    return render_template("opinions/desk/list.html", cards=queries.cards(page.items, clock.now()), labels=labels,
                           desk=DESK, after_url=page.after and url_for(".consultations", after=page.after))


@desk.route("/new", methods=["GET", "POST"])
@shown_to(may_prepare)
def new():
    return DESK.begin(NewConsultationForm, lambda form: services.begin(*form.parts(), by=visitor()), _("새로 묻기"),
                      start=_first_days() | {"audience": Audience.MEMBERS.value})


def _first_days() -> dict[str, object]:
    """Three weeks from the next Monday but one: only a start."""
    today = local(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0)
    opens = today + timedelta(days=14 - today.weekday())
    return {"opens_at": opens, "closes_at": (opens + timedelta(days=20)).replace(hour=18)}


@desk.get("/<slug>")
@shown_to(may_see_desk)
def consultation(slug: str):
    consultation = queries.by_slug(slug)
    stage, waiting = stage_of(consultation), queries.waiting(consultation.id)
    editable = policy.may_edit(visitor(), consultation) is None
    missing = gaps(consultation, clock.now()) if stage in (Stage.PREPARING, Stage.ANNOUNCED) else []
    return render_template(
        "opinions/desk/show.html", consultation=consultation, stage=stage, labels=labels, missing=missing, desk=DESK,
        next=next_step(consultation, stage, missing, len(waiting)), waiting=len(waiting), may_edit=editable,
        latest=queries.latest_map(consultation.id), documents=DOCUMENTS.of(consultation))


def next_step(consultation: Consultation, stage: Stage, missing: Sequence[Gap], waiting: int) -> Next:
    """Next step that the visitor can take, in the order of a consultation's life; of another's, where there is none."""
    steps = list(_steps(consultation, stage, missing, waiting, f"{HOME}/{consultation.slug}"))
    return next((step for step in steps if not step.wants or can(visitor(), step.wants, consultation)), steps[0])


def _steps(consultation: Consultation, stage: Stage, missing: Sequence[Gap], waiting: int, here: str) -> Iterator[Next]:
    if missing:
        yield Next(_("빠진 것을 채워 주세요"), str(missing[0].sentence), _("채우러 가기"), f"{here}/{missing[0].part}",
                   wants="opinions.prepare")
    elif stage is Stage.PREPARING:
        yield Next(_("모두 채웠어요"), _("알리면 모두가 볼 수 있고, 한 줄 의견의 번호를 바꿀 수 없어요."), _("모두에게 알리기"),
                   url_for(".announce", slug=consultation.slug), posts=True, wants="opinions.prepare")
    if waiting:
        yield Next(_("주민이 쓴 의견 %(count)s개가 기다려요", count=waiting), _("오래 기다린 것부터 하나씩 살펴봐 주세요."),
                   _("살펴보러 가기"), f"{here}/moderation", wants="opinions.moderate")
    if stage is Stage.ANNOUNCED:
        yield Next(_("시작을 기다려요"), _("%(moment)s에 시작해요. 그때까지는 내용을 다듬을 수 있어요.", moment=moment(consultation.opens_at)))
    elif stage is Stage.OPEN:
        sentence = _("%(moment)s까지 받아요. 답이 적거나 헷갈리는 의견이 있는지 살펴봐 주세요.", moment=end(consultation.closes_at))
        yield Next(_("답을 받고 있어요"), sentence, _("의견 살펴보기"), f"{here}/moderation", wants="opinions.moderate")
        yield Next(_("답을 받고 있어요"), _("%(moment)s까지 받아요.", moment=end(consultation.closes_at)))
    elif stage is Stage.CLOSED:
        yield from _after_the_end(consultation, here)


def _after_the_end(consultation: Consultation, here: str) -> Iterator[Next]:
    if consultation.agenda_id is None and queries.shared_statements(consultation.id):
        yield Next(_("함께한 의견으로 의제를 만들 수 있어요"), _("모든 쪽이 함께한 의견을 질문으로 옮겨요."), _("의제 만들기"),
                   f"{here}/agenda", wants="opinions.moderate")
    left = sum(statement.became is None for statement in consultation.statements if statement.is_told_of)
    if left:
        still = _("의견 %(count)s개에 아직 아무 말이 없어요.", count=left)
        yield Next(_("무엇이 됐는지 알려 주세요"), still, _("알리러 가기"), f"{here}/consequences",
                   wants="opinions.say_what_became")
        yield Next(_("질문을 마쳤어요"), still)
    else:
        yield Next(_("모두 알렸어요"), _("의견마다 무엇이 됐는지 결과 화면에 보여요."))


DESK.mount()


# Pictures and files of the background


document_pages.mount(DESK, DOCUMENTS, _l("첫 그림은 맨 위에 크게 보이고, 나머지는 누구나 내려받을 수 있어요."))


# Statements of the office


def _statements(consultation: Consultation, form: StatementForm, sources: SourceForm | None = None):
    """The statements, and a new one: of the words of the thing that the address names, where it names one."""
    source = request.args.get("source", "")[:60]
    if request.method == "GET" and (text := queries.quoted(source)):
        form.source.data, form.text.data = source, text[:rules.TEXT_MOST]
    return render_template(
        "opinions/desk/statements.html", consultation=consultation, desk=DESK, form=form, labels=labels,
        sources=sources or SourceForm(formdata=None), **STATEMENTS.rights(visitor(), consultation))


@desk.post("/<slug>/sources")
@shown_to(may_prepare)
def sources(slug: str):
    """A proposal, a comment or a note of whose words a statement is made, to be put right before it is added."""
    consultation = queries.by_slug(slug)
    form = SourceForm()
    return handle(form, lambda: _source(consultation, form),
                  lambda: _statements(
                      consultation, StatementForm(formdata=None, data={"version": consultation.version}), form),
                  lambda address: redirect(address, 303))


def _source(consultation: Consultation, form: SourceForm) -> str:
    """Address at which it goes on: of the form with the words in it, or of the notes of a forum."""
    require(visitor(), policy.may_edit, consultation)
    if form.forum.data:
        forum = form.forum.data.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2][:60]
        if not queries.notes(forum):
            raise Refusal(_("모두가 볼 수 있는 쪽지가 있는 공론장의 주소를 적어 주세요."), field="forum")
        return url_for(".notes", slug=consultation.slug, forum=forum)
    if number := form.proposal.value:
        proposal = proposals.numbered(number)
        ref, field = Ref("proposal", proposal.id if proposal else 0), "proposal"
    else:
        address = ADDRESS.search(form.comment.data or "")
        ref, field = Ref("comment", int(address[1]) if address else 0), "comment"
    if queries.quoted(str(ref)) is None:
        raise Refusal(_("모두가 볼 수 있는 제안이나 댓글을 골라 주세요."), field=field)
    return url_for(".statements", slug=consultation.slug, source=str(ref), _anchor="add")


@desk.get("/<slug>/notes")
@shown_to(may_prepare)
def notes(slug: str):
    """Notes of a forum of which statements can be made."""
    consultation = queries.by_slug(slug)
    return render_template("opinions/desk/notes.html", consultation=consultation, desk=DESK,
                           notes=queries.notes(request.args.get("forum", "")[:60]),
                           taken={statement.source for statement in consultation.statements},
                           why_not=policy.may_edit(visitor(), consultation))


def _statement(consultation: Consultation, statement: Statement, form: Any):
    ref = Ref.read(statement.source) if statement.source and queries.quoted(statement.source) is not None else None
    linked = ref if ref is not None and ref.kind != "note" else None
    return render_template(
        "opinions/desk/statement.html", consultation=consultation, desk=DESK, statement=statement, form=form,
        source=linked and (kinds.of(linked.kind).label, kinds.url(linked.kind, linked.id)),
        **STATEMENTS.rights(visitor(), consultation))


OrderedPages(
    desk=DESK, ordered=STATEMENTS, form=StatementForm, edit_form=StatementText.form(), list_page=_statements,
    page=_statement, added=_l("한 줄 의견을 넣었어요."), removed=_l("의견을 뺐어요. 뒤의 번호가 하나씩 당겨졌어요."),
    add=lambda found_id, form, **who: add_statement(found_id, form.part(), form.source.data, **who),
    table=(TABLE_MOST, part_tables.FileTableForm)).mount()


# Moderation


@desk.get("/<slug>/moderation")
@shown_to(may_moderate)
def moderation(slug: str):
    """The oldest statement that waits, and those that need a look."""
    consultation = queries.by_slug(slug)
    latest = queries.latest_map(consultation.id)
    everything = reviewing.reviewed(queries.tallied(consultation.id, latest))
    asked_for = request.args.get("show")
    show = Show(asked_for) if asked_for in list(Show) else Show.LOOK
    rows = {choice: reviewing.shown(everything, choice) for choice in Show}
    waiting = [review.statement for review in everything if review.statement.state is StatementState.WAITING]
    page, after = _page(rows[show], lambda review: review.statement.number)
    return render_template(
        "opinions/desk/moderation.html", consultation=consultation, desk=DESK, labels=labels, waiting=waiting,
        show=show, oldest=waiting[0] if waiting else None, form=DecisionForm(formdata=None),
        pending=[review.statement for review in everything if review.statement.out_until],
        alike=services.alike(waiting[0].text, (review.statement for review in everything), 1) if waiting else [],
        legend=reviewing.legend(), rows=page, counts={choice: len(rows[choice]) for choice in Show},
        total=len(everything), latest=latest,
        after_url=after and url_for(".moderation", slug=slug, show=show.value, after=after))


def _page(rows: Sequence[Shown], number_of: Any) -> tuple[list[Shown], int | None]:
    """Those behind the number that the address names, and the number behind which the next ones stand."""
    after = plain_text.number(request.args.get("after"), digits=5) or 0
    rest = [row for row in rows if number_of(row) > after]
    return rest[:ON_A_PAGE], number_of(rest[ON_A_PAGE - 1]) if len(rest) > ON_A_PAGE else None


@desk.get("/<slug>/moderation/<int:number>")
@shown_to(may_moderate)
def moderated(slug: str, number: int):
    consultation = queries.by_slug(slug)
    return _moderated(consultation, queries.statement(consultation.id, number).number)


def _moderated(consultation: Consultation, number: int, form: DecisionForm | None = None,
               joining: JoinForm | None = None):
    latest = queries.latest_map(consultation.id)
    everything = reviewing.reviewed(queries.tallied(consultation.id, latest))
    review = next(review for review in everything if review.statement.number == number)
    alike = [each for each in services.alike(review.statement.text, (row.statement for row in everything), 4)
             if each.number != number]
    return render_template(
        "opinions/desk/one.html", consultation=consultation, desk=DESK, labels=labels, one=review,
        statement=review.statement, seen=taking_out.OUT.fingerprint(review.statement).hex(), latest=latest,
        form=form or DecisionForm(formdata=None), alike=alike[:3],
        joining=joining or JoinForm(formdata=None, data={"same_as": str(review.twins[0]) if review.twins else ""}))


@desk.post("/<slug>/moderation/<int:number>/decisions")
@shown_to(may_moderate)
def decide(slug: str, number: int):
    consultation = queries.by_slug(slug)
    statement, form = queries.statement(consultation.id, number), DecisionForm()
    return handle(form, lambda: services.decide(
                      consultation.id, statement.number, form.decision(), why=form.why.data or "",
                      out_for=form.out_for.data or "", seen=form.seen.data, by=visitor()),
                  lambda: _moderated(consultation, number, form),
                  lambda made: saved(
                      _("표시를 바꿨어요.") if form.decision() in services.MARKS else
                      _("정했어요. 주민이 쓴 의견이면 쓴 사람에게 알려요."), url_for(".moderation", slug=slug)))


@desk.post("/<slug>/moderation/<int:number>/joins")
@shown_to(may_moderate)
def join(slug: str, number: int):
    consultation = queries.by_slug(slug)
    statement, form = queries.statement(consultation.id, number), JoinForm()
    return handle(form, lambda: services.join(consultation.id, statement.number, form.number(), by=visitor()),
                  lambda: _moderated(consultation, number, joining=form),
                  lambda made: saved(_("이제 한 의견만 물어요. 지난 답은 섞지 않아요."), url_for(".moderation", slug=slug)))


# What became of them


@desk.get("/<slug>/consequences")
@shown_to(may_say_what_became)
def consequences(slug: str):
    consultation = queries.by_slug(slug)
    public = [statement for statement in consultation.statements if statement.is_told_of or statement.became]
    page, after = _page(public, lambda statement: statement.number)
    return render_template(
        "opinions/desk/consequences.html", consultation=consultation, desk=DESK, labels=labels, statements=page,
        why_not=may_say_what_became(visitor(), consultation),
        said=sum(statement.became is not None for statement in public), total=len(public),
        after_url=after and url_for(".consequences", slug=slug, after=after))


@desk.route("/<slug>/consequences/<int:number>", methods=["GET", "POST"])
@shown_to(may_say_what_became)
def consequence(slug: str, number: int):
    consultation = queries.by_slug(slug)
    statement = queries.statement(consultation.id, number)
    if request.method != "POST":
        return _consequence(consultation, statement, BecameForm(formdata=None, data={
            "became": statement.became, "text": statement.became_text, "url": statement.became_url}))
    form = BecameForm()
    return handle(form, lambda: services.say_what_became(consultation.id, number, form.chosen(), form.text.data or "",
                                                         form.url.data or "", by=visitor()),
                  lambda: _consequence(consultation, statement, form),
                  lambda made: saved(_("적었어요. 결과 화면에 보여요. 주민이 쓴 의견이면 쓴 사람에게 알려요."),
                                     url_for(".consequences", slug=slug)))


def _consequence(consultation: Consultation, statement: Statement, form: BecameForm):
    return render_template(
        "opinions/desk/consequence.html", consultation=consultation, desk=DESK, statement=statement, form=form,
        most=services.BECAME_MOST, why_not=may_say_what_became(visitor(), consultation))


@desk.route("/<slug>/agenda", methods=["GET", "POST"])
@shown_to(may_moderate)
def agenda(slug: str):
    """Its result as an agenda, in one step."""
    consultation = queries.by_slug(slug)
    if request.method == "POST":
        made = services.make_agenda(consultation.id, by=visitor())
        return saved(_("의제를 만들었어요. 글을 다듬고 공개해 주세요."), url_for("agenda_desk.agenda", slug=made.slug))
    return render_template("opinions/desk/agenda.html", consultation=consultation, desk=DESK,
                           shared=queries.shared_statements(consultation.id),
                           why_not=policy.may_make_agenda(visitor(), consultation))
