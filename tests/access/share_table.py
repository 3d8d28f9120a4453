"""Rights to pass things on, also as sheets of the office."""

SHARING = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# The site itself has a picture for chats.
GET /share/site/<mark>.jpg
    site_picture                                                 ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
# Months are the same for everybody, and so is their file.
GET /calendar
GET /calendar.ics
GET /archive
    -                                                            200  200  200  200  200  200  200  200  200  200
# Of what everybody may read, everybody may pass on sheet, picture, poster and days; of nothing else anybody.
GET /share/<place>/<name>
    shared_gathering shared_answered shared_poll_announced
    shared_poll_open shared_forum_announced shared_forum_live
    shared_agenda_answered shared_outcome_published
    shared_round_collecting shared_round_collecting_project      200  200  200  200  200  200  200  200  200  200
    shared_held shared_withdrawn shared_merged shared_hidden
    shared_unknown shared_poll_unannounced shared_poll_rehearsed
    shared_forum_preparing shared_agenda_draft
    shared_outcome_draft
    shared_round_unannounced shared_round_unannounced_project    404  404  404  404  404  404  404  404  404  404
GET /share/<place>/<name>/<mark>.jpg
    shared_gathering shared_poll_open shared_forum_announced     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    shared_held shared_withdrawn shared_hidden shared_unknown
    shared_poll_unannounced shared_forum_preparing               404  404  404  404  404  404  404  404  404  404
GET /share/<place>/<name>/calendar.ics
    shared_gathering shared_poll_open shared_forum_announced
    shared_round_collecting                                      200  200  200  200  200  200  200  200  200  200
    shared_answered shared_forum_live                            404  404  404  404  404  404  404  404  404  404
    shared_held shared_withdrawn shared_hidden shared_unknown
    shared_poll_unannounced shared_forum_preparing               404  404  404  404  404  404  404  404  404  404
GET /share/<place>/<name>/poster
    shared_gathering shared_answered shared_poll_open
    shared_forum_live shared_outcome_published                   200  200  200  200  200  200  200  200  200  200
    shared_held shared_withdrawn shared_hidden shared_unknown
    shared_poll_unannounced shared_forum_preparing               404  404  404  404  404  404  404  404  404  404
GET /share/<place>/<name>/poster.pdf
    shared_gathering                                             200  200  200  200  200  200  200  200  200  200
    shared_held shared_withdrawn shared_hidden shared_unknown
    shared_poll_unannounced shared_forum_preparing               404  404  404  404  404  404  404  404  404  404
# Sheets that the office hands in: each kind says who may see it.
GET /sheets/<kind>/<key>
GET /sheets/<kind>/<key>.<ending>
    sheet_unknown                                                404  404  404  404  404  404  404  404  404  404
"""
