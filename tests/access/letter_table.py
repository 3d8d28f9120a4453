"""Rights by the way out that stands in a letter, and to the feeds."""

from datetime import timedelta

from civic_forum.platform import clock
from civic_forum.notifications import links
from civic_forum.notifications.links import Subscription
from civic_forum.notifications.rules import LINK_DAYS, Channel, NoticeKind

from .form import Form
from .things import Thing

LETTERS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# The word in a letter proves who asks, whoever is signed in meanwhile. Who has a living address proves none.
GET /unsubscribe/<token>
POST /unsubscribe/<token>
    letter_right                                                 200  200  200  200  200  200  200  200  200  200
    letter_old                                                   410  410  410  410  410  410  410  410  410  410
    letter_forged                                                404  404  404  404  404  404  404  404  404  404
POST /me/notices/address-proofs
    -                                                            401  422  422  422  422  422  422  422  422  422
GET /feeds
GET /feeds/answers.atom
GET /feeds/outcomes.atom
GET /feeds/proposals.atom
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /feeds/neighbourhoods/<neighbourhood_id>.atom
    feed_here                                                    200  200  200  200  200  200  200  200  200  200
    feed_nowhere                                                 404  404  404  404  404  404  404  404  404  404
GET /feeds/votes/<box>.atom
    poll_open poll_closed poll_published                         200  200  200  200  200  200  200  200  200  200
    poll_prepared poll_rehearsed no_vote                         404  404  404  404  404  404  404  404  404  404
GET /feeds/proposals/<number>.atom
    draft held hidden unknown                                    404  404  404  404  404  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged                                      200  200  200  200  200  200  200  200  200  200
"""
WITHOUT_TOKEN = {"/unsubscribe/<token>"}
"""Mail programs send it, who have no form: the address itself is the token (RFC 8058)."""
ADDRESSES = ["/unsubscribe/{}", "/feeds/proposals/{}.atom", "/feeds/votes/{}.atom"]


def add(scene) -> None:
    resident = scene.people["resident"]
    word = links.token(Subscription(resident.id, Channel.MAIL, NoticeKind.SUPPORTED))
    offset = clock.offset_seconds()
    clock.shift(offset - int(timedelta(days=LINK_DAYS + 1).total_seconds()))
    old = links.token(Subscription(resident.id, Channel.MAIL, NoticeKind.SUPPORTED))
    clock.shift(offset)
    for name, token in (("right", word), ("old", old), ("forged", word.replace("supported", "moderation"))):
        scene.things[f"letter_{name}"] = Thing({"token": token})
    scene.things["feed_here"] = Thing({"neighbourhood_id": scene.town.neighbourhood().id})
    scene.things["feed_nowhere"] = Thing({"neighbourhood_id": 999_999})


FORMS = [*map(Form, ("/me/notices/address-proofs", "/unsubscribe/<token>"))]
