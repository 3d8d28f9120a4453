"""Rights to figures."""

FIGURES = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Figures are for everybody; how fast each department answers, for the office.
GET /desk/figures
    -                                                            in   403  403  403  200  200  403  403  200  403
GET /figures
GET /figures.csv
    -                                                            200  200  200  200  200  200  200  200  200  200
"""
