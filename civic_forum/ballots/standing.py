"""Whether the person before the page may vote, and if not why and what to do, in words and with the way there."""

from dataclasses import dataclass
from urllib.parse import quote

from civic_forum.kernel.i18n import _

from .policy.rolls import WHY_NOT
from .queries.mine import Mine
from .rules.boxes import Channel
from .rules.rolls import EntryState
from .rules.stages import Stage


@dataclass(frozen=True)
class Ways:
    """Where the pages of a vote stand: `/polls/<slug>`, and unless said otherwise its ballot and roll below it."""

    page: str
    ballot_page: str | None = None
    roll_page: str | None = None
    onward: tuple[str, str] | None = None
    """What there is to do after casting: label and address."""

    @property
    def ballot(self) -> str:
        return self.ballot_page or f"{self.page}/ballot"

    @property
    def roll(self) -> str:
        return self.roll_page or f"{self.page}/roll"

    @property
    def casts(self) -> str:
        """Where a ballot is sent."""
        return f"{self.page}/casts"


@dataclass(frozen=True)
class Standing:
    """A sentence, its tone, and the steps that are open: label and address, the first is the one to take."""

    title: str
    text: str
    tone: str
    """'' may vote, 'ok' has voted, 'warn' may not, 'plain' nothing to be done now."""
    steps: tuple[tuple[str, str], ...] = ()


def of(ways: Ways, stage: Stage, mine: Mine | None) -> Standing | None:
    """None where the page has nothing to say about the reader."""
    if stage is Stage.PREPARING:
        return None
    if mine is None:
        return Standing(_("명부를 만들고 있어요"), _("명부가 정해지면 여기에서 투표할 수 있는지 볼 수 있어요."), "plain")
    if mine.entry.state is EntryState.NOT_SIGNED_IN:
        return _stranger(ways, stage)
    if stage is Stage.ANNOUNCED:
        return _before(ways, mine)
    return _while_open(ways, mine) if stage is Stage.OPEN else _after(ways, mine)


def _stranger(ways: Ways, stage: Stage) -> Standing | None:
    way = f"/sign-in?next={quote(ways.page, safe='')}"
    if stage is Stage.OPEN:
        return Standing(_("투표하려면 로그인해 주세요"), str(WHY_NOT[EntryState.NOT_SIGNED_IN]), "",
                        ((_("로그인하고 투표하기"), way), (_("회원 가입하기"), "/sign-up")))
    if stage is Stage.ANNOUNCED:
        return Standing(_("투표할 수 있는지 미리 확인해 주세요"),
                        _("로그인하면 내가 투표인 명부에 있는지 볼 수 있어요."), "",
                        ((_("로그인하고 명부 확인하기"), way), (_("회원 가입하기"), "/sign-up")))
    return Standing(_("투표가 끝났어요"), _("로그인하면 내가 투표한 것으로 되어 있는지 볼 수 있어요."), "plain",
                    ((_("로그인"), way),))


def _before(ways: Ways, mine: Mine) -> Standing:
    state = mine.entry.state
    check = (_("명부 확인하기"), ways.roll)
    if state is EntryState.IN:
        return Standing(_("투표인 명부에 있어요"), _("투표가 시작되면 바로 투표할 수 있어요."), "ok", (check,))
    if state is EntryState.WILL_BE_IN:
        return Standing(_("투표할 수 있어요"), str(WHY_NOT[state]), "ok", (check,))
    return Standing(_("지금은 투표할 수 없어요"), _reason(mine), "warn", (*_remedy(state), check))


def _while_open(ways: Ways, mine: Mine) -> Standing:
    ballot, roll = ways.ballot, ways.roll
    if mine.entry.state is not EntryState.IN:
        late = mine.entry.state is EntryState.NOT_ON_LIST
        return Standing(_("이번 투표에는 참여할 수 없어요"), not_listed() if late else _reason(mine), "warn",
                        (*_remedy(mine.entry.state), (_("명부 확인하기"), roll)))
    if mine.channel is Channel.PAPER_ISSUED:
        return Standing(_("종이 투표지를 받았어요"),
                        _("온라인으로는 투표할 수 없어요. 쓰지 않은 투표지를 돌려주면 담당자가 다음 방법을 알려 드려요."),
                        "plain", ((_("내 투표 상태 보기"), roll),))
    if mine.channel is Channel.PAPER_RETURNED:
        return Standing(_("종이로 투표했어요"), _("종이 투표지를 냈다고 적혀 있어요."), "ok", ((_("내 투표 상태 보기"), roll),))
    if mine.channel is Channel.ASSISTED:
        return Standing(_("주민센터에서 도움을 받아 투표했어요"), _("마감까지 바꿀 수 있고, 마지막 것을 세요."), "ok",
                        ((_("투표 바꾸기"), ballot), (_("내 투표 상태 보기"), roll)))
    if mine.voted:
        return Standing(_("투표한 것으로 되어 있어요"),
                        _("마감까지 몇 번이든 바꿀 수 있고, 마지막 것을 세요. 투표한 적이 없다면 바로 알려 주세요."),
                        "ok", ((_("투표 바꾸기"), ballot), (_("내 투표 상태 보기"), roll)))
    return Standing(_("투표할 수 있어요"), _("투표인 명부에 있어요. 마감까지 몇 번이든 바꿀 수 있어요."), "",
                    ((_("투표하기"), ballot),))


def _after(ways: Ways, mine: Mine) -> Standing:
    check = ((_("내 투표 상태 보기"), ways.roll), (_("확인증으로 내 표 찾기"), "/receipts"))
    if mine.channel is Channel.PAPER_ISSUED:
        return Standing(_("종이 투표지를 받고 내지 않은 것으로 되어 있어요"),
                        _("낸 투표지가 아직 도착하지 않았을 수 있어요."), "plain", check)
    if mine.voted:
        return Standing(_("투표한 것으로 되어 있어요"),
                        _("확인증이 있으면 내 투표지가 공개 기록부에 있는지 볼 수 있어요."), "ok", check)
    return Standing(_("투표하지 않은 것으로 되어 있어요"), _("투표했는데 이렇게 보이면 확인증을 가지고 알려 주세요."),
                    "plain", check)


def _reason(mine: Mine) -> str:
    if mine.entry.state is EntryState.STRUCK and mine.entry.struck_reason:
        return _("명부에서 빠졌어요. 까닭: %(reason)s", reason=mine.entry.struck_reason)
    return str(WHY_NOT[mine.entry.state])


def not_listed() -> str:
    """While the vote is open nobody can be added any more."""
    return _("이 투표의 명부에 없어요. 명부는 투표를 시작하기 전에 확정해서 지금은 더 넣을 수 없어요. 왜 빠졌는지는 문의해 주세요.")


def _remedy(state: EntryState) -> tuple[tuple[str, str], ...]:
    if state in (EntryState.NOT_VERIFIED, EntryState.AGE_UNKNOWN, EntryState.OTHER_KIND, EntryState.TOO_LATE):
        return ((_("주민 확인받기"), "/me/residency"),)
    if state is EntryState.OTHER_NEIGHBOURHOOD:
        return ((_("내 동 확인하기"), "/me/residency"),)
    return ()
