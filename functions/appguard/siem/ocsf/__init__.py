"""Entries of the ledger as events of the Open Cybersecurity Schema Framework."""

from appguard.siem.ocsf.event import ocsf_event

__all__ = ["ocsf_event"]
