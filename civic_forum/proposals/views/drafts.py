"""Pages of drafts: writing, files, publishing."""

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.attachments import queries as attachments
from civic_forum.attachments import services as uploads
from civic_forum.attachments.rules import ACCEPT, MAX_BYTES_TOGETHER
from civic_forum.blocks.pages import ask_first, attempt, handle, saved
from civic_forum.district.queries import category_names, neighbourhood_names
from civic_forum.platform import clock, plain_text
from civic_forum.platform.error_pages import wants_json
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import accepts_files, by_address, by_saver, by_user, sign_in_for, visitor

from .. import forms, policy
from ..models import Proposal
from ..queries import drafts as queries
from ..queries import listing
from ..rules import DRAFT_KEY, State
from ..services import drafts as services
from ..services import publication
from ..checks import missing_in
from . import bp

STEP_OF = {"title": 1, "category": 1, "problem": 2, "wish": 2}
ROOM_FOR_FILES = MAX_BYTES_TOGETHER + 1024 * 1024


@bp.get("/new")
@sign_in_for(_l("제안하려면 로그인해 주세요."))
@login_required
def new():
    require(visitor(), policy.may_write)
    title = request.args.get("title", "")[:listing.LONGEST]
    form = forms.BasicsForm(formdata=None, key=services.new_key(), version="0", title=title,
                            neighbourhood=str(visitor().neighbourhood_id or 0))
    return _page("basics", form, None)


@bp.post("/new")
@login_required
@by_saver
def begin():
    form = forms.BasicsForm()
    key = form.key.data or ""
    if not DRAFT_KEY.fullmatch(key):
        key = form.key.data = services.new_key()
    return _saved(key, "basics", form)


@bp.get("/drafts")
@login_required
def drafts():
    return render_template("proposals/drafts.html", drafts=queries.drafts_of(visitor()))


@bp.get("/drafts/<key>/<int:step>")
@login_required
def write(key: str, step: int):
    draft = _draft(key)
    if draft.state is not State.DRAFT:
        return redirect(url_for("proposals.show", number=draft.number))
    if step == 1:
        return _page("basics", _basics(draft), draft)
    if step == 2:
        return _page("body", forms.BodyForm(formdata=None, problem=draft.problem, wish=draft.wish,
                                            version=str(draft.version)), draft)
    if step == 3:
        return _finish(draft, forms.FilesForm(formdata=None))
    raise NotFound(_("이런 단계는 없어요."))


def _draft(key: str) -> Proposal:
    return queries.draft(key, visitor().id)


def _basics(draft: Proposal) -> forms.BasicsForm:
    return forms.BasicsForm(formdata=None, key=draft.draft_key, title=draft.title, category=draft.category or "",
                            neighbourhood=str(draft.neighbourhood_id or 0), version=str(draft.version),
                            audiences=[str(audience.id) for audience in draft.audiences])


@bp.post("/drafts/<key>/<int:step>")
@login_required
@by_saver
def save(key: str, step: int):
    if step not in (1, 2):
        raise NotFound(_("이런 단계는 없어요."))
    return _saved(key, "basics" if step == 1 else "body", forms.BasicsForm() if step == 1 else forms.BodyForm())


def _saved(key: str, name: str, form):
    """Keep what was typed, whatever is still missing; then go where the button leads."""
    going, by_itself = request.form.get("go", "next"), wants_json() or "autosave" in request.values

    def keep() -> Proposal:
        draft = services.save_draft(key, form.part(), version=form.read_version, by=visitor())
        form.version.data = str(draft.version)
        if going == "next" and not by_itself:
            form.refuse_personal_numbers()
            _refuse_missing(draft, name)
        return draft

    def again(refusal: Refusal):
        if by_itself:
            raise refusal
        return _again(key, name, form, refusal)

    def done(draft: Proposal):
        if by_itself:
            return jsonify(saved=_("%(time)s에 저장했어요", time=f"{local(clock.now()):%H:%M}"), version=draft.version)
        if going == "leave":
            return saved(_("쓰던 글을 저장했어요. 언제든지 이어서 쓸 수 있어요."), url_for("proposals.drafts"), 302)
        if going == "similar":
            return redirect(url_for("proposals.write", key=key, step=1, _anchor="similar"))
        step = 1 if name == "basics" else 2
        going_to = step - 1 if going == "back" and step > 1 else step + 1
        return redirect(url_for("proposals.write", key=key, step=going_to))

    return attempt(keep, again, done)


def _refuse_missing(draft: Proposal, name: str) -> None:
    for field, sentence in missing_in(draft):
        if STEP_OF[field] == (1 if name == "basics" else 2):
            raise Refusal(sentence, field=field)


def _again(key: str, name: str, form, refusal: Refusal):
    """The same step with what was typed; beside it what another window has saved."""
    form.refuse(refusal)
    draft = _known(key)
    stored = draft if isinstance(refusal, Conflict) else None
    if stored is not None:
        if stored.state is not State.DRAFT:
            raise refusal
        form.version.data = str(stored.version)
    elif isinstance(refusal, NotFound):
        raise refusal
    return _page(name, form, draft, stored=stored)


def _known(key: str) -> Proposal | None:
    try:
        return _draft(key)
    except NotFound:
        return None


def _page(name: str, form, draft: Proposal | None, stored: Proposal | None = None):
    names = neighbourhood_names()
    similar = listing.alike(draft.title, draft.id, draft.category or "",
                            names.get(draft.neighbourhood_id or 0, "")) if draft and draft.title else None
    action = url_for("proposals.begin") if draft is None else url_for(
        "proposals.save", key=draft.draft_key, step=1 if name == "basics" else 2)
    return render_template(f"proposals/{name}.html", form=form, draft=draft, stored=stored, similar=similar,
                           action=action)


@bp.post("/drafts/<key>/attachments")
@bp.post("/drafts/<key>/attachments/descriptions")
@login_required
@accepts_files(ROOM_FOR_FILES)
@by_address
@by_user
def attach(key: str):
    draft, form = _draft(key), forms.FilesForm()

    def keep() -> None:
        if not form.chosen() and not form.told():
            raise Refusal(_("올릴 파일을 골라 주세요."), field="files")
        _keep_files(draft, form)

    return handle(form, keep, lambda: _finish(draft, form),
                  lambda _made: saved(_("파일을 올렸어요.") if form.chosen() else _("설명을 저장했어요."),
                                      url_for("proposals.write", key=key, step=3), 302), through=NotFound)


def _keep_files(draft: Proposal, form: forms.FilesForm) -> None:
    """Files of the third step: sentences for those that are there, then new ones."""
    require(visitor(), policy.may_write_draft, draft)
    if form.told():
        services.describe(draft.draft_key, form.told(), by=visitor())
    if form.chosen():
        descriptions = form.descriptions() + [""] * len(form.chosen())
        key, held = draft.draft_key, len(attachments.of_set(draft.attachment_set_id))
        prepared = uploads.prepare_all(form.chosen(), by=visitor(), held=held)
        services.attach(key, list(zip(prepared, descriptions, strict=False)), by=visitor())


@bp.post("/drafts/<key>/attachments/<file_key>/removal")
@login_required
@by_address
def detach(key: str, file_key: str):
    services.detach(key, file_key, by=visitor())
    return saved(_("파일을 지웠어요."), url_for("proposals.write", key=key, step=3), 302)


@bp.post("/drafts/<key>/publication")
@login_required
@accepts_files(ROOM_FOR_FILES)
@by_address
@by_user
def publish(key: str):
    """Files that were chosen and not yet sent come along, so that none is left behind."""
    draft, form = _draft(key), forms.FilesForm()

    def again(refusal: Refusal):
        if refusal.field is None:
            raise refusal
        return _finish(_draft(key), forms.FilesForm(formdata=None), refused=refusal)

    def done(proposal: Proposal):
        number = proposal.number
        return saved(_("제안을 등록했어요(접수번호 %(number)s).", number=number) if proposal.state is not State.HELD else
                     _("제안을 냈어요(접수번호 %(number)s). 운영자가 확인하면 모두에게 보여요.", number=number),
                     url_for("proposals.show", number=number), 302)

    return handle(form, lambda: draft.state is State.DRAFT and _keep_files(draft, form), lambda: _finish(draft, form),
                  lambda _kept: attempt(lambda: publication.publish(key, by=visitor()), again, done), through=NotFound)


def _finish(draft: Proposal, form, refused: Refusal | None = None):
    if draft.state is not State.DRAFT:
        return redirect(url_for("proposals.show", number=draft.number))
    missing = [(sentence, url_for("proposals.write", key=draft.draft_key, step=STEP_OF[field], _anchor=field))
               for field, sentence in missing_in(draft)]
    return render_template("proposals/finish.html", draft=draft, form=form, missing=missing, refused=refused,
                           category=category_names().get(draft.category),
                           files=attachments.of_set(draft.attachment_set_id), accept=ACCEPT)


@bp.route("/drafts/<key>/removal", methods=["GET", "POST"])
@login_required
@by_address
def throw_away(key: str):
    draft = _draft(key)
    require(visitor(), policy.may_write_draft, draft)
    if request.method != "POST":
        return ask_first(
            _("쓰던 글 지우기"), _("쓰던 글을 지울까요"),
            _("「%(title)s」 글과 올린 파일이 모두 지워지고 되돌릴 수 없어요.", title=draft.title or _("제목 없는 글")),
            act=f"/proposals/drafts/{draft.draft_key}/removal", label=_("지우기"),
            back=f"/proposals/drafts/{draft.draft_key}/1", danger=True)
    services.throw_away_draft(key, by=visitor())
    return saved(_("쓰던 글을 지웠어요."), url_for("proposals.drafts"), 302)


@bp.get("/similar")
@by_address
def similar():
    """A piece of a page: what is there already under a title that is being typed."""
    return render_template("proposals/similar.html", similar=listing.alike(
        request.args.get("title", ""), category=request.args.get("category", ""),
        neighbourhood=neighbourhood_names().get(plain_text.number(request.args.get("neighbourhood", "")) or 0, "")))
