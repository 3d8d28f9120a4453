"""Officers of votes (투표 담당관): positions granted by two administrators, and those named in a box."""
