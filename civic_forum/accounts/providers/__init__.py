"""Providers of identities (OpenID Connect): who verifies people, and by whom they sign in. See docs/decisions/0052."""
