#!/bin/sh
# Debian and Ubuntu keep the venv module in a package of its own. Usage: install-venv.sh PYTHON FOLDER
set -u
rm -rf "$2"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null && exec "$1" -m venv "$2"
fi
echo "Python's venv module is missing. Install it with: sudo apt-get install python3-venv" >&2
exit 1
