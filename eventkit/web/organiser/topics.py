"""Topics: subjects that outlive their meetings."""

from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import events as event_actions
from eventkit.errors import Invalid
from eventkit.model.archive import Topic
from eventkit.store import events
from eventkit.web import access
from eventkit.web.forms.house import TopicForm, topic_fields
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, page
from eventkit.web.site import now, store


@blueprint.get("/topics")
@access.organisers
def topics() -> ResponseReturnValue:
    """All topics with the number of their meetings."""
    counted = events.counts_by_topic(store())
    found = [(topic, counted.get(topic.id, 0)) for topic in events.topics(store())]
    return page("topics.html", topics=found)


@blueprint.route("/topics/new", methods=["GET", "POST"])
@access.organisers
def topic_new() -> ResponseReturnValue:
    """A new topic."""
    return _topic_page(TopicForm(), None)


@blueprint.route("/topics/<slug>", methods=["GET", "POST"])
@access.organisers
def topic(slug: str) -> ResponseReturnValue:
    """A topic and its dossier."""
    found = events.topic_by_slug(store(), slug)
    if found is None:
        raise NotFoundPage
    return _topic_page(TopicForm(data=topic_fields(found)), found)


def _topic_page(form: TopicForm, before: Topic | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            event_actions.save_topic(
                store(),
                topic_id=before.id if before else None,
                slug=form.slug.data or (before.slug if before else ""),
                title=form.text("title"),
                summary=form.text("summary"),
                body=form.text("body"),
                actor=access.actor(),
                now=now(),
            )
        except Invalid as error:
            form.refuse(error, {"title": "title_de"})
        else:
            return back("topics", _("The topic is saved."))
    return page("topic_form.html", 422 if form.errors else 200, form=form, topic=before)
