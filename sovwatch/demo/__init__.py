"""The demo: a newsroom and a Slack on loopback, six days of invented coverage, and a report against the truth."""

from sovwatch.demo.configuration import demo_config

__all__ = ["demo_config"]
