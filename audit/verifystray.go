package audit

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"
)

// checkStray refuses files that a log of this size doesn't have, such as entries beyond the checkpoint. A partial tile or
// bundle of an earlier size may remain beside the present one, if it is a beginning of it.
func checkStray(fsys fs.FS, size int64) error {
	err := fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path == checkpointPath || path == keyPath {
			return err
		}
		tile, err := parseTilePath(path)
		if err != nil {
			return fmt.Errorf("%s does not belong to the log: %w", path, ErrLog)
		}
		return checkTileFile(fsys, path, tile, size)
	})
	if err == nil || errors.Is(err, ErrLog) {
		return err
	}
	return fmt.Errorf("listing the export (%s): %w", err.Error(), ErrLog)
}

// beginning is what the partial tile or bundle of an earlier size held of the present one, which was checked before.
func beginning(now []byte, tile tlog.Tile) []byte {
	if tile.L >= 0 {
		return now[:tile.W*tlog.HashSize]
	}
	end := 0
	for range tile.W {
		end += 2 + int(binary.BigEndian.Uint16(now[end:]))
	}
	return now[:end]
}

func checkTileFile(fsys fs.FS, path string, tile tlog.Tile, size int64) error {
	leaves := size >> (tileHeight * max(tile.L, 0))
	// Divided, not multiplied: the number comes from a file's name, and a made-up one times 256 can come round to a real one.
	if tile.N > leaves/tileWidth {
		return fmt.Errorf("%s holds entries beyond the %d that were signed: %w", path, size, ErrLog)
	}
	present := min(tileWidth, leaves-tile.N*tileWidth)
	switch {
	case int64(tile.W) == present:
		return nil
	case int64(tile.W) > present:
		return fmt.Errorf("%s holds entries beyond the %d that were signed: %w", path, size, ErrLog)
	}
	old, err := readFile(fsys, path, maxBundle)
	if err != nil {
		return fmt.Errorf("reading %s (%s): %w", path, err.Error(), ErrLog)
	}
	now, err := readFile(fsys, tilePath(tlog.Tile{H: tileHeight, L: tile.L, N: tile.N, W: int(present)}), maxBundle)
	if err != nil {
		return fmt.Errorf("reading %s (%s): %w", path, err.Error(), ErrLog)
	}
	if !bytes.Equal(old, beginning(now, tile)) {
		return fmt.Errorf("%s, of an earlier size of the log, differs from what is there now: %w", path, ErrLog)
	}
	return nil
}
