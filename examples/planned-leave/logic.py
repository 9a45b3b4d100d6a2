"""What a calendar alone cannot say: how many days a leave takes, and whether that many are left."""

from datetime import date, timedelta


def too_many_days(values, broker):
    """What is wrong with the days, by field; an empty answer means: nothing."""
    days = working_days(values["first_day"], values["last_day"], holidays(values, broker))
    if days == 0:
        return {"first_day": "There is no working day in this period"}
    left = days_left(values["first_day"].year, broker)
    if days > left:
        return {"last_day": f"This takes {days} working days, and {left:g} are left"}
    return {}


def annual_leave(values, broker):
    """What is sent; without a comment, the number of days says what the request is about."""
    days = working_days(values["first_day"], values["last_day"], holidays(values, broker))
    return {
        "leave_type": "annual",
        "starts_on": values["first_day"],
        "ends_on": values["last_day"],
        "reason": values["comment"] or f"{days} working days",
    }


def this_year(today):
    """The balance of the year we are in."""
    return {"year": today.year}


def days_left(year, broker):
    """Annual leave that is neither taken nor planned."""
    rows = broker.query("hr-db", "my_leave_balance", {"year": year})
    return sum(row["remaining_days"] for row in rows if row["leave_type"] == "annual")


def holidays(values, broker):
    """Company holidays of the years a leave falls into."""
    years = range(values["first_day"].year, values["last_day"].year + 1)
    return {
        row["day"]
        for year in list(years)[:2]
        for row in broker.query("office-directory", "company_holidays", {"year": year})
    }


def working_days(first: date, last: date, free: set[date]) -> int:
    """Days from Monday to Friday that are no holidays."""
    span = range(min((last - first).days + 1, 400))
    days = (first + timedelta(days=number) for number in span)
    return sum(day.weekday() < 5 and day not in free for day in days)
