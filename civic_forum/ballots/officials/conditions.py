"""Reasons that keep an action of two officials from being proposed or confirmed."""

from datetime import datetime

from civic_forum.platform.i18n import _, moment

from .. import voted
from .. import operations as ballots
from ..box import closing as draws
from ..box.closing import DrawKind
from ..counting import queries as tallies
from ..keys import keyring
from ..keys import backups as backup_list
from ..models import BallotBox
from ..observing import queries as observed
from ..published import heads, records
from ..record import figures
from ..rules.boxes import BoxStage, ConfirmedAction, OBSERVERS_HAVE, POSSIBLE_AT, stage_of
from . import queries


def why_not(action: ConfirmedAction, box: BallotBox, now: datetime) -> str | None:
    """Reason that keeps this action from being proposed or confirmed now; `now` by the database's clock."""
    stage = stage_of(box, now)
    if stage not in POSSIBLE_AT[action]:
        return _NOT_YET[action](stage)
    return _AGAINST[action](box, now) if action in _AGAINST else None


_NOT_YET = {
    ConfirmedAction.OPEN: lambda _stage: _("이미 열린 투표예요."),
    ConfirmedAction.CLOSE_EARLY: lambda _stage: _("열려 있는 투표만 일찍 끝낼 수 있어요."),
    ConfirmedAction.COUNT_ANYWAY: lambda _stage: _("끝났고 아직 세지 않은 투표만 이유를 적고 셀 수 있어요."),
    ConfirmedAction.DRAW: lambda _stage: _("끝났고 아직 세지 않은 투표에만 추첨을 적을 수 있어요."),
    ConfirmedAction.SET_BACK: lambda stage: (
        _("투표지를 지우기 시작한 뒤에는 되돌릴 수 없어요.") if stage.reached(BoxStage.ERASED)
        else _("아직 세지 않아서 되돌릴 것이 없어요.")),
    ConfirmedAction.EXPORT_KEY: lambda _stage: _("이 투표의 열쇠는 이미 없앴어요."),
    ConfirmedAction.ANSWER_REFUSAL: lambda _stage: _("기록을 만든 뒤에 참관인이 한 말에 답해요."),
    ConfirmedAction.WITHOUT_SIGNATURES: lambda stage: (
        _("이미 공개했어요.") if stage is BoxStage.PUBLISHED else _("기록을 만들고 참관인을 기다린 뒤에 정할 수 있어요.")),
    ConfirmedAction.DESTROY_KEY: lambda stage: (
        _("열쇠는 이미 없앴어요.") if stage.reached(BoxStage.KEY_DESTROYED)
        else _("세고, 기록을 만들어 확인한 뒤에 투표지를 지우고 열쇠를 없앨 수 있어요.")),
    ConfirmedAction.PUBLISH: lambda stage: (
        _("이미 공개했어요.") if stage is BoxStage.PUBLISHED else _("열쇠를 없앤 뒤에만 결과를 공개할 수 있어요.")),
    ConfirmedAction.STRIKE: lambda stage: (
        _("투표가 끝난 뒤에는 명부를 고칠 수 없어요.") if stage.reached(BoxStage.CLOSED)
        else _("투표를 열기 전에는 명부 화면에서 바로 뺄 수 있어요.")),
}


def _why_not_open(box: BallotBox, now: datetime) -> str | None:
    vote = voted.of(box)
    if not ballots.is_defined_by(box, vote.definition):
        return _("투표의 내용이 그 사이에 바뀌었어요. 투표함을 다시 준비해 주세요.")
    return vote.why_not_open() or ballots.why_not_open(box, now)


def _why_not_count_anyway(box: BallotBox, _now: datetime) -> str | None:
    if box.finished_at is None:
        return _("종이와 이의까지 마무리한 뒤에 정할 수 있어요.")
    alarms = tallies.ended(box).alarms
    if not figures.need_reasons(alarms):
        return _("맞지 않는 것이 없어요. 그대로 세면 돼요.")
    return _("이미 이유를 적고 확인했어요. 이제 세면 돼요.") if alarms["reasons"] else None


def _why_not_draw(box: BallotBox, now: datetime) -> str | None:
    if box.tied_at is None:
        return _("추첨으로 정할 것이 없어요. 표가 똑같아서 세다가 멈춘 투표에만 추첨을 적어요.")
    if queries.draw_of(box.id):
        return _("이미 추첨을 적고 확인했어요. 이제 세면 돼요.")
    if ballots.parts_of(box)["draw"] == DrawKind.LOTTERY:
        number = draws.lottery_number(heads.closing(box.id).at)
        if now < draws.lottery_held_at(number):
            return _("로또 6/45 %(number)s회 추첨(%(moment)s)을 기다려요.", number=number,
                     moment=moment(draws.lottery_held_at(number)))
    return None


def _why_not_without_signatures(box: BallotBox, now: datetime) -> str | None:
    if box.rehearsal or observed.counted(box).agreed >= observed.needed(box):
        return _("서명이 모자라지 않아요. 그대로 이어 가면 돼요.")
    if queries.unanswered(box):
        return _("틀렸다고 서명한 참관인에게 먼저 답해 주세요.")
    if queries.reason(box) is not None:
        return _("이미 이유를 적고 확인했어요. 그대로 이어 가면 돼요.")
    if now < box.recorded_at + OBSERVERS_HAVE:
        return _("참관인이 다시 셀 수 있게 %(moment)s까지 기다려 주세요.", moment=moment(box.recorded_at + OBSERVERS_HAVE))
    return None


def _why_observers_keep(box: BallotBox, now: datetime) -> str | None:
    """Reason of the observers against going on. A rehearsal waits for nobody."""
    if box.rehearsal:
        return None
    if refused := queries.unanswered(box):
        return _("%(names)s 님이 다시 세고 틀렸다고 서명했어요. 두 담당관이 모두가 볼 답을 적고 확인해야 이어 갈 수 있어요.",
                 names=", ".join(dict.fromkeys(name for name, _said in queries.named(box, refused))))
    agreed, needed, until = observed.counted(box).agreed, observed.needed(box), box.recorded_at + OBSERVERS_HAVE
    if agreed >= needed or queries.reason(box) is not None:
        return None
    few = _("맞다고 서명한 참관인이 %(agreed)s명이고, %(needed)s명이 있어야 해요.", agreed=agreed, needed=needed)
    if now < until:
        return f"{few} " + _("서명을 기다려 주세요. %(moment)s부터는 두 담당관이 모두가 볼 이유를 적고 이어 갈 수 있어요.",
                             moment=moment(until))
    return f"{few} " + _("7일이 지났으니 더 기다리거나, 두 담당관이 모두가 볼 이유를 적고 확인해 주세요.")


def _why_not_set_back(box: BallotBox, _now: datetime) -> str | None:
    if queries.destruction(box) is not None:
        return _("투표지를 지우기 시작한 뒤에는 되돌릴 수 없어요.")
    if records.is_somebody_s_turn(box.id):
        return _("지금 기록을 만들거나 서명을 받고 있어요. 잠시 뒤에 다시 해 주세요.")
    return None


def _why_not_destroy(box: BallotBox, now: datetime) -> str | None:
    if queries.destruction(box) is not None:
        return _("두 담당관이 이미 확인했어요. 이어서 지우고 없애면 돼요.")
    if box.erased_at is None and not records.are_as_written(box):
        return _("기록 파일이 만들 때와 달라요. 복사본을 되돌려 놓은 뒤에 다시 해 주세요.")
    if names := backup_list.left(box.id):
        return _("투표 중에 만든 백업이 %(count)s개 남아 있어요: %(names)s. 모두 지우고 하나씩 이름을 적은 뒤에 열쇠를 없앨 수 있어요.",
                 count=len(names), names=", ".join(names))
    return _why_observers_keep(box, now)


def _why_not_publish(box: BallotBox, now: datetime) -> str | None:
    if box.rehearsal:
        return _("예행연습은 결과로 공개할 수 없어요.")
    if keyring.remains(box.id) or keyring.tombstone_of(box.id) is None:
        return _("열쇠가 아직 남아 있어요. 없앤 뒤에만 결과를 공개할 수 있어요.")
    if not records.are_as_written(box):
        return _("기록 파일이 만들 때와 달라요. 복사본을 되돌려 놓은 뒤에 다시 해 주세요.")
    return _why_observers_keep(box, now)


_AGAINST = {
    ConfirmedAction.OPEN: _why_not_open, ConfirmedAction.PUBLISH: _why_not_publish, ConfirmedAction.DRAW: _why_not_draw,
    ConfirmedAction.COUNT_ANYWAY: _why_not_count_anyway, ConfirmedAction.DESTROY_KEY: _why_not_destroy,
    ConfirmedAction.ANSWER_REFUSAL: lambda box, _now: (
        None if queries.unanswered(box) else _("답을 기다리는 참관인이 없어요.")),
    ConfirmedAction.WITHOUT_SIGNATURES: _why_not_without_signatures, ConfirmedAction.SET_BACK: _why_not_set_back,
    ConfirmedAction.EXPORT_KEY: lambda box, _now: (
        None if keyring.is_there(box.id) else _("열쇠 보관함에 이 투표함의 열쇠가 없어요.")),
}
