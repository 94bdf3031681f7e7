"""The back door: the commands of `flask --app app`, listed once."""

import click

commands: list[click.Command] = []
