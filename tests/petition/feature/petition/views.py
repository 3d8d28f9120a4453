"""Pages of petitions."""

from flask import Blueprint, redirect, render_template, request
from wtforms import StringField, TextAreaField

from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.process_pages import Desk
from civic_forum.comments.queries import sections
from civic_forum.platform import clock
from civic_forum.platform.forms import SeenForm
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor

from .policy import may_make, may_read, may_reply
from .process import PROCESS, REPLY, ReplyText, Wording, begin, find
from .reactions import PETITIONS

bp = Blueprint("petitions", __name__, url_prefix="/petitions", template_folder="templates")
DESK = Desk(
    process=PROCESS, bp=bp, rule="/<slug>", home=lambda one: f"/petitions/{one.slug}", title=lambda one: one.title,
    above=lambda: [("청원", "/petitions")], find=find, may_see=may_read, may_make=may_make)


class NewForm(Wording.form()):
    slug = StringField("주소")


class ReplyForm(SeenForm):
    text = TextAreaField("답")


@bp.get("")
def show_list():
    return render_template("petitions/list.html", page=PETITIONS.read(request.args).page(request.args.get("after")))


@bp.route("/new", methods=["GET", "POST"])
@shown_to(may_make)
def new():
    form = NewForm() if request.method == "POST" else NewForm(formdata=None)
    page = lambda: render_template("petitions/new.html", form=form, desk=DESK)
    return page() if request.method != "POST" else handle(
        form, lambda: begin(form.slug.data, form.part(), by=visitor()), page, lambda one: redirect(DESK.home(one), 303))


def _page(slug, form=None):
    petition = find(slug)
    require(visitor(), may_read, petition)
    return render_template(
        "petitions/show.html", petition=petition, desk=DESK, gaps=PROCESS.gaps(petition, clock.now()),
        reply=petition.reply, form=form or ReplyForm(formdata=None),
        section=sections.section(petition.thread_id, visitor()))


bp.add_url_rule("/<slug>", "show", _page)


@bp.post("/<slug>/reply")
@shown_to(may_reply)
def reply(slug):
    form, petition = ReplyForm(), find(slug)
    return handle(form, lambda: REPLY.submit(petition.id, ReplyText(form.text.data or ""), seen=form.read_version,
                                             by=visitor()),
                  lambda: _page(slug, form), lambda _made: saved("승인을 요청했어요.", DESK.home(petition)))


@bp.post("/<slug>/reply/approvals")
@shown_to(may_reply)
def approve(slug):
    made = REPLY.approve(find(slug).id, seen=int(request.form["seen"]), by=visitor())
    return saved("답을 공개했어요.", DESK.home(made.petition))


DESK.mount()
