"""The gates, and how long each may take."""

from collections.abc import Mapping

SECONDS: Mapping[str, float] = {
    "manifest": 5,
    "policy": 10,
    "secrets": 60,
    "code": 60,
    "tests": 55,
    "contracts": 55,
    "dependencies": 30,
}
