package audit

import (
	"bytes"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"
)

// tileChecker compares the tiles above level 0 with the hashes that the entries give.
type tileChecker struct {
	fsys   fs.FS
	levels [64 / tileHeight]tileLevel
}

type tileLevel struct {
	done int64  // full tiles that were compared
	data []byte // hashes of the tile that is filling
}

func (c *tileChecker) add(level int, hash tlog.Hash) error {
	at := &c.levels[level]
	at.data = append(at.data, hash[:]...)
	if len(at.data) < tileWidth*tlog.HashSize {
		return nil
	}
	if err := c.compare(level); err != nil {
		return err
	}
	at.done++
	at.data = at.data[:0]
	return nil
}

func (c *tileChecker) finish() error {
	for level := range c.levels {
		if len(c.levels[level].data) == 0 {
			continue
		}
		if err := c.compare(level); err != nil {
			return err
		}
	}
	return nil
}

func (c *tileChecker) compare(level int) error {
	at := c.levels[level]
	tile := tlog.Tile{H: tileHeight, L: level, N: at.done, W: len(at.data) / tlog.HashSize}
	stored, err := readTile(c.fsys, tile)
	if err != nil {
		return err
	}
	for i := range tile.W {
		from, to := i*tlog.HashSize, (i+1)*tlog.HashSize
		if !bytes.Equal(stored[from:to], at.data[from:to]) {
			span := int64(1) << (tileHeight * level)
			first := (at.done*tileWidth + int64(i)) * span
			return fmt.Errorf("%s was made for other entries %d to %d: %w", tilePath(tile), first, first+span-1, ErrLog)
		}
	}
	return nil
}

func readTile(fsys fs.FS, tile tlog.Tile) ([]byte, error) {
	name := tilePath(tile)
	data, err := readFile(fsys, name, tileWidth*tlog.HashSize)
	if err != nil {
		return nil, fmt.Errorf("reading the tile %s (%s): %w", name, err.Error(), ErrLog)
	}
	if len(data) != tile.W*tlog.HashSize {
		return nil, fmt.Errorf("%s has %d bytes, expected %d: %w", name, len(data), tile.W*tlog.HashSize, ErrLog)
	}
	return data, nil
}
