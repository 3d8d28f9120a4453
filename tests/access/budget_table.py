"""Rights to a budget round: its pages and votes, projects, reviews, trial elections."""

BUDGETS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# A round is there for everybody once it is announced; before that for moderators, officials and administrators. The
# resident sits on the committee and may vote where a vote is open, the author has voted. Nobody gets a count before
# the close, and a result only once it is published.
GET /budgets
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>
GET /budgets/<slug>/<envelope>
GET /budgets/<slug>/<what>.csv
GET /budgets/<slug>/<what>.xlsx
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    round_unannounced                                            404  404  404  404  200  200  404  404  200  404
    round_collecting round_prepared round_open round_closed
    round_published                                              200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>/<envelope>/ballot
    no_round                                                     in   404  404  404  404  404  404  404  404  404
    round_unannounced                                            in   404  404  404  ok   ok   404  404  ok   404
    round_collecting round_prepared round_closed round_published in   ok   ok   ok   ok   ok   ok   ok   ok   ok
    round_open                                                   in   ok   200  200  ok   ok   ok   ok   ok   ok
POST /budgets/<slug>/<envelope>/casts
    no_round round_unannounced round_collecting                  404  404  404  404  404  404  404  404  404  404
    round_prepared round_closed round_published                  in   409  409  409  409  409  409  409  409  409
    round_open                                                   in   403  200  409  403  403  403  403  403  403
GET /budgets/<slug>/<envelope>/election.pb
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    round_unannounced                                            404  404  404  404  409  409  404  404  409  404
    round_collecting round_prepared round_open round_closed      409  409  409  409  409  409  409  409  409  409
    round_published                                              200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>/<envelope>/counts.json
GET /budgets/<slug>/<envelope>/heads.json
    no_round round_unannounced round_collecting round_prepared   404  404  404  404  404  404  404  404  404  404
    round_open round_closed round_published                      200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>/<envelope>/live.txt
GET /budgets/<slug>/<envelope>/results
GET /budgets/<slug>/results
    no_round round_unannounced round_collecting round_prepared   404  404  404  404  404  404  404  404  404  404
    round_open                                                   404  404  404  404  404  404  404  404  404  404
    round_closed round_published                                 200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>/<envelope>/observers.zip
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    round_unannounced                                            404  404  404  404  403  403  404  404  403  404
    round_collecting round_open round_closed                     403  403  403  403  403  403  403  403  403  404
    round_prepared                                               403  403  403  403  403  403  403  403  403  403
    round_published                                              403  403  403  403  403  403  403  403  403  200
GET /budgets/<slug>/<envelope>/proofs/<number>.json
    no_round round_unannounced round_collecting round_prepared
    round_open                                                   404  404  404  404  404  404  404  404  404  404
    round_closed round_published project_decided                 200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>/<envelope>/proofs/consistency.json
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    round_unannounced                                            404  404  404  404  400  400  404  404  400  404
    round_collecting round_prepared round_open round_closed
    round_published project_decided                              400  400  400  400  400  400  400  400  400  400
GET /budgets/<slug>/<envelope>/record.zip
GET /budgets/<slug>/<envelope>/result.csv
GET /budgets/<slug>/<envelope>/result.json
GET /budgets/<slug>/<envelope>/confirmations.json
GET /budgets/<slug>/<envelope>/signatures.json
GET /budgets/<slug>/<envelope>/result.xlsx
GET /budgets/<slug>/<envelope>/results/check
GET /budgets/<slug>/<envelope>/results/recount
GET /budgets/<slug>/<envelope>/results/ways
    no_round round_unannounced round_collecting round_prepared
    round_open round_closed                                      404  404  404  404  404  404  404  404  404  404
    round_published                                              200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>/<envelope>/results/<code>
    no_round round_unannounced round_collecting
    project_unassigned project_in_review project_eligible_if
    project_refused project_looked_at project_hidden
    project_withdrawn round_adjusting round_committee
    round_prepared                                               404  404  404  404  404  404  404  404  404  404
    round_published                                              200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>/<envelope>/roll
    no_round                                                     in   404  404  404  404  404  404  404  404  404
    round_unannounced                                            in   404  404  404  200  200  404  404  200  404
    round_collecting round_prepared round_open round_closed
    round_published                                              in   200  200  200  200  200  200  200  200  200
POST /budgets/<slug>/<envelope>/roll/objections
    no_round                                                     401  404  404  404  404  404  404  404  404  404
    round_unannounced                                            401  404  404  404  409  409  404  404  409  404
    round_collecting round_open round_closed round_published     401  409  409  409  409  409  409  409  409  409
    round_prepared                                               401  ok   ok   ok   ok   ok   ok   ok   ok   ok
GET /budgets/<slug>/ballot
GET /budgets/<slug>/ballot/all
    no_round                                                     in   404  404  404  404  404  404  404  404  404
    round_unannounced                                            in   404  404  404  ok   ok   404  404  ok   404
    round_collecting round_prepared round_open round_closed
    round_published                                              in   ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /budgets/<slug>/casts
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    round_unannounced                                            404  404  404  404  400  400  404  404  400  404
    round_collecting                                             in   400  400  400  400  400  400  400  400  400
    round_prepared round_closed round_published                  in   409  409  409  409  409  409  409  409  409
    round_open                                                   in   403  200  409  403  403  403  403  403  403
GET /budgets/<slug>/committee
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    round_unannounced                                            404  404  404  404  403  403  404  404  403  404
    round_collecting round_open                                  in   403  403  403  403  403  403  403  403  403
    round_committee                                              in   403  200  403  403  403  403  403  403  403
    round_fixed                                                  200  200  200  200  200  200  200  200  200  200
POST /budgets/<slug>/committee
    no_round                                                     401  404  404  404  404  404  404  404  404  404
    round_unannounced                                            401  404  404  404  403  403  404  404  403  404
    round_collecting round_fixed round_open                      401  403  403  403  403  403  403  403  403  403
    round_committee                                              401  403  ok   403  403  403  403  403  403  403
POST /budgets/<slug>/committee/reopenings
    no_round                                                     401  404  404  404  404  404  404  404  404  404
    round_unannounced                                            401  404  404  404  403  403  404  404  403  404
    round_collecting round_fixed round_open                      401  403  403  403  403  403  403  403  403  403
    round_committee                                              401  403  409  403  403  403  403  403  403  403

# The author handed every project in and changes it while projects are collected and adjusted; the department that
# answers for it and moderators change it in between. Once a vote is open nobody does.
GET /budgets/<slug>/projects
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    round_unannounced                                            404  404  404  404  200  200  404  404  200  404
    round_collecting round_prepared round_open round_closed
    round_published                                              200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>/projects/<code>
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    round_unannounced                                            404  404  404  404  200  200  404  404  200  404
    round_collecting project_unassigned project_in_review
    project_eligible_if project_refused project_looked_at
    project_hidden project_withdrawn round_adjusting
    round_committee round_prepared round_published               200  200  200  200  200  200  200  200  200  200
GET /budgets/<slug>/projects/<code>/edit
    no_round                                                     in   404  404  404  404  404  404  404  404  404
    round_unannounced                                            in   404  404  404  403  403  404  404  403  404
    round_collecting                                             in   403  403  200  403  403  403  403  403  403
    project_unassigned                                           in   403  403  403  200  403  403  403  403  403
    project_in_review project_eligible_if                        in   403  403  403  200  200  403  403  403  403
    project_refused project_looked_at project_hidden
    project_withdrawn round_committee round_prepared
    round_published                                              in   403  403  403  403  403  403  403  403  403
    round_adjusting                                              in   403  403  200  200  200  403  403  403  403
POST /budgets/<slug>/projects/<code>/edit
    no_round                                                     401  404  404  404  404  404  404  404  404  404
    round_unannounced                                            401  404  404  404  403  403  404  404  403  404
    round_collecting                                             401  403  403  ok   403  403  403  403  403  403
    project_unassigned                                           401  403  403  403  ok   403  403  403  403  403
    project_in_review project_eligible_if                        401  403  403  403  ok   ok   403  403  403  403
    project_refused project_looked_at project_hidden
    project_withdrawn round_committee round_prepared
    round_published                                              401  403  403  403  403  403  403  403  403  403
    round_adjusting                                              401  403  403  ok   ok   ok   403  403  403  403
GET /budgets/<slug>/projects/<code>/merge
    no_round                                                     in   404  404  404  404  404  404  404  404  404
    round_unannounced                                            in   404  404  404  200  403  404  404  403  404
    round_collecting project_unassigned project_in_review
    project_eligible_if project_hidden round_adjusting
    round_committee round_prepared                               in   403  403  403  200  403  403  403  403  403
    project_refused project_looked_at project_withdrawn
    round_published                                              in   403  403  403  403  403  403  403  403  403
POST /budgets/<slug>/projects/<code>/merge
    no_round                                                     401  404  404  404  404  404  404  404  404  404
    round_unannounced                                            401  404  404  404  422  403  404  404  403  404
    round_collecting project_eligible_if round_adjusting
    round_committee                                              401  403  403  403  422  403  403  403  403  403
    project_unassigned project_in_review project_hidden
    round_prepared                                               401  403  403  403  ok   403  403  403  403  403
    project_refused project_looked_at project_withdrawn
    round_published                                              401  403  403  403  403  403  403  403  403  403
GET /budgets/<slug>/projects/<code>/second-look
    no_round                                                     in   404  404  404  404  404  404  404  404  404
    round_unannounced                                            in   404  404  404  403  403  404  404  403  404
    round_collecting project_unassigned project_in_review
    project_looked_at project_hidden project_withdrawn
    round_adjusting round_committee round_prepared
    round_published                                              in   403  403  403  403  403  403  403  403  403
    project_eligible_if project_refused                          in   403  403  200  403  403  403  403  403  403
POST /budgets/<slug>/projects/<code>/second-look
    no_round                                                     401  404  404  404  404  404  404  404  404  404
    round_unannounced                                            401  404  404  404  403  403  404  404  403  404
    round_collecting project_unassigned project_in_review
    project_looked_at project_hidden project_withdrawn
    round_adjusting round_committee round_prepared
    round_published                                              401  403  403  403  403  403  403  403  403  403
    project_eligible_if project_refused                          401  403  403  ok   403  403  403  403  403  403
GET /budgets/<slug>/projects/<code>/versions/<number>
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    round_unannounced                                            404  404  404  404  200  200  404  404  200  404
    round_collecting project_unassigned project_in_review
    project_eligible_if project_refused project_looked_at
    project_withdrawn round_adjusting round_committee
    round_prepared round_published                               200  200  200  200  200  200  200  200  200  200
    project_hidden                                               404  404  404  200  200  404  404  404  404  404
GET /budgets/<slug>/projects/<code>/withdrawal
    no_round                                                     in   404  404  404  404  404  404  404  404  404
    round_unannounced                                            in   404  404  404  403  403  404  404  403  404
    round_collecting project_unassigned project_in_review
    project_eligible_if project_hidden round_adjusting
    round_committee                                              in   403  403  200  403  403  403  403  403  403
    project_refused project_looked_at project_withdrawn
    round_prepared round_published                               in   403  403  403  403  403  403  403  403  403
POST /budgets/<slug>/projects/<code>/withdrawal
    no_round                                                     401  404  404  404  404  404  404  404  404  404
    round_unannounced                                            401  404  404  404  403  403  404  404  403  404
    round_collecting project_unassigned project_in_review
    project_eligible_if project_hidden round_adjusting
    round_committee                                              401  403  403  ok   403  403  403  403  403  403
    project_refused project_looked_at project_withdrawn
    round_prepared round_published                               401  403  403  403  403  403  403  403  403  403
GET /budgets/<slug>/projects/new
    no_round                                                     in   404  404  404  404  404  404  404  404  404
    round_unannounced                                            in   404  404  404  403  403  404  404  403  404
    round_collecting                                             in   200  200  200  200  200  200  200  200  200
    round_prepared round_open round_closed round_published       in   403  403  403  403  403  403  403  403  403
POST /budgets/<slug>/projects/new
    no_round                                                     401  404  404  404  404  404  404  404  404  404
    round_unannounced                                            401  404  404  404  403  403  404  404  403  404
    round_collecting                                             401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    round_prepared round_open round_closed round_published       401  403  403  403  403  403  403  403  403  403

# Trial elections: staff and the committee before they are published.
GET /budgets/trials
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /budgets/trials/<slug>
GET /budgets/trials/<slug>/<rule>
GET /budgets/trials/<slug>/election.pb
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    trial                                                        403  403  200  403  200  200  403  403  200  403
    trial_published                                              200  200  200  200  200  200  200  200  200  200
GET /desk/trials
GET /desk/trials/new
    -                                                            in   403  403  403  200  200  403  403  200  403
POST /desk/trials/<slug>/<what>
    no_round                                                     404  404  404  404  404  404  404  404  404  404
    trial                                                        401  403  403  403  ok   ok   403  403  ok   403
    trial_published                                              401  403  403  403  409  409  403  403  409  403
POST /desk/trials/new
    -                                                            401  403  403  403  ok   ok   403  403  ok   403

# The official is of the department that reviews; what others review is read by nobody outside.
GET /desk/reviews
    -                                                            in   403  403  403  200  200  403  403  403  403
POST /desk/reviews/assignments
    -                                                            401  403  403  403  ok   422  403  403  403  403
GET /desk/reviews/<review_id>
    no_round                                                     in   403  403  403  404  404  403  403  403  403
    project_in_review project_refused                            in   403  403  403  200  200  403  403  403  403
POST /desk/reviews/<review_id>
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    project_in_review                                            401  403  403  403  403  ok   403  403  403  403
    project_refused                                              401  403  403  403  403  403  403  403  403  403
GET /desk/reviews/<review_id>/reassignments
    no_round                                                     in   403  403  403  404  404  403  403  403  403
    project_in_review                                            in   403  403  403  200  200  403  403  403  403
    project_refused                                              in   403  403  403  403  403  403  403  403  403
POST /desk/reviews/<review_id>/reassignments
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    project_in_review                                            401  403  403  403  ok   ok   403  403  403  403
    project_refused                                              401  403  403  403  403  403  403  403  403  403
GET /desk/reviews/projects/<project_id>/assignments
    no_round                                                     in   403  403  403  404  404  403  403  403  403
    round_unannounced round_collecting project_in_review
    project_withdrawn round_published                            in   403  403  403  403  403  403  403  403  403
    project_unassigned                                           in   403  403  403  200  200  403  403  403  403
    project_eligible_if project_refused project_looked_at
    project_hidden round_adjusting round_committee
    round_prepared                                               in   403  403  403  200  403  403  403  403  403
POST /desk/reviews/projects/<project_id>/assignments
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    round_unannounced round_collecting project_in_review
    project_withdrawn round_published                            401  403  403  403  403  422  403  403  403  403
    project_unassigned project_eligible_if project_refused
    project_looked_at project_hidden round_adjusting
    round_committee round_prepared                               401  403  403  403  ok   422  403  403  403  403
GET /desk/reviews/projects/<project_id>/conditions
    no_round                                                     in   403  403  403  404  404  403  403  403  403
    round_unannounced round_collecting project_unassigned
    project_in_review project_refused project_looked_at
    project_hidden project_withdrawn round_adjusting
    round_committee round_prepared round_published               in   403  403  403  403  403  403  403  403  403
    project_eligible_if                                          in   403  403  403  403  200  403  403  403  403
POST /desk/reviews/projects/<project_id>/conditions
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    round_unannounced round_collecting project_unassigned
    project_in_review project_refused project_looked_at
    project_hidden project_withdrawn round_adjusting
    round_committee round_prepared round_published               401  403  403  403  403  403  403  403  403  403
    project_eligible_if                                          401  403  403  403  403  ok   403  403  403  403
GET /desk/reviews/projects/<project_id>/opinions
    no_round                                                     in   403  403  403  404  404  403  403  403  403
    round_unannounced round_collecting project_unassigned
    project_eligible_if project_refused project_looked_at
    project_hidden project_withdrawn round_adjusting
    round_committee round_prepared round_published               in   403  403  403  403  403  403  403  403  403
    project_in_review                                            in   403  403  403  200  200  403  403  403  403
POST /desk/reviews/projects/<project_id>/opinions
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    round_unannounced round_collecting project_unassigned
    project_eligible_if project_refused project_looked_at
    project_hidden project_withdrawn round_adjusting
    round_committee round_prepared round_published               401  403  403  403  403  403  403  403  403  403
    project_in_review                                            401  403  403  403  ok   ok   403  403  403  403
GET /desk/reviews/second-looks/<look_id>
    no_round                                                     in   403  403  403  404  404  403  403  403  403
    project_looked_at                                            in   403  403  403  200  403  403  403  403  403
POST /desk/reviews/second-looks/<look_id>
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    project_looked_at                                            401  403  403  403  ok   403  403  403  403  403
"""
