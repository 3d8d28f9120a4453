"""Names of acts, means and steps."""

from civic_forum.platform.i18n import _l

from .rules import Act, Means, Step

ACT = {Act.PROPOSAL: _l("제안"), Act.SUPPORT: _l("공감"), Act.COMMENT: _l("댓글"), Act.REGISTRATION: _l("공론장 신청"),
       Act.VOTE: _l("투표")}
MEANS = {Means.ONLINE: _l("누리집"), Means.ASSISTED: _l("동주민센터에서 도움받아"), Means.PAPER: _l("종이"),
         Means.ON_SITE: _l("공론장 현장")}
STEP = {Step.PROPOSED: _l("제안"), Step.SUPPORTED: _l("공감을 채움"), Step.ANSWERED: _l("부서가 답변함"),
        Step.PROMISED: _l("하기로 함"), Step.DONE: _l("이루어짐")}
