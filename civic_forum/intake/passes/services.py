"""A helper types in, for one day, what is said at a visit: a pass is made, bound to one device, used, ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe

from civic_forum.accounts.models import User
from civic_forum.forums import queries as forums
from civic_forum.platform import keys, typed_codes
from civic_forum.platform.errors import Conflict, Denied, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import services
from ..policy import may_take
from ..rules import ItemRecord, Taken
from . import queries
from .models import IntakePass

SENT_WITHIN = timedelta(days=2)
"""After the end of a pass, for rows that wait on its device."""


def may_type(helper: IntakePass, at: datetime) -> bool:
    """True on its day, as long as who made it may type there too."""
    is_its_day = local(at).date() == helper.day and helper.ended_at is None
    return is_its_day and may_take(helper.made_by, helper.forum) is None


def may_send(helper: IntakePass, at: datetime) -> bool:
    """True after its end, as long as rows that wait on its device are taken and who made it may type there."""
    return timedelta() <= at - helper.ends_at <= SENT_WITHIN and may_take(helper.made_by, helper.forum) is None


def make(forum_id: int, *, by: User) -> str:
    """Make a pass for the day of a visit; returns its code, for one device. Raises Denied, NotFound, Conflict."""
    with use_case(by) as work:
        forum = services.visit(forum_id)
        require(by, may_take, forum)
        code = typed_codes.fresh()
        helper = IntakePass(forum_id=forum.id, day=local(forum.starts_at).date(), made_by_id=by.id,
                            secret_hash=keys.keyed_hash(queries.CODE, code.encode()))
        if helper.ends_at <= work.at:
            raise Conflict(_("이미 지난 날이에요. 오늘이나 앞으로 찾아갈 날을 골라 주세요."))
        work.session.add(helper)
        work.record("intake.pass_made", helper)
        return code


def join(code: str) -> str:
    """Bind a pass to the device that brings its code, once. Returns the secret for its cookie. Raises NotFound."""
    secret = token_urlsafe(32)
    with use_case(None) as work:
        helper = queries.pass_of(queries.CODE, typed_codes.normalised(code[:40]), lock=True)
        if helper is None or helper.ends_at <= work.at:
            raise queries.over()
        helper.secret_hash, helper.bound_at = keys.keyed_hash(queries.SECRET, secret.encode()), work.at
        work.record("intake.pass_bound", helper)
    return secret


def take(records: Sequence[ItemRecord], secret: str) -> list[Taken]:
    """Type in a batch with a pass; what comes after its end, within `SENT_WITHIN`, is marked by when it came. The clock
    of the device says nothing. Raises Denied, NotFound, Refusal."""
    with use_case(None) as work:
        helper = existing(queries.pass_of(queries.SECRET, secret, lock=True), queries.over)
        if not (may_type(helper, work.at) or may_send(helper, work.at)):
            raise Denied(_("오늘은 이 기기로 적을 수 없어요. 코드를 준 담당자에게 말해 주세요."))
        return services.take_all(work, records, helper.forum, helper.made_by, helper.id)


def end(pass_id: int, *, by: User) -> None:
    """End a pass before its day does. Raises Denied, NotFound, Conflict."""
    with use_case(by) as work:
        helper = existing(work.session.get(IntakePass, pass_id, with_for_update={"of": IntakePass},
                                           populate_existing=True), queries.over)
        require(by, may_take, forums.locked(helper.forum_id))
        if helper.ends_at <= work.at:
            raise Conflict(_("이미 끝난 코드예요."))
        helper.ended_at = work.at
        work.record("intake.pass_ended", helper)
