"""Rights to a forum: preparing it, registering, taking part while it runs, and its remains."""

FORUMS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Moderators prepare; staff see what is not announced yet. The author is host, so leads it while it runs, as moderators
# do; the resident registered, takes part and sits at the first table; everybody reads what is announced. Nobody writes
# before it runs (but questions beforehand) or after it (but minutes and decisions).
GET /desk/forums
    -                                                            in   403  403  403  200  403  403  403  403  403
GET /desk/forums/<slug>
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/<part>
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/<part>
    forum_preparing forum_announced forum_live                   401  403  403  403  ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/announcements
    forum_preparing                                              401  403  403  403  409  403  403  403  403  403
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/documents
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/documents
    forum_preparing forum_announced forum_live                   401  403  403  403  ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/documents/<key>/removals
    forum_preparing forum_announced forum_live                   401  403  403  403  ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/duties
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/duties
    forum_preparing forum_announced forum_live                   401  403  403  403  ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/duties/<duty_id>/removals
    forum_preparing forum_announced forum_live                   401  403  403  403  ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/enrolments
    forum_preparing                                              in   403  403  403  200  403  404  404  403  403
    forum_announced forum_live forum_finished                    in   403  403  403  200  403  200  200  403  403
    no_forum                                                     in   403  403  403  404  403  404  404  403  403
POST /desk/forums/<slug>/enrolments
    forum_preparing                                              401  403  403  403  403  403  404  404  403  403
    forum_announced forum_live                                   401  403  403  403  ok   403  ok   ok   403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  404  404  403  403
GET /desk/forums/<slug>/items
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/items
    forum_preparing forum_announced                              401  403  403  403  ok   403  403  403  403  403
    forum_live forum_finished                                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/items/<number>
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/items/<number>
    forum_preparing forum_announced                              401  403  403  403  ok   403  403  403  403  403
    forum_live forum_finished                                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/items/<number>/moves
    forum_preparing forum_announced                              401  403  403  403  ok   403  403  403  403  403
    forum_live forum_finished                                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/items/<number>/removals
    forum_preparing forum_announced                              401  403  403  403  ok   403  403  403  403  403
    forum_live forum_finished                                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/openings
    forum_due                                                    401  403  403  403  ok   403  403  403  403  403
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/registrations
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/registrations/<registration_id>
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/registrations/<registration_id>
    forum_preparing forum_announced forum_live forum_finished
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/registrations/<registration_id>/withdrawals
    forum_preparing forum_announced forum_live                   401  403  403  403  ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/copies
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/copies
    forum_preparing forum_announced forum_live forum_finished    401  403  403  403  ok   403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/season
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/season
    forum_preparing forum_announced                              401  403  403  403  409  403  403  403  403  403
    forum_live forum_finished                                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
GET /desk/forums/<slug>/sheet
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
GET /desk/forums/enrolments
    -                                                            in   403  403  403  200  403  200  200  403  403
GET /desk/forums/new
    -                                                            in   403  403  403  200  403  403  403  403  403
POST /desk/forums/new
    -                                                            401  403  403  403  ok   403  403  403  403  403
GET /f
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /f/<code>
    forum_preparing                                              404  404  404  404  ok   ok   404  404  ok   404
    forum_announced forum_live forum_finished                    ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /forums/<slug>
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/<kind>/<row_id>/proposal
    forum_announced                                              401  403  403  403  403  403  403  403  403  403
    forum_live forum_finished                                    401  403  ok   403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/arrivals
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  ok   403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/calendar.ics
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/captioner
    forum_preparing                                              in   404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               in   403  403  403  403  403  403  403  403  403
    forum_live                                                   in   403  403  200  200  403  403  403  403  403
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
GET /forums/<slug>/captions
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/captions
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/captions.vtt
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/captions/<caption_id>
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/chat
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/chat
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  ok   ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/chat/<message_id>
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/chat/<message_id>/hiding
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/chat/<message_id>/hiding/end
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/chat/order
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/closing
    forum_preparing                                              in   404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               in   403  403  403  403  403  403  403  403  403
    forum_live                                                   in   403  403  200  200  403  403  403  403  403
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
POST /forums/<slug>/closing
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/consultation
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  404  404  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/consultation/end
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/consultation/results
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/decisions
    forum_announced                                              401  403  403  403  403  403  403  403  403  403
    forum_live forum_finished                                    401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/decisions/<decision_id>
    forum_preparing                                              in   404  404  404  403  403  404  404  403  404
    forum_announced                                              in   403  403  403  403  403  403  403  403  403
    forum_live forum_finished                                    in   403  403  200  200  403  403  403  403  403
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
POST /forums/<slug>/decisions/<decision_id>
    forum_announced                                              401  403  403  403  403  403  403  403  403  403
    forum_live forum_finished                                    401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/decisions/<decision_id>/removal
    forum_announced                                              401  403  403  403  403  403  403  403  403  403
    forum_live forum_finished                                    401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/events
    forum_preparing_from_0                                       404  404  404  404  200  200  404  404  200  404
    forum_announced_from_0 forum_live_from_0
    forum_finished_from_0                                        200  200  200  200  200  200  200  200  200  200
    no_forum_from_0                                              404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/calls
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/calls/out-of-order
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/moves
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/passes
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/requests
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  409  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/requests/typed
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/settings
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/turns
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/turns/ends
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/turns/extensions
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/withdrawals
    forum_announced forum_finished                               401  404  403  404  404  404  404  404  404  404
    forum_live                                                   401  404  ok   404  404  404  404  404  404  404
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/hall
    forum_preparing                                              404  404  404  404  ok   ok   404  404  ok   404
    forum_announced forum_live forum_finished                    ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/host
    forum_preparing                                              in   404  404  404  200  403  404  404  403  404
    forum_announced forum_live forum_finished                    in   403  403  200  200  403  403  403  403  403
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
GET /forums/<slug>/large
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/ledger
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/ledger.csv
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/minutes
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/minutes
    forum_announced forum_live                                   401  403  403  403  403  403  403  403  403  403
    forum_finished                                               401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/minutes/changes
    forum_preparing forum_announced forum_live no_forum          404  404  404  404  404  404  404  404  404  404
    forum_finished                                               200  200  200  200  200  200  200  200  200  200
POST /forums/<slug>/minutes/corrections
    forum_announced forum_live                                   401  403  403  403  403  403  403  403  403  403
    forum_finished                                               401  403  422  422  422  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/minutes/corrections/<correction_id>
    forum_announced forum_live                                   401  403  403  403  403  403  403  403  403  403
    forum_finished                                               401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/minutes/signature
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/minutes/versions
    forum_announced forum_live                                   401  403  403  403  403  403  403  403  403  403
    forum_finished                                               401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/mutes
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/mutes/<mute_id>/end
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/opening
    forum_due                                                    401  403  403  ok   ok   403  403  403  403  403
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/programme/ends
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/programme/extensions
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/programme/starts
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/projector
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/proposals
    forum_preparing                                              in   404  404  404  403  403  404  404  403  404
    forum_announced                                              in   403  403  403  403  403  403  403  403  403
    forum_live forum_finished                                    in   200  200  200  200  200  200  200  200  200
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
POST /forums/<slug>/pulses
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/pulses/<pulse_id>/answers
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  ok   ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/pulses/<pulse_id>/end
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/pulses/<pulse_id>/words
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  422  422  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/pulses/hands
    forum_due forum_announced forum_finished                     401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/qr.svg
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/questions
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_live                                   401  403  ok   ok   ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/questions/<question_id>
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions/<question_id>/answer
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions/<question_id>/answer/end
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions/<question_id>/group
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions/<question_id>/group/end
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions/<question_id>/hiding
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions/<question_id>/hiding/end
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions/<question_id>/supports
    forum_announced forum_live                                   401  403  ok   ok   ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions/typed
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/record
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/record/frames.json
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/registration
    forum_preparing                                              in   404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    in   200  200  200  200  200  200  200  200  200
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
POST /forums/<slug>/registration
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_live                                   401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/registration/consent
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_live forum_finished                    401  403  ok   403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/registration/withdrawal
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_live                                   401  403  ok   403  403  403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/screen
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/tables
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_announced forum_live forum_finished                    200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables
    forum_preparing                                              401  404  404  404  ok   403  404  404  403  404
    forum_announced forum_live                                   401  403  403  ok   ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/tables/<number>
    forum_preparing                                              404  404  404  404  200  403  404  404  403  404
    forum_announced forum_live                                   403  403  200  200  200  403  200  200  403  403
    forum_finished                                               200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>
    forum_preparing                                              401  404  404  404  ok   403  404  404  403  404
    forum_announced forum_live                                   401  403  403  ok   ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/arrangement
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  ok   ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/messages
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  ok   403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/notes
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  ok   403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/paper-notes
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  ok   ok   403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/people
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/removal
    forum_preparing                                              401  404  404  404  409  403  404  404  403  404
    forum_announced forum_live                                   401  403  403  409  409  403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/result
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/statements
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/without-device
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/closing
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/leaving
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  ok   403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/making
    forum_preparing                                              401  404  404  404  422  403  404  404  403  404
    forum_announced forum_live                                   401  403  403  422  422  403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/opening
    forum_due forum_announced forum_finished                     401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/projection
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/question
    forum_preparing                                              401  404  404  404  ok   403  404  404  403  404
    forum_announced forum_live                                   401  403  403  ok   ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/seat
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/seating
    forum_preparing                                              401  404  404  404  ok   403  404  404  403  404
    forum_announced                                              401  403  403  ok   ok   403  403  403  403  403
    forum_live forum_finished                                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
"""
