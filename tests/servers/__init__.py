"""The servers that tests need: started on free ports, in rooms of their own, ended with the tests."""
