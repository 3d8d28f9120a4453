"""A consultation in the hall: answered on phones, its result on the screen within the same hour."""
