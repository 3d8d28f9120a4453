"""Rights to a forum: preparing it, registering, taking part while it runs, and its remains."""

FORUMS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Moderators prepare all, officials what their department holds (forum_held), clerks visits of their neighbourhood.
# Staff see what is not announced yet. The author is host, so leads it while it runs, as moderators
# do; the resident registered, takes part and sits at the first table; everybody reads what is announced. Nobody writes
# before it runs (but questions beforehand) or after it (but minutes and decisions).
GET /desk/forums
GET /desk/forums/new
GET /desk/forums/workshop
GET /desk/forums/record
    -                                                            in   403  403  403  200  200  200  200  403  403
GET /desk/forums/<slug>
GET /desk/forums/<slug>/<part>
GET /desk/forums/<slug>/documents
GET /desk/forums/<slug>/duties
GET /desk/forums/<slug>/items
GET /desk/forums/<slug>/items/<number>
GET /desk/forums/<slug>/registrations
GET /desk/forums/<slug>/registrations/<registration_id>
GET /desk/forums/<slug>/copies
GET /desk/forums/<slug>/season
GET /desk/forums/<slug>/sheet
GET /desk/forums/<slug>/record
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    forum_held                                                   in   403  403  403  200  200  403  403  403  403
    forum_visit                                                  in   403  403  403  200  403  200  403  403  403
    no_forum                                                     in   403  403  403  404  404  404  404  403  403
GET /desk/forums/<slug>/agendas
    forum_preparing forum_announced forum_live forum_finished    in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/agendas
    forum_preparing forum_announced                              401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  403  422  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
GET /desk/forums/calls/<call_id>
    forum_called                                                 in   403  403  403  200  403  403  403  403  403
    no_forum                                                     in   403  403  403  404  403  403  403  403  403
POST /desk/forums/calls/<call_id>
    forum_called                                                 401  403  403  403  ok   403  403  403  403  403
    no_forum                                                     401  403  403  403  404  403  403  403  403  403
POST /desk/forums/<slug>/<part>
POST /desk/forums/<slug>/documents
POST /desk/forums/<slug>/documents/<key>/removals
POST /desk/forums/<slug>/duties
POST /desk/forums/<slug>/duties/<duty_id>/removals
POST /desk/forums/<slug>/registrations/<registration_id>/withdrawals
    forum_preparing forum_announced forum_live                   401  403  403  403  ok   403  403  403  403  403
    forum_held                                                   401  403  403  403  ok   ok   403  403  403  403
    forum_visit                                                  401  403  403  403  ok   403  ok   403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  404  404  404  403  403
POST /desk/forums/<slug>/announcements
    forum_preparing                                              401  403  403  403  409  403  403  403  403  403
    forum_held                                                   401  403  403  403  409  409  403  403  403  403
    forum_visit                                                  401  403  403  403  409  403  409  403  403  403
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  404  404  404  403  403
POST /desk/forums/<slug>/items
POST /desk/forums/<slug>/items/<number>
POST /desk/forums/<slug>/items/<number>/moves
POST /desk/forums/<slug>/items/<number>/removals
    forum_preparing forum_announced                              401  403  403  403  ok   403  403  403  403  403
    forum_held                                                   401  403  403  403  ok   ok   403  403  403  403
    forum_visit                                                  401  403  403  403  ok   403  ok   403  403  403
    forum_live forum_finished                                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  404  404  404  403  403
POST /desk/forums/<slug>/record
    forum_preparing forum_announced                              401  403  403  403  422  403  403  403  403  403
    forum_held                                                   401  403  403  403  422  422  403  403  403  403
    forum_visit                                                  401  403  403  403  422  403  422  403  403  403
    forum_live forum_finished                                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  404  404  404  403  403
POST /desk/forums/<slug>/openings
    forum_due                                                    401  403  403  403  ok   403  403  403  403  403
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  404  404  404  403  403
POST /desk/forums/<slug>/registrations/<registration_id>
    forum_preparing forum_announced forum_live forum_finished    401  403  403  403  404  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  404  404  404  403  403
POST /desk/forums/<slug>/copies
    forum_preparing forum_announced forum_live forum_finished    401  403  403  403  ok   403  403  403  403  403
    forum_held                                                   401  403  403  403  ok   ok   403  403  403  403
    forum_visit                                                  401  403  403  403  ok   403  ok   403  403  403
    no_forum                                                     401  403  403  403  404  404  404  404  403  403
POST /desk/forums/<slug>/season
    forum_preparing forum_announced                              401  403  403  403  409  403  403  403  403  403
    forum_held                                                   401  403  403  403  409  409  403  403  403  403
    forum_visit                                                  401  403  403  403  409  403  409  403  403  403
    forum_live forum_finished                                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  403  403  403  404  404  404  404  403  403
POST /desk/forums/workshop
    -                                                            401  403  403  403  ok   ok   ok   ok   403  403
POST /desk/forums/new
POST /desk/forums/record
    -                                                            401  403  403  403  ok   ok   ok   403  403  403
GET /forums/<slug>/display
    forum_preparing forum_announced forum_live forum_finished    404  404  404  404  404  404  404  404  404  404
    forum_visit                                                  404  404  404  404  200  200  200  404  200  404
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /f
GET /forums
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /f/<code>
GET /forums/<slug>/hall
    forum_preparing                                              404  404  404  404  ok   ok   404  404  ok   404
    forum_announced forum_live forum_finished                    ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
GET /forums/<slug>
GET /forums/<slug>/calendar.ics
GET /forums/<slug>/captions
GET /forums/<slug>/captions.vtt
GET /forums/<slug>/chat
GET /forums/<slug>/chat/<message_id>
GET /forums/<slug>/large
GET /forums/<slug>/ledger
GET /forums/<slug>/ledger.csv
GET /forums/<slug>/minutes
GET /forums/<slug>/projector
GET /forums/<slug>/qr.svg
GET /forums/<slug>/questions
GET /forums/<slug>/questions/<question_id>
GET /forums/<slug>/record
GET /forums/<slug>/record/frames.json
GET /forums/<slug>/tables
    forum_preparing                                              404  404  404  404  200  200  404  404  200  404
    forum_visit                                                  404  404  404  404  200  200  200  404  200  404
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
GET /forums/<slug>/captioner
GET /forums/<slug>/closing
    forum_preparing                                              in   404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               in   403  403  403  403  403  403  403  403  403
    forum_live                                                   in   403  403  200  200  403  403  403  403  403
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
POST /forums/<slug>/captions
POST /forums/<slug>/captions/<caption_id>
POST /forums/<slug>/chat/<message_id>/hiding
POST /forums/<slug>/chat/order
POST /forums/<slug>/closing
POST /forums/<slug>/floor/calls
POST /forums/<slug>/floor/calls/out-of-order
POST /forums/<slug>/floor/moves
POST /forums/<slug>/floor/passes
POST /forums/<slug>/floor/requests/typed
POST /forums/<slug>/floor/settings
POST /forums/<slug>/floor/turns
POST /forums/<slug>/floor/turns/ends
POST /forums/<slug>/floor/turns/extensions
POST /forums/<slug>/mutes
POST /forums/<slug>/mutes/<mute_id>/end
POST /forums/<slug>/programme/ends
POST /forums/<slug>/programme/extensions
POST /forums/<slug>/pulses/<pulse_id>/end
POST /forums/<slug>/questions/<question_id>/answer
POST /forums/<slug>/questions/<question_id>/group
POST /forums/<slug>/questions/<question_id>/hiding
POST /forums/<slug>/questions/typed
POST /forums/<slug>/screen
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/chat
POST /forums/<slug>/pulses/<pulse_id>/answers
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  ok   ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/chat/<message_id>/hiding/end
POST /forums/<slug>/consultation/end
POST /forums/<slug>/consultation/results
POST /forums/<slug>/programme/starts
POST /forums/<slug>/pulses
POST /forums/<slug>/questions/<question_id>/answer/end
POST /forums/<slug>/questions/<question_id>/group/end
POST /forums/<slug>/questions/<question_id>/hiding/end
POST /forums/<slug>/tables/<number>/statements
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  409  409  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/consultation
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  404  404  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/decisions
POST /forums/<slug>/decisions/<decision_id>
POST /forums/<slug>/decisions/<decision_id>/removal
    forum_announced                                              401  403  403  403  403  403  403  403  403  403
    forum_live forum_finished                                    401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/decisions/<decision_id>
    forum_preparing                                              in   404  404  404  403  403  404  404  403  404
    forum_announced                                              in   403  403  403  403  403  403  403  403  403
    forum_live forum_finished                                    in   403  403  200  200  403  403  403  403  403
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
GET /forums/<slug>/events
    forum_preparing_from_0                                       404  404  404  404  200  200  404  404  200  404
    forum_announced_from_0 forum_live_from_0
    forum_finished_from_0                                        200  200  200  200  200  200  200  200  200  200
    no_forum_from_0                                              404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/requests
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  409  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/floor/withdrawals
    forum_announced forum_finished                               401  404  403  404  404  404  404  404  404  404
    forum_live                                                   401  404  ok   404  404  404  404  404  404  404
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/host
    forum_preparing                                              in   404  404  404  200  403  404  404  403  404
    forum_announced forum_live forum_finished                    in   403  403  200  200  403  403  403  403  403
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
POST /forums/<slug>/minutes
POST /forums/<slug>/minutes/corrections/<correction_id>
POST /forums/<slug>/minutes/versions
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
POST /forums/<slug>/minutes/signature
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/opening
    forum_due                                                    401  403  403  ok   ok   403  403  403  403  403
    forum_announced forum_live forum_finished                    401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/proposals
    forum_preparing                                              in   404  404  404  403  403  404  404  403  404
    forum_announced                                              in   403  403  403  403  403  403  403  403  403
    forum_live forum_finished                                    in   200  200  200  200  200  200  200  200  200
    no_forum                                                     in   404  404  404  404  404  404  404  404  404
POST /forums/<slug>/pulses/<pulse_id>/words
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  422  422  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/pulses/hands
    forum_due forum_announced forum_finished                     401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_live                                   401  403  ok   ok   ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/questions/<question_id>/supports
    forum_announced forum_live                                   401  403  ok   ok   ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
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
POST /forums/<slug>/tables
POST /forums/<slug>/tables/<number>
POST /forums/<slug>/tables/question
    forum_preparing                                              401  404  404  404  ok   403  404  404  403  404
    forum_announced forum_live                                   401  403  403  ok   ok   403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
GET /forums/<slug>/tables/<number>
    forum_preparing                                              404  404  404  404  200  403  404  404  403  404
    forum_announced forum_live                                   403  403  200  200  200  403  200  200  403  403
    forum_finished                                               200  200  200  200  200  200  200  200  200  200
    no_forum                                                     404  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/arrangement
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  ok   ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/messages
POST /forums/<slug>/tables/<number>/notes
POST /forums/<slug>/tables/leaving
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
POST /forums/<slug>/tables/<number>/result
POST /forums/<slug>/tables/<number>/without-device
POST /forums/<slug>/tables/closing
    forum_preparing                                              401  404  404  404  403  403  404  404  403  404
    forum_announced forum_finished                               401  403  403  403  403  403  403  403  403  403
    forum_live                                                   401  403  403  ok   ok   403  403  403  403  403
    no_forum                                                     401  404  404  404  404  404  404  404  404  404
POST /forums/<slug>/tables/<number>/removal
    forum_preparing                                              401  404  404  404  409  403  404  404  403  404
    forum_announced forum_live                                   401  403  403  409  409  403  403  403  403  403
    forum_finished                                               401  403  403  403  403  403  403  403  403  403
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
