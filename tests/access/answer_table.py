"""Rights to answers: the desk of moderators and officials, acts of authors, and pages for everybody."""

ANSWERS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# The official is of the department that has everything but `owed`, which nobody has, and `elsewhere`, which another
# department has: of that one an official sees and changes nothing. Moderators give and pass on, and write nothing.
GET /answers/<answer_id>/versions
    declined corrected                                           200  200  200  200  200  200  200  200  200  200
    awaiting no_answer                                           404  404  404  404  404  404  404  404  404  404
POST /answers/<answer_id>/understandings
    declined corrected                                           401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    awaiting no_answer                                           401  404  404  404  404  404  404  404  404  404
GET /answers/late
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /desk/answers
    -                                                            in   403  403  403  200  200  403  403  403  403
POST /desk/answers/assignments
    -                                                            401  403  403  403  ok   403  403  403  403  403
GET /desk/answers/<number>
    owed filed awaiting paused declined corrected to_do
    withdrawn                                                    in   403  403  403  200  200  403  403  403  403
    elsewhere                                                    in   403  403  403  200  403  403  403  403  403
    unknown                                                      in   403  403  403  404  404  403  403  403  403
POST /desk/answers/<number>
    owed elsewhere awaiting declined corrected to_do withdrawn   401  403  403  403  403  403  403  403  403  403
    filed paused                                                 401  403  403  403  403  ok   403  403  403  403
    unknown                                                      401  403  403  403  404  404  403  403  403  403
GET /desk/answers/<number>/<act>
    assignment_owed assignment_elsewhere assignment_filed
    assignment_awaiting assignment_paused assignment_declined
    assignment_corrected assignment_to_do referral_owed
    referral_elsewhere                                           in   403  403  403  200  403  403  403  403  403
    question_owed question_elsewhere return_owed
    return_elsewhere referral_declined referral_corrected
    referral_to_do completion_owed completion_elsewhere
    completion_paused completion_declined completion_corrected
    completion_to_do carrying_owed carrying_elsewhere
    carrying_filed carrying_awaiting carrying_paused
    carrying_declined carrying_corrected referral_referred
    referral-undo_owed referral-undo_filed
    referral-undo_declined                                       in   403  403  403  403  403  403  403  403  403
    question_filed question_awaiting question_paused
    question_declined question_corrected question_to_do
    return_filed return_awaiting return_paused return_declined
    return_corrected return_to_do completion_filed
    completion_awaiting carrying_to_do                           in   403  403  403  403  200  403  403  403  403
    referral_filed referral_awaiting referral_paused
    referral-undo_referred                                       in   403  403  403  200  200  403  403  403  403
    return_unknown                                               in   403  403  403  404  404  403  403  403  403
POST /desk/answers/<number>/<act>
    assignment_owed assignment_elsewhere assignment_filed
    assignment_awaiting assignment_paused assignment_declined
    assignment_corrected assignment_to_do referral_owed
    referral_elsewhere                                           401  403  403  403  ok   403  403  403  403  403
    question_owed question_elsewhere return_owed
    return_elsewhere referral_declined referral_corrected
    referral_to_do completion_owed completion_elsewhere
    completion_paused completion_declined completion_corrected
    completion_to_do carrying_owed carrying_elsewhere
    carrying_filed carrying_awaiting carrying_paused
    carrying_declined carrying_corrected referral_referred
    referral-undo_owed referral-undo_filed
    referral-undo_declined                                       401  403  403  403  403  403  403  403  403  403
    question_filed question_awaiting question_paused
    question_declined question_corrected question_to_do
    return_filed return_awaiting return_paused return_declined
    return_corrected return_to_do completion_filed
    completion_awaiting carrying_to_do                           401  403  403  403  403  ok   403  403  403  403
    referral_filed referral_awaiting referral_paused
    referral-undo_referred                                       401  403  403  403  ok   ok   403  403  403  403
    return_unknown                                               401  403  403  403  404  404  403  403  403  403
POST /desk/answers/<number>/approvals
POST /desk/answers/<number>/send-backs
    owed elsewhere filed paused declined corrected to_do
    withdrawn                                                    401  403  403  403  403  403  403  403  403  403
    awaiting                                                     401  403  403  403  403  ok   403  403  403  403
    unknown                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/answers/<number>/contact
    owed elsewhere awaiting paused declined corrected to_do
    withdrawn                                                    401  403  403  403  403  403  403  403  403  403
    filed                                                        401  403  403  403  403  200  403  403  403  403
    unknown                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/answers/<number>/takings
    owed                                                         401  403  403  403  403  ok   403  403  403  403
    elsewhere filed awaiting paused declined corrected to_do
    withdrawn                                                    401  403  403  403  403  403  403  403  403  403
    unknown                                                      401  403  403  403  404  404  403  403  403  403
GET /desk/answers/corrections/<answer_id>
    elsewhere awaiting no_answer                                 in   403  403  403  404  404  403  403  403  403
    declined                                                     in   403  403  403  403  200  403  403  403  403
    corrected                                                    in   403  403  403  403  403  403  403  403  403
POST /desk/answers/corrections/<answer_id>
    elsewhere awaiting no_answer                                 401  403  403  403  404  404  403  403  403  403
    declined                                                     401  403  403  403  403  ok   403  403  403  403
    corrected                                                    401  403  403  403  403  403  403  403  403  403
POST /desk/answers/corrections/<answer_id>/approvals
POST /desk/answers/corrections/<answer_id>/send-backs
    elsewhere awaiting no_answer                                 401  403  403  403  404  404  403  403  403  403
    declined                                                     401  403  403  403  403  403  403  403  403  403
    corrected                                                    401  403  403  403  403  ok   403  403  403  403
GET /desk/answers/duties/<duty_id>
    duty_open duty_awaiting duty_answered
    duty_corrected                                               in   403  403  403  200  200  403  403  403  403
    duty_elsewhere                                               in   403  403  403  200  403  403  403  403  403
    no_duty                                                      in   403  403  403  404  404  403  403  403  403
POST /desk/answers/duties/<duty_id>
    duty_open                                                    401  403  403  403  403  ok   403  403  403  403
    duty_awaiting duty_answered duty_corrected
    duty_elsewhere                                               401  403  403  403  403  403  403  403  403  403
    no_duty                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/answers/duties/<duty_id>/department
    duty_open duty_awaiting                                      401  403  403  403  ok   ok   403  403  403  403
    duty_elsewhere                                               401  403  403  403  ok   403  403  403  403  403
    duty_answered duty_corrected                                 401  403  403  403  403  403  403  403  403  403
    no_duty                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/answers/duties/<duty_id>/approvals
POST /desk/answers/duties/<duty_id>/send-backs
    duty_awaiting                                                401  403  403  403  403  ok   403  403  403  403
    duty_open duty_answered duty_corrected
    duty_elsewhere                                               401  403  403  403  403  403  403  403  403  403
    no_duty                                                      401  403  403  403  404  404  403  403  403  403
GET /desk/answers/duties/corrections/<later_id>
    duty_open duty_awaiting no_duty                              in   403  403  403  404  404  403  403  403  403
    duty_answered                                                in   403  403  403  403  200  403  403  403  403
    duty_corrected                                               in   403  403  403  403  403  403  403  403  403
POST /desk/answers/duties/corrections/<later_id>
    duty_open duty_awaiting no_duty                              401  403  403  403  404  404  403  403  403  403
    duty_answered                                                401  403  403  403  403  ok   403  403  403  403
    duty_corrected                                               401  403  403  403  403  403  403  403  403  403
POST /desk/answers/duties/corrections/<later_id>/approvals
POST /desk/answers/duties/corrections/<later_id>/send-backs
    duty_open duty_awaiting no_duty                              401  403  403  403  404  404  403  403  403  403
    duty_answered                                                401  403  403  403  403  403  403  403  403  403
    duty_corrected                                               401  403  403  403  403  ok   403  403  403  403
GET /proposals/<number>/<act>
    own_formal_gathering own_completion_paused
    own_second-review_declined                                   in   403  403  200  403  403  403  403  403  403
    own_formal_held                                              in   404  404  403  403  404  404  404  404  404
    own_formal_withdrawn own_formal_hidden own_formal_filed
    own_completion_owed own_second-review_corrected
    own_second-review_owed                                       in   403  403  403  403  403  403  403  403  403
    own_formal_unknown                                           in   404  404  404  404  404  404  404  404  404
POST /proposals/<number>/<act>
    own_formal_gathering own_completion_paused
    own_second-review_declined                                   401  403  403  ok   403  403  403  403  403  403
    own_formal_held                                              401  404  404  403  403  404  404  404  404  404
    own_formal_withdrawn own_formal_hidden own_formal_filed
    own_completion_owed own_second-review_corrected
    own_second-review_owed                                       401  403  403  403  403  403  403  403  403  403
    own_formal_unknown                                           401  404  404  404  404  404  404  404  404  404
"""
