"""Questions of the hall, and what is carried on as a proposal."""
