"""The tests mirror eventkit/: rules in microseconds, real SQLite, whole journeys over HTTP."""
