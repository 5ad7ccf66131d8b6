#!/bin/sh
# Makes the virtual environment .venv, with Debian's packages that it needs. Python's packages come
# in the versions of tools/requirements.lock, with their hashes compared; make lock renews it.
#
# The sandbox runs under an unprivileged user. Where we are root, that is another user than we are.
# `plumb` shows it an interpreter below a home directory of mode 0700 by a mount namespace, and one
# below /tmp at another place of the box. Not every machine lets root mount, and the tests run as
# other users too. So the interpreter is chosen among those that such a user can run, and where this
# folder is closed, or lies below /tmp, the environment lies under /var/lib/plumbline with a link to
# it here.
set -eu
cd "$(dirname "$0")/.."

# --- Debian's packages -----------------------------------------------------------------------
if [ "$(uname -s)" != Linux ]; then
    echo "Grading needs Linux (bubblewrap). Students' packages run anywhere." >&2
fi
missing=""
command -v bwrap >/dev/null 2>&1 || missing="$missing bubblewrap"
[ -e /usr/bin/python3 ] && /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null ||
    missing="$missing python3-venv"
[ -e /usr/bin/python3 ] &&
    [ -e "$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" ] ||
    missing="$missing python3-dev"
command -v cc >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
# shellcheck disable=SC2086 # a list of words
[ -z "$missing" ] || tools/debian.sh $missing

# --- an interpreter that the sandbox's user can run ------------------------------------------
as_nobody() {
    if [ "$(id -u)" = 0 ]; then
        # By way of a shell: setpriv itself keeps root's capabilities until it has run something.
        setpriv --reuid=65534 --regid=65534 --clear-groups -- /bin/sh -c 'exec "$@"' sh "$@"
    else
        "$@"
    fi
}
usable='
import sys, sysconfig, os, ensurepip, venv
header = os.path.join(sysconfig.get_path("include"), "Python.h")
sys.exit(not (sys.version_info >= (3, 11) and os.path.exists(header)))'
python=""
for candidate in ${PYTHON:-python3 /usr/local/bin/python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11}; do
    # A shim of pyenv or the like is a script: the interpreter behind it is what counts.
    found=$("$candidate" -c 'import sys; print(sys.executable)' 2>/dev/null) || continue
    if (cd / && as_nobody "$found" -I -c "$usable") >/dev/null 2>&1; then
        python=$found
        break
    fi
done
if [ -z "$python" ]; then
    echo "No Python 3.11 or newer, with its headers, that the sandbox's user can run." >&2
    echo "An interpreter below a closed home directory does not count. Install Debian's:" >&2
    echo "    apt-get install python3 python3-venv python3-dev    (or say: make PYTHON=/path/to/python3)" >&2
    exit 1
fi

# --- the environment --------------------------------------------------------------------------
here=$PWD
place=$here/.venv
why=""
case "$here" in
    /tmp/*) why="This folder is for temporary files, and may be emptied" ;;
    *) (cd / && as_nobody test -r "$here/pyproject.toml") 2>/dev/null ||
        why="Other users cannot read this folder" ;;
esac
if [ -n "$why" ]; then
    above=/var/lib/plumbline
    [ "$(id -u)" = 0 ] || above=${XDG_DATA_HOME:-$HOME/.local/share}/plumbline
    place=$above/$(printf %s "$PWD" | sha256sum | cut -c1-12)
    echo "$why: the environment is made in $place"
    mkdir -p "$place"
    chmod 755 "$above" "$place"
    [ -L .venv ] || rm -rf .venv
    ln -sfn "$place" .venv
fi
umask 022
if ! (cd / && as_nobody "$place/bin/python" -I -c "$usable") >/dev/null 2>&1; then
    # Not there yet, or made by hand with an interpreter that the sandbox's user cannot run.
    find "$place" -mindepth 1 -delete 2>/dev/null || true
    echo "Making the environment with $python"
    "$python" -m venv "$place"
fi
echo "Installing Plumbline and its dependencies (a minute or two the first time)"
pip() { "$place/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
pip install --require-hashes --requirement tools/requirements.lock
# The lock holds what the project is built with too. Without an index, what pyproject.toml asks for
# and the lock does not hold is an error here, not a download: then it is time for make lock.
pip install --no-index --no-build-isolation --editable '.[pyx,test,lint]'
