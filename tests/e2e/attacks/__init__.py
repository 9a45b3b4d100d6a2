"""Attacks on the connector API."""
