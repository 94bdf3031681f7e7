"""eventkit: network meetings from the first announcement to the recap that stays."""

VERSION = "0.1.0"
