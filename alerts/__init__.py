"""Telling people: the only room that knows Slack, mail and HTML."""
