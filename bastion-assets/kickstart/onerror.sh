# shellcheck shell=bash
# %onerror: the installer's own fatal errors. A section that died has reported already; then this says nothing. The
# installer restarts the machine by itself, 180 s later (anaconda exception.py): it shall come back to the bastion.
# shellcheck disable=SC2034 # the library reads LAB_LOG

# Not a group's redirection: bash would keep the old descriptor, and a streamer that starts here the installer's pipe.
exec >/dev/null 2>&1 </dev/null
_lab_delivery_init
LAB_LOG=$LAB_DIR/onerror.log
_lab_installer_failed '' 'The installer stopped with an error of its own.'
lab_network_next
_lab_flush "${LAB_FLUSH_SECONDS:-60}"
exit 0
