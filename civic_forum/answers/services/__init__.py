"""Every change to duties and answers."""
