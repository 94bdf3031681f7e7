"""The cellar: the only rooms that speak SQL. Rows become frozen dataclasses at the door."""
