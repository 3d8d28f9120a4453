"""The site for many, on this machine: nginx, two web workers, background work, PostgreSQL and Redis."""
