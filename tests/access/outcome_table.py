"""Rights to outcomes: the pages for everybody, and the desk of officials."""

OUTCOMES = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Only officials write, and only of what their department decides: here all but `outcome_elsewhere`. A second official
# wrote what waits for approval, so the official approves it.
GET /outcomes
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /outcomes/<outcome_id>
GET /outcomes/<outcome_id>/versions
    outcome_published outcome_corrected outcome_done             200  200  200  200  200  200  200  200  200  200
    outcome_draft outcome_awaiting outcome_elsewhere no_outcome  404  404  404  404  404  404  404  404  404  404
GET /desk/outcomes
    -                                                            in   403  403  403  403  200  403  403  403  403
GET /desk/outcomes/<kind>/<name>
    outcome_none outcome_draft outcome_awaiting outcome_early
    outcome_published outcome_corrected outcome_done
    outcome_of_gathering outcome_of_withdrawn outcome_of_hidden
    outcome_of_in_agenda                                         in   403  403  403  403  200  403  403  403  403
    outcome_of_held no_outcome                                   in   403  403  403  403  404  403  403  403  403
    outcome_elsewhere                                            in   403  403  403  403  403  403  403  403  403
POST /desk/outcomes/<kind>/<name>
    outcome_none outcome_draft                                   401  403  403  403  403  ok   403  403  403  403
    outcome_elsewhere outcome_awaiting outcome_early
    outcome_published outcome_corrected outcome_done
    outcome_of_gathering outcome_of_withdrawn outcome_of_hidden
    outcome_of_in_agenda                                         401  403  403  403  403  403  403  403  403  403
    outcome_of_held no_outcome                                   401  403  403  403  403  404  403  403  403  403
POST /desk/outcomes/<kind>/<name>/approvals
POST /desk/outcomes/<kind>/<name>/send-backs
    outcome_awaiting                                             401  403  403  403  403  ok   403  403  403  403
    outcome_none outcome_draft outcome_elsewhere
    outcome_published outcome_of_gathering                       401  403  403  403  403  403  403  403  403  403
    outcome_of_held no_outcome                                   401  403  403  403  403  404  403  403  403  403
GET /desk/outcomes/<outcome_id>/correction
    outcome_published outcome_done                               in   403  403  403  403  200  403  403  403  403
    outcome_corrected                                            in   403  403  403  403  403  403  403  403  403
    outcome_draft outcome_awaiting outcome_elsewhere no_outcome  in   403  403  403  403  404  403  403  403  403
POST /desk/outcomes/<outcome_id>/correction
    outcome_published outcome_done                               401  403  403  403  403  ok   403  403  403  403
    outcome_corrected                                            401  403  403  403  403  403  403  403  403  403
    outcome_draft outcome_awaiting outcome_elsewhere no_outcome  401  403  403  403  403  404  403  403  403  403
POST /desk/outcomes/<outcome_id>/correction/approvals
POST /desk/outcomes/<outcome_id>/correction/send-backs
    outcome_correction                                           401  403  403  403  403  ok   403  403  403  403
    outcome_published outcome_done                               401  403  403  403  403  403  403  403  403  403
    outcome_draft outcome_awaiting outcome_elsewhere no_outcome  401  403  403  403  403  404  403  403  403  403
GET /desk/outcomes/<outcome_id>/pictures
    outcome_published outcome_corrected outcome_done             in   403  403  403  403  200  403  403  403  403
    outcome_draft outcome_awaiting outcome_elsewhere no_outcome  in   403  403  403  403  404  403  403  403  403
POST /desk/outcomes/<outcome_id>/pictures
POST /desk/outcomes/<outcome_id>/picture-removals
    outcome_published outcome_corrected outcome_done             401  403  403  403  403  ok   403  403  403  403
    outcome_draft outcome_awaiting outcome_elsewhere no_outcome  401  403  403  403  403  404  403  403  403  403
GET /desk/outcomes/<outcome_id>/reports
    outcome_published outcome_corrected outcome_done             in   403  403  403  403  ok   403  403  403  403
    outcome_draft outcome_awaiting outcome_elsewhere no_outcome  in   403  403  403  403  404  403  403  403  403
"""
