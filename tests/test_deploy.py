"""What deploy/ ships, as far as it can be tried without a booted systemd and without a container engine."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from shutil import which

import pytest

from sovwatch.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


@pytest.mark.skipif(which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/srv/sovwatch/venv/bin/sovwatch", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / unit.name for unit in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_all_services_are_hardened_alike() -> None:
    daemon, once, worker = (
        (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
        for name in ("sovwatch.service", "sovwatch-run.service", "sovwatch-worker.service")
    )

    def hardening(text: str) -> str:
        return text[text.index("NoNewPrivileges") :].partition("\n\n")[0].strip()

    assert hardening(daemon) == hardening(once) == hardening(worker)
    assert "SystemCallFilter=@system-service" in hardening(daemon)


def test_the_drain_ends_before_systemd_and_docker_lose_patience() -> None:
    drain = Settings().daemon.drain.total_seconds()

    for file in (DEPLOY / "systemd" / "sovwatch.service", DEPLOY / "compose.yaml"):
        found = re.search(r"(?:TimeoutStopSec=|stop_grace_period: )(\d+)", file.read_text(encoding="utf-8"))
        assert found is not None
        assert int(found[1]) > drain + 10


def test_the_dockerfile_copies_what_exists_and_runs_as_nobody_special() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [shlex.split(line)[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]

    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []
    assert {"sovwatch", "spiders", "alerts", "config"} <= {name for names in copied for name in names}
    assert "USER 10001" in lines


def test_every_variable_that_deploy_sets_is_one_that_the_program_reads() -> None:
    own = {"SLACK_BOT_TOKEN", "SOVWATCH_CONFIG", "SOVWATCH_SMTP_PASSWORD", "SOVWATCH_PING_URL"}
    for file in ("environment.example", "Dockerfile", "compose.yaml"):
        for name in re.findall(r"\b((?:SOVWATCH|SLACK)_[A-Z_]+)=", (DEPLOY / file).read_text(encoding="utf-8")):
            first = name.removeprefix(PREFIX).partition("__")[0].lower()
            assert name in own or first in Settings.model_fields, f"{file}: {name}"


def test_the_crontab_is_one_that_cron_reads() -> None:
    text = (DEPLOY / "crontab").read_text(encoding="utf-8")
    jobs = [line for line in text.splitlines() if re.match(r"[*\d]", line)]

    assert len(jobs) == 1
    assert jobs[0].split()[5] == "sovwatch", "the user, as in /etc/cron.d"
    assert "%" not in jobs[0], "cron would make a line end of it"
    assert all(os.path.isabs(word) for word in jobs[0].split() if word.count("/") > 1 and "*" not in word)  # noqa: PTH117


def test_the_dangerous_defaults_of_scrapy_are_off() -> None:
    """Read from Scrapy itself, so that a setting it renames fails here."""
    from scrapy.settings import default_settings

    from spiders.settings import scrapy_settings

    ours = scrapy_settings(Settings().crawl)

    for name, safe in (
        ("REMOTE_CONTROL_ENABLED", False),
        ("TELNETCONSOLE_ENABLED", False),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("ROBOTSTXT_OBEY", True),
    ):
        assert getattr(default_settings, name) is not safe
        assert ours[name] is safe
