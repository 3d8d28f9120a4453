"""A year's series: its steps, each with what stands for it, and the assemblies of the neighbourhoods (주민총회)."""
