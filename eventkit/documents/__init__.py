"""The workshop: calendars, letters, papers and tables. Data in, text or bytes out."""
