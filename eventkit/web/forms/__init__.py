"""Forms: which fields a door takes, and what it says when one can't be accepted."""
