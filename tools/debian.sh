#!/bin/sh
# Installs Debian packages where it may, by root or sudo; else prints the one line to run and fails.
set -eu
command -v apt-get >/dev/null 2>&1 || exit 0
root=""
if [ "$(id -u)" != 0 ]; then
    root="sudo -n"
    if ! sudo -n true 2>/dev/null; then
        echo "Some of Debian's packages are missing. Please run:" >&2
        echo "    sudo apt-get install --yes $*" >&2
        exit 1
    fi
fi
echo "Installing Debian's packages: $*"
$root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $root apt-get install --yes -qq --no-install-recommends "$@" >/dev/null
