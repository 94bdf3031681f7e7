"""Stories in Chromium, on a real server with its worker."""
