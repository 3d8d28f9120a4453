"""Rights around courses: who came has a certificate, the department notes who came, everybody looks certificates up."""

from civic_forum.courses import services
from tests.courses.making import Course
from tests.picking import chosen

from .form import Form
from .things import Thing

COURSES = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
GET /certificates
    -                                                            200  200  200  200  200  200  200  200  200  200
POST /certificates
    course                                                       404  404  404  404  404  404  404  404  404  404
GET /calls/<slug>/mine/<number>/certificate
    course                                                       in   404  404  200  404  404  404  404  404  404
    course_new no_course                                         in   404  404  404  404  404  404  404  404  404
POST /calls/<slug>/mine/<number>/certificate
    course                                                       401  404  404  ok   404  404  404  404  404  404
    course_new                                                   401  404  404  409  404  404  404  404  404  404
    no_course                                                    401  404  404  404  404  404  404  404  404  404
GET /desk/calls/<slug>/sessions
GET /desk/calls/<slug>/sessions/<forum_slug>
    course course_new                                            in   403  403  403  403  200  403  403  403  403
    no_course                                                    in   403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/sessions
    course                                                       401  403  403  403  403  409  403  403  403  403
    course_new                                                   401  403  403  403  403  ok   403  403  403  403
    no_course                                                    401  403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/sessions/<forum_slug>
    course                                                       401  403  403  403  403  ok   403  403  403  403
    course_new                                                   401  403  403  403  403  409  403  403  403  403
    no_course                                                    401  403  403  403  409  409  403  403  403  403
POST /desk/calls/<slug>/certificates
    course course_new                                            401  403  403  403  403  409  403  403  403  403
    no_course                                                    401  403  403  403  404  404  403  403  403  403
"""


def add(scene) -> None:
    form = {"act": "give", "name": "김가산", "reason": "", "session": ""} | chosen("forum", "no-forum")
    for name in ("course", "course_new"):
        made = Course(scene.town, [scene.people["author"]], sessions=1, hours=2, slug=name.replace("_", "-"), days=0)
        number, forum_slug = made.numbers[0], made.sessions[0].slug
        if name == "course":
            services.note(made.placed().call.slug, forum_slug, number, True, by=made.official)
            services.certify(made.call.slug, number, by=scene.people["author"])
        scene.things[name] = Thing({"slug": made.call.slug, "number": number, "forum_slug": forum_slug},
                                   form=form | {"chosen": number, "number": number})
    scene.things["no_course"] = Thing({"slug": "no-course", "number": "2611-123456-1", "forum_slug": "none"},
                                      form=form | {"chosen": "2611-123456-1", "number": "2611-123456-1"})


FORMS = [
    Form("/certificates", "number name", about="course", refused=True),
    Form("/calls/<slug>/mine/<number>/certificate"),
    Form("/desk/calls/<slug>/sessions", "act forum forum-asked forum-choice session", about="course_new",
         who="official"),
    Form("/desk/calls/<slug>/sessions/<forum_slug>", "chosen reason act", about="course", who="official"),
    Form("/desk/calls/<slug>/certificates", "number name", about="course", who="official", refused=True),
]
ADDRESSES = ["/desk/calls/course/sessions/{}"]
