#!/usr/bin/env bash
# Installs Chromium and its driver for the browser tests if they are not on the PATH.
# Exits with 0 if both are available, otherwise with 1 and a sentence that says what is missing.
set -uo pipefail

PACKAGES="chromium chromium-driver" # Debian's; Ubuntu's install a snap, whose driver is chromium.chromedriver
BY_HAND="install Chromium and its driver so that \`chromium\` (or \`google-chrome\`) and \`chromedriver\` are on the PATH"

found() {
	for name in "$@"; do
		command -v "$name" >/dev/null && return 0
	done
	return 1
}

is_there() {
	found chromium chromium-browser google-chrome && found chromedriver
}

give_up() {
	echo "No browser for the tests: $1." >&2
	exit 1
}

is_there && exit 0
found apt-get || give_up "this machine has no apt-get; $BY_HAND"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	found sudo || give_up "apt-get needs root and there is no sudo; type \`apt-get install $PACKAGES\` as root"
	as_root=(sudo)
	[ -t 0 ] || as_root=(sudo -n) # if nobody can type a password, do not wait for one
fi
echo "No browser on the PATH: installing $PACKAGES with apt-get."
install=(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get)
"${install[@]}" update -qq || give_up "\`apt-get update\` failed, perhaps for lack of a network or permission; $BY_HAND"
# shellcheck disable=SC2086  # two names
"${install[@]}" install -y -qq --no-install-recommends $PACKAGES >/dev/null ||
	give_up "\`apt-get install $PACKAGES\` failed; $BY_HAND"
is_there || give_up "apt-get installed $PACKAGES, but they are not on the PATH; $BY_HAND"
