"""Rights to a vote at the desk: paper, kiosk, typing, objections; and those of observers."""

VOTES_AT_THE_DESK = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Paper and the kiosk: clerks for those of their own neighbourhood, moderators for everybody
GET /desk/votes
    -                                                            in   403  403  403  200  200  200  200  403  403
GET /desk/votes/<box>/papers
    open_vote closed_vote                                        in   403  403  403  200  403  200  200  403  403
    no_vote                                                      in   403  403  403  404  403  404  404  403  403
POST /desk/votes/<box>/papers
POST /desk/votes/<box>/papers/replacements
POST /desk/votes/<box>/papers/take-backs
    open_vote                                                    401  403  403  403  ok   403  ok   403  403  403
    closed_vote                                                  401  403  403  403  403  403  403  403  403  403
POST /desk/votes/<box>/papers/look-ups
    open_vote closed_vote                                        401  403  403  403  200  403  200  200  403  403
    no_vote                                                      401  403  403  403  404  403  404  404  403  403
POST /desk/votes/<box>/papers/account-look-ups
POST /desk/votes/<box>/kiosk-passes/look-ups
POST /desk/votes/<box>/kiosk-passes/account-look-ups
    open_vote closed_vote                                        401  403  403  403  200  403  200  200  403  403
POST /desk/votes/<box>/papers/returns
    open_vote                                                    401  403  403  403  ok   403  ok   403  403  403
    closed_vote                                                  401  403  403  403  409  403  409  403  403  403
POST /desk/votes/<box>/papers/returns/corrections
    open_vote                                                    401  403  403  403  409  403  409  403  403  403
    closed_vote                                                  401  403  403  403  ok   403  ok   403  403  403
GET /desk/votes/<box>/papers/ballot
GET /desk/votes/<box>/kiosk-passes
GET /desk/votes/<box>/kiosk-passes/register
    open_vote closed_vote                                        in   403  403  403  200  403  200  200  403  403
POST /desk/votes/<box>/kiosk-passes
    open_vote                                                    401  403  403  403  200  403  200  403  403  403
    closed_vote                                                  401  403  403  403  403  403  403  403  403  403

# Kiosks: administrators register browsers and revoke them
GET /desk/kiosks
    -                                                            in   403  403  403  403  403  403  403  200  403
POST /desk/kiosks
    -                                                            401  403  403  403  403  403  403  403  200  403
POST /desk/kiosks/<device>/revocation
    kiosk                                                        401  403  403  403  403  403  403  403  ok   403
    no_vote                                                      401  403  403  403  403  403  403  403  404  403
POST /kiosk/registration
    -                                                            404  404  404  404  404  404  404  404  404  404

# Typing: after the close, nobody twice; the third settles. `begun` and `typed` are the clerk's, not finished.
GET /desk/votes/<box>/batches
    open_vote closed_vote                                        in   403  403  403  200  403  200  200  403  403
    no_vote                                                      in   403  403  403  404  403  404  404  403  403
POST /desk/votes/<box>/batches
    open_vote                                                    401  403  403  403  409  403  409  409  403  403
    closed_vote                                                  401  403  403  403  ok   403  ok   ok   403  403
GET /desk/votes/<box>/batches/<number>
    batch_untyped batch_begun batch_typed                        in   403  403  403  200  403  200  200  403  403
    batch_differs batch_settled                                  in   403  403  403  403  403  403  403  403  403
    no_vote                                                      in   403  403  403  404  403  404  404  403  403
POST /desk/votes/<box>/batches/<number>/sheets/<sheet>
    batch_untyped batch_begun batch_typed                        401  403  403  403  ok   403  ok   ok   403  403
    batch_differs batch_settled                                  401  403  403  403  403  403  403  403  403  403
POST /desk/votes/<box>/batches/<number>/typings
    batch_untyped batch_begun batch_settled                      401  403  403  403  409  403  409  409  403  403
    batch_typed                                                  401  403  403  403  409  403  ok   409  403  403
    batch_differs                                                401  403  403  403  403  403  403  403  403  403
POST /desk/votes/<box>/batches/<number>/typings/own/end
    batch_begun batch_typed                                      401  403  403  403  404  403  ok   404  403  403
    batch_untyped batch_differs batch_settled                    401  403  403  403  404  403  404  404  403  403
GET /desk/votes/<box>/batches/<number>/dissolution/new
    batch_untyped batch_begun batch_differs                      in   403  403  403  200  403  200  200  403  403
POST /desk/votes/<box>/batches/<number>/dissolution
    batch_untyped batch_begun batch_typed batch_differs          401  403  403  403  ok   403  ok   ok   403  403
    batch_settled                                                401  403  403  403  409  403  409  409  403  403
GET /desk/votes/<box>/batches/<number>/differences
    batch_differs                                                in   403  403  403  200  403  403  403  403  403
    batch_untyped batch_begun                                    in   403  403  403  404  403  404  404  403  403
    batch_settled                                                in   403  403  403  403  403  403  403  403  403
POST /desk/votes/<box>/batches/<number>/differences
    batch_differs                                                401  403  403  403  ok   403  403  403  403  403
    batch_untyped batch_settled                                  401  403  403  403  409  403  409  409  403  403

# Objections and observers
GET /desk/votes/<box>/objections
    open_vote closed_vote                                        in   403  403  403  200  200  403  403  403  403
POST /desk/votes/<box>/objections/<objection>/answers
    objection objection_withheld                                 401  403  403  403  403  ok   403  403  403  403
    no_vote                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/votes/<box>/objections/<objection>/withholdings
    objection objection_withheld                                 401  403  403  403  ok   ok   403  403  403  403
POST /desk/votes/<box>/objections/<objection>/withholdings/end
    objection_withheld                                           401  403  403  403  ok   ok   403  403  403  403
    objection                                                    401  403  403  403  409  409  403  403  403  403
GET /votes/<box>/objections
    open_vote no_vote                                            404  404  404  404  404  404  404  404  404  404
    closed_vote                                                  200  200  200  200  200  200  200  200  200  200
POST /votes/<box>/objections
    open_vote closed_vote                                        401  403  403  403  403  403  403  403  403  ok
    no_vote                                                      401  403  403  403  403  403  403  403  403  404
GET /votes/<box>/observation
    open_vote closed_vote                                        in   403  403  403  403  403  403  403  403  200
    no_vote                                                      in   403  403  403  403  403  403  403  403  404
GET /votes/<box>/observation/heads/<number>.json
    open_vote closed_vote                                        401  403  403  403  403  403  403  403  403  200
GET /votes/<box>/observation/proofs
GET /votes/<box>/observation/consistency
    open_vote closed_vote                                        in   403  403  403  403  403  403  403  403  400

# Observers: a key, asking before the opening, being named by officials, a signature (here without a file)
GET /votes/observers/key
    -                                                            in   403  403  403  403  403  403  403  403  200
GET /votes/observers/keys/<key_number>.json
    invented_key                                                 401  403  403  403  403  403  403  403  403  200
    no_vote_yet                                                  401  403  403  403  403  403  403  403  403  404
GET /votes/<box>/observers
    poll_prepared                                                in   403  403  403  403  403  403  403  403  200
    poll_open poll_published                                     in   403  403  403  403  403  403  403  403  ok
    no_vote                                                      in   403  403  403  403  403  403  403  403  404
POST /votes/<box>/observers
    poll_prepared                                                401  403  403  403  403  403  403  403  403  ok
    poll_open poll_published                                     401  403  403  403  403  403  403  403  403  409
    no_vote                                                      401  403  403  403  403  403  403  403  403  404
GET /desk/votes/<box>/observers
    poll_prepared poll_open poll_closed poll_published           in   403  403  403  200  200  403  403  200  403
    no_vote                                                      in   403  403  403  404  404  403  403  404  403
POST /desk/votes/<box>/observers
    poll_prepared                                                401  403  403  403  ok   ok   403  403  ok   403
    poll_open poll_published                                     401  403  403  403  409  409  403  403  409  403
POST /votes/<box>/signatures
    poll_prepared                                                401  403  403  403  403  403  403  403  403  403
    poll_open poll_closed poll_published                         401  403  403  403  403  403  403  403  403  422
    no_vote                                                      401  403  403  403  403  403  403  403  403  404
"""
