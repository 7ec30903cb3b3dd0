#!/bin/sh
# Installs or finds what is missing. Usage: deploy/install.sh build|run|test
#
#   build   Go
#   run     Go, Postgres
#   test    Go, Postgres, Chromium with a font, a C compiler for the race detector
#
# It asks nothing. As root, or with a sudo that needs no password, it installs
# from the system's packages; otherwise it prints the one line to type.
set -eu

# The first Go that fetches the version that go.mod names by itself.
oldest_go=21

say() { printf '%s\n' "$*" >&2; }

check_go() {
	go=${GO:-go}
	if ! command -v "$go" >/dev/null 2>&1; then
		say "Go is missing: install it from the Go website, and put its bin folder on the PATH."
		exit 1
	fi
	minor=$("$go" env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
	if [ -n "$minor" ] && [ "$minor" -lt "$oldest_go" ]; then
		say "Go 1.$minor is too old to fetch the version that go.mod names: install a later one from the Go website."
		exit 1
	fi
}

# has_postgres looks where store/cluster looks.
has_postgres() {
	for dir in "${PG_BIN:-}" /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null)"; do
		if [ -n "$dir" ] && [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then return 0; fi
	done
	command -v postgres >/dev/null 2>&1 && command -v initdb >/dev/null 2>&1
}

has_font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' 2>/dev/null | head -n 1)" ]; }

# has_c compiles, since a compiler without the C library's headers is no use.
has_c() { echo '#include <stdlib.h>' | "${CC:-gcc}" -x c -c -o /dev/null - 2>/dev/null; }

packages=
names=
need() { # need PACKAGES NAME
	packages="$packages $1"
	names="${names:+$names, }$2"
}

look_for() {
	case $1 in
	build) ;;
	run)
		has_postgres || need postgresql Postgres
		;;
	test)
		has_postgres || need postgresql Postgres
		command -v chromium >/dev/null 2>&1 || need chromium Chromium
		has_font || need fonts-dejavu-core "a font"
		[ -z "${RACE--race}" ] || has_c || need "gcc libc6-dev" "a C compiler"
		;;
	*)
		say "Usage: deploy/install.sh build|run|test"
		exit 2
		;;
	esac
}

# install_as puts the packages in, by "$@" COMMAND, which makes COMMAND root's.
install_as() {
	say "Installing $names from the system's packages."
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	trap 'exit 130' INT TERM
	# Debian would set up and start a Postgres server of its own with the
	# package. Only the programs are wanted, so it is told not to, this once.
	if ! "$@" sh -c '
		conf=/etc/postgresql-common/createcluster.d
		if [ ! -e "$conf/hearthline.conf" ]; then
			trap "rm -f $conf/hearthline.conf" EXIT
			mkdir -p "$conf"
			echo "create_main_cluster = false" >"$conf/hearthline.conf"
		fi
		export DEBIAN_FRONTEND=noninteractive
		apt-get update
		apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
	' sh $packages </dev/null >"$log" 2>&1; then
		cat "$log" >&2
		say "The packages could not be installed:$packages. What apt-get said is above."
		exit 1
	fi
}

# tell prints the line for whoever may install.
tell() {
	line="apt-get update && apt-get install -y --no-install-recommends$packages"
	if command -v sudo >/dev/null 2>&1; then as_root="sudo sh -c"; else as_root="su -c"; fi
	say "Missing: $names. Type this line, and then the same command again:"
	say "  $as_root '$line'"
	exit 1
}

check_go
look_for "${1:-}"
[ -n "$packages" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
	say "Missing: $names. Install them with this system's package manager (in Debian's names:$packages)."
	exit 1
fi
if [ "$(id -u)" = 0 ]; then
	install_as env
elif sudo -n true 2>/dev/null; then
	install_as sudo -n
else
	tell
fi
packages= names=
look_for "$1"
if [ -n "$packages" ]; then
	say "$names cannot be found although it is installed (in Debian's names:$packages)."
	exit 1
fi
