"""Certificates: of one's own course, and looked up by anybody."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.blocks.pages import handle
from civic_forum.calls import queries as calls
from civic_forum.calls.applying import queries as applications
from civic_forum.platform.errors import existing
from civic_forum.platform.typed_codes import grouped
from civic_forum.platform.web import by_address, by_user, never_cached, visitor

from .. import operations, queries, services
from ..forms import CertificateForm
from ..models import CourseCertificate
from .blueprint import bp


def certificate_page(certificate: CourseCertificate, name: str) -> str:
    return render_template("courses/certificate.html", certificate=certificate, number=grouped(certificate.number),
                           name=name, call=certificate.application.call)


@bp.route("/calls/<slug>/mine/<number>/certificate", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]
@never_cached
@by_user
def own(slug: str, number: str) -> ResponseReturnValue:
    """One's own certificate, to keep or to print; one press makes it."""
    if request.method == "POST":
        services.certify(slug, number, by=visitor())
        return redirect(request.path, 303)
    application = applications.owned(calls.slugged(slug), number, visitor())
    certificate = existing(queries.certificate(application.id), applications.missing)
    return certificate_page(certificate, operations.name_of(visitor()))


@bp.route("/certificates", methods=["GET", "POST"])
@by_address
@never_cached
def look_up() -> ResponseReturnValue:
    """Course and day behind a number, and whether a typed name is the one."""
    form = CertificateForm()

    def page(certified: operations.Certified | None = None) -> str:
        return render_template("courses/look_up.html", form=form, certified=certified)

    return page() if request.method != "POST" else handle(
        form, lambda: operations.look_up(form.number.data or "", form.name.data or ""), page, page)
