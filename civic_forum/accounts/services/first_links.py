"""First administrators of a site: two links made on the machine, one for each. A link opens one account, once, within
an hour; neither of the two gave the other the role."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

import sqlalchemy as sa

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.platform.i18n import Language, _
from civic_forum.platform.work import Work, use_case

from .. import passwords, rules
from ..models import FirstLink, RoleGrant
from ..operations import add_user, open_session
from ..queries import first_links, users
from .entry import ask_owner, check_password, unfit_name

LASTS = timedelta(hours=1)
BYTES = 16
"""Of a token: 128 bits."""
TWO = 2


@dataclass(frozen=True)
class NewAdministrator:
    """Account of an administrator to be; the address in the form in which mail can be sent to it."""

    sign_in_name: str
    name: str
    email: str
    password: str
    language: Language = Language.KO


def make() -> list[str]:
    """Tokens of new links in place of those that nobody used: as many as administrators are missing. Raises Conflict
    where two can act already, or are about to."""
    with use_case(None) as work:
        links, acting = first_links.held(), first_links.acting()
        missing = TWO - len(acting)
        if missing <= 0:
            raise Conflict("Two administrators with a second factor are there already: they make others under 업무 화면.")
        under_way = [link for link in links.values() if link.user_id and link.user_id not in acting
                     and link.expires_at > work.at]
        places = [place for place in (1, TWO) if place not in links or links[place] not in under_way
                  and links[place].user_id not in acting][:missing - len(under_way)]
        if not places:
            raise Conflict("The links were used within the hour: who used them signs in and makes a passkey or turns "
                           "on the second factor.")
        tokens = {place: token_urlsafe(BYTES) for place in places}
        for place, token in tokens.items():
            _put(work, links.get(place), place, token)
        work.record("accounts.first_links_made", "site", places=places)
        return list(tokens.values())


def _put(work: Work, link: FirstLink | None, place: int, token: str) -> None:
    """Put a token in this place. An account that came by the one before and never got a second factor loses the
    role."""
    if link is None:
        link = FirstLink(place=place)
        work.session.add(link)
    elif link.user_id is not None:
        work.session.execute(sa.update(RoleGrant).filter_by(
            user_id=link.user_id, role=rules.Role.ADMINISTRATOR, withdrawn_at=None).values(withdrawn_at=work.at))
        work.record("accounts.role_withdrawn", f"user:{link.user_id}", role=rules.Role.ADMINISTRATOR)
    link.token_hash, link.expires_at = first_links.token_hash(token), work.at + LASTS
    link.used_at = link.user_id = None


def make_at_the_first_start() -> list[str]:
    """The same for a site that had neither links nor an administrator; nothing for any other."""
    known = first_links.were_made() or users.there_is_an_administrator()
    db.session.rollback()
    return [] if known else make()


def open_account(token: str, account: NewAdministrator, *, device: str) -> str:
    """Open the account of an administrator by a link, used up with it, and sign in; returns the secret of the session.
    Raises NotFound for a link that does not work, Refusal for what is wrong in the account: the link works on."""
    if rules.sign_in_key(account.sign_in_name) is None:
        raise unfit_name()
    check_password(account.password, account.sign_in_name)
    if not first_links.works(token, clock.now()):
        raise does_not_work()
    db.session.rollback()
    password_hash = passwords.hashed(account.password)
    try:
        with use_case(None) as work:
            link = _used(token, work.at)
            user = add_user(work.session, name=account.sign_in_name, password_hash=password_hash, at=work.at,
                            nickname=account.name, language=account.language, email=account.email)
            ask_owner(work.session, user, account.email, work.at)
            work.session.add(RoleGrant(user_id=user.id, role=rules.Role.ADMINISTRATOR, granted_at=work.at))
            link.user_id = user.id
            work.record("accounts.first_link_used", user, place=link.place)
            work.record("accounts.role_granted", user, role=rules.Role.ADMINISTRATOR)
            return open_session(work.session, user, device=device, at=work.at)
    except Conflict as taken:
        raise unfit_name() from taken


def _used(token: str, at: datetime) -> FirstLink:
    """The link of this token, used up: of two who come at once one finds it."""
    number = db.session.scalar(sa.update(FirstLink).where(*first_links.opens(token, at)).values(used_at=at)
                               .returning(FirstLink.id))
    if number is None:
        raise does_not_work()
    return db.session.get_one(FirstLink, number, populate_existing=True)


def does_not_work() -> NotFound:
    return NotFound(_("이미 썼거나 한 시간이 지났거나 새 주소로 바뀐 주소예요. 서버를 돌보는 사람에게 새 주소를 부탁해 주세요."))
