"""Tests that need the machine to themselves, by the beginnings of their ids."""


