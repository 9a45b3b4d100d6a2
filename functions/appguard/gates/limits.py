"""The gates, and how long each may take."""

from collections.abc import Mapping

SECONDS: Mapping[str, float] = {
    "manifest": 5,
    "policy": 10,
    "secrets": 90,
    "tests": 55,
    "contracts": 55,
    "data": 30,
}
