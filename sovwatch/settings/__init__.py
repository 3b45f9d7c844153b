"""The configuration: TOML files and the environment, made once into one frozen typed object and passed down.

`sovwatch.toml` says how (schedule, channels, database, limits); `topics.toml` beside it says what to look for;
`sources.toml` where; `seeds/` what is known already. Every key may be overridden by the environment
(`SOVWATCH_DATABASE`, `SOVWATCH_SLACK__BASE_URL`, …). Secrets come from the environment, or from the file that a
`…_file` key names, and never from TOML itself. Nothing else in the program reads the environment.

An unknown key is an error that names the nearest known one; a wrong value is an error that names file, key and cure.
"""

from sovwatch.settings.complaints import nearest
from sovwatch.settings.loading import CONFIG_VARIABLE, DEFAULT_CONFIG, load
from sovwatch.settings.secret import read_secret
from sovwatch.settings.tables import (
    WEEK,
    ChannelSettings,
    CrawlSettings,
    DaemonSettings,
    LogSettings,
    MailSettings,
    RetentionSettings,
    SlackSettings,
    SourceSettings,
    Weekday,
    WorkerSettings,
)
from sovwatch.settings.topics import LISTS, SharedSettings, TopicSettings, Weights
from sovwatch.settings.whole import PREFIX, Settings

__all__ = [
    "CONFIG_VARIABLE",
    "DEFAULT_CONFIG",
    "LISTS",
    "PREFIX",
    "WEEK",
    "ChannelSettings",
    "CrawlSettings",
    "DaemonSettings",
    "LogSettings",
    "MailSettings",
    "RetentionSettings",
    "Settings",
    "SharedSettings",
    "SlackSettings",
    "SourceSettings",
    "TopicSettings",
    "Weekday",
    "Weights",
    "WorkerSettings",
    "load",
    "nearest",
    "read_secret",
]
