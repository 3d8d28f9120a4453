"""The servers that tests need: started on free ports, in directories of their own, ended with the tests."""
