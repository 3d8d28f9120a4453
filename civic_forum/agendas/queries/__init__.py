"""Every SELECT of agendas and merges, by what asks."""
