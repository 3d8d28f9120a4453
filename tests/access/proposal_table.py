"""Rights to proposals, their files, comments and reports."""

PROPOSALS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Proposals and their files
# What is held, its author and moderators know of; a draft only its author. Hidden: that it is, everybody may know.
GET /attachments/<key>
GET /attachments/<key>/thumbnail
    draft                                                        404  404  404  200  404  404  404  404  404  404
    held hidden                                                  404  404  404  200  200  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged                                      200  200  200  200  200  200  200  200  200  200
    unknown                                                      404  404  404  404  404  404  404  404  404  404
GET /proposals
GET /proposals/similar
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /proposals/<number>
    held                                                         404  404  404  200  200  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged hidden                               200  200  200  200  200  200  200  200  200  200
    unknown                                                      404  404  404  404  404  404  404  404  404  404
POST /proposals/<number>/approval
POST /proposals/<number>/return
    held                                                         401  404  404  403  ok   404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged hidden                               401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /proposals/<number>/edit
    held                                                         in   404  404  200  403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda lapsed       in   403  403  200  403  403  403  403  403  403
    decided withdrawn merged hidden                              in   403  403  403  403  403  403  403  403  403
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /proposals/<number>/edit
    held                                                         401  404  404  ok   403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda lapsed       401  403  403  ok   403  403  403  403  403  403
    decided withdrawn merged hidden                              401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
POST /proposals/<number>/follows
    held                                                         401  404  404  403  403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged                                      401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    hidden                                                       401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
POST /proposals/<number>/follows/end
    held                                                         401  404  404  ok   ok   404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged hidden                               401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    unknown                                                      401  404  404  404  404  404  404  404  404  404
POST /proposals/<number>/supports
POST /proposals/<number>/supports/end
    held                                                         401  404  404  403  403  404  404  404  404  404
    gathering answer_due in_agenda                               401  ok   ok   403  ok   ok   ok   ok   ok   ok
    overdue answered decided lapsed withdrawn merged hidden      401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /proposals/<number>/versions
    held hidden                                                  404  404  404  200  200  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed withdrawn merged                                      200  200  200  200  200  200  200  200  200  200
    unknown                                                      404  404  404  404  404  404  404  404  404  404
GET /proposals/<number>/withdrawal
    held                                                         in   404  404  200  403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda lapsed
    hidden                                                       in   403  403  200  403  403  403  403  403  403
    decided withdrawn merged                                     in   403  403  403  403  403  403  403  403  403
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /proposals/<number>/withdrawal
    held                                                         401  404  404  ok   403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda lapsed
    hidden                                                       401  403  403  ok   403  403  403  403  403  403
    decided withdrawn merged                                     401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /proposals/mine
GET /proposals/drafts
GET /proposals/new
    -                                                            in   200  200  200  200  200  200  200  200  200
GET /proposals/drafts/<key>/<step>
    step_1 step_2 step_3                                         in   404  404  200  404  404  404  404  404  404
    step_4 unknown                                               in   404  404  404  404  404  404  404  404  404
POST /proposals/drafts/<key>/<step>
    step_1 step_2                                                401  404  404  ok   404  404  404  404  404  404
    step_3 step_4                                                401  404  404  404  404  404  404  404  404  404
    unknown                                                      401  409  409  409  409  409  409  409  409  409
POST /proposals/drafts/<key>/attachments
POST /proposals/drafts/<key>/attachments/descriptions
POST /proposals/drafts/<key>/publication
POST /proposals/drafts/<key>/removal
    step_3                                                       401  404  404  ok   404  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
POST /proposals/drafts/<key>/attachments/<file_key>/removal
    step_3                                                       401  404  404  ok   404  404  404  404  404  404
    foreign_file unknown                                         401  404  404  404  404  404  404  404  404  404
GET /proposals/drafts/<key>/removal
    step_3                                                       in   404  404  200  404  404  404  404  404  404
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /proposals/new
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok

# Comments and reports
GET /comments/<comment_id>
    comment old_comment deleted_comment hidden_comment reply
    comment_of_withdrawn comment_of_decided                      ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    comment_of_hidden comment_of_held                            404  404  404  ok   ok   404  404  404  404  404
    unknown                                                      404  404  404  404  404  404  404  404  404  404
GET /comments/<comment_id>/edit
    comment reply comment_of_decided                             in   403  403  200  403  403  403  403  403  403
    old_comment deleted_comment hidden_comment
    comment_of_withdrawn                                         in   403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            in   404  404  403  403  404  404  404  404  404
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /comments/<comment_id>/edit
    comment reply comment_of_decided                             401  403  403  ok   403  403  403  403  403  403
    old_comment deleted_comment hidden_comment
    comment_of_withdrawn                                         401  403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            401  404  404  403  403  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /comments/<comment_id>/removal
    comment old_comment hidden_comment reply
    comment_of_withdrawn comment_of_decided                      in   403  403  200  403  403  403  403  403  403
    deleted_comment                                              in   403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            in   404  404  200  403  404  404  404  404  404
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /comments/<comment_id>/removal
    comment old_comment hidden_comment reply
    comment_of_withdrawn comment_of_decided                      401  403  403  ok   403  403  403  403  403  403
    deleted_comment                                              401  403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            401  404  404  ok   403  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /comments/<comment_id>/replies
    comment old_comment deleted_comment hidden_comment
    comment_of_withdrawn comment_of_decided                      200  200  200  200  200  200  200  200  200  200
    reply unknown                                                404  404  404  404  404  404  404  404  404  404
    comment_of_hidden comment_of_held                            404  404  404  200  200  404  404  404  404  404
POST /comments/<comment_id>/replies
    comment old_comment comment_of_decided                       401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    deleted_comment hidden_comment reply comment_of_withdrawn    401  403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            401  404  404  403  403  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /comments/<comment_id>/replies/new
    comment old_comment comment_of_decided                       in   200  200  200  200  200  200  200  200  200
    deleted_comment hidden_comment reply comment_of_withdrawn    in   403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            in   404  404  403  403  404  404  404  404  404
    unknown                                                      in   404  404  404  404  404  404  404  404  404
POST /comments/<comment_id>/supports
POST /comments/<comment_id>/supports/end
    comment old_comment reply comment_of_decided                 401  ok   ok   403  ok   ok   ok   ok   ok   ok
    deleted_comment hidden_comment comment_of_withdrawn          401  403  403  403  403  403  403  403  403  403
    comment_of_hidden comment_of_held                            401  404  404  403  403  404  404  404  404  404
    unknown                                                      401  404  404  404  404  404  404  404  404  404
GET /reports/new
    gathering comment                                            200  200  200  200  200  200  200  200  200  200
    held hidden deleted_comment unknown                          404  404  404  404  404  404  404  404  404  404
    comment_of_held                                              404  404  404  200  200  404  404  404  404  404
POST /reports/new
    gathering comment                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    held hidden deleted_comment unknown                          401  404  404  404  404  404  404  404  404  404
    comment_of_held                                              401  404  404  ok   ok   404  404  404  404  404
POST /threads/<thread_id>/comments
    draft                                                        401  404  404  403  404  404  404  404  404  404
    held hidden                                                  401  404  404  403  403  404  404  404  404  404
    gathering overdue answer_due answered in_agenda decided
    lapsed                                                       401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    withdrawn merged                                             401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  404  404  404  404  404  404  404  404  404
"""
