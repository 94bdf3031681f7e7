"""What papers need besides the programme."""

from flask_wtf.file import FileField

from eventkit.web.forms.base import Form, line
from eventkit.web.forms.base import lazy_gettext as _l


class SitePlanForm(Form):
    """The plan of the house."""

    photo = FileField(_l("Picture of the plan"))
    alt_de = line(_l("What the plan shows, German"), lang="de", longest=500)
    alt_en = line(_l("What the plan shows, English"), lang="en", longest=500)
