#!/usr/bin/env python3
"""Installs packages by dnf's own library, in the order of Anaconda's DNF payload:

    payload.py --family fedora|el9|el10 --url URL --root FOLDER --logs FOLDER --error FILE [--repo NAME=URL]…
               [--install SPEC]… [--exclude SPEC]… [--requirement SPEC]… [--ignore-missing]

What is asked of the server, what is resolved, checked, unpacked and run, and the messages of all that are dnf 4's, librepo's
and rpm's own; the words around them are those of the family (Fedora's dnf 5 can't be had here: its wording is put on top).
A failure is text in FILE, and exit code 1 (the source could not be set up) or 2 (the installation failed).
"""

import argparse
import os
import shutil
import sys
import traceback

import dnf
import dnf.exceptions
import libdnf.repo
import rpm

import payload_log
import treeinfo
from payload_log import say
from payload_progress import Downloads, Transaction

AGENTS = {"fedora": "Fedora (anaconda)/43", "el9": "AlmaLinux (anaconda)/9.6", "el10": "AlmaLinux (anaconda)/10.1"}
SPOKES = "The following mandatory spokes are not completed:\nInstallation source\nSoftware selection"
MARKED = "The following software marked for installation has errors.\nThis is likely caused by an error with your installation source."


class SetupError(Exception):
    """No usable installation source."""

    task, name = "SetUpDNFSourcesTask", "pyanaconda.modules.common.errors.payload.SourceSetupError"


class InstallError(Exception):
    """The packages can't be installed."""

    task, name = "InstallPackagesTask", "pyanaconda.modules.common.errors.installation.PayloadInstallationError"


def find_repositories(options, log):
    """(base URL, [(name, URL)]), from .treeinfo where there is one."""
    url = options.url.rstrip("/")
    others, release = [], None
    try:
        text = treeinfo.download(url, AGENTS[options.family], log, float(os.environ.get("TIME_SCALE", "1")))
        base, others, release = treeinfo.read(text, url)
        if base is not None:
            url = base[1]
        log.debug("The treeinfo metadata is loaded.")
    except treeinfo.NoTreeInfo as error:
        log.debug("No treeinfo metadata to use: %s", error)
    except treeinfo.InvalidTreeInfo as error:
        if options.family == "el9":
            log.error("couldn't set releasever from base repo (URL): %s", error)
        else:
            log.warning("Couldn't use treeinfo metadata: %s", error)
    return url, [(name, where) for name, where, enabled in others if enabled], release


def create_base(options, release):
    rpm.addMacro("_dbpath", "/usr/lib/sysimage/rpm" if options.family != "el9" else "/var/lib/rpm")
    rpm.addMacro("__file_context_path", "%{nil}")
    base = dnf.Base()
    conf = base.conf
    conf.cachedir = os.path.join(options.cache, "dnf.cache")
    conf.logdir = options.logs
    conf.gpgcheck = False
    conf.skip_if_unavailable = False
    conf.reposdir = []
    conf.pluginpath = []
    conf.plugins = False
    # Debian's default is the folder of its own packages; the families install what is recommended unless told not to.
    conf.install_weak_deps = True
    conf.substitutions["releasever"] = release or "43"
    conf.installroot = options.root
    conf.prepend_installroot("persistdir")
    if options.family != "fedora":
        libdnf.repo.LibrepoLog.removeAllHandlers()
        libdnf.repo.LibrepoLog.addHandler(os.path.join(options.logs, "dnf.librepo.log"))
    return base


def add_repository(options, log, base, name, url):
    repo = dnf.repo.Repo(name, base.conf)
    repo.baseurl = [url]
    repo.timeout = min(repo.timeout, 30)
    base.repos.add(repo)
    log.info("Added the '%s' repository: %s", name, url)
    try:
        repo.load()
        log.info("Loaded metadata from '%s'.", [url])
    except dnf.exceptions.RepoError as error:
        if options.family != "fedora":
            log.debug("Failed to load metadata from '%s': %s", [url], error)
        repo.disable()
        raise SetupError(setup_message(options.family, log, name, url, str(error))) from None


def setup_message(family, log, name, url, details):
    if family == "fedora":
        details = details.removeprefix("Failed to download metadata for repo '%s': " % name)
        message = 'Failed to download metadata (baseurl: "%s") for repository "%s": Librepo error: %s' % (url, name, details)
        log.warning(message)
        return message
    if family == "el9":
        # The base repository is dropped without a word on the screen; what follows from that is the message.
        log.error("base repo (URL/%s) not valid -- removing it", url)
        log.error("reason for repo removal: %s", details)
        return SPOKES
    return "Failed to add the '%s' repository: %s" % (name, details)


def set_up(options, log):
    url, others, release = find_repositories(options, log)
    base = create_base(options, release)
    add_repository(options, log, base, "anaconda", url)
    for name, where in others:
        add_repository(options, log, base, name, where)
    for entry in options.repo:
        name, where = entry.split("=", 1)
        add_repository(options, log, base, name, where)
    say("Downloading group metadata...")
    base.fill_sack(load_system_repo=False, load_available_repos=True)
    base.read_comps(arch_filter=True)
    log.info("Loaded packages and group metadata.")
    # Once more, for the hash that tells whether a repository changed.
    for repo in base.repos.iter_enabled():
        try:
            with base.urlopen("%s/repodata/repomd.xml" % repo.baseurl[0], repo=repo, mode="w+t") as file:
                file.read()
        except OSError as error:
            log.debug("Can't download repomd.xml from: %s", error)
    return base


def select(options, log, base):
    include = list(options.install) + list(options.requirement)
    kernels = [name for name in ("kernel",) if base.sack.query().available().filter(name=name)]
    if kernels:
        include.append(kernels[0])
    else:
        log.error("Failed to select a kernel from: %s", ["kernel"])
    log.info("Including specs: %s", include)
    log.info("Excluding specs: %s", options.exclude)
    try:
        base.install_specs(install=include, exclude=options.exclude, strict=True)
    except dnf.exceptions.MarkingErrors as error:
        log.error("Failed to apply specs!\n%s", error)
        missing_only = not error.error_group_specs and not error.error_pkg_specs and not error.module_depsolv_errors
        if not (missing_only and options.ignore_missing):
            raise InstallError(marking_message(options.family, error, missing_only)) from None
        log.info("Ignoring missing packages, groups or modules.")
    log.debug("Resolving the software selection.")
    try:
        base.resolve()
    except dnf.exceptions.DepsolveError as error:
        log.error("The software couldn't be resolved!\n%s", error)
        raise InstallError(MARKED + "\n\n" + str(error).strip()) from None
    log.info("The software selection has been resolved (%d packages selected).", len(base.transaction))


def marking_message(family, error, missing_only):
    if family == "fedora":
        # libdnf5/base/log_event.cpp: one line for each name.
        lines = ["No match for argument: %s" % spec for spec in (*error.no_match_pkg_specs, *error.no_match_group_specs)]
        return "\n\n".join(lines) if missing_only and lines else MARKED + "\n\n" + str(error).strip()
    state = "missing" if missing_only else "broken"
    return "Some packages, groups or modules are %s.\n\n%s" % (state, str(error).strip())


def install(options, log, dnf5, base):
    location = os.path.join(options.root, "dnf.package.cache")
    for repo in base.repos.iter_enabled():
        repo.pkgdir = location
    log.info("Downloading packages to %s.", location)
    say("Downloading packages")
    downloads = Downloads(log)
    try:
        base.download_packages(base.transaction.install_set, downloads)
    except dnf.exceptions.DownloadError as error:
        raise InstallError("Failed to download the following packages: %s" % error) from None
    done, total = sum(downloads.done.values()) / 2**20, downloads.total / 2**20
    say("Downloading %d RPMs, %.2f MiB / %.2f MiB (100%%) done." % (downloads.files, done, total))
    say("Preparing transaction from installation source")
    log.debug("Starting the transaction process...")
    log.debug("Running the transaction...")
    display = Transaction(options.family, log, dnf5)
    try:
        base.do_transaction(display)
        if display.first_error is None and any(item.state == libdnf.transaction.TransactionItemState_ERROR for item in base.transaction):
            display.error("The transaction process has ended with errors.")
    except BaseException as error:  # whatever it is: Anaconda's subprocess catches everything
        display.error("The transaction process has ended abruptly: %s\n%s" % (error, traceback.format_exc()))
    log.debug("The transaction has ended.")
    if display.first_error is not None:
        prefix = "DNF error: " if options.family == "el9" else "An error occurred during the transaction: "
        raise InstallError(prefix + display.first_error)
    log.debug("Done - True" if options.family == "fedora" else "DNF quit")
    log.info("Removing downloaded packages from %s.", location)
    shutil.rmtree(location, ignore_errors=True)


def parse(arguments):
    parser = argparse.ArgumentParser(description="dnf, as Anaconda uses it")
    for name in ("family", "url", "root", "logs", "error", "cache"):
        parser.add_argument("--" + name, required=True, choices=tuple(AGENTS) if name == "family" else None)
    for name in ("repo", "install", "exclude", "requirement"):
        parser.add_argument("--" + name, action="append", default=[])
    parser.add_argument("--ignore-missing", action="store_true")
    return parser.parse_args(arguments)


def main():
    options = parse(sys.argv[1:])
    log, dnf5 = payload_log.set_up(options.family, options.logs)
    try:
        base = set_up(options, log)
        select(options, log, base)
        install(options, log, dnf5, base)
        base.close()
    except (SetupError, InstallError) as error:
        payload_log.task_failed(options.family, error)
        with open(options.error, "w", encoding="utf-8", errors="replace") as file:
            file.write(str(error))
        sys.exit(1 if isinstance(error, SetupError) else 2)


if __name__ == "__main__":
    main()
