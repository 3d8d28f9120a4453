"""Labels of notices, and the sentence of each step. Steps of a journey have their words there."""

from collections.abc import Mapping
from datetime import date

from civic_forum.journeys import labels as journeys
from civic_forum.platform.i18n import _, _l, day
from civic_forum.platform.settings import worded

from .rules import Channel, Frequency, NoticeKind

KIND = {
    NoticeKind.MY_PROPOSAL: _l("내 제안"), NoticeKind.SUPPORTED: _l("공감하거나 소식 받는 제안"),
    NoticeKind.REPLY: _l("댓글과 답글"), NoticeKind.MODERATION: _l("내 글과 계정에 대한 조치"),
    NoticeKind.VOTE: _l("투표"), NoticeKind.OUTCOME: _l("결과"), NoticeKind.FORUM: _l("만나는 날"),
    NoticeKind.DUTY: _l("맡은 일"), NoticeKind.ACCOUNT: _l("내 계정"),
}
MEANING = {
    NoticeKind.MY_PROPOSAL: _l("부서가 답변하거나, 의제에 묶이거나, 다른 제안과 합쳐지거나, 투표에 오르거나, 결정됐을 때"),
    NoticeKind.SUPPORTED: _l("내가 공감하거나 소식 받기를 누른 제안이 다음 단계로 넘어갔을 때"),
    NoticeKind.REPLY: _l("내 제안에 댓글이 달리거나 내 댓글에 답글이 달렸을 때"),
    NoticeKind.MODERATION: _l("운영자가 내 글을 가리거나 계정을 제한했을 때, 그리고 이의 신청의 결과"),
    NoticeKind.VOTE: _l("참여할 수 있는 투표가 열리거나 결과가 나왔을 때"),
    NoticeKind.OUTCOME: _l("내가 함께한 제안이나 의제의 결과가 나왔을 때"),
    NoticeKind.FORUM: _l("기다리던 자리가 나거나, 신청한 것이 달라졌을 때"),
    NoticeKind.DUTY: _l("구청 일을 맡은 사람에게: 할 일이 생기거나 기한이 다가올 때"),
    NoticeKind.ACCOUNT: _l("내 이메일 주소로 편지가 가지 않을 때"),
}
CHANNEL = {Channel.SITE: _l("이 누리집에서"), Channel.MAIL: _l("이메일로"), Channel.SMS: _l("문자로")}
CHANNEL_SHORT = {Channel.SITE: _l("누리집"), Channel.MAIL: _l("이메일"), Channel.SMS: _l("문자")}
ON_SITE = {Frequency.AT_ONCE: _l("알려 주기"), Frequency.NEVER: _l("알리지 않기")}
FREQUENCY = {
    Frequency.AT_ONCE: _l("바로"), Frequency.DAILY: _l("하루 한 번"), Frequency.WEEKLY: _l("한 주 한 번"),
    Frequency.NEVER: _l("받지 않기"),
}
DIGEST = {Frequency.DAILY: _l("하루에 한 번 모아 보내는 소식"), Frequency.WEEKLY: _l("한 주에 한 번 모아 보내는 소식")}
GONE = _l("지금은 볼 수 없는 글")
"""Instead of the title of what was hidden or deleted since."""
SUBJECT = {
    "comment": _l("내 댓글"), "user": _l("내 계정"), "bulk": _l("내 글"),
    "held": _l("확인을 기다리는 제안"), "report": _l("신고"), "appeal": _l("조치에 대한 이의 신청"),
    "takedown": _l("게시중단 요청"), "objection": _l("묶음 반대"), "author_objection": _l("묶음 반대"),
    "visit_request": _l("찾아와 달라는 청"), "project": _l("내 사업"), "forum_question": _l("내 질문"),
    "chat_message": _l("내 대화"), "statement": _l("내 한 줄 의견"), "intake_item": _l("현장에서 낸 것"),
    "call_application": _l("내 신청"),
    "roll": _l("투표인 명부"),
}
"""What a notice is about where that has no title, or none that may stand here."""
STEP = {
    "grouped_mine": _l("의제에 묶었어요. 원하지 않으면 %(until)s까지 반대할 수 있어요."),
    "grouped_supported": _l("공감하거나 소식 받는 제안을 이 의제에 묶었어요."),
    "merged_mine": _l("같은 뜻의 다른 제안과 합쳤어요. 동의하는지 알려 주세요. 원하지 않으면 %(until)s까지 반대할 수 있어요."),
    "took_up_mine": _l("같은 뜻의 다른 제안을 이 제안에 합쳤어요. 동의하는지 알려 주세요. 원하지 않으면 %(until)s까지 반대할 수 있어요."),
    "merged_supported": _l("같은 뜻의 다른 제안과 합쳐졌고, 공감도 함께 이어져요. 원하지 않으면 %(until)s까지 이름을 거둘 수 있어요."),
    "took_up_supported": _l("같은 뜻의 다른 제안이 이 제안에 합쳐졌어요."),
    "merge_undone": _l("합쳤던 제안을 다시 나눴어요. 공감은 처음 남긴 제안에 그대로 있어요."),
    "carrier_withdrawn": _l("이 제안을 이어 가던 제안을 글쓴이가 거둬서 다시 따로 있어요. 공감은 처음 남긴 제안에 그대로 있어요."),
    "objection_answered_mine": _l("내가 낸 묶음 반대에 운영자가 답했어요."),
    "noted_in_words": _l("의제에 새 소식이 있어요: %(what)s"),
    "completion_waits": _l("부서가 보태 달라고 한 내용을 아직 기다려요. 보탤 때까지 답변 기한이 멈춰 있어요."),
    "answer_late": _l("부서 답변이 늦어지고 있어요. %(due)s까지 답하기로 했어요."),
    "held": _l("운영자가 확인하고 있어요. 확인이 끝나면 모두에게 보여요."),
    "given_back": _l("운영자가 고쳐 달라고 돌려보냈어요. 이유를 읽고 다시 낼 수 있어요."),
    "commented": _l("내 제안에 댓글이 달렸어요."), "replied": _l("내 댓글에 답글이 달렸어요."),
    "hidden": _l("운영 원칙 「%(rule)s」에 따라 가렸어요. 이유를 보고 이의를 신청할 수 있어요."),
    "takedown": _l("게시중단 요청을 받아 잠시 가렸어요. 이유를 보고 이의를 신청할 수 있어요."),
    "takedown_until": _l("게시중단 요청을 받아 %(until)s까지 가렸어요. 이유를 보고 이의를 신청할 수 있어요."),
    "takedown_granted": _l("게시중단 요청을 받아들여 계속 가리기로 했어요. 이유를 볼 수 있어요."),
    "warn": _l("운영 원칙 「%(rule)s」에 따라 주의를 드렸어요. 이유를 보고 이의를 신청할 수 있어요."),
    "mute": _l("운영 원칙 「%(rule)s」에 따라 글을 쓸 수 없어요. 이유를 보고 이의를 신청할 수 있어요."),
    "mute_until": _l("운영 원칙 「%(rule)s」에 따라 %(until)s까지 글을 쓸 수 없어요. 이유를 보고 이의를 신청할 수 있어요."),
    "block": _l("운영 원칙 「%(rule)s」에 따라 계정을 쓸 수 없어요. 이유를 보고 이의를 신청할 수 있어요."),
    "block_until": _l("운영 원칙 「%(rule)s」에 따라 %(until)s까지 계정을 쓸 수 없어요. 이유를 보고 이의를 신청할 수 있어요."),
    "action_ended": _l("운영자의 조치가 끝났어요."), "report_acted": _l("신고한 글을 살펴보고 조치했어요."),
    "report_kept": _l("신고한 글을 살펴봤어요. 운영 원칙을 어기지 않아 그대로 두었어요."),
    "appeal_upheld": _l("이의 신청을 받아들였어요. 조치를 되돌렸어요."),
    "appeal_declined": _l("이의 신청을 살펴봤지만 조치를 그대로 두기로 했어요. 이유를 볼 수 있어요."),
    "vote_opens": _l("%(opens)s부터 %(closes)s까지 투표해요. 참여할 수 있는지 확인하고 투표해 주세요."),
    "observe_closed": _l("투표가 끝났어요. 닫는 기록 확인값을 내려받아 구청이 손댈 수 없는 곳에 두세요."),
    "observe_recount": _l("기록이 나왔어요. 참관인용 기록을 받아 다시 세고 서명해 주세요."),
    "online_withdrawn": _l("종이 투표지를 내줘서 온라인으로 낸 표를 거뒀어요. 종이 투표지를 받지 않았다면 바로 구청에 알려 주세요."),
    "paper_issued": _l("창구에서 종이 투표지를 내줬어요. 받지 않았다면 바로 구청에 알려 주세요."),
    "paper_spoiled": _l("창구에서 못 쓰게 된 종이 투표지를 새것으로 바꿨어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "paper_taken_back": _l("창구에서 쓰지 않은 종이 투표지를 돌려받았어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "paper_return_undone": _l("낸 것으로 적은 종이 투표지를 아직 내지 않은 것으로 고쳤어요. 이미 냈다면 바로 구청에 알려 주세요."),
    "struck": _l("투표인 명부에서 빠졌어요. 이미 낸 표는 그대로 세요. 이유를 보고, 맞지 않으면 그 화면에서 이의를 낼 수 있어요."),
    "assisted_at": _l("%(desk)s 창구에서 도움을 받아 투표했어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "assisted": _l("구청 창구에서 도움을 받아 투표했어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "taken_at_window": _l("동 주민센터 창구에서 이 계정의 이름으로 받은 것이 있어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "staff_verify": _l("동 주민센터 창구에서 이 계정의 주인을 주민으로 확인했어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "staff_open_account": _l("동 주민센터 창구에서 이 계정을 만들었어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "staff_reset_password": _l("창구에서 이 계정의 비밀번호를 다시 정하는 코드를 드렸어요. 받지 않았다면 바로 구청에 알려 주세요."),
    "staff_told_apart": _l("창구에서 이 계정을 같은 이름의 다른 사람과 견주었어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "staff_create": _l("관리자가 이 계정을 만들었어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "staff_second_factor": _l("관리자가 이 계정의 2단계 인증을 껐어요. 부탁하지 않았다면 바로 구청에 알려 주세요."),
    "staff_provider": _l("관리자가 이 계정에 로그인하는 방법을 연결했어요. 부탁하지 않았다면 바로 구청에 알려 주세요."),
    "staff_seen": _l("두 번째 담당자가 신분증을 보고 이 계정으로 투표할 수 있게 했어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "staff_support_back": _l("동 주민센터 창구에서 이 계정의 주인이 공감을 거두겠다고 말했어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "staff_support": _l("동 주민센터 창구에서 이 계정의 주인이 제안에 공감한다고 말해서 적었어요. 모르는 일이면 바로 구청에 알려 주세요."),
    "duty_many_acts": _l("한 담당자가 하루에 아주 많은 계정을 다뤘어요. 무슨 일인지 살펴봐 주세요."),
    "vote_result": _l("투표 결과가 나왔어요."),
    "quorum_missed": _l("정족수에 못 미쳤어요. 그래서 어떻게 되는지 결과와 함께 볼 수 있어요."),
    "meeting_noticed": _l("위원회의 회의를 알려 드려요. 안건을 먼저 읽어 주세요."),
    "resolution_noticed": _l("위원회가 서면으로 정해요. %(until)s까지 간사에게 답해 주세요."),
    "meeting_cancelled": _l("회의를 취소했어요. 이유: %(why)s"),
    "minutes_sent_back": _l("회의록을 고쳐 주세요. 이유: %(why)s"),
    "meeting_kept": _l("회의에서 정한 것이 나왔어요."),
    "membership_begun": _l("위원이 됐어요. 이름을 모두에게 실을지 정할 수 있어요."),
    "member_change_refused": _l("제안한 위원 변경을 돌려보냈어요. 이유: %(why)s"),
    "membership_ended": _l("위원 임기가 끝났어요."),
    "application_received": _l("신청을 받았어요. 접수번호는 그 화면에 있어요."),
    "in_workshop": _l("공감하거나 제안하신 글로 함께 이야기하는 자리를 열어요. 와서 함께 정해 주세요."),
    "visit_answered": _l("찾아와 달라는 청에 구청이 답했어요."),
    "call_chosen": _l("내 신청이 뽑혔어요. 다음에 할 일을 구청이 알려 드려요."),
    "call_reserve": _l("내 신청이 예비예요. 자리가 나면 바로 알려 드려요."),
    "call_not_chosen": _l("내 신청은 이번에 뽑히지 않았어요. 이유를 볼 수 있어요."),
    "call_out": _l("내 신청은 심사에서 빠졌어요. 이유를 볼 수 있어요."),
    "call_moved_up": _l("자리가 나서 예비였던 내 신청이 뽑혔어요."),
    "call_registered": _l("뽑혀서 이 모임에 자리를 잡아 두었어요. 올 수 없으면 신청을 거두어 주세요."),
    "scoring_begun": _l("심사가 시작됐어요. %(until)s까지 점수를 매겨 주세요."),
    "evaluation_opened": _l("약속 평가를 열었어요. %(until)s까지 점수를 매겨 주세요."),
    "evaluation_released": _l("내가 함께 매긴 약속의 점수를 열었어요."),
    "draw_committed": _l("추첨 명단을 잠갔어요. 내 번호를 보고 적어 두세요. 명단의 확인값: %(commit)s"),
    "draw_done": _l("추첨을 했어요. 결과를 보고, 직접 다시 뽑아 볼 수 있어요."),
    "draw_ended": _l("내가 들어 있던 추첨을 끝냈어요. 이유를 볼 수 있고, 다시 추첨하면 알려 드려요."),
    "draw_passing": _l("추첨에서 내 번호를 빼려고 해요. 맞지 않으면 %(until)s까지 구청에 알려 주세요."),
    "close_moved": _l("신청 마감을 %(until)s로 옮겼어요. 이유를 볼 수 있어요."),
    "forum_place_given": _l("기다리던 자리가 났어요. 올 수 없으면 신청을 거두어 주세요."),
    "forum_minutes_draft": _l("회의록 초안이 나왔어요. 말한 것과 다른 곳이 있으면 %(until)s까지 알려 주세요."),
    "forum_minutes_signed": _l("진행자가 회의록에 서명했어요."),
    "forum_place_taken": _l("담당자가 참여 신청을 거두었어요. 이유: %(why)s"),
    "place_at_window": _l("창구에서 참여를 신청한 분의 자리가 바뀌었어요. 연락처를 보고 전화로 알려 주세요."),
    "statement_public": _l("한 줄 의견을 모두에게 묻고 있어요."),
    "statement_refused": _l("내가 쓴 한 줄 의견을 공개하지 않기로 했어요. 이유를 볼 수 있어요."),
    "statement_taken_out": _l("내가 쓴 한 줄 의견을 이제 묻지 않아요. 이유를 볼 수 있어요."),
    "statement_hidden": _l("운영자가 한 줄 의견을 뺐어요(%(why)s). %(until)s까지 다른 운영자가 확인하지 않으면 다시 물어요."),
    "statement_out": _l("운영자 두 사람이 한 줄 의견을 빼기로 했어요(%(why)s)."),
    "statement_answered": _l("내가 쓴 한 줄 의견이 어떻게 됐는지 구청이 알렸어요."),
    "statement_proposed": _l("내가 쓴 한 줄 의견으로 이웃이 제안을 썼어요."),
    "outcome_published": _l("결과가 나왔어요. 무엇을 왜 결정했는지 볼 수 있어요."),
    "outcome_corrected": _l("결과를 바로잡았어요. 무엇이 바뀌었는지 볼 수 있어요."),
    "outcome_reported": _l("약속한 일이 어떻게 되고 있는지 담당 부서가 알렸어요."),
    "outcome_done": _l("약속한 일을 마쳤어요."),
    "commitment_moved": _l("내가 함께한 일에서 나온 약속에 새 소식이 있어요."),
    "commitments_moved": _l("내가 함께한 일에서 나온 약속 %(count)s개에 새 소식이 있어요."),
    "address_dead": _l("이메일이 여러 번 돌아와서 이 주소로는 소식을 보내지 않기로 했어요. 주소를 다시 확인하면 보내 드려요."),
    "item_sorted": _l("현장에서 낸 것이 어떻게 됐는지 정해졌어요."),
    "item_reopened": _l("현장에서 낸 것을 어떻게 할지 다시 정해요."),
    "claim_granted": _l("내 것이라고 한 것을 담당자 두 사람이 확인했어요."),
    "claim_declined": _l("내 것이라고 한 것을 담당자가 확인하지 못했어요. 동 주민센터에 물어봐 주세요."),
    "item_claimed": _l("다른 사람이 현장에서 낸 것을 자기 것이라고 했어요. 담당자 두 사람이 확인해요. 맞지 않으면 알려 주세요."),
    "duty_item": _l("현장에서 들은 말에 우리 부서가 답하게 됐어요."),
    "duty_later": _l("나중에 답하기로 한 것을 우리 부서가 맡았어요."),
    "item_answered": _l("현장에서 낸 것에 부서가 답했어요."),
    "later_answered": _l("나중에 답하기로 한 것에 부서가 답했어요."),
    "later_corrected": _l("나중에 한 답변을 부서가 바로잡았어요."),
    "duty_lead": _l("우리 부서가 답변을 맡았어요."), "duty_asked": _l("우리 부서의 의견을 물었어요."),
    "duty_approve": _l("우리 부서가 쓴 답변이 승인을 기다려요."),
    "duty_outcome": _l("우리 부서가 쓴 결과가 승인을 기다려요."),
    "duty_in_charge": _l("이 약속의 담당자가 되었어요."),
    "duty_deputy": _l("오늘부터 %(until)s까지 자리를 비운 동료의 일을 대신해요."),
    "role_ends": _l("%(until)s까지만 맡는 권한이에요. 그날이 지나면 저절로 끝나요."),
    "role_moved": _l("맡은 곳이 %(place)s에 합쳐졌어요. 하던 일은 기한 그대로 그곳에서 이어요."),
    "duty_received": _l("떠나는 담당자의 일 %(count)s개를 이어받았어요. 기한은 그대로예요."),
    "roles_ended": _l("구청 권한이 끝났어요. 맡은 일은 다른 담당자가 이어가요."),
    "duty_commitment": _l("우리 부서의 약속 기록이 승인을 기다려요."),
    "duty_quarter": _l("지난 분기에 한 일을 %(due)s까지 알려 주세요."),
    "duty_sent_back": _l("승인하는 담당자가 다시 써 달라고 했어요. 이유를 보고 고쳐 주세요."),
    "duty_review": _l("안 하기로 한 답변을 다시 검토해 달라고 했어요."),
    "duty_soon": _l("답변할 날이 %(due)s까지예요."), "duty_late": _l("답변이 늦었어요. %(due)s까지 답하기로 했어요."),
    "duty_unassigned": _l("답변할 의무가 생겼어요. 맡을 부서를 정해 주세요."),
    "duty_step": _l("공감이 다음 단계에 이르렀어요. 할 일과 기한을 확인해 주세요."),
    "duty_returned": _l("맡은 부서가 돌려보냈어요. 맡을 부서를 다시 정해 주세요."),
    "duty_held": _l("공개하기 전에 확인해야 할 제안이 들어왔어요."), "duty_report": _l("새 신고가 들어왔어요."),
    "duty_appeal": _l("이의 신청이 들어왔어요. 조치한 사람이 아닌 운영자가 결정해요."),
    "duty_takedown": _l("게시중단 요청이 들어왔어요."),
    "duty_objection": _l("글쓴이가 묶음에 반대했어요. 답해 주세요."),
    "duty_parted": _l("다른 제안을 이어 가던 제안을 글쓴이가 거뒀어요. 나뉜 제안들을 살펴봐 주세요."),
    "duty_roll_objection": _l("투표인 명부에 대한 이의가 들어왔어요. 답해 주세요."),
    "duty_vote_objection": _l("참관인이 이 투표에 이의를 제기했어요. 답해 주세요."),
    "roll_objection_answered": _l("투표인 명부에 낸 이의에 답했어요."),
    "vote_objection_answered": _l("투표에 제기한 이의에 답했어요."),
    "duty_quorum_missed": _l("정족수에 못 미쳤어요. 참관인이 다시 센 뒤 두 사람이 확인해 그대로 알려 주세요."),
    "duty_confirmation": _l("투표를 다루는 일이 다른 담당관의 확인을 기다려요."),
}
"""What happened; the details of the notice fill in days and names of rules."""
OF_RIGHTS = ("hidden", "takedown", "takedown_until", "takedown_granted", "warn", "mute", "mute_until", "block",
             "block_until", "action_ended", "appeal_upheld", "appeal_declined", "roll_objection_answered")
WORDED = {step: STEP[step] for step in (
    *OF_RIGHTS, "held", "given_back", "commented", "replied", "answer_late", "report_acted", "report_kept",
    "vote_opens")}
"""Sentences of the site in whose place a district may have its own (`settings.py`); two people for those of rights."""
STEP |= {step: worded(f"NOTICE_{step.upper()}", text) for step, text in WORDED.items()}
DAYS = ("until", "due", "opens", "closes")
"""Details that are a day, written as `2026-11-20`."""


def has_sentence(step: str) -> bool:
    return step in STEP or step in journeys.STEPS


def sentence(step: str, details: Mapping[str, object]) -> str:
    """Sentence on what happened. A step that a later version writes still says that there is news."""
    words = {name: day(date.fromisoformat(str(value))) if name in DAYS else value for name, value in details.items()}
    return str(STEP.get(step) or journeys.STEPS.get(step) or _("새 소식이 있어요.")) % words
