#!/bin/sh
# Runs tests on the driver node:sqlite: those of packages/sqlite, or those that the arguments name (they go to Jest).
# With this Node.js where it has what the driver needs, else with Node.js 24 from the registry of npm.
set -eu
cd "$(dirname "$0")/.."

works='const [major, minor] = process.versions.node.split(".").map(Number);
	process.exit(major > 23 || (major === 23 && minor >= 10) || (major === 22 && minor >= 15) ? 0 : 1)'
node=$(node -p process.execPath)
if ! "$node" -e "$works"; then
	node=$(npm exec --yes --package=node@24 -- node -p process.execPath)
fi
echo "node:sqlite in Node.js $("$node" --version)"

SQLITE_TEST_DRIVER=node:sqlite
NODE_OPTIONS="--experimental-vm-modules --disable-warning=ExperimentalWarning"
export SQLITE_TEST_DRIVER NODE_OPTIONS
[ $# -gt 0 ] || set -- packages/sqlite
exec "$node" node_modules/jest/bin/jest.js "$@"
