"""Every change to agendas and merges, by what people do."""
