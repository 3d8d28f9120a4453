"""Rights to the ledger, to appeals, to requests to take a text down, and to signals."""

APPEALS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# An appeal is the author's alone, once. The moderator of the cast acted in `appeal_own_act` and blocked the text of
# `request_own_block`: there somebody else decides. Whoever asks for a text to be taken down needs no account. Looking
# at a contact is noted (a star).
GET /moderation/ledger
GET /moderation/rules
GET /moderation/takedowns
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /moderation/actions/<action_id>/appeal
    act                                                          in   403  403  200  403  403  403  403  403  403
    act_ended                                                    in   403  403  403  403  403  403  403  403  403
    appeal appeal_own_act appeal_decided                         in   403  403  ok   403  403  403  403  403  403
    no_act                                                       404  404  404  404  404  404  404  404  404  404
POST /moderation/actions/<action_id>/appeal
    act                                                          401  403  403  ok   403  403  403  403  403  403
    act_ended                                                    401  403  403  403  403  403  403  403  403  403
    appeal appeal_own_act appeal_decided                         401  403  403  409  403  403  403  403  403  403
    no_act                                                       404  404  404  404  404  404  404  404  404  404
GET /moderation/takedowns/new
    - comment gathering                                          200  200  200  200  200  200  200  200  200  200
    hidden_comment deleted_comment held hidden unknown           404  404  404  404  404  404  404  404  404  404
POST /moderation/takedowns/new
    - unknown                                                    422  422  422  422  422  422  422  422  422  422
    comment gathering                                            ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    hidden_comment deleted_comment held hidden                   404  404  404  404  404  404  404  404  404  404
GET /moderation/takedowns/<number>
    request request_blocked request_own_block request_decided    200  200  200  200  200  200  200  200  200  200
    no_request                                                   404  404  404  404  404  404  404  404  404  404
GET /desk/appeals
GET /desk/takedowns
GET /desk/signals
GET /desk/signals/words
    -                                                            in   403  403  403  200  403  403  403  403  403
GET /desk/appeals/<appeal_id>
    appeal appeal_own_act appeal_decided                         in   403  403  403  200  403  403  403  403  403
    no_act                                                       in   403  403  403  404  403  403  403  403  403
POST /desk/appeals/<appeal_id>
    appeal                                                       401  403  403  403  ok   403  403  403  403  403
    appeal_own_act                                               401  403  403  403  403  403  403  403  403  403
    appeal_decided                                               401  403  403  403  409  403  403  403  403  403
    no_act                                                       401  403  403  403  404  403  403  403  403  403
GET /desk/takedowns/<takedown_id>
    request request_blocked request_own_block request_decided    in   403  403  403  200  403  403  403  403  403
    no_request                                                   in   403  403  403  404  403  403  403  403  403
POST /desk/takedowns/<takedown_id>/blocks
    request                                                      401  403  403  403  ok   403  403  403  403  403
    request_blocked request_own_block request_decided            401  403  403  403  409  403  403  403  403  403
    no_request                                                   401  403  403  403  404  403  403  403  403  403
POST /desk/takedowns/<takedown_id>/decisions
    request request_blocked                                      401  403  403  403  ok   403  403  403  403  403
    request_own_block                                            401  403  403  403  403  403  403  403  403  403
    request_decided                                              401  403  403  403  409  403  403  403  403  403
    no_request                                                   401  403  403  403  404  403  403  403  403  403
POST /desk/takedowns/<takedown_id>/contact
    request request_blocked request_own_block request_decided    401  403  403  403  200* 403  403  403  403  403
    no_request                                                   401  403  403  403  404  403  403  403  403  403
POST /desk/signals/<signal_id>/seen
    signal                                                       401  403  403  403  ok   403  403  403  403  403
    no_signal                                                    401  403  403  403  404  403  403  403  403  403
POST /desk/signals/words
    -                                                            401  403  403  403  ok   403  403  403  403  403
POST /desk/signals/words/<word_id>/removal
    word                                                         401  403  403  403  ok   403  403  403  403  403
    no_word                                                      401  403  403  403  404  403  403  403  403  403
"""
