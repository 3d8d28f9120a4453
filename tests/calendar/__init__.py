"""Tests of passing things on."""
