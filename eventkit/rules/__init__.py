"""Judgement: pure functions from data and `now` to data. Standard library and model only."""
