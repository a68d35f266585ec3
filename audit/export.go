package audit

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrAltered says that what the register holds is not what its log was grown from: somebody changed it behind the log's back.
var ErrAltered = errors.New("the register was altered: restore it, and compare it with the exported checkpoints")

// Export writes a tenant's whole log, as far as its newest checkpoint reaches, in the layout of C2SP tlog-tiles, and
// returns what it wrote. It fails rather than write a log that wouldn't verify. The checkpoint is written last.
func Export(ctx context.Context, reader LogReader, sink Sink) (Checkpoint, error) {
	return ExportSince(ctx, reader, sink, 0)
}

// ExportSince writes only what an export of the first size events lacks, for an object store that is kept up to date.
func ExportSince(ctx context.Context, reader LogReader, sink Sink, size int64) (Checkpoint, error) {
	e := &exporter{ctx: ctx, reader: reader, sink: sink}
	if err := e.open(); err != nil {
		return Checkpoint{}, fmt.Errorf("exporting the audit log: %w", err)
	}
	if size > e.checkpoint.Size {
		return Checkpoint{}, fmt.Errorf("exporting the audit log: %d events were exported before, and the log has %d", size, e.checkpoint.Size)
	}
	for _, tile := range tlog.NewTiles(tileHeight, size, e.checkpoint.Size) {
		if err := e.writeTile(tile); err != nil {
			return Checkpoint{}, fmt.Errorf("exporting the audit log: %w", err)
		}
	}
	if err := e.close(); err != nil {
		return Checkpoint{}, fmt.Errorf("exporting the audit log: %w", err)
	}
	return e.checkpoint, nil
}

type exporter struct {
	ctx        context.Context
	reader     LogReader
	sink       Sink
	signed     []byte
	key        string
	checkpoint Checkpoint
}

func (e *exporter) open() (err error) {
	if e.signed, err = e.reader.Checkpoint(e.ctx); err != nil {
		return err
	}
	if e.key, err = e.reader.VerifierKey(e.ctx); err != nil {
		return err
	}
	if e.checkpoint, err = OpenCheckpoint(e.signed, e.key); err != nil {
		return err
	}
	return checkRoot(e.checkpoint.Head, e)
}

// ReadHashes implements tlog.HashReader over the log.
func (e *exporter) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	return e.reader.ReadHashes(e.ctx, positions)
}

func (e *exporter) writeTile(tile tlog.Tile) error {
	data, err := tlog.ReadTileData(tile, e)
	if err != nil {
		return err
	}
	if tile.L == 0 {
		if err := e.writeBundle(tile, data); err != nil {
			return err
		}
	}
	return e.sink.Put(e.ctx, tilePath(tile), data)
}

// writeBundle writes the entries under a tile of leaf hashes: each preceded by its length in two bytes.
func (e *exporter) writeBundle(tile tlog.Tile, hashes []byte) error {
	first := tile.N * tileWidth
	entries, err := e.reader.Entries(e.ctx, first, int64(tile.W))
	if err != nil {
		return err
	}
	if len(entries) != tile.W {
		return fmt.Errorf("%d of the %d events from index %d on are left: %w", len(entries), tile.W, first, ErrAltered)
	}
	var bundle []byte
	for i, entry := range entries {
		if len(entry) > math.MaxUint16 {
			return fmt.Errorf("event %d is longer than a bundle can hold", first+int64(i))
		}
		if tlog.RecordHash(entry) != tlog.Hash(hashes[i*tlog.HashSize:(i+1)*tlog.HashSize]) {
			return fmt.Errorf("event %d is not the one that was put into the tree: %w", first+int64(i), ErrAltered)
		}
		bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
		bundle = append(bundle, entry...)
	}
	return e.sink.Put(e.ctx, tilePath(bundleOf(tile)), bundle)
}

// verifierFile tells programs what the export is and which key its operator names.
type verifierFile struct {
	Format string `json:"format"`
	Entry  string `json:"entry"`
	Origin string `json:"origin"`
	Key    string `json:"key"`
}

func (e *exporter) close() error {
	info, err := json.MarshalIndent(verifierFile{
		Format: "c2sp.org/tlog-tiles", Entry: "docket-audit-event/" + EntryVersion, Origin: e.checkpoint.Origin, Key: e.key,
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := e.sink.Put(e.ctx, keyPath, append(info, '\n')); err != nil {
		return err
	}
	return e.sink.Put(e.ctx, checkpointPath, e.signed)
}
