"""WTForms for forums. Each subject has its module."""
