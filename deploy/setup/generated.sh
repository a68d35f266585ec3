#!/usr/bin/env bash
# generated.sh generate|check: runs sqlc for every sqlc.yaml of the tree, or tells whether its output is up to date.
set -euo pipefail
cd "$(dirname "$0")/../.."

case ${1-} in
generate) verb=generate ;;
check) verb='diff' ;;
*)
	echo "usage: generated.sh generate|check" >&2
	exit 2
	;;
esac
mapfile -t configs < <(git ls-files --cached --others --exclude-standard -- 'sqlc.yaml' '**/sqlc.yaml')
for config in "${configs[@]}"; do
	if ! bin/tools/sqlc "$verb" --file "$config"; then
		echo "generated code of $config is not up to date or its queries are wrong: run make generate" >&2
		exit 1
	fi
done
