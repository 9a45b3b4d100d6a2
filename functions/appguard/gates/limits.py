"""The gates, and how long each may take."""

from collections.abc import Mapping

SECONDS: Mapping[str, float] = {
    "manifest": 5,
    "policy": 10,
    "secrets": 90,
    "code": 60,
    "tests": 55,
    "contracts": 55,
    "dependencies": 30,
    "data": 30,
}
WAITING = frozenset({"secrets", "tests", "contracts", "code"})
"""Those that mostly wait for other processes: they begin first, the others compute meanwhile."""
