package audit

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// The layout of C2SP tlog-tiles: tiles of 256 hashes at every eighth level of the tree, and bundles of 256 entries.
const (
	tileHeight     = 8
	tileWidth      = 1 << tileHeight
	checkpointPath = "checkpoint"
	// keyPath holds the verifier key for convenience. Who checks an export must have got the key another way.
	keyPath = "verifier.json"
)

// tilePath gives the path of a tile, or of a bundle of entries for level -1. Package tlog puts the height into its paths
// and calls the entries data.
func tilePath(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), "tile/8/")
	if tile.L < 0 {
		return "tile/entries/" + strings.TrimPrefix(rest, "data/")
	}
	return "tile/" + rest
}

func bundleOf(tile tlog.Tile) tlog.Tile {
	tile.L = -1
	return tile
}

// parseTilePath is the inverse of tilePath, and refuses every path that tilePath wouldn't have given.
func parseTilePath(path string) (tlog.Tile, error) {
	rest := strings.TrimPrefix(path, "tile/")
	if entries, ok := strings.CutPrefix(rest, "entries/"); ok {
		rest = "data/" + entries
	}
	tile, err := tlog.ParseTilePath("tile/8/" + rest)
	if err == nil && tilePath(tile) != path {
		err = fmt.Errorf("%s is no path of a tile", path)
	}
	return tile, err
}
