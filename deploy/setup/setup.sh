#!/usr/bin/env bash
# Installs what is missing on a Debian-like machine: setup.sh [postgresql] [mariadb] [node] [shellcheck] [chromium].
# Does nothing, quickly, when everything is there.
set -euo pipefail

readonly oldest_go=1.26
readonly oldest_node=18.20 # what Debian 12 has; the console is built with it

have() { command -v "$1" >/dev/null 2>&1; }

have_postgresql() {
	local initdb
	for initdb in /usr/lib/postgresql/*/bin/initdb "$(command -v initdb || true)"; do
		[[ -x $initdb ]] && return 0
	done
	return 1
}

# The server and what makes its first tables; Debian keeps the server in a folder that is not on everybody's PATH. The packages start
# nothing by themselves.
have_mariadb() {
	local PATH=$PATH:/usr/sbin
	have mariadbd && have mariadb-install-db && have my_print_defaults
}

# missing NAME prints the packages that NAME lacks.
missing() {
	case $1 in
	postgresql) have_postgresql || echo postgresql ;;
	mariadb) have_mariadb || echo mariadb-server-core mariadb-client-core ;;
	node) { have node && have npm; } || echo nodejs npm ;;
	shellcheck) have shellcheck || echo shellcheck ;;
	chromium) have chromium || echo chromium ;;
	*)
		echo "setup: unknown need '$1': use postgresql, mariadb, node, shellcheck or chromium" >&2
		exit 2
		;;
	esac
}

check_go() {
	if ! have go; then
		echo "setup: Go is not installed: install Go $oldest_go or later from https://go.dev/dl/ and put it on PATH" >&2
		exit 1
	fi
	local version
	version=$(go env GOVERSION)
	version=${version#go}
	if [[ $(printf '%s\n' "$oldest_go" "$version" | sort -V | head -n 1) != "$oldest_go" ]]; then
		echo "setup: Go $version is too old: install Go $oldest_go or later from https://go.dev/dl/" >&2
		exit 1
	fi
}

# An older Node can only be one that somebody put there: Debian's own is new enough.
check_node() {
	local version
	version=$(node --version)
	version=${version#v}
	if [[ $(printf '%s\n' "$oldest_node" "$version" | sort -V | head -n 1) != "$oldest_node" ]]; then
		echo "setup: Node $version is too old for the console: install Node $oldest_node or later" >&2
		exit 1
	fi
}

as_root() {
	if [[ $(id -u) -eq 0 ]]; then
		"$@"
	elif have sudo; then
		sudo "$@"
	else
		echo "setup: needs root to install packages and there is no sudo: run as root: $*" >&2
		exit 1
	fi
}

# Debian's package makes and starts a cluster of its own on port 5432; the stack makes its own, so that one is not wanted.
no_main_cluster() {
	local file=/etc/postgresql-common/createcluster.conf
	[[ -e $file ]] && return 0
	as_root mkdir -p "$(dirname "$file")"
	echo 'create_main_cluster = false' | as_root tee "$file" >/dev/null
}

install() {
	if ! have apt-get; then
		echo "setup: no apt-get here: install these by hand: $*" >&2
		exit 1
	fi
	[[ " $* " == *" postgresql "* ]] && no_main_cluster
	echo "setup: installing $*"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold "$@"
}

check_go
packages=()
for need in "$@"; do
	read -r -a found <<<"$(missing "$need")"
	packages+=("${found[@]}")
done
if [[ ${#packages[@]} -gt 0 ]]; then
	install "${packages[@]}" </dev/null
fi
if [[ " $* " == *" node "* ]]; then
	check_node
fi
