"""What the families' payload code writes, where, and in which format (docs/boot-facts.md, "Packages")."""

import logging
import logging.handlers
import os
import sys
import time

MANAGER = "anaconda.modules.payloads.payload.dnf.dnf_manager"


def with_milliseconds(log_format):
    return logging.Formatter(log_format, "%H:%M:%S")


class Dnf5Formatter(logging.Formatter):
    """libdnf5's file logger: `2026-01-01T07:51:02+0000 [1870] INFO text`."""

    def format(self, record):
        now = time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(record.created))
        return "%s [%d] %s %s" % (now, os.getpid(), record.levelname, record.getMessage())


def set_up(family, folder):
    """Answers the payload's logger and, for Fedora, the one of dnf.log (None elsewhere)."""
    handler = logging.FileHandler(os.path.join(folder, "packaging.log"))
    payload = logging.getLogger("packaging" if family == "el9" else MANAGER)
    if family == "el9":
        # The main process: a time, and the dnf library's own lines beside.
        handler.setFormatter(with_milliseconds("%(asctime)s,%(msecs)03d %(short)s %(name)s: %(message)s"))
        handler.addFilter(short_level)
    else:
        # A module: no time in the file; with a time, and as a warning, in syslog.
        handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))
    payload.addHandler(handler)
    payload.setLevel(logging.DEBUG)
    dnf = logging.getLogger("dnf")
    dnf.propagate = False
    dnf.setLevel(logging.DEBUG)
    if family != "fedora":
        dnf.addHandler(handler)
    dnf5 = None
    if family == "fedora":
        to_file = logging.FileHandler(os.path.join(folder, "dnf.log"))
        to_file.setFormatter(Dnf5Formatter())
        dnf5 = logging.getLogger("dnf5")
        dnf5.setLevel(logging.DEBUG)
        dnf5.addHandler(to_file)
        downloads = logging.FileHandler(os.path.join(folder, "dnf.log"))
        downloads.setFormatter(Dnf5Formatter())
        downloads.addFilter(of_dnf5)
        dnf.addHandler(downloads)
    if family != "el9" and os.path.exists("/dev/log"):
        syslog = logging.handlers.SysLogHandler("/dev/log", facility="daemon")
        syslog.append_nul = False
        syslog.setFormatter(logging.Formatter("org.fedoraproject.Anaconda.Modules.Payloads: %(levelname)s:%(name)s:%(message)s"))
        syslog.mapPriority = lambda _: "warning"
        payload.addHandler(syslog)
    return payload, dnf5


def task_failed(family, error):
    """A module's task that raises: its thread's traceback, in the module's log and in syslog, a line each."""
    if family == "el9":
        return
    logger = logging.getLogger("anaconda.modules.common.task.task")
    logger.setLevel(logging.DEBUG)
    for handler in logging.getLogger(MANAGER).handlers:
        logger.addHandler(handler)
    where = '  File "/usr/lib64/python3.12/site-packages/pyanaconda/modules/common/task/task.py", line 94, in _thread_run_callback\n    self._task_run_callback()'
    logger.error("Thread AnaTaskThread-%s-1 (140300000000000) has failed: Traceback (most recent call last):\n%s\n%s: %s", error.task, where, error.name, error)


def of_dnf5(record):
    """What dnf 4 alone writes isn't in Fedora's dnf.log: there dnf 5 tells of scriptlets in its own words."""
    return record.name != "dnf.rpm" and record.levelno >= logging.INFO


def short_level(record):
    record.short = {"WARNING": "WRN", "ERROR": "ERR", "DEBUG": "DBG", "CRITICAL": "CRT"}.get(record.levelname, "INF")
    return True


def say(text):
    """Progress, for the installer to show on the console."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
