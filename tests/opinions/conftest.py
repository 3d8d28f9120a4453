from tests.accounts.providers.conftest import nothing_known, sample_issuer, site  # noqa: F401
