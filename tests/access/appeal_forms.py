"""What somebody sends who appeals, asks for a text to be taken down, or decides about either."""

from secrets import token_hex

from .appeal_scene import DECISION, WHY


def asking(_scene, _actor: str) -> dict:
    return {"form_key": token_hex(16), "ground": "privacy", "text": WHY, "contact": "concerned@example.org"}


FORMS = {
    "/moderation/actions/<action_id>/appeal": {"text": WHY},
    "/moderation/takedowns/new": asking,
    "/desk/appeals/<appeal_id>": {"answer": "yes", "decision": DECISION},
    "/desk/takedowns/<takedown_id>/blocks": {"reason": "사는 곳이 드러나요."},
    "/desk/takedowns/<takedown_id>/decisions": {"answer": "no", "decision": DECISION},
    "/desk/takedowns/<takedown_id>/contact": {"why-reason": "빠진 내용을 물어보려고"},
    "/desk/signals/words": {"word": "상품권"},
}
FIELDS = {
    "/moderation/actions/<action_id>/appeal": "text",
    "/moderation/takedowns/new": "form_key about address ground text contact",
    "/desk/appeals/<appeal_id>": "answer decision",
    "/desk/takedowns/<takedown_id>/blocks": "reason",
    "/desk/takedowns/<takedown_id>/decisions": "answer decision",
    "/desk/takedowns/<takedown_id>/contact": "why-reason",
    "/desk/signals/words": "word",
}
ABOUT = {
    "/moderation/actions/<action_id>/appeal": "act",
    "/moderation/takedowns/new": "comment",
    "/desk/appeals/<appeal_id>": "appeal",
    "/desk/takedowns/<takedown_id>/blocks": "request",
    "/desk/takedowns/<takedown_id>/decisions": "request_blocked",
    "/desk/takedowns/<takedown_id>/contact": "request",
}
WHO = {"/moderation/takedowns/new": "visitor"} | {rule: "moderator" for rule in FORMS if rule.startswith("/desk/")}
ENDS = set(FIELDS)
BUTTONS = {"/desk/signals/<signal_id>/seen", "/desk/signals/words/<word_id>/removal"}
ADDRESSES = ["/moderation/ledger?rule={}", "/moderation/ledger?month={}", "/moderation/ledger?after={}",
             "/data/moderation.csv?month={}", "/moderation/takedowns/{}", "/moderation/takedowns?number={}",
             "/moderation/takedowns/new?about={}", "/desk/appeals?after={}", "/desk/takedowns?after={}",
             "/desk/signals?after={}"]
