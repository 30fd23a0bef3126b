"""How downloads and the transaction are told: dnf's events, in the words of the family's payload."""

import dnf.callback
import dnf.transaction

from payload_log import say


class Downloads(dnf.callback.DownloadProgress):
    """Bytes on the console, failures in the log."""

    def __init__(self, log):
        self.log, self.files, self.total, self.done = log, 0, 0, {}

    def start(self, total_files, total_size, total_drpms=0):
        self.files, self.total = total_files, total_size

    def progress(self, payload, done):
        self.done[str(payload)] = done

    def end(self, payload, status, err_msg):
        if status is dnf.callback.STATUS_OK:
            self.done[str(payload)] = payload.download_size
            return
        self.log.warning("Failed to download '%s': %d - %s", payload, status, err_msg)


class Transaction(dnf.callback.TransactionProgress):
    """The transaction's events, told as the family tells them; the first error is the one that ends the install."""

    def __init__(self, family, log, dnf5):
        super().__init__()
        self.family, self.log, self.dnf5 = family, log, dnf5
        self.first_error, self.last, self.count, self.post = None, None, 0, False

    def progress(self, package, action, ti_done, ti_total, ts_done, ts_total):
        if action == dnf.transaction.PKG_INSTALL and ti_done == 0:
            if self.last == ts_done:
                return
            self.last = ts_done
            self.count += 1
            nevra = "%s-%s.%s" % (package.name, package.evr, package.arch)
            if self.family == "fedora":
                if self.count == 1:
                    self.log.debug("Starting the installation. Total packages: %d", ts_total)
                self.log.debug("Installing - %s", nevra)
                self.dnf5.info('RPM callback start install package "%s"', nevra)
            else:
                self.log.info("Installed: %s %s %s", nevra, package.buildtime, package.returnIdSum()[1])
            say("Installing %s.%s (%d/%d)" % (package.name, package.arch, ts_done, ts_total))
        elif action == dnf.transaction.TRANS_POST:
            self.post = True
            if self.family != "fedora":
                self.log.info("Post installation setup phase started.")
            say("Performing post-installation setup tasks")
        elif action == dnf.transaction.PKG_SCRIPTLET:
            nevra = "%s-%s.%s" % (package.name, package.evr, package.arch)
            if self.family == "fedora":
                self.log.debug("Configuring - %s, %s", nevra, nevra)
            else:
                self.log.info("Configuring (running scriptlet for): %s %s %s", nevra, package.buildtime, package.returnIdSum()[1])
            if self.post or self.family == "fedora":
                say("Configuring %s.%s" % (package.name, package.arch))

    def error(self, message):
        # dnf 5 takes a %post that fails for a warning (libdnf5/rpm/transaction.cpp), dnf 4 takes it for the end.
        if self.family == "fedora" and message.startswith("Error in POST"):
            self.dnf5.warning("RPM callback non-critical error in post-install scriptlet: %s", message)
            return
        if self.first_error is None:
            self.first_error = message
        self.log.error(message)

    def scriptout(self, msgs):
        # dnf 4's own display has written it already; dnf 5 writes it line by line (libdnf5/rpm/transaction.cpp).
        text = msgs.decode("utf-8", "replace") if isinstance(msgs, bytes) else msgs or ""
        for line in text.splitlines() if self.family == "fedora" else ():
            self.dnf5.info("[rpm] %s", line)
