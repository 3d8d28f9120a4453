"""The run of the tests itself: who takes which test in what order, what takes turns, what it cost."""
