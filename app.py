"""The door bell: the Flask app and its commands, built from the settings."""

from eventkit.cli import commands
from eventkit.web import create_app

app = create_app()
for command in commands:
    app.cli.add_command(command)
