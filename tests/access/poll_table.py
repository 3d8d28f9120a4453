"""Rights to a poll: making it, opening it with two officials, voting, and checking it."""

POLLS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Polls are made by moderators, and by officials for their department (poll_held), who do not announce them; officials
# and administrators see all. Once opened nothing of a poll changes. The
# resident may vote in those that run, and the author has voted. Nobody gets a count before the publication.
GET /desk/election-seasons
    -                                                            in   403  403  403  403  403  403  403  200  403
POST /desk/election-seasons
    -                                                            401  403  403  403  403  403  403  403  ok   403
POST /desk/election-seasons/<season_id>/removals
    season                                                       401  403  403  403  403  403  403  403  ok   403
    no_poll                                                      401  403  403  403  403  403  403  403  404  403
GET /desk/polls
GET /desk/votes/confirmations
    -                                                            in   403  403  403  200  200  403  403  200  403
GET /desk/polls/<slug>
GET /desk/polls/<slug>/preview
    poll_unannounced poll_announced poll_prepared poll_open
    poll_rehearsed poll_closed poll_published                    in   403  403  403  200  200  403  403  200  403
    no_poll                                                      in   403  403  403  404  404  403  403  404  403
GET /desk/polls/<slug>/<part>
GET /desk/polls/<slug>/options
GET /desk/polls/<slug>/options/<number>
GET /desk/polls/<slug>/options/table
    poll_held                                                    in   403  403  403  200  200  403  403  403  403
    poll_unannounced poll_announced poll_prepared poll_open
    poll_rehearsed poll_closed poll_published                    in   403  403  403  200  403  403  403  403  403
    no_poll                                                      in   403  403  403  404  404  403  403  403  403
GET /desk/polls/<slug>/copies
GET /desk/polls/<slug>/notices
GET /desk/polls/<slug>/rehearsals
GET /desk/polls/<slug>/roll
GET /desk/polls/<slug>/season
    poll_unannounced poll_announced poll_prepared poll_open
    poll_rehearsed poll_closed poll_published                    in   403  403  403  200  403  403  403  403  403
    no_poll                                                      in   403  403  403  404  403  403  403  403  403
POST /desk/polls/<slug>/<part>
    poll_held                                                    401  403  403  403  422  422  403  403  403  403
    poll_unannounced poll_announced poll_prepared poll_open
    poll_rehearsed poll_closed poll_published                    401  403  403  403  422  403  403  403  403  403
    no_poll                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/polls/<slug>/roll/imports
    poll_unannounced poll_announced poll_prepared poll_open
    poll_rehearsed poll_closed poll_published                    401  403  403  403  422  403  403  403  403  403
    no_poll                                                      401  403  403  403  404  403  403  403  403  403
POST /desk/polls/<slug>/options/<number>/moves
POST /desk/polls/<slug>/options/<number>/removals
    poll_held                                                    401  403  403  403  ok   ok   403  403  403  403
    poll_unannounced                                             401  403  403  403  ok   403  403  403  403  403
    poll_announced poll_prepared poll_open poll_rehearsed
    poll_closed poll_published                                   401  403  403  403  403  403  403  403  403  403
    no_poll                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/polls/<slug>/announcements
    poll_held                                                    401  403  403  403  ok   403  403  403  403  403
    poll_unannounced                                             401  403  403  403  ok   403  403  403  403  403
    poll_announced poll_prepared poll_open poll_rehearsed
    poll_closed poll_published                                   401  403  403  403  403  403  403  403  403  403
    no_poll                                                      401  403  403  403  404  403  403  403  403  403
POST /desk/polls/<slug>/copies
    poll_unannounced poll_announced poll_prepared poll_open
    poll_rehearsed poll_closed poll_published                    401  403  403  403  ok   403  403  403  403  403
    no_poll                                                      401  403  403  403  404  403  403  403  403  403
POST /desk/polls/<slug>/notices
    poll_unannounced                                             401  403  403  403  403  403  403  403  403  403
    poll_announced poll_prepared poll_open poll_rehearsed
    poll_closed poll_published                                   401  403  403  403  ok   403  403  403  403  403
    no_poll                                                      401  403  403  403  404  403  403  403  403  403
POST /desk/polls/<slug>/options
POST /desk/polls/<slug>/options/<number>
POST /desk/polls/<slug>/options/<number>/picture-removals
POST /desk/polls/<slug>/options/table
    poll_held                                                    401  403  403  403  ok   ok   403  403  403  403
    poll_unannounced poll_announced poll_prepared                401  403  403  403  ok   403  403  403  403  403
    poll_open poll_rehearsed poll_closed poll_published          401  403  403  403  403  403  403  403  403  403
    no_poll                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/polls/<slug>/rehearsals
    poll_unannounced poll_announced poll_prepared                401  403  403  403  ok   403  403  403  403  403
    poll_open poll_rehearsed poll_closed poll_published          401  403  403  403  403  403  403  403  403  403
    no_poll                                                      401  403  403  403  404  403  403  403  403  403
POST /desk/polls/<slug>/preparations
    poll_unannounced poll_open poll_rehearsed poll_closed
    poll_published                                               401  403  403  403  403  403  403  403  403  403
    poll_announced poll_prepared                                 401  403  403  403  ok   403  403  403  403  403
    no_poll                                                      401  403  403  403  404  403  403  403  403  403
POST /desk/polls/<slug>/roll/answers/<objection_id>
    poll_unannounced poll_announced poll_open poll_rehearsed
    poll_closed poll_published no_poll                           401  403  403  403  404  403  403  403  403  403
    poll_prepared                                                401  403  403  403  ok   403  403  403  403  403
POST /desk/polls/<slug>/roll/corrections
    poll_unannounced poll_announced poll_open poll_closed
    poll_published                                               401  403  403  403  409  403  403  403  403  403
    poll_prepared poll_rehearsed                                 401  403  403  403  ok   403  403  403  403  403
    no_poll                                                      401  403  403  403  404  403  403  403  403  403
POST /desk/polls/<slug>/roll/fixings
    poll_unannounced poll_announced                              401  403  403  403  ok   403  403  403  403  403
    poll_prepared poll_open poll_rehearsed poll_closed
    poll_published                                               401  403  403  403  409  403  403  403  403  403
    no_poll                                                      401  403  403  403  404  403  403  403  403  403
POST /desk/polls/<slug>/season
    poll_unannounced poll_open poll_rehearsed poll_closed
    poll_published                                               401  403  403  403  403  403  403  403  403  403
    poll_announced poll_prepared                                 401  403  403  403  409  403  403  403  403  403
    no_poll                                                      401  403  403  403  404  403  403  403  403  403
GET /desk/polls/new
    -                                                            in   403  403  403  200  200  403  403  403  403
POST /desk/polls/new
    -                                                            401  403  403  403  ok   ok   403  403  403  403
GET /desk/votes/<box>
    poll_unannounced poll_announced no_poll                      in   403  403  403  404  404  403  403  404  403
    poll_prepared poll_open poll_rehearsed poll_closed
    poll_published                                               in   403  403  403  200  200  403  403  200  403
GET /desk/votes/<box>/record.zip
GET /desk/votes/<box>/observers.zip
    poll_unannounced poll_announced poll_prepared poll_open
    poll_rehearsed poll_closed no_poll                           in   403  403  403  404  404  403  403  404  403
    poll_published                                               in   403  403  403  200  200  403  403  200  403
POST /desk/votes/<box>/backups/deletions
    poll_unannounced poll_announced poll_prepared poll_open
    poll_rehearsed poll_closed poll_published no_poll            401  403  403  403  404  404  403  403  404  403
POST /desk/votes/<box>/proposals
    poll_unannounced poll_announced no_poll                      401  403  403  403  404  404  403  403  404  403
    poll_prepared                                                401  403  403  403  409  409  403  403  409  403
    poll_open                                                    401  403  403  403  ok   ok   403  403  ok   403
    poll_rehearsed poll_closed poll_published                    401  403  403  403  422  422  403  403  422  403
POST /desk/votes/<box>/proposals/<proposal>/confirmation
    poll_unannounced poll_announced poll_open no_poll            401  403  403  403  404  404  403  403  404  403
    poll_prepared                                                401  403  403  403  ok   ok   403  403  ok   403
    poll_rehearsed poll_closed poll_published                    401  403  403  403  422  422  403  403  422  403
POST /desk/votes/<box>/proposals/<proposal>/withdrawal
    poll_unannounced poll_announced poll_open poll_rehearsed
    poll_closed poll_published no_poll                           401  403  403  403  404  404  403  403  404  403
    poll_prepared                                                401  403  403  403  ok   ok   403  403  ok   403
POST /desk/votes/<box>/steps
    poll_unannounced poll_announced no_poll                      401  403  403  403  404  404  403  403  404  403
    poll_prepared poll_open poll_rehearsed poll_closed           401  403  403  403  409  409  403  403  409  403
    poll_published                                               401  403  403  403  ok   ok   403  403  ok   403
GET /kiosk
GET /kiosk/over
GET /polls
GET /voting
GET /receipts
GET /receipts/checker.html
GET /verifier/DRAW.md
GET /verifier/FORMAT.md
GET /verifier/draw.py
GET /verifier/verify.py
    -                                                            200  200  200  200  200  200  200  200  200  200
POST /kiosk
POST /kiosk/casts
    -                                                            403  403  403  403  403  403  403  403  403  403
GET /kiosk/ballot
POST /kiosk/done
POST /kiosk/opening
    -                                                            ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /kiosk/skips
    -                                                            404  404  404  404  404  404  404  404  404  404
GET /polls/<slug>
    poll_unannounced                                             404  404  404  404  200  200  404  404  200  404
    poll_announced poll_prepared poll_open poll_closed
    poll_published                                               200  200  200  200  200  200  200  200  200  200
    poll_rehearsed                                               404  200  200  200  200  200  200  200  200  200
    no_poll                                                      404  404  404  404  404  404  404  404  404  404
GET /polls/<slug>/ballot
    poll_unannounced                                             in   404  404  404  ok   ok   404  404  ok   404
    poll_announced poll_prepared poll_closed poll_published      in   ok   ok   ok   ok   ok   ok   ok   ok   ok
    poll_open                                                    in   ok   200  200  ok   ok   ok   ok   ok   ok
    poll_rehearsed                                               in   ok   200  ok   ok   ok   ok   ok   ok   ok
    no_poll                                                      in   404  404  404  404  404  404  404  404  404
POST /polls/<slug>/casts
    poll_unannounced poll_announced no_poll                      404  404  404  404  404  404  404  404  404  404
    poll_prepared poll_closed poll_published                     in   409  409  409  409  409  409  409  409  409
    poll_open                                                    in   403  200  409  403  403  403  403  403  403
    poll_rehearsed                                               404  409  409  409  409  409  409  409  409  409
GET /polls/<slug>/check
GET /polls/<slug>/record.zip
GET /polls/<slug>/result.csv
GET /polls/<slug>/result.json
GET /polls/<slug>/confirmations.json
GET /polls/<slug>/signatures.json
    poll_unannounced poll_announced poll_prepared poll_open
    poll_rehearsed poll_closed no_poll                           404  404  404  404  404  404  404  404  404  404
    poll_published                                               200  200  200  200  200  200  200  200  200  200
GET /polls/<slug>/counts.json
GET /polls/<slug>/heads.json
    poll_unannounced poll_announced poll_prepared no_poll        404  404  404  404  404  404  404  404  404  404
    poll_open poll_closed poll_published                         200  200  200  200  200  200  200  200  200  200
    poll_rehearsed                                               404  200  200  200  200  200  200  200  200  200
GET /polls/<slug>/live.txt
GET /polls/<slug>/proofs/<number>.json
    poll_unannounced poll_announced poll_prepared no_poll
    poll_open poll_rehearsed                                     404  404  404  404  404  404  404  404  404  404
    poll_closed poll_published                                   200  200  200  200  200  200  200  200  200  200
GET /polls/<slug>/observers.zip
    poll_unannounced                                             404  404  404  404  403  403  404  404  403  404
    poll_announced poll_open poll_closed                         403  403  403  403  403  403  403  403  403  404
    poll_prepared                                                403  403  403  403  403  403  403  403  403  403
    poll_rehearsed                                               404  403  403  403  403  403  403  403  403  404
    poll_published                                               403  403  403  403  403  403  403  403  403  200
    no_poll                                                      404  404  404  404  404  404  404  404  404  404
GET /polls/<slug>/proofs/consistency.json
    poll_unannounced poll_announced poll_prepared no_poll        404  404  404  404  404  404  404  404  404  404
    poll_open                                                    400  400  400  400  400  400  400  400  400  400
    poll_rehearsed                                               404  400  400  400  400  400  400  400  400  400
    poll_closed poll_published                                   200  200  200  200  200  200  200  200  200  200
GET /polls/<slug>/roll
    poll_unannounced                                             in   404  404  404  200  200  404  404  200  404
    poll_announced poll_prepared poll_open poll_rehearsed
    poll_closed poll_published                                   in   200  200  200  200  200  200  200  200  200
    no_poll                                                      in   404  404  404  404  404  404  404  404  404
POST /polls/<slug>/roll/objections
    poll_unannounced                                             401  404  404  404  ok   ok   404  404  ok   404
    poll_announced poll_prepared                                 401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    poll_open poll_rehearsed poll_closed poll_published          401  409  409  409  409  409  409  409  409  409
    no_poll                                                      401  404  404  404  404  404  404  404  404  404
GET /receipts/<tracker>
GET /receipts/<tracker>/<fingerprint>.json
    poll_closed poll_published                                   200  200  200  200  200  200  200  200  200  200
    no_poll                                                      404  404  404  404  404  404  404  404  404  404
"""
