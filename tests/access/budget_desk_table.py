"""Rights at the desk of a budget round: making it, opening its votes, the committee, the council."""

BUDGET_DESK = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Rounds are made by moderators, and by officials for their department (round_held), who do not announce them; officials
# and administrators see them and open votes, two of them. Once a vote of a round is open nothing of the round changes
# but what comes after the vote.
GET /desk/budgets
    -                                                            in   403  403  403  200  200  403  403  200  403
GET /desk/budgets/<slug>
GET /desk/budgets/<slug>/opening
    no_round                                                     in   403  403  403  404  404  403  403  404  403
    round_unannounced round_collecting round_prepared
    round_open round_published                                   in   403  403  403  200  200  403  403  200  403
GET /desk/budgets/<slug>/<part>
GET /desk/budgets/<slug>/envelopes/<envelope>
GET /desk/budgets/<slug>/envelopes/<envelope>/counting
GET /desk/budgets/<slug>/envelopes/<envelope>/groups
GET /desk/budgets/<slug>/exclusions
GET /desk/budgets/<slug>/money
GET /desk/budgets/<slug>/money/table
    no_round                                                     in   403  403  403  404  404  403  403  403  403
    round_unannounced round_collecting round_prepared
    round_open round_published                                   in   403  403  403  200  403  403  403  403  403
    round_held                                                   in   403  403  403  200  200  403  403  403  403
GET /desk/budgets/<slug>/copies
GET /desk/budgets/<slug>/notices
GET /desk/budgets/<slug>/rehearsals
GET /desk/budgets/<slug>/season
    no_round                                                     in   403  403  403  404  403  403  403  403  403
    round_unannounced round_collecting round_prepared
    round_open round_published                                   in   403  403  403  200  403  403  403  403  403
POST /desk/budgets/<slug>/<part>
POST /desk/budgets/<slug>/envelopes/<envelope>
POST /desk/budgets/<slug>/envelopes/<envelope>/counting
POST /desk/budgets/<slug>/envelopes/<envelope>/groups
POST /desk/budgets/<slug>/money
POST /desk/budgets/<slug>/money/table
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    round_held                                                   401  403  403  403  ok   ok   403  403  403  403
    round_unannounced round_collecting                           401  403  403  403  ok   403  403  403  403  403
    round_prepared                                               401  403  403  403  409  403  403  403  403  403
    round_open round_published                                   401  403  403  403  403  403  403  403  403  403
POST /desk/budgets/<slug>/announcements
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced                                            401  403  403  403  ok   403  403  403  403  403
    round_collecting round_prepared round_open round_published   401  403  403  403  403  403  403  403  403  403
GET /desk/budgets/<slug>/committee
GET /desk/budgets/<slug>/committee/paper
    no_round                                                     in   403  403  403  404  403  403  403  403  403
    round_unannounced round_collecting round_committee
    round_fixed round_open                                       in   403  403  403  200  403  403  403  403  403
POST /desk/budgets/<slug>/committee/additions
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced round_collecting round_open                401  403  403  403  403  403  403  403  403  403
    round_committee                                              401  403  403  403  422  403  403  403  403  403
    round_fixed                                                  401  403  403  403  ok   403  403  403  403  403
POST /desk/budgets/<slug>/committee/annulments
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced round_collecting round_committee
    round_open                                                   401  403  403  403  403  403  403  403  403  403
    round_fixed                                                  401  403  403  403  ok   403  403  403  403  403
POST /desk/budgets/<slug>/committee/fixings
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced round_collecting round_fixed round_open    401  403  403  403  403  403  403  403  403  403
    round_committee                                              401  403  403  403  409  403  403  403  403  403
POST /desk/budgets/<slug>/committee/members
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced round_collecting round_fixed round_open    401  403  403  403  403  403  403  403  403  403
    round_committee                                              401  403  403  403  ok   403  403  403  403  403
POST /desk/budgets/<slug>/committee/members/<member>/removals
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_committee                                              401  403  403  403  ok   403  403  403  403  403
POST /desk/budgets/<slug>/committee/paper
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced round_collecting round_open                401  403  403  403  403  403  403  403  403  403
    round_fixed                                                  401  403  403  403  422  403  403  403  403  403
    round_committee                                              401  403  403  403  ok   403  403  403  403  403
GET /desk/budgets/<slug>/council
    no_round                                                     in   403  403  403  404  404  403  403  403  403
    round_collecting round_open project_chosen project_decided   in   403  403  403  200  200  403  403  403  403
POST /desk/budgets/<slug>/council
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    round_collecting round_open project_decided                  401  403  403  403  422  422  403  403  403  403
    project_chosen                                               401  403  403  403  ok   ok   403  403  403  403
GET /desk/budgets/<slug>/council/<code>
    no_round round_open project_chosen                           in   403  403  403  404  404  403  403  403  403
    project_decided                                              in   403  403  403  200  200  403  403  403  403
POST /desk/budgets/<slug>/council/<code>
    no_round round_open project_chosen                           401  403  403  403  404  404  403  403  403  403
    project_decided                                              401  403  403  403  ok   ok   403  403  403  403
GET /desk/budgets/<slug>/council/<code>/progress
    no_round round_open                                          in   403  403  403  404  404  403  403  403  403
    project_chosen project_decided                               in   403  403  403  200  200  403  403  403  403
POST /desk/budgets/<slug>/council/<code>/progress
    no_round round_open                                          401  403  403  403  404  404  403  403  403  403
    project_chosen                                               401  403  403  403  403  403  403  403  403  403
    project_decided                                              401  403  403  403  ok   403  403  403  403  403
GET /desk/budgets/<slug>/envelopes/<envelope>/groups/<group_id>
GET /desk/budgets/<slug>/exclusions/<exclusion_id>
    no_round                                                     in   403  403  403  404  404  403  403  403  403
    round_open                                                   in   403  403  403  404  403  403  403  403  403
    round_collecting                                             in   403  403  403  200  403  403  403  403  403
POST /desk/budgets/<slug>/envelopes/<envelope>/groups/<group_id>
POST /desk/budgets/<slug>/exclusions/<exclusion_id>
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    round_open                                                   401  403  403  403  404  403  403  403  403  403
    round_collecting                                             401  403  403  403  ok   403  403  403  403  403
POST /desk/budgets/<slug>/envelopes/<envelope>/groups/<group_id>/removals
POST /desk/budgets/<slug>/exclusions/<exclusion_id>/removals
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    round_collecting                                             401  403  403  403  ok   403  403  403  403  403
    round_open                                                   401  403  403  403  403  403  403  403  403  403
GET /desk/budgets/<slug>/envelopes/<envelope>/preview
    no_round round_unannounced round_collecting                  in   403  403  403  404  404  403  403  404  403
    round_prepared round_open round_published                    in   403  403  403  200  200  403  403  200  403
POST /desk/budgets/<slug>/envelopes/<envelope>/removals
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    round_unannounced round_collecting round_prepared            401  403  403  403  409  403  403  403  403  403
    round_open round_published                                   401  403  403  403  403  403  403  403  403  403
POST /desk/budgets/<slug>/exclusions
    no_round                                                     401  403  403  403  404  404  403  403  403  403
    round_unannounced                                            401  403  403  403  422  403  403  403  403  403
    round_collecting                                             401  403  403  403  ok   403  403  403  403  403
    round_prepared                                               401  403  403  403  409  403  403  403  403  403
    round_open round_published                                   401  403  403  403  403  403  403  403  403  403
POST /desk/budgets/<slug>/copies
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced round_collecting round_prepared
    round_open round_published                                   401  403  403  403  ok   403  403  403  403  403
POST /desk/budgets/<slug>/notices
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced                                            401  403  403  403  403  403  403  403  403  403
    round_collecting round_prepared round_open round_published   401  403  403  403  ok   403  403  403  403  403
POST /desk/budgets/<slug>/rehearsals
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced round_collecting                           401  403  403  403  422  403  403  403  403  403
    round_prepared                                               401  403  403  403  ok   403  403  403  403  403
    round_open round_published                                   401  403  403  403  403  403  403  403  403  403
POST /desk/budgets/<slug>/opening/confirmations
    no_round                                                     401  403  403  403  404  404  403  403  404  403
    round_unannounced round_collecting round_open
    round_published                                              401  403  403  403  409  409  403  403  409  403
    round_prepared                                               401  403  403  403  409  ok   403  403  ok   403
POST /desk/budgets/<slug>/opening/proposals
    no_round                                                     401  403  403  403  404  404  403  403  404  403
    round_unannounced round_collecting round_prepared
    round_open round_published                                   401  403  403  403  409  409  403  403  409  403
POST /desk/budgets/<slug>/preparations
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced round_open round_published                 401  403  403  403  403  403  403  403  403  403
    round_collecting                                             401  403  403  403  409  403  403  403  403  403
    round_prepared                                               401  403  403  403  ok   403  403  403  403  403
GET /desk/budgets/<slug>/rolls/<envelope>
    no_round round_unannounced round_collecting                  in   403  403  403  404  403  403  403  403  403
    round_prepared round_open round_published                    in   403  403  403  200  403  403  403  403  403
POST /desk/budgets/<slug>/rolls/<envelope>/answers/<objection_id>
    no_round round_open                                          401  403  403  403  404  403  403  403  403  403
    round_prepared                                               401  403  403  403  ok   403  403  403  403  403
POST /desk/budgets/<slug>/rolls/<envelope>/corrections
    no_round round_unannounced round_collecting                  401  403  403  403  404  403  403  403  403  403
    round_open round_published                                   401  403  403  403  409  403  403  403  403  403
    round_prepared                                               401  403  403  403  ok   403  403  403  403  403
POST /desk/budgets/<slug>/rolls/<envelope>/fixings
    no_round round_unannounced round_collecting                  401  403  403  403  404  403  403  403  403  403
    round_prepared round_open round_published                    401  403  403  403  409  403  403  403  403  403
POST /desk/budgets/<slug>/rolls/<envelope>/imports
    no_round round_unannounced round_collecting                  401  403  403  403  404  403  403  403  403  403
    round_prepared round_open round_published                    401  403  403  403  422  403  403  403  403  403
POST /desk/budgets/<slug>/season
    no_round                                                     401  403  403  403  404  403  403  403  403  403
    round_unannounced round_open round_published                 401  403  403  403  403  403  403  403  403  403
    round_collecting round_prepared                              401  403  403  403  409  403  403  403  403  403
GET /desk/budgets/new
    -                                                            in   403  403  403  200  200  403  403  403  403
POST /desk/budgets/new
    -                                                            401  403  403  403  ok   403  403  403  403  403
"""
