"""Rights to accounts, and to the desk of members."""

ACCOUNTS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Accounts: coming in
# Links and codes work for whoever has them: that is what they are for.
GET /<document>/<number>
    terms privacy                                                200  200  200  200  200  200  200  200  200  200
GET /consents/<document>
GET /consents/<document>/<number>
    collection                                                   200  200  200  200  200  200  200  200  200  200
GET /email-confirmations/<code>
    unknown reset                                                404  404  404  404  404  404  404  404  404  404
    confirmation                                                 200  200  200  200  200  200  200  200  200  200
POST /email-confirmations/<code>
    unknown reset                                                422  422  422  422  422  422  422  422  422  422
    confirmation                                                 in   ok   ok   ok   ok   ok   ok   ok   ok   ok
GET /forgotten-password
POST /forgotten-password
GET /reset-with-code
GET /privacy
GET /terms
GET /sign-up/under-14
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /password-resets/<code>
    unknown confirmation                                         404  404  404  404  404  404  404  404  404  404
    reset                                                        200  200  200  200  200  200  200  200  200  200
POST /password-resets/<code>
    unknown confirmation                                         422  422  422  422  422  422  422  422  422  422
    reset                                                        in   in   in   in   in   in   in   in   in   in
GET /first/<token>
    first_link                                                   200  409  409  409  409  409  409  409  409  409
POST /first/<token>
    first_link                                                   ok   409  409  409  409  409  409  409  409  409
GET /invitations/<token>
    invitation                                                   200  403  403  403  403  403  403  403  403  403
    invited unknown                                              404  404  404  404  404  404  404  404  404  404
POST /invitations/<token>
    invitation                                                   ok   403  403  403  403  403  403  403  403  403
    invited unknown                                              404  404  404  404  404  404  404  404  404  404
POST /reset-with-code
    -                                                            422  422  422  422  422  422  422  422  422  422
    desk_code                                                    in   in   in   in   in   in   in   in   in   in
POST /providers/<key>
    provider                                                     401  404  404  404  404  404  404  404  404  404
GET /providers/<key>/callback
    provider                                                     404  404  404  404  404  404  404  404  404  404
GET /sign-in
GET /sign-up
GET /once
    -                                                            200  ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /sign-in
POST /sign-up
    -                                                            ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /sign-in/code
    -                                                            in   in   in   in   in   in   in   in   in   in
    half_way                                                     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    half_way_wrong                                               422  422  422  422  422  422  422  422  422  422
POST /sign-in/passkey
POST /sign-up/passkey/challenges
POST /sign-up/provider
    -                                                            422  422  422  422  422  422  422  422  422  422
POST /sign-in/passkey/challenges
    -                                                            403  403  403  403  403  403  403  403  403  403
POST /sign-in/proof
POST /sign-out
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok
GET /welcome
    -                                                            in   200  200  200  200  200  200  200  200  200

# Accounts: one's own
GET /me
GET /me/consents
GET /me/download
GET /me/email
GET /me/leaving
GET /me/mobile
GET /me/password
GET /me/passkeys
GET /me/providers
GET /me/profile
GET /me/residency
GET /me/residency/code
GET /me/residency/letters/new
GET /me/second-factor
GET /me/sessions
    -                                                            in   200  200  200  200  200  200  200  200  200
POST /me/download
    -                                                            401  200  200  200  200  200  200  200  200  200
POST /me/email
POST /me/email/confirmations
POST /me/mobile/codes
POST /me/password
POST /me/profile
POST /me/residency/declarations
POST /me/second-factor
POST /me/second-factor/end
POST /me/sessions/others/end
POST /me/staff-acts/read
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /me/leaving
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   403  ok
POST /me/mobile
    -                                                            401  422  422  422  422  422  422  422  422  422
POST /me/passkeys
POST /me/passkeys/challenges
    -                                                            401  403  403  403  403  403  403  403  403  403
POST /me/passkeys/<number>/removal
    passkey_of_user                                              401  ok   404  404  404  404  404  404  404  404
POST /me/providers/<number>/removal
    provider_link_of_user                                        401  ok   404  404  404  404  404  404  404  404
POST /me/residency/code
    -                                                            401  422  422  422  422  422  422  422  422  422
    letter_code                                                  401  404  ok   404  404  404  404  404  404  404
POST /me/residency/declarations/<kind>/withdrawals
    work                                                         401  404  404  404  404  404  404  404  404  404
POST /me/residency/letters
    -                                                            401  ok   409  ok   ok   ok   ok   ok   ok   ok
POST /me/residency/letters/cancellations
    -                                                            401  404  ok   404  404  404  404  404  404  404
POST /me/second-factor/confirmation
    -                                                            401  409  409  409  409  409  409  409  409  409
GET /me/second-factor/qr.svg
    -                                                            in   404  404  404  404  404  404  404  404  404
POST /me/sessions/<number>/end
    session_of_user                                              401  in   404  404  404  404  404  404  404  404
    no_session                                                   401  404  404  404  404  404  404  404  404  404

# The desk
# A member is opened with a reason given lately (`access`); for everybody else the reason is another's.
GET /desk
    -                                                            in   403  403  403  200  200  200  200  200  403
GET /desk/first-day
GET /desk/access-log
GET /desk/audit
GET /desk/roles
GET /desk/invitations
GET /desk/invitations/table
GET /desk/district
GET /desk/district/settings
GET /desk/state
    -                                                            in   403  403  403  403  403  403  403  200  403
GET /desk/first-day/<user_id>
    alone                                                        in   403  403  403  403  403  403  403  200  403
    member unknown                                               in   403  403  403  403  403  403  403  404  403
POST /desk/first-day/<user_id>/confirmations
    alone                                                        401  403  403  403  403  403  403  403  403  403
    member unknown                                               401  403  403  403  403  403  403  403  404  403
POST /desk/access-log/exports
POST /desk/audit/exports
    -                                                            401  403  403  403  403  403  403  403  200  403
GET /desk/held
    -                                                            in   403  403  403  200  403  403  403  403  403
POST /desk/held/approvals
    -                                                            401  403  403  403  ok   403  403  403  403  403
GET /desk/letters
GET /desk/second-clerk
GET /desk/supports
GET /desk/residents/new
    -                                                            in   403  403  403  403  403  200  200  403  403
POST /desk/letters/postings
    -                                                            401  403  403  403  403  403  404  404  403  403
POST /desk/second-clerk
    -                                                            401  403  403  403  403  403  403  403  403  403
POST /desk/letters/prints
    -                                                            401  403  403  403  403  403  422  422  403  403
    letter                                                       401  403  403  403  403  403  200  403  403  403
GET /desk/people
    -                                                            in   403  403  403  403  403  200  200  200  403
POST /desk/people
    -                                                            401  403  403  403  403  403  200  200  ok   403
GET /desk/people/<user_id>
    member member_of_staff                                       in   403  403  403  403  403  200  403  200  403
    member_unopened                                              in   403  403  403  403  403  403  403  403  403
    member_elsewhere                                             in   403  403  403  403  403  403  200  200  403
    member_gone unknown                                          in   403  403  403  403  403  404  404  404  403
POST /desk/people/<user_id>/codes
    member                                                       401  403  403  403  403  403  ok   403  ok   403
    member_unopened                                              401  403  403  403  403  403  403  403  403  403
    member_elsewhere                                             401  403  403  403  403  403  403  422  422  403
    member_of_staff                                              401  403  403  403  403  403  403  403  422  403
    member_gone unknown                                          401  403  403  403  403  403  404  404  404  403
GET /desk/people/<user_id>/codes/new
    member                                                       in   403  403  403  403  403  200  403  200  403
    member_unopened                                              in   403  403  403  403  403  403  403  403  403
    member_elsewhere                                             in   403  403  403  403  403  403  200  200  403
    member_of_staff                                              in   403  403  403  403  403  403  403  200  403
    member_gone unknown                                          in   403  403  403  403  403  404  404  404  403
POST /desk/people/<user_id>/names
    member                                                       401  403  403  403  403  403  200  403  200  403
    member_unopened                                              401  403  403  403  403  403  403  403  403  403
    member_elsewhere                                             401  403  403  403  403  403  403  404  404  403
    member_of_staff                                              401  403  403  403  403  403  404  403  404  403
    member_gone unknown                                          401  403  403  403  403  403  404  404  404  403
POST /desk/people/<user_id>/openings
    member member_unopened member_of_staff                       401  403  403  403  403  403  ok   403  ok   403
    member_elsewhere                                             401  403  403  403  403  403  403  ok   ok   403
    member_gone unknown                                          401  403  403  403  403  403  404  404  404  403
GET /desk/district/<of>/new
    unknown                                                      in   403  403  403  403  403  403  403  404  403
    department category                                          in   403  403  403  403  403  403  403  200  403
GET /desk/district/<of>/<entry_id>
    unknown                                                      in   403  403  403  403  403  403  403  404  403
    department renamed category                                  in   403  403  403  403  403  403  403  200  403
POST /desk/district/<of>
    unknown                                                      401  403  403  403  403  403  403  403  404  403
    department                                                   401  403  403  403  403  403  403  403  ok   403
POST /desk/district/<of>/<entry_id>/names
    unknown                                                      401  403  403  403  403  403  403  403  404  403
    department                                                   401  403  403  403  403  403  403  403  ok   403
    renamed                                                      401  403  403  403  403  403  403  403  409  403
POST /desk/district/<of>/<entry_id>/places
    unknown                                                      401  403  403  403  403  403  403  403  404  403
    department                                                   401  403  403  403  403  403  403  403  ok   403
GET /desk/district/<of>/<entry_id>/closing
    unknown closed                                               in   403  403  403  403  403  403  403  404  403
    department renamed category                                  in   403  403  403  403  403  403  403  200  403
POST /desk/district/<of>/<entry_id>/closing
    unknown closed                                               401  403  403  403  403  403  403  403  404  403
    department                                                   401  403  403  403  403  403  403  403  ok   403
GET /desk/district/changes/<change_id>
    unknown renamed                                              in   403  403  403  403  403  403  403  404  403
    closing                                                      in   403  403  403  403  403  403  403  200  403
POST /desk/district/changes/<change_id>/confirmations
    unknown renamed                                              401  403  403  403  403  403  403  403  404  403
    closing                                                      401  403  403  403  403  403  403  403  403  403
POST /desk/district/changes/<change_id>/withdrawals
    unknown                                                      401  403  403  403  403  403  403  403  404  403
    renamed                                                      401  403  403  403  403  403  403  403  ok   403
GET /desk/district/settings/<name>
    unknown                                                      in   403  403  403  403  403  403  403  404  403
    setting changing                                             in   403  403  403  403  403  403  403  200  403
POST /desk/district/settings/<name>/changes
    unknown                                                      401  403  403  403  403  403  403  403  404  403
    setting                                                      401  403  403  403  403  403  403  403  ok   403
    changing                                                     401  403  403  403  403  403  403  403  422  403
POST /desk/district/settings/<name>/confirmations
    unknown setting                                              401  403  403  403  403  403  403  403  404  403
    changing                                                     401  403  403  403  403  403  403  403  403  403
POST /desk/state/tests
    -                                                            401  403  403  403  403  403  403  403  409  403
POST /desk/residents
POST /desk/supports
    -                                                            401  403  403  403  403  403  ok   422  403  403
POST /desk/roles
    -                                                            401  403  403  403  403  403  403  403  ok   403
POST /desk/roles/<grant_id>/withdrawals
    unknown                                                      401  403  403  403  403  403  403  403  404  403
    grant                                                        401  403  403  403  403  403  403  403  ok   403
    own_grant                                                    401  403  403  403  403  403  403  403  403  403
GET /desk/roles/<grant_id>/withdrawals/new
    unknown                                                      in   403  403  403  403  403  403  403  404  403
    grant own_grant                                              in   403  403  403  403  403  403  403  200  403
GET /desk/roles/people/<user_id>/leaving
    member leaves                                                in   403  403  403  403  403  403  403  200  403
    member_gone unknown                                          in   403  403  403  403  403  403  403  404  403
POST /desk/roles/people/<user_id>/leaving
    member                                                       401  403  403  403  403  403  403  403  409  403
    leaves                                                       401  403  403  403  403  403  403  403  ok   403
    member_gone unknown                                          401  403  403  403  403  403  403  403  404  403
POST /desk/roles/people/<user_id>/last-day
    member                                                       401  403  403  403  403  403  403  403  409  403
    leaves                                                       401  403  403  403  403  403  403  403  ok   403
    member_gone unknown                                          401  403  403  403  403  403  403  403  404  403
POST /desk/roles/people/<user_id>/leaving/confirmations
    member                                                       401  403  403  403  403  403  403  403  404  403
    leaves                                                       401  403  403  403  403  403  403  403  403  403
    member_gone unknown                                          401  403  403  403  403  403  403  403  404  403
POST /desk/roles/people/<user_id>/leaving/withdrawals
    member                                                       401  403  403  403  403  403  403  403  409  403
    leaves                                                       401  403  403  403  403  403  403  403  ok   403
    member_gone unknown                                          401  403  403  403  403  403  403  403  404  403
POST /desk/invitations
    -                                                            401  403  403  403  403  403  403  403  ok   403
POST /desk/invitations/table
    -                                                            401  403  403  403  403  403  403  403  200  403
GET /desk/invitations/<list_id>
    invited                                                      in   403  403  403  403  403  403  403  200  403
    invitation unknown                                           in   403  403  403  403  403  403  403  404  403
POST /desk/invitations/<list_id>/confirmations
    invited                                                      401  403  403  403  403  403  403  403  403  403
    invitation unknown                                           401  403  403  403  403  403  403  403  404  403
POST /desk/invitations/<list_id>/withdrawals
    invited                                                      401  403  403  403  403  403  403  403  409  403
    invitation                                                   401  403  403  403  403  403  403  403  ok   403
    unknown                                                      401  403  403  403  403  403  403  403  404  403
GET /desk/absences
    -                                                            in   403  403  403  200  200  200  200  200  403
GET /desk/absences/people/<user_id>
    leaves                                                       in   403  403  403  403  403  403  403  200  403
    unknown                                                      in   403  403  403  404  404  404  404  404  403
POST /desk/absences/people/<user_id>
    leaves                                                       401  403  403  403  403  403  403  403  ok   403
    unknown                                                      401  403  403  403  404  404  404  404  404  403
POST /desk/absences/<absence_id>/removal
    absence                                                      401  403  403  403  403  403  403  403  ok   403
    unknown                                                      401  403  403  403  404  404  404  404  404  403
GET /desk/slips/<user_id>
    member                                                       in   403  403  403  403  403  404  404  404  403
    slip                                                         in   403  403  403  403  403  200  200  200  403
"""
