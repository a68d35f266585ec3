package audit

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrLog says that an exported log is not the one that was signed. The message names the first event or file concerned.
var ErrLog = errors.New("the audit log does not verify")

// Report is what a verified log holds.
type Report struct {
	Checkpoint
	First, Last time.Time // of the earliest and latest event; zero for an empty log
}

// Verify checks an exported log, without a database, against the verifier key: the signature of the checkpoint, the hash
// of every entry, every tile, and the root. For each older checkpoint it also checks that the log then was a beginning of
// the log now. A file that doesn't belong to the log is an error too. It reads one bundle at a time.
func Verify(fsys fs.FS, verifierKey string, older ...[]byte) (Report, error) {
	v, err := openLog(fsys, verifierKey, older)
	if err != nil {
		return Report{}, err
	}
	return v.run()
}

// run checks everything from the first entry to the root.
func (v *logVerifier) run() (Report, error) {
	for v.tree.size < v.checkpoint.Size {
		if err := v.bundle(); err != nil {
			return Report{}, err
		}
	}
	if err := v.finish(); err != nil {
		return Report{}, err
	}
	first, last, err := v.span.times()
	return Report{Checkpoint: v.checkpoint, First: first, Last: last}, err
}

type logVerifier struct {
	fsys       fs.FS
	checkpoint Checkpoint
	older      []Checkpoint
	entryEnd   string
	tree       treeBuilder
	tiles      tileChecker
	span       timeSpan
}

func openLog(fsys fs.FS, verifierKey string, older [][]byte) (*logVerifier, error) {
	signed, err := readFile(fsys, checkpointPath, maxCheckpoint)
	if err != nil {
		return nil, fmt.Errorf("there is no checkpoint in the export (%s): %w", err.Error(), ErrLog)
	}
	v := &logVerifier{fsys: fsys, tiles: tileChecker{fsys: fsys}}
	if v.checkpoint, err = OpenCheckpoint(signed, verifierKey); err != nil {
		return nil, err
	}
	tenant, err := tenantOf(v.checkpoint.Origin)
	if err != nil {
		return nil, err
	}
	v.entryEnd = entryEnd(tenant)
	v.tree.complete = v.tiles.add
	for _, text := range older {
		before, err := OpenCheckpoint(text, verifierKey)
		if err != nil {
			return nil, fmt.Errorf("reading an older checkpoint: %w", err)
		}
		if before.Size > v.checkpoint.Size {
			return nil, fmt.Errorf("an older checkpoint covers %d events and the log has %d: %w", before.Size, v.checkpoint.Size, ErrLog)
		}
		v.older = append(v.older, before)
	}
	return v, v.compareOlder()
}

// bundle checks the next up to 256 entries, each against its hash in the tile of level 0.
func (v *logVerifier) bundle() error {
	tile := tlog.Tile{H: tileHeight, N: v.tree.size / tileWidth, W: int(min(tileWidth, v.checkpoint.Size-v.tree.size))}
	name := tilePath(bundleOf(tile))
	data, err := readFile(v.fsys, name, maxBundle)
	if err != nil {
		return fmt.Errorf("entries from %d on can't be read in %s (%s): %w", v.tree.size, name, err.Error(), ErrLog)
	}
	hashes, err := readTile(v.fsys, tile)
	if err != nil {
		return err
	}
	for i := range tile.W {
		if data, err = v.entry(data, tlog.Hash(hashes[i*tlog.HashSize:])); err != nil {
			return err
		}
	}
	if len(data) > 0 {
		return fmt.Errorf("%s holds more after entry %d: %w", name, v.tree.size-1, ErrLog)
	}
	return nil
}

// entry checks the first entry of data and returns the rest.
func (v *logVerifier) entry(data []byte, want tlog.Hash) ([]byte, error) {
	index := v.tree.size
	if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
		return nil, fmt.Errorf("entry %d is missing or cut short: %w", index, ErrLog)
	}
	size := 2 + int(binary.BigEndian.Uint16(data))
	hash := leafHash(data[1:size])
	if hash != want {
		return nil, fmt.Errorf("entry %d is not the one in the tree: %w", index, ErrLog)
	}
	if err := v.span.add(data[2:size], v.entryEnd); err != nil {
		return nil, fmt.Errorf("entry %d: %w", index, err)
	}
	if err := v.tree.add(hash); err != nil {
		return nil, err
	}
	return data[size:], v.compareOlder()
}

func (v *logVerifier) compareOlder() error {
	for _, before := range v.older {
		if before.Size == v.tree.size && before.Root != v.tree.root() {
			return fmt.Errorf("the first %d entries are not those of the older checkpoint: %w", before.Size, ErrLog)
		}
	}
	return nil
}

func (v *logVerifier) finish() error {
	if err := v.tiles.finish(); err != nil {
		return err
	}
	if v.tree.root() != v.checkpoint.Root {
		return fmt.Errorf("the %d entries give another root than the checkpoint was signed for: %w", v.tree.size, ErrLog)
	}
	return checkStray(v.fsys, v.checkpoint.Size)
}
