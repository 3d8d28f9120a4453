"""Rights to the key of a vote, to backups before its opening, and to striking from its roll once it is opened."""

from civic_forum.ballots import identities
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.strikes import services as strikes
from civic_forum.platform import last_backup
from tests.ballots.boxes import box
from tests.ballots.officials import FIRST

from .things import Thing

KEYS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Any two who may officiate. In `waiting_vote` somebody else proposed a copy and a strike; a backup is asked for.
GET /desk/votes/<box>/key
    running_vote waiting_vote poll_prepared                      in   403  403  403  200  200  403  403  200  403
    no_vote                                                      in   403  403  403  404  404  403  403  404  403
POST /desk/votes/<box>/key/proposals
    running_vote                                                 401  403  403  403  ok   ok   403  403  ok   403
    waiting_vote                                                 401  403  403  403  409  409  403  403  409  403
    no_vote                                                      401  403  403  403  404  404  403  403  404  403
POST /desk/votes/<box>/key/confirmation
    waiting_vote                                                 401  403  403  403  200  200  403  403  200  403
    running_vote                                                 401  403  403  403  409  409  403  403  409  403
POST /desk/votes/<box>/key/withdrawal
    waiting_vote                                                 401  403  403  403  ok   ok   403  403  ok   403
    running_vote                                                 401  403  403  403  409  409  403  403  409  403
POST /desk/votes/<box>/key/restoration
    running_vote waiting_vote                                    401  403  403  403  422  422  403  403  422  403
    no_vote                                                      401  403  403  403  404  404  403  403  404  403
POST /desk/votes/<box>/backups
    running_vote waiting_vote poll_prepared                      401  403  403  403  409  409  403  403  409  403
    no_vote                                                      401  403  403  403  404  404  403  403  404  403
GET /desk/votes/<box>/strikes
    running_vote waiting_vote                                    in   403  403  403  200  200  403  403  200  403
    poll_prepared no_vote                                        in   403  403  403  404  404  403  403  404  403
POST /desk/votes/<box>/strikes
    running_vote                                                 401  403  403  403  ok   ok   403  403  ok   403
    waiting_vote                                                 401  403  403  403  409  409  403  403  409  403
    poll_prepared no_vote                                        401  403  403  403  404  404  403  403  404  403
POST /desk/votes/<box>/strikes/<proposal>/confirmation
POST /desk/votes/<box>/strikes/<proposal>/withdrawal
    waiting_vote                                                 401  403  403  403  ok   ok   403  403  ok   403
    running_vote no_vote                                         401  403  403  403  404  404  403  403  404  403
"""
REASON = "다른 구로 이사했어요"


def add(scene) -> None:
    """Put `running_vote` and `waiting_vote` into the scene."""
    somebody, voter = scene.town.moderator(), scene.people["user"]
    person = identities.of_account(voter.id)
    running, waiting = (box([person]) for _n in range(2))
    key_copies.propose(waiting.id, FIRST, by=somebody)
    scene.strike = strikes.propose(waiting.id, person, REASON, account_id=voter.id, by=somebody).id
    last_backup.ask()
    for name, made, proposal in (("running_vote", running, 999_999), ("waiting_vote", waiting, scene.strike)):
        seen = key_copies.offer(made.row).fingerprint.hex()
        scene.things[name] = Thing({"box": made.id.hex(), "proposal": proposal}, form={"seen": seen})
    scene.things["no_vote"].path["proposal"] = 999_999
