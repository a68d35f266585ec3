#!/usr/bin/env bash
# fuzz.sh [package pattern]: runs every fuzz target of the packages, one after the other, each for FUZZTIME (10m), and prints
# a line per target. It stops at the first finding and names the file that keeps it. A new target needs no entry anywhere.
set -euo pipefail
cd "$(dirname "$0")/../.."

pattern=${1:-./...}
length=${FUZZTIME:-10m}
workers=${FUZZPARALLEL:-2}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# withFuzz lists the packages whose tests speak of fuzzing, so that the others need not be built.
withFuzz() {
	local dir package
	go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}} {{.ImportPath}}{{end}}' "$pattern" |
		while read -r dir package; do
			if grep -q '^func Fuzz' "$dir"/*_test.go; then echo "$package"; fi
		done
}

# targets lists "package target", by what the test binaries say themselves.
targets() {
	local package names name
	for package in $(withFuzz); do
		names=$(go test -list '^Fuzz' "$package") || { echo "$names" >&2; return 1; }
		for name in $names; do
			if [[ $name == Fuzz* ]]; then echo "$package $name"; fi
		done
	done
}

# timeIsUp tells a run whose time ended while an input was under way from a finding: go test fails for both.
timeIsUp() {
	grep -q '^ *context deadline exceeded$' "$log" && ! grep -q 'Failing input' "$log"
}

# fuzz runs one target. Interesting inputs that cost long to shorten are kept as they are.
fuzz() {
	local package=$1 name=$2 short=${1#*/docket/} runs
	if nice go test -run '^$' -fuzz "^$name\$" -fuzztime "$length" -fuzzminimizetime 300x -parallel "$workers" -timeout 0 "$package" >"$log" 2>&1 ||
		timeIsUp; then
		runs=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$log" | tail -1)
		printf 'clean    %-24s %-22s %s executions\n' "$short" "$name" "${runs:-few}"
		return
	fi
	printf 'FINDING  %-24s %s\n' "$short" "$name"
	grep -v '^fuzz: elapsed' "$log"
	echo "Keep the file under testdata/fuzz that is named above, mend the code until go test passes with it, and commit both."
	return 1
}

list=$(targets)
if [[ -z $list ]]; then
	echo "there is no fuzz target in $pattern" >&2
	exit 1
fi
while read -r package name; do
	fuzz "$package" "$name"
done <<<"$list"
