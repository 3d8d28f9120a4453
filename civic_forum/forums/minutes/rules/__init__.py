"""Rules of minutes and of the replay."""
