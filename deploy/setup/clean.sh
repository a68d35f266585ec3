#!/usr/bin/env bash
# Deletes what was built and the state of the local stacks.
set -euo pipefail
cd "$(dirname "$0")/../.."

# When the database's account could not get into the state folder, its data is elsewhere and a link leads there.
for link in .docket/postgres .docket/*/postgres; do
	if [[ -L $link ]]; then
		rm -rf -- "$(readlink -- "$link")"
	fi
done
rm -rf -- .docket bin
