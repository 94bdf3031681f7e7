"""The organisation's own pages, and the stylesheet of its accent."""

from hashlib import sha256

from flask import Response, make_response, render_template, request

from eventkit.rules import colours
from eventkit.web import access
from eventkit.web.site import organisation


@access.public
def page_imprint() -> str:
    """Who is responsible for this site."""
    return render_template("public/imprint.html")


@access.public
def page_privacy() -> str:
    """What happens to personal data here."""
    return render_template("public/privacy.html")


@access.public
def page_accessibility() -> str:
    """How well everybody can use this site, and whom to tell about barriers."""
    return render_template("public/accessibility.html")


@access.public
def accent() -> Response:
    """The organisation's colour in readable shades (R61)."""
    shades = colours.shades(organisation().accent)
    body = (
        ":root {"
        f" --accent-light: {shades.light}; --accent-dark: {shades.dark};"
        f" --on-accent-light: {shades.on_light}; --on-accent-dark: {shades.on_dark}; "
        "}\n"
    )
    response = make_response(body)
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = "public, max-age=3600, stale-while-revalidate=604800"
    response.set_etag(sha256(body.encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response
