"""Employees use the app: real rows, their own only, masked where it says so, and no export of people."""

from datetime import date, timedelta

from infra.local.story.cast import ANA, MIA, Story
from infra.local.story.teller import check
from infra.local.story.visitor import Visitor

FORBIDDEN = 403


def send_form(story: Story) -> str:
    """Ana asks for leave in the app; the row stands in PostgreSQL under her name."""
    ana = _in_app(story, ANA, "request")
    first = _free_monday(story)
    last = first + timedelta(days=1)
    reply = ana.fill(
        "/pages/request", leave_type="annual", first_day=str(last), last_day=str(first), comment=""
    )
    check("last" in ana.text.casefold() and reply.status_code >= 400, "a last day before the first is taken")  # noqa: PLR2004
    ana.fill("/pages/request", leave_type="annual", first_day=str(first), last_day=str(last), comment="")
    check("Your request was sent" in ana.text, f"the form was not taken: {ana.text[:400]}")
    asked = [(start, end) for start, end in _leave_of(story, ANA) if (start, end) == (first, last)]
    check(len(asked) == 1, "the request is not in the database")
    return f"wrong dates refused on the server; {first} to {last} is a row in PostgreSQL"


def see_own_rows(story: Story) -> str:
    """Each person sees their own rows only, and birth dates by year."""
    ana, mia = _in_app(story, ANA, "requests"), _in_app(story, MIA, "requests")
    counts = [len(person.page.select("tbody tr")) for person in (ana, mia)]
    real = [len(_leave_of(story, email)) for email in (ANA, MIA)]
    check(counts == real, f"shown {counts} rows where the people have {real}")
    team = _in_app(story, MIA, "team")
    birth_dates = [str(day) for (day,) in story.ground.rows("SELECT birth_date FROM hr.employee")]
    check(not [day for day in birth_dates if day in team.text], "a full birth date is shown")
    return f"Ana sees her {real[0]} requests, Mia her {real[1]}; birth dates show the year"


def export(story: Story) -> str:
    """Taking the team calendar away as a file is refused, with the reason and the remedy."""
    mia = _in_app(story, MIA, "team/export")
    reply = mia.fill("/pages/team/export", purpose="To plan the shifts in a spreadsheet of my own.")
    check(reply.status_code == FORBIDDEN, f"the export gave {reply.status_code}")
    check("personal" in mia.text, f"the refusal gives no reason: {mia.text[:300]}")
    return f"export_blocked: {_sentence(mia, 'personal')}"


def outsiders(story: Story) -> str:
    """Nobody comes in without a session, and the data door is shut for unsigned calls."""
    stranger = Visitor(story.endpoints.portal)
    reply = stranger.open(f"{story.app_path}/pages/team")
    check(reply.url.startswith(story.endpoints.oidc_issuer), "the app opens without a sign-in")
    door = stranger.post(f"{story.endpoints.connectors}/connectors/hr-db/queries/my_profile", {})
    check(door.status_code == FORBIDDEN, f"an unsigned call at the broker gave {door.status_code}")
    return "a stranger is sent to the sign-in; an unsigned call at the broker gets 403 from the gateway"


def _in_app(story: Story, email: str, page: str) -> Visitor:
    person = story.person(email)
    person.enter(f"{story.app_path}/pages/{page}", email)
    return person


def _sentence(visitor: Visitor, word: str) -> str:
    main = visitor.page.find("main") or visitor.page
    said = " ".join(main.get_text(" ").split())
    return next((part for part in said.split(". ") if word in part), "")[:200]


def _free_monday(story: Story) -> date:
    """A Monday on which Ana has no leave yet, so that the story can be told again."""
    taken = _leave_of(story, ANA)
    day = date.today() + timedelta(days=14)  # noqa: DTZ011 - a calendar day, like those in the form
    day -= timedelta(days=day.weekday())
    while any(start <= day + timedelta(days=4) and end >= day for start, end in taken):
        day += timedelta(days=7)
    return day


def _leave_of(story: Story, email: str) -> list[tuple[date, date]]:
    """First and last days of one person's requests; sick leave is not shown in this app."""
    sql = """SELECT r.starts_on, r.ends_on FROM hr.leave_request r
             JOIN hr.employee e USING (employee_id) WHERE e.email = %s AND r.leave_type <> 'sick'"""
    return [(first, last) for first, last in story.ground.rows(sql, email)]
