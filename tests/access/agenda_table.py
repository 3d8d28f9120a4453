"""Rights to agendas and merges."""

AGENDAS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Moderators make agendas and merge proposals. What is not published yet is read besides by the department that leads
# it, here the official's. Authors object to what is their own; whoever supported what was merged may take the
# name back.
GET /agendas
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /agendas/<slug>
GET /agendas/<slug>/versions
    agenda_draft                                                 404  404  404  404  200  200  404  404  404  404
    agenda_open agenda_objected agenda_answered agenda_merged
    agenda_left                                                  200  200  200  200  200  200  200  200  200  200
    no_agenda                                                    404  404  404  404  404  404  404  404  404  404
GET /desk/agenda-merges/<descent_id>/undo
    agenda_merged agenda_unmerged                                in   403  403  403  200  403  403  403  403  403
    no_agenda                                                    in   403  403  403  404  403  403  403  403  403
POST /desk/agenda-merges/<descent_id>/undo
    agenda_merged                                                401  403  403  403  ok   403  403  403  403  403
    agenda_unmerged                                              401  403  403  403  403  403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
GET /desk/agendas
GET /desk/agendas/new
    -                                                            in   403  403  403  200  403  403  403  403  403
GET /desk/agendas/<slug>
GET /desk/agendas/<slug>/edit
GET /desk/agendas/<slug>/merge
GET /desk/agendas/<slug>/next
GET /desk/agendas/<slug>/notes
GET /desk/agendas/<slug>/proposals
GET /desk/agendas/<slug>/split
GET /desk/agendas/<slug>/state
GET /desk/groupings/<link_id>
GET /desk/groupings/<link_id>/ending
    agenda_draft agenda_open agenda_objected agenda_answered
    agenda_merged agenda_left                                    in   403  403  403  200  403  403  403  403  403
    no_agenda                                                    in   403  403  403  404  403  403  403  403  403
POST /desk/agendas/<slug>/edit
POST /desk/agendas/<slug>/merge
POST /desk/agendas/<slug>/next
POST /desk/agendas/<slug>/notes
POST /desk/agendas/<slug>/proposals
    agenda_draft agenda_open agenda_objected agenda_answered
    agenda_left                                                  401  403  403  403  ok   403  403  403  403  403
    agenda_merged                                                401  403  403  403  403  403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
POST /desk/agendas/<slug>/publications
    agenda_draft                                                 401  403  403  403  ok   403  403  403  403  403
    agenda_open agenda_objected agenda_answered agenda_merged
    agenda_left                                                  401  403  403  403  403  403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
POST /desk/agendas/<slug>/split
    agenda_draft agenda_open agenda_objected agenda_answered     401  403  403  403  ok   403  403  403  403  403
    agenda_merged                                                401  403  403  403  403  403  403  403  403  403
    agenda_left                                                  401  403  403  403  409  403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
POST /desk/agendas/<slug>/state
    agenda_draft                                                 401  403  403  403  409  403  403  403  403  403
    agenda_open agenda_objected agenda_answered agenda_left      401  403  403  403  ok   403  403  403  403  403
    agenda_merged                                                401  403  403  403  403  403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
POST /desk/agendas/new
    -                                                            401  403  403  403  ok   403  403  403  403  403
GET /desk/author-objections/<objection_id>
    agenda_objected agenda_answered                              in   403  403  403  200  403  403  403  403  403
    no_agenda                                                    in   403  403  403  404  403  403  403  403  403
POST /desk/author-objections/<objection_id>
    agenda_objected                                              401  403  403  403  ok   403  403  403  403  403
    agenda_answered                                              401  403  403  403  403  403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
POST /desk/groupings/<link_id>
POST /desk/groupings/<link_id>/ending
    agenda_draft agenda_open agenda_objected agenda_answered
    agenda_merged                                                401  403  403  403  ok   403  403  403  403  403
    agenda_left                                                  401  403  403  403  409  403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
POST /desk/groupings/<link_id>/take-up
    agenda_draft agenda_left                                     401  403  403  403  409  403  403  403  403  403
    agenda_open agenda_objected agenda_answered agenda_merged    401  403  403  403  ok   403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
GET /desk/merges/<merge_id>/undo
GET /desk/proposals/<number>/merge
    merge_standing merge_undone                                  in   403  403  403  200  403  403  403  403  403
    no_agenda                                                    in   403  403  403  404  403  403  403  403  403
POST /desk/merges/<merge_id>/undo
    merge_standing                                               401  403  403  403  ok   403  403  403  403  403
    merge_undone                                                 401  403  403  403  409  403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
POST /desk/proposals/<number>/merge
    merge_standing                                               401  403  403  403  409  403  403  403  403  403
    merge_undone                                                 401  403  403  403  ok   403  403  403  403  403
    no_agenda                                                    401  403  403  403  404  403  403  403  403  403
GET /groupings/<link_id>/objections
    agenda_draft                                                 in   404  404  404  403  403  404  404  404  404
    agenda_open agenda_merged                                    in   403  403  200  403  403  403  403  403  403
    agenda_objected agenda_answered                              in   403  403  ok   403  403  403  403  403  403
    agenda_left                                                  in   403  403  403  403  403  403  403  403  403
    no_agenda                                                    in   404  404  404  404  404  404  404  404  404
POST /groupings/<link_id>/objections
    agenda_draft                                                 401  404  404  404  403  403  404  404  404  404
    agenda_open agenda_objected agenda_answered agenda_merged    401  403  403  ok   403  403  403  403  403  403
    agenda_left                                                  401  403  403  403  403  403  403  403  403  403
    no_agenda                                                    401  404  404  404  404  404  404  404  404  404
POST /merges/<merge_id>/agreements
POST /merges/<merge_id>/objections
    merge_standing                                               401  403  403  ok   403  403  403  403  403  403
    merge_undone                                                 401  403  403  403  403  403  403  403  403  403
    no_agenda                                                    401  404  404  404  404  404  404  404  404  404
GET /merges/<merge_id>/objections
    merge_standing                                               in   403  403  200  403  403  403  403  403  403
    merge_undone                                                 in   403  403  403  403  403  403  403  403  403
    no_agenda                                                    in   404  404  404  404  404  404  404  404  404
POST /merges/<merge_id>/opt-outs
    merge_standing                                               401  409  ok   409  409  409  409  409  409  409
    merge_undone                                                 401  403  403  403  403  403  403  403  403  403
    no_agenda                                                    401  404  404  404  404  404  404  404  404  404
"""
