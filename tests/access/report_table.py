"""Rights to reports and to the acts of moderators about them."""

REPORTS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Moderators look at what was reported and act on it: not on what is their own, nor on administrators. Whom an act
# concerns, and moderators, read why; everybody reads what became of their own reports.
GET /desk/reports
GET /desk/waves
    -                                                            in   403  403  403  200  403  403  403  403  403
GET /desk/reports/<kind>/<subject_id>
    reported reported_own reported_administrator
    reported_handled reported_again reported_proposal
    reported_line                                                in   403  403  403  200  403  403  403  403  403
    no_report unreported_line                                    in   403  403  403  404  403  403  403  403  403
POST /desk/reports/<kind>/<subject_id>
    reported reported_proposal reported_line                     401  403  403  403  ok   403  403  403  403  403
    reported_own reported_administrator                          401  403  403  403  403  403  403  403  403  403
    reported_handled reported_again                              401  403  403  403  409  403  403  403  403  403
    no_report unreported_line                                    401  403  403  403  404  403  403  403  403  403
GET /desk/actions/<action_id>/end
    hiding hiding_ended hiding_mine                              in   403  403  403  200  403  403  403  403  403
    no_action                                                    in   403  403  403  404  403  403  403  403  403
POST /desk/actions/<action_id>/end
    hiding                                                       401  403  403  403  ok   403  403  403  403  403
    hiding_mine                                                  401  403  403  403  403  403  403  403  403  403
    hiding_ended                                                 401  403  403  403  409  403  403  403  403  403
    no_action                                                    401  403  403  403  404  403  403  403  403  403
POST /desk/waves
    -                                                            401  403  403  403  ok   403  403  403  403  403
GET /desk/waves/<bulk_id>
    wave wave_undone                                             in   403  403  403  200  403  403  403  403  403
    no_wave                                                      in   403  403  403  404  403  403  403  403  403
POST /desk/waves/<bulk_id>/end
    wave                                                         401  403  403  403  ok   403  403  403  403  403
    wave_undone                                                  401  403  403  403  409  403  403  403  403  403
    no_wave                                                      401  403  403  403  404  403  403  403  403  403
GET /moderation/actions/<action_id>
    hiding hiding_ended                                          in   404  404  200  200  404  404  404  404  404
    hiding_mine                                                  in   404  404  404  200  404  404  404  404  404
    no_action                                                    in   404  404  404  404  404  404  404  404  404
GET /me/actions
GET /me/reports
    -                                                            in   200  200  200  200  200  200  200  200  200
"""
