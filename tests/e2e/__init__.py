"""Tests of the deployed whole. A package, so that its platform ends with it and not with the session."""
