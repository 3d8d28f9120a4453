"""State of the machine: each part as it is now, and messages by which somebody tests a carrier."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app

from civic_forum.accounts import mail
from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people, providers
from civic_forum.district import queries as district
from civic_forum.platform import clock, health, jobs, key_files, last_backup, migrations, outbox
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Unavailable
from civic_forum.platform.i18n import _, moment, number
from civic_forum.platform.outbox import Carrier
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..labels import KEY
from ..policy import may_change_district
from ..rules import Finding, Part, Sign, gravest_first, sign_of_age, sign_of_letters

SERVER = {Carrier.MAIL: "SMTP_URL", Carrier.SMS: "SMS_URL"}
Look = tuple[Sign, list[str]]


def findings() -> list[Finding]:
    return gravest_first(Finding(part=part, sign=sign, facts=tuple(filter(None, facts)))
                         for part, look in _LOOKS.items() for sign, facts in [look()])


def is_configured(carrier: Carrier) -> bool:
    return bool(current_app.config[SERVER[carrier]])


def send_test(carrier: Carrier, *, by: User) -> None:
    """Write a message to oneself into the outbox. Raises Conflict where there is no server, or no own address."""
    with use_case(by) as work:
        user = people.held(by.id)[by.id]
        require(user, may_change_district)
        if not is_configured(carrier):
            raise Conflict(_("서버가 정해지지 않아서 시험할 수 없어요. 서버 담당자에게 설정 파일의 %(name)s을(를) 적어 달라고 하세요.",
                             name=SERVER[carrier]))
        to = user.confirmed_email if carrier is Carrier.MAIL else user.confirmed_mobile
        if not to:
            raise Conflict(_("받을 곳이 아직 없어요. 내 정보에서 메일 주소나 휴대전화 번호를 먼저 확인해 주세요."))
        mail.test(user, to, carrier)
        work.record("district.carrier_tested", user, carrier=carrier)


def _host(name: str) -> str:
    """Never more of an address: it may hold a password."""
    return urlsplit(current_app.config[name]).hostname or ""


def _at(text: str, at: datetime | None) -> str:
    return text % {"moment": moment(at)} if at else ""


def _carrier(carrier: Carrier) -> Look:
    if not is_configured(carrier):
        lacks = Sign.UNUSED if carrier is Carrier.SMS else Sign.WATCH if current_app.config["SAMPLE"] else Sign.BAD
        return lacks, [_("보내는 서버가 없어서 서버의 파일로만 남아요.")]
    standing = outbox.standing(carrier)
    return sign_of_letters(standing.sent_at, standing.failed_at, clock.now()), [
        _host(SERVER[carrier]), _at(_("%(moment)s에 마지막으로 나갔어요."), standing.sent_at) or _("나간 것이 아직 없어요."),
        _at(_("%(moment)s에 보내지 못했어요."), standing.failed_at),
        _at(_("%(moment)s에 받는 쪽이 돌려보냈어요."), standing.refused_at),
        _("%(count)s통이 기다려요.", count=number(standing.waiting)) if standing.waiting else ""]


def _providers() -> Look:
    names = [urlsplit(provider.issuer).hostname or provider.key for provider in providers.all_of_them()]
    return (Sign.UNKNOWN, [*names, _("되는지는 직접 로그인해 봐야 알아요.")]) if names else (
        Sign.UNUSED, [_("본인확인 기관이 없어요. 창구에서 확인해요.")])


def _keys() -> Look:
    try:
        facts = [f"{KEY[name]} {kind.numbers()[-1]}: " + (
            _at("%(moment)s", kind.since(kind.numbers()[-1])) or _("설정 파일에 있어요"))
                 for name, kind in key_files.KINDS.items() if kind.numbers()]
        key_files.refuse_lost()
    except Unavailable:
        return Sign.BAD, [_("열쇠 폴더에 없거나 읽을 수 없는 열쇠가 있어요.")]
    return Sign.UNKNOWN, [*facts, _("사본이 있는지는 서버가 알 수 없어요. 보관한 사람에게 물어봐 주세요.")]


def _address() -> Look:
    if current_app.config["URL"].startswith("https://"):
        return Sign.GOOD, [_host("URL"), _("https로만 열려요.")]
    return Sign.WATCH if current_app.config["SAMPLE"] else Sign.BAD, [_host("URL"), _("https가 아니라서 누가 엿볼 수 있어요.")]


def _backup() -> Look:
    made, asked = last_backup.last(), last_backup.asked()
    lacks = Sign.WATCH if current_app.config["SAMPLE"] else Sign.BAD
    failed = _("부탁한 백업을 만들지 못했어요.") if asked and (asked.failed or asked.is_late) else ""
    sign = sign_of_age(clock.now() - made.at, watch=timedelta(days=2), bad=timedelta(days=7)) if made else lacks
    return Sign.BAD if failed else sign, [
        _at(_("%(moment)s에 마지막으로 했어요."), made and made.at) or _("한 적이 없거나 기록을 읽을 수 없어요."), failed]


def _worker() -> Look:
    noted = jobs.noted()
    if noted is None:
        return Sign.UNKNOWN, [_("아직 아무것도 적지 않았어요. 방금 시작했다면 1분 뒤에 다시 봐 주세요.")]
    sign = sign_of_age(clock.now() - noted.at, watch=timedelta(minutes=3), bad=timedelta(minutes=10))
    return Sign.BAD if noted.failed else sign, [
        _at(_("%(moment)s에 일하고 있었어요."), noted.at), _at(_("가장 오래된 일은 %(moment)s에 끝났어요."), noted.oldest),
        _("마지막에 실패한 일: %(names)s", names=", ".join(noted.failed)) if noted.failed else ""]


def _database() -> Look:
    fits, revision = health.migrations_are_newest(), ", ".join(sorted(migrations.current())) or "-"
    return Sign.GOOD if fits else Sign.BAD, [db.engine.dialect.name, _("표의 판 %(revision)s", revision=revision),
                                             "" if fits else _("이 프로그램이 바라는 판이 아니에요.")]


def _redis() -> Look:
    return (Sign.UNUSED, [_("한 서버에서 메모리로 해요.")]) if not (host := _host("REDIS_URL")) else (
        Sign.GOOD, [host]) if health.redis_answers() else (Sign.WATCH, [host, _("대답하지 않아요.")])


def _disk() -> Look:
    try:
        total, _used, free = shutil.disk_usage(current_app.config["DATA"])
    except OSError:
        return Sign.UNKNOWN, [_("얼마나 남았는지 알 수 없어요.")]
    left = round(100 * free / total)
    return Sign.BAD if left < 5 else Sign.WATCH if left < 15 else Sign.GOOD, [_("%(share)s%% 남았어요.", share=left)]


def _decisions() -> Look:
    behind = district.behind_audit()
    return (Sign.BAD, [_("감사 기록보다 오래된 것: %(names)s", names=", ".join(behind))]) if behind else (
        Sign.GOOD, [_("감사 기록에 남은 마지막 결정과 같아요.")])


_LOOKS: dict[Part, Callable[[], Look]] = {
    Part.DECISIONS: _decisions, Part.DATABASE: _database, Part.KEYS: _keys, Part.DISK: _disk, Part.WORKER: _worker,
    Part.BACKUP: _backup, Part.MAIL: lambda: _carrier(Carrier.MAIL), Part.ADDRESS: _address,
    Part.SMS: lambda: _carrier(Carrier.SMS), Part.PROVIDERS: _providers, Part.REDIS: _redis}
