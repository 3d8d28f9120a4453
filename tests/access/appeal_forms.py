"""Fields of somebody who appeals, asks for a text to be taken down, or decides about either."""

from secrets import token_hex

from .appeal_scene import DECISION, WHY
from .form import Form


def asking(_scene, _actor: str) -> dict:
    return {"form_key": token_hex(16), "ground": "privacy", "text": WHY, "contact": "concerned@example.org"}


ADDRESSES = ["/moderation/ledger?rule={}", "/moderation/ledger?month={}", "/moderation/ledger?after={}",
             "/data/moderation.csv?month={}", "/moderation/takedowns/{}", "/moderation/takedowns?number={}",
             "/moderation/takedowns/new?about={}", "/desk/appeals?after={}", "/desk/takedowns?after={}",
             "/desk/signals?after={}", *(f"/desk/{name}?{key}={{}}" for name, keys in (
                 ("appeals", "act rule kind q sort"), ("takedowns", "state ground kind q sort"),
                 ("signals", "signal kind q sort")) for key in keys.split())]
FORMS = [
    Form("/desk/appeals/<appeal_id>", "answer decision", who="moderator", about="appeal",
         given={"answer": "yes", "decision": DECISION}),
    Form("/desk/signals/words", "word", who="moderator", given={"word": "상품권"}),
    Form("/desk/takedowns/<takedown_id>/blocks", "reason", who="moderator", about="request",
         given={"reason": "사는 곳이 드러나요."}),
    Form("/desk/takedowns/<takedown_id>/contact", "why-reason", who="moderator", about="request",
         given={"why-reason": "빠진 내용을 물어보려고"}),
    Form("/desk/takedowns/<takedown_id>/decisions", "answer decision", who="moderator", about="request_blocked",
         given={"answer": "no", "decision": DECISION}),
    Form("/moderation/actions/<action_id>/appeal", "text", about="act", given={"text": WHY}),
    Form("/moderation/takedowns/new", "form_key about address ground text contact", who="visitor", about="comment",
         given=asking),
    *map(Form, ("/desk/signals/<signal_id>/seen", "/desk/signals/words/<word_id>/removal")),
]
