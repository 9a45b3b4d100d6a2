"""Measures a source for its profile: `appguard connectors profile`. Part of the command line, of no layer."""
