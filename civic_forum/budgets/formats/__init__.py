"""The files in which elections are exchanged."""
