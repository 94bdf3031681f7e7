"""The door bell: the Flask app, built from the settings."""

from eventkit.web import create_app

app = create_app()
