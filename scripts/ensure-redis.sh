#!/bin/sh
# Sees to it that the programs which the tests of Redis start are there: redis-server and redis-cli (6 or later), and openssl for TLS.
# Where apt-get can be used, as on Debian as root, it installs what is missing; elsewhere it says so and fails.
set -eu

missing=''
command -v redis-server > /dev/null && command -v redis-cli > /dev/null || missing='redis-server'
command -v openssl > /dev/null || missing="$missing openssl"
if [ -z "$missing" ]; then
	exit 0
fi

if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
	echo "Installing for the tests: $missing" >&2
	apt-get update -qq
	# The names must be words of their own.
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null
	exit 0
fi

echo "The tests of Redis need what is not on the PATH: $missing" >&2
echo 'Install redis-server (version 6 or later, with redis-cli; Valkey under these names will do) and openssl, then run them again.' >&2
exit 1
