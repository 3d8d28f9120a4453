"""Evaluations of commitments by a body of residents: grades, votes on changes, recommendations and their replies."""
