"""Pages on the way to a provider of identities and back, and those of one's own links."""

from collections.abc import Callable

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.platform import cookies, security_log
from civic_forum.platform.addresses import local_path
from civic_forum.platform.display import display
from civic_forum.platform.errors import ProofNeeded, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, login, never_cached, visitor

from ..documents import Document, current
from ..forms import ButtonForm, SignInForm, SignUpByProviderForm
from ..pages import bp
from ..queries import providers as queries
from ..rules import LINKS_MOST, PROVIDER_LASTS
from ..operations import SamePerson
from ..services import once
from ..services.entry import Blocked
from ..views import entry, sessions
from ..views.kept import unpack
from . import client, services
from .rules import Provider, Purpose, Wanted
from .services import Returned, Way

COOKIE, PATH = "provider_way", "/providers"


def offered(wanted: str) -> list[Provider]:
    """Providers for this errand, for templates."""
    return queries.serving(Wanted(wanted))


def label(provider: Provider) -> str:
    """Name of a provider in the language of the page."""
    return provider.name(display().language)


bp.add_app_template_global(offered, "providers_for")
bp.add_app_template_filter(label, "provider_label")


@bp.post("/providers/<key>")
@never_cached
@by_address
def start_provider(key: str) -> ResponseReturnValue:
    """The page that sends the browser on. A redirect would be one of the form, and no form of ours leads elsewhere
    (`form-action`)."""
    wanted = _wanted(request.form.get("wanted"))
    if wanted is Wanted.ONCE and not request.form.get("agreed"):
        return entry.once_page(request.form.get("next"), request.form.get("kept"), 422, lacks=True)
    if wanted in services.BY_ACCOUNT and not visitor().is_authenticated:
        return login.unauthorized()
    if wanted not in services.BY_ACCOUNT and visitor().is_authenticated and not (
            wanted is Wanted.ONCE and visitor().is_guest):
        return redirect(local_path(request.form.get("next"), "/me"), 303)
    target, waits = local_path(request.form.get("next"), ""), request.form.get("kept", "")
    services.chosen(key, wanted)

    def done(started: tuple[str, str]) -> ResponseReturnValue:
        url, sealed = started
        answer = make_response(render_template("accounts/to_provider.html", url=url,
                                               provider=services.chosen(key, wanted)))
        answer.headers["Refresh"] = f"0;url={url}"
        cookies.put(answer, COOKIE, sealed, 4 * PROVIDER_LASTS, path=PATH)  # it outlives what it says, to say so
        return answer

    return attempt(lambda: services.start(key, wanted, target=target, kept=waits if unpack(waits) else "",
                                          language=str(display().language),
                                          by=visitor() if wanted in services.BY_ACCOUNT else None),
                   lambda refusal: _refused(refusal, Way(key, wanted, target, kept=waits)), done)


def _wanted(text: str | None) -> Wanted:
    try:
        return Wanted(text or "")
    except ValueError:
        raise Refusal(_("무엇을 하려는지 알 수 없어요. 화면을 새로 열고 다시 해 주세요.")) from None


@bp.get("/providers/<key>/callback")
@never_cached
@by_address
def provider_callback(key: str) -> ResponseReturnValue:
    sealed = cookies.value(COOKIE)
    way = services.way_of(sealed)
    by = visitor() if visitor().is_authenticated else None

    def go_on() -> ResponseReturnValue:
        nonlocal way
        way = services.take_up(key, request.args.to_dict(), sealed, by=by)
        returned = services.come_back(key, request.args.to_dict(), way)
        return ERRANDS[way.wanted](returned)

    def again(refusal: Refusal) -> str:
        if isinstance(refusal, client.Wrong):
            current_app.logger.warning("provider %s: %.200r", key, refusal.reason)
            security_log.note(security_log.Refused.SIGN_IN)
        return _refused(refusal, way)

    is_of_this_browser = way is not None and request.args.get("state", way.state) == way.state
    answer = make_response(attempt(go_on, again))
    if is_of_this_browser:
        cookies.end(answer, cookies.name(COOKIE), PATH)
    return answer


def _refused(refusal: Refusal, way: Way | None) -> str:
    provider = way and queries.by_key(way.provider)
    return render_template("accounts/provider_refused.html", reason=str(refusal), way=way, provider=provider,
                           to_desk=isinstance(refusal, services.ToDesk | SamePerson | once.HasAccount))


def _verify(returned: Returned) -> ResponseReturnValue:
    services.verify(returned, by=visitor())
    return saved(_("확인을 마쳤어요. 이제 주민으로 참여할 수 있어요."), returned.way.next or url_for(".own_residency"))


def _sign_in(returned: Returned) -> ResponseReturnValue:
    way = returned.way
    try:
        entered = services.sign_in(returned, device=sessions.this_device(), knows=sessions.knows)
    except services.Unknown:
        if Purpose.SIGN_IN not in returned.provider.purposes:
            raise
        return _sign_up_page(SignUpByProviderForm(formdata=None, next=way.next or "/me", kept=way.kept,
                                                  came=services.came(returned)))
    except Blocked as blocked:
        return entry.turned_away_from(blocked)
    return entry.signed_in(*entered, SignInForm(formdata=None, next=way.next, kept=way.kept))


def _sign_up_page(form: SignUpByProviderForm) -> str:
    return render_template("accounts/sign_up.html", form=form, version=current(Document.COLLECTION).number)


@bp.post("/sign-up/provider")
@never_cached
@by_address
def sign_up_by_provider() -> ResponseReturnValue:
    form = SignUpByProviderForm()
    if form.sign_in.data:  # back, with what was being sent
        return entry.sign_in_page(SignInForm(formdata=None, next=local_path(form.next.data, "/me"),
                                             kept=form.kept.data))

    def done(secret: str) -> ResponseReturnValue:
        sessions.remember(form.name.data)
        return entry.welcome(secret, form, url_for(".welcome", next=local_path(form.next.data, "/me")))

    return handle(form, lambda: services.sign_up(form.account(display().language), form.came.data or "",
                                                 device=sessions.this_device()),
                  lambda: _sign_up_page(form), done, checks=True)


def _once(returned: Returned) -> ResponseReturnValue:
    who, neighbourhood_id = services.established(returned)
    begun = once.begin(who, neighbourhood_id, device=sessions.this_device(), language=display().language)
    way = returned.way
    return entry.welcome(begun.secret, SignInForm(formdata=None, next=way.next or "/once", kept=way.kept))


def _link(returned: Returned) -> ResponseReturnValue:
    try:
        services.link(returned, by=visitor())
    except ProofNeeded:  # there is no form here that could be sent once more
        return saved(_("그 사이에 10분이 지났어요. 연결하기를 한 번 더 눌러 주세요."), url_for(".own_providers"))
    return saved(_("연결했어요. 다음부터 이 방법으로도 로그인할 수 있어요."), url_for(".own_providers"))


def _prove(returned: Returned) -> ResponseReturnValue:
    services.prove(returned, by=visitor())
    waits = unpack(returned.way.kept)
    if waits and waits.owner == visitor().id:
        return entry.resume_page(waits)
    return saved(_("확인했어요. 하던 일을 다시 눌러 주세요."), returned.way.next or "/me")


ERRANDS: dict[Wanted, Callable[[Returned], ResponseReturnValue]] = {
    Wanted.RESIDENT: _verify, Wanted.SIGN_IN: _sign_in, Wanted.LINK: _link, Wanted.PROVE: _prove,
    Wanted.ONCE: _once}
"""Answers to somebody who is back, by errand. One more is one more line here, and its member of `rules.Wanted`."""


@bp.get("/me/providers")
@never_cached
@login_required
def own_providers() -> str:
    return _page()


@bp.post("/me/providers/<id:number>/removal")
@never_cached
@login_required
def remove_provider(number: int) -> ResponseReturnValue:
    return attempt(lambda: services.unlink(number, by=visitor()), lambda refusal: _page(str(refusal)),
                   lambda _gone: saved(_("연결을 끊었어요."), url_for(".own_providers")))


def _page(trouble: str | None = None) -> str:
    known = {provider.key: provider for provider in queries.all_of_them()}
    return render_template("accounts/providers.html", links=queries.of_user(visitor().id), known=known, most=LINKS_MOST,
                           trouble=trouble, button=ButtonForm())
