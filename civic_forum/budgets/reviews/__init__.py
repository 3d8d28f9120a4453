"""Reviews of eligibility by the offices, and second looks."""
