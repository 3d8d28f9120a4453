"""The hall: one page with everything that goes on, and its other faces for host, projector and large type."""

from urllib.parse import urlsplit

from flask import make_response, redirect, render_template, request, url_for
from flask_login import login_required
from wtforms import StringField

from civic_forum.attachments import queries as attachments
from civic_forum.blocks import about
from civic_forum.district import queries as district
from civic_forum.kernel.delivery import POLICY
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from .. import labels
from ..extensions import FINISHED
from ..kinds import DECISION
from ..forms.acting import LiveForm
from ..live import sockets
from ..models import Forum
from ..fragments import Patch, draws
from ..policy.acting import may_lead, runs
from ..queries import captions, decisions, floor, minutes, pulses, questions, registering
from ..queries import hall as queries
from ..rules.kinds import Duty
from ..rules.preparing import embed
from ..services import screen
from . import answers, gate
from .answers import NOTHING, Refused
from .blueprint import bp
from .surroundings import roles

PARTS = ("programme", "floor", "captions", "questions", "pulses", "tables", "decisions", "chat", "mutes")
ALONE = {"floor": floor, "questions": questions, "pulses": pulses}
"""What these subjects show in the hall: `part(forum, viewer)`, one statement each. The others are read together."""


@bp.app_template_global()
def follows_without_script() -> bool:
    """True if whoever has no script asked the page to come anew by itself; unasked it would take away what is typed."""
    return request.args.get("follow") == "1" or request.endpoint == "forums.projector"


@answers.shows("")
def page(forum: Forum, _number: int | None = None, refused: Refused = NOTHING):
    """Everything for those who take part."""
    return with_frames(forum, render_template("forums/hall.html", **everything(forum, refused)))


def everything(forum: Forum, refused: Refused = NOTHING, *, parts=PARTS, back: str = "") -> dict[str, object]:
    """Content of the pages of a running forum."""
    at, viewer = gate.at(forum), visitor()
    shown = queries.parts(forum, viewer, tuple(name for name in parts if name not in ALONE))
    return {
        "forum": forum, "at": at, "standing": at.standing, "now": at.now, "refused": refused, "labels": labels,
        "runs": runs(viewer, at), "roles": roles(at), "back": back, "shown": forum.shown,
        "video": embed(forum.video_url), "interpreter": embed(forum.interpreter_url),
        "has_interpreter": any(one.duty is Duty.INTERPRETER for one in forum.duties),
        "present": sockets.of_this_application().teller.present(forum.id),
    } | shown | {name: ALONE[name].part(forum, viewer) for name in parts if name in ALONE}


def with_frames(forum: Forum, shown: str):
    """The page, in which the frames of this forum's videos and no others may stand."""
    frames = [one.frame for one in (embed(forum.video_url), embed(forum.interpreter_url)) if one and one.frame]
    answer = make_response(shown)
    if frames:
        hosts = sorted({f"https://{urlsplit(frame).hostname}" for frame in frames})
        answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src {' '.join(hosts)}"
    return answer


def finished(forum: Forum):
    """Page of one that is over."""
    return render_template("forums/finished.html", **everything(forum, parts=("tables", "decisions")),
                           subject=about.subject(forum.about), came=forum.came or registering.came(forum.id),
                           sections=FINISHED.ask(forum) + about.SECTIONS.ask(DECISION.name, decisions.ids_of(forum.id)),
                           minutes=None if forum.signed_version else minutes.standing(forum.id))


@bp.get("/<slug>/hall")
def hall(slug: str):
    return redirect(url_for(".show", slug=gate.found(slug).slug))


@bp.get("/<slug>/host")
@never_cached
@login_required
def host(slug: str):
    return host_page(gate.found(slug))


@answers.shows("/host")
def host_page(forum: Forum, _number: int | None = None, refused: Refused = NOTHING):
    """The host's console."""
    require(visitor(), may_lead, gate.at(forum))
    return render_template(
        "forums/host.html", **everything(forum, refused, back="/host"), departments=district.departments(),
        documents=attachments.of_set(forum.documents_id) if forum.documents_id else [],
        speakers=captions.speakers(forum.id))


@bp.get("/<slug>/projector")
def projector(slug: str):
    """As a visitor sees it, whoever opened it: nothing on it is anybody's own."""
    shown = everything(gate.found(slug), parts=("programme", "floor", "captions", "questions", "pulses", "tables"))
    return render_template("forums/projector.html", **shown | {"me": None, "roles": []})


@bp.get("/<slug>/large")
def large(slug: str):
    return render_template("forums/large.html", **everything(gate.found(slug), parts=(
        "programme", "floor", "captions", "pulses")))


class ScreenForm(LiveForm):
    document = StringField()


@bp.post("/<slug>/screen")
@answers.answering("screen", "#screen-host")
def show_on_screen(forum: Forum):
    form = ScreenForm()
    screen.show(forum.id, form.document.data or "", form.sent_as, by=visitor())


@draws("screen")
def draw_screen(forum: Forum, _events) -> list[Patch]:
    return [Patch("forum-screen", render_template("forums/pieces/screen.html", shown=forum.shown))]


@draws("forum")
def draw_state(forum: Forum, _events) -> list[Patch]:
    return [Patch("forum-state", render_template("forums/pieces/state.html", forum=forum, labels=labels))]
