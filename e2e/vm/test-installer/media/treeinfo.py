"""The .treeinfo of an install tree, asked for and read as Anaconda does (pyanaconda/modules/payloads/payload/dnf/tree_info.py)."""

import configparser
import os
import time
import urllib.error
import urllib.parse
import urllib.request

NAMES = (".treeinfo", "treeinfo")
RETRIES = 6
TIMEOUT_SECONDS = 46  # pyanaconda/core/constants.py NETWORK_CONNECTION_TIMEOUT
# pyanaconda/core/constants.py DEFAULT_REPOS, after the product's own name.
BASE_VARIANTS = ("fedora-modular-server", "rawhide", "BaseOS", "baseos", "eln-baseos")
# data/anaconda.conf enabled_repositories_from_treeinfo
ENABLED_TYPES = ("addon", "optional", "variant")


class NoTreeInfo(Exception):
    """There is none: the address itself is the repository."""


class InvalidTreeInfo(Exception):
    """It isn't one; only a warning, the address itself is the repository."""


def download(url, agent, log, time_scale):
    """Both names in turn, six times with growing pauses; two 404 end it at once."""
    not_found = set()
    for attempt in range(RETRIES):
        if attempt > 0:
            log.info("Retrying download (%d/%d)", attempt, RETRIES - 1)
            time.sleep(0.25 * 2**attempt / time_scale)
        for name in NAMES:
            try:
                request = urllib.request.Request("%s/%s" % (url, name), headers={"User-Agent": agent})
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                    return response.read().decode("utf-8", "replace")
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    not_found.add(name)
                log.debug("Failed to download '%s': %d Client Error: %s for url: %s/%s", name, error.code, error.reason, url, name)
            except OSError as error:
                log.debug("Failed to download '%s': %s", name, as_requests_says(url, name, error))
        if not_found == set(NAMES):
            raise NoTreeInfo("No treeinfo metadata found (404).")
    raise NoTreeInfo("Couldn't download treeinfo metadata.")


def as_requests_says(url, name, error):
    """Anaconda asks by python-requests, whose words for the same error these are (urllib3/exceptions.py)."""
    parts = urllib.parse.urlsplit("%s/%s" % (url, name))
    caused = "NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f5c1c0d2f90>: Failed to establish a new connection: %s')"
    where = "HTTPConnectionPool(host='%s', port=%d): Max retries exceeded with url: %s (Caused by %s)"
    return where % (parts.hostname, parts.port or 80, parts.path, caused % getattr(error, "reason", error))


def read(text, root):
    """[(name, URL, enabled)], the base repository first when there is one, and the release's version."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
        version = parser.get("release", "version").lower()
        variants = [name for name in parser.get("tree", "variants").split(",") if name]
        found = []
        for name in variants:
            section = "variant-" + name
            path = parser.get(section, "repository")
            found.append((name, join(root, path), parser.get(section, "type") in ENABLED_TYPES, path == "."))
    except configparser.Error as error:
        raise InvalidTreeInfo("Invalid metadata: %s" % error) from None
    base = next((entry for entry in found if entry[0] in BASE_VARIANTS), None) or next((entry for entry in found if entry[3]), None)
    others = [entry[:3] for entry in found if entry is not base]
    return (base[:3] if base else None), others, version


def join(root, path):
    if path == ".":
        return root
    protocol, rest = root.split("://", 1)
    return protocol + "://" + os.path.normpath(rest.rstrip("/") + "/" + path)
