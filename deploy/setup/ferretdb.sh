#!/usr/bin/env bash
# Builds FerretDB's server into bin/servers: ferretdb.sh. Its command takes its version from a file that its makers write when they build it and that the
# module lacks, and stops without it; so it is built from a copy of the module in which the file is. The version is the module's own.
set -euo pipefail
cd "$(dirname "$0")/../local/servers/ferretdb"

readonly module=github.com/FerretDB/FerretDB
servers=$PWD/../../../../bin/servers
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

go mod download "$module"
cp -r "$(go list -m -f '{{.Dir}}' "$module")" "$work/source"
chmod -R u+w "$work/source"
go list -m -f '{{.Version}}' "$module" >"$work/source/build/version/version.txt"
cp go.mod go.sum "$work/"
go mod edit -replace "$module=$work/source" "$work/go.mod"
mkdir -p "$servers"
go build -trimpath -modfile="$work/go.mod" -tags ferretdb_no_postgresql -ldflags '-s -w' -o "$servers/ferretdb" "$module/cmd/ferretdb"
