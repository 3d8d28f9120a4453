"""Trial elections: the list, rules side by side, every project's reason; and the desk on which they are brought in."""

from io import BytesIO

from flask import render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.downloads import stored
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import accepts_files, by_address, by_download, never_cached, shown_to, visitor

from ..counting.comparing import SideBySide
from ..counting.comparing import COMPARED as RULES
from ..results import weighing
from ..results import labels as results
from ..labels import money
from ..pages import bp, desk
from ..policy import is_staff
from . import labels, queries, services
from .forms import TrialForm
from .labels import COMPARED
from .models import BudgetTrial
from .policy import may_import_trial, may_publish_trial, may_read_trial
from .rules import LARGEST_FILE

PABULIB = "text/plain; charset=utf-8"


@bp.get("/trials")
def show_trials():
    page = queries.listed(request.args.get("after"), everything=is_staff(visitor()) or _on_committee())
    return render_template("budgets/trials/list.html", page=page,
                           after_url=page.after and url_for(".show_trials", after=page.after))


@bp.get("/trials/<slug>")
def show_trial(slug: str):
    trial = _found(slug)
    if trial.result is None:
        return render_template("budgets/trials/waiting.html", trial=trial)
    shown = SideBySide(trial.result)
    return render_template("budgets/trials/show.html", trial=trial, c=shown, labels=COMPARED, money=_money(shown),
                           tried=weighing.of_trial(shown, RULES["weighted-marks"]), weighing_words=results,
                           remarks=[labels.of_stored_remark(remark) for remark in shown.remarks],
                           may_publish=may_publish_trial(visitor(), trial) is None)


@bp.get("/trials/<slug>/<any(" + ", ".join(f"'{name}'" for name in COMPARED) + "):rule>")
def show_trial_rule(slug: str, rule: str):
    """Every project by one rule, with the reason."""
    trial = _found(slug)
    shown = SideBySide(trial.result) if trial.result else None
    compared = shown and shown.rule(rule)
    if not compared:
        raise NotFound(_("이 방식으로는 아직 세지 않았어요."))
    sentences = {project: results.of_project(compared.count, project, shown.names, shown.currency,
                                             has_points=shown.has_points) for project in shown.names}
    ties = [results.of_tie(tie, shown.names) for tie in compared.count.ties]
    return render_template("budgets/trials/rule.html", trial=trial, c=shown, one=compared, labels=COMPARED,
                           money=_money(shown), sentences=sentences, ties=ties)


@bp.get("/trials/<slug>/election.pb")
@never_cached
@by_address
@by_download
def trial_file(slug: str):
    """The file as it was brought in."""
    return stored(BytesIO(queries.file_of(_found(slug).id)), f"{slug}.pb", PABULIB)


@desk.get("/trials")
@shown_to(may_import_trial)
def trials():
    wanted = queries.TRIALS.read(request.args)
    page = queries.listed(request.args.get("after"), everything=True, wanted=wanted)
    return render_template("budgets/trials/desk.html", page=page, wanted=wanted,
                           after_url=page.after and wanted.address(after=page.after))


@desk.route("/trials/new", methods=["GET", "POST"])
@accepts_files(LARGEST_FILE + 100_000)
@shown_to(may_import_trial)
def new_trial():
    if request.method == "GET":
        return _new(TrialForm(formdata=None))
    form = TrialForm()

    def done(trial):
        sentence = _("파일을 가져와서 방식마다 세었어요.") if trial.counted_at else _(
            "파일을 가져왔어요. 곧 방식마다 세어서 보여 드려요.")
        return saved(sentence, url_for("budgets.show_trial", slug=trial.slug))

    return handle(form, lambda: services.create(_sent(), **form.facts(), by=visitor()), lambda: _new(form), done)


@desk.post("/trials/<slug>/<any(publications, withdrawals, removals):what>")
@shown_to(may_import_trial)
def change_trial(slug: str, what: str):
    trial = queries.by_slug(slug)
    act, done = {
        "publications": (services.publish, _("공개했어요. 이제 누구나 볼 수 있어요.")),
        "withdrawals": (services.withdraw, _("공개를 거뒀어요. 위원과 담당자만 볼 수 있어요.")),
        "removals": (services.delete, _("지웠어요.")),
    }[what]
    act(trial.id, by=visitor())
    return saved(done, url_for(".trials"))


def _new(form: TrialForm):
    form.offer(queries.rounds_to_prepare())
    return render_template("budgets/trials/new.html", form=form, most=LARGEST_FILE // 2**20)


def _sent() -> bytes:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal(_("Pabulib 파일을 골라 주세요."), field="file")
    return file.stream.read(LARGEST_FILE + 1)


def _found(slug: str) -> BudgetTrial:
    trial = queries.by_slug(slug)
    require(visitor(), may_read_trial, (trial, trial.published_at is None and _on_committee()))
    return trial


def _on_committee() -> bool:
    return visitor().is_authenticated and queries.sits_on_committee(visitor().id)


def _money(shown: SideBySide):
    return lambda amount: money(amount, shown.currency)
