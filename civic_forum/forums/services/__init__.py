"""Every change of forums: one function a use-case. Each subject has its module."""
