"""Opening an account."""

from flask import flash, redirect, render_template, request

from civic_forum.blocks.pages import handle
from civic_forum.district import queries as district
from civic_forum.platform.addresses import local_path
from civic_forum.platform.display import display
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, never_cached, visitor

from ..documents import Document, current
from ..forms.entry import SignUpForm
from ..services import sign_up as services
from .blueprint import bp
from .signed_in import start_session, this_device


@bp.get("/sign-up")
@never_cached
def sign_up():
    if visitor().is_authenticated:
        return redirect("/me")
    return _page(SignUpForm(next=local_path(request.args.get("next"), "/me")))


@bp.post("/sign-up")
@never_cached
@by_address
def sign_up_now():
    form = SignUpForm().offer(district.neighbourhoods())
    def done(secret):
        start_session(secret)
        flash(_("가입했어요. 이제 제안하고 공감하고 댓글을 쓸 수 있어요."), "success")
        if form.email.address:
            flash(_("전자우편으로 확인 편지를 보냈어요. 편지의 주소를 열고 단추를 눌러 주세요."))
        return redirect(local_path(form.next.data, "/me"))

    return handle(form, lambda: services.sign_up(form.account(display().language), device=this_device()),
                  lambda: _page(form),
                  done, checks=True)


@bp.get("/sign-up/under-14")
def under_14():
    return render_template("accounts/under_14.html")


def _page(form):
    if form.neighbourhood.choices is None:
        form.offer(district.neighbourhoods())
    versions = {name: current(document).number for name, document in
                (("collection", Document.COLLECTION), ("news", Document.NEWS))}
    return render_template("accounts/sign_up.html", form=form, versions=versions)
