"""The nouns: frozen dataclasses that every floor speaks in. Standard library only."""
