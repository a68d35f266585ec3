package audit

import (
	"encoding/binary"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"
)

// VerifyCertified checks an exported log as Verify does, that it grew out of the log that the certificate names, and that the events of the
// certificate are in it, at their places and as the certificate tells them.
func VerifyCertified(fsys fs.FS, verifierKey string, c Certificate) (Report, error) {
	v, err := openLog(fsys, verifierKey, nil)
	if err != nil {
		return Report{}, err
	}
	if c.Log.Size > v.checkpoint.Size {
		return Report{}, fmt.Errorf("the certificate was signed over %d events and the export has %d: take a newer export: %w", c.Log.Size, v.checkpoint.Size, ErrLog)
	}
	v.older = []Checkpoint{{Origin: c.Log.Origin, Head: Head{Size: c.Log.Size, Root: c.Log.Root}}}
	report, err := v.run()
	if err != nil {
		return Report{}, err
	}
	for _, e := range c.Log.Events {
		if err := v.certified(c, e); err != nil {
			return Report{}, err
		}
	}
	return report, nil
}

// certified compares one event with the entry at its place, in a log that verifies.
func (v *logVerifier) certified(c Certificate, want CertifiedEvent) error {
	entry, err := v.entryAt(want.Index)
	if err != nil {
		return err
	}
	e, err := Decode(entry)
	if err != nil {
		return fmt.Errorf("event %d: %w", want.Index, err)
	}
	same := tlog.RecordHash(entry) == want.Leaf && e.Action == want.Action && e.Outcome == want.Outcome && e.At.Equal(want.At) && e.CaseID == c.Request.ID
	if !same {
		return fmt.Errorf("event %d of the log is not the one that the certificate names: %w", want.Index, ErrLog)
	}
	return nil
}

// entryAt reads one entry of a log that was verified.
func (v *logVerifier) entryAt(index int64) ([]byte, error) {
	at := index / tileWidth
	tile := tlog.Tile{H: tileHeight, N: at, W: int(min(tileWidth, v.checkpoint.Size-at*tileWidth))}
	data, err := readFile(v.fsys, tilePath(bundleOf(tile)), maxBundle)
	if err != nil {
		return nil, fmt.Errorf("entry %d can't be read (%s): %w", index, err.Error(), ErrLog)
	}
	for range index % tileWidth {
		data = data[2+int(binary.BigEndian.Uint16(data)):]
	}
	return data[2 : 2+int(binary.BigEndian.Uint16(data))], nil
}
