package packaging

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// builder puts one package together.
type builder struct {
	contents Contents
	words    words
	archive  *archive
	names    names
	manifest Manifest
	// hits per redaction, and what was written per collection, for the cover.
	hits, seen []int64
	written    []writtenSystem
	// files is how many values went in as files of their own.
	files int
}

// Write streams the package into w and returns its manifest. The same contents give the same bytes.
//
// On an error what was written is useless and must be thrown away. Errors name systems, collections and fields, never
// a value.
func Write(ctx context.Context, w io.Writer, c Contents) (Manifest, error) {
	if err := checkContents(c); err != nil {
		return Manifest{}, err
	}
	words, err := wordsOf(c.Cover.Language)
	if err != nil {
		return Manifest{}, err
	}
	archive, err := newArchive(w, c.Cover.Built, c.Level)
	if err != nil {
		return Manifest{}, err
	}
	b := &builder{
		contents: c, words: words, archive: archive,
		names: names{taken: map[string]bool{}}, hits: make([]int64, len(c.Redactions)), seen: make([]int64, len(c.Redactions)),
		manifest: Manifest{
			Version: ManifestVersion, Reference: c.Cover.Reference, Right: c.Cover.Right, Regime: c.Cover.Regime,
			Language: words.language, Received: c.Cover.Received.UTC(), Built: c.Cover.Built.UTC(),
		},
	}
	for _, step := range []func(context.Context) error{b.systems, b.attachments, b.cover, b.finish} {
		if err := step(ctx); err != nil {
			return Manifest{}, err
		}
	}
	return b.manifest, nil
}

func checkContents(c Contents) error {
	if c.Level < 0 || c.Level > 6 {
		return fmt.Errorf("the compression level must be between 1 and 6, or 0 for the default")
	}
	if c.Cover.Reference == "" || c.Cover.Controller.Name == "" || c.Cover.Built.IsZero() || c.Cover.Received.IsZero() {
		return fmt.Errorf("a package needs a reference, a controller and the times of receipt and of building")
	}
	seen := map[string]bool{}
	for _, s := range c.Systems {
		for _, one := range s.Collections {
			key := s.Key + "\x00" + one.Name
			if seen[key] {
				return fmt.Errorf("the collection %s.%s is there twice", s.Key, one.Name)
			}
			seen[key] = true
			if slices.ContainsFunc(one.Parts, func(p Part) bool { return p.Rows == nil }) {
				return fmt.Errorf("the collection %s.%s has a part without a source of rows", s.Key, one.Name)
			}
		}
	}
	return checkRedactions(c)
}

// systems writes the data files.
func (b *builder) systems(ctx context.Context) error {
	folders := names{taken: map[string]bool{}}
	for _, s := range b.contents.Systems {
		folder := folders.claim("data", s.Key, "")
		ws := writtenSystem{System: s}
		for _, c := range s.Collections {
			wc, err := b.collection(ctx, folder, s, c)
			if err != nil {
				return fmt.Errorf("pack %s.%s: %w", s.Key, c.Name, err)
			}
			ws.Collections = append(ws.Collections, wc)
		}
		b.written = append(b.written, ws)
	}
	for n, r := range b.contents.Redactions {
		if r.KeyField != "" && b.seen[n] == 0 {
			return fmt.Errorf("redaction %d (%s.%s): %w: no row has that key", n+1, r.System, r.Collection, ErrRedaction)
		}
	}
	return nil
}

// collection writes a collection twice, as JSON and as CSV, and compares what the two passes saw.
func (b *builder) collection(ctx context.Context, folder string, s System, c Collection) (writtenCollection, error) {
	var first, second tally
	var err error
	if c.files, err = b.unpack(ctx, s, c); err != nil {
		return writtenCollection{}, err
	}
	asJSON := File{Name: b.names.claim(folder, c.Name, ".json"), Type: "application/json", System: s.Key, Collection: c.Name}
	asCSV := File{Name: b.names.claim(folder, c.Name, ".csv"), Type: "text/csv; charset=utf-8", System: s.Key, Collection: c.Name}
	j, err := b.archive.write(asJSON, func(w io.Writer, f *File) (err error) {
		first, err = b.writeJSON(ctx, w, s, c)
		f.Rows = &first.rows
		return err
	})
	if err != nil {
		return writtenCollection{}, err
	}
	v, err := b.archive.write(asCSV, func(w io.Writer, f *File) (err error) {
		second, err = b.writeCSV(ctx, w, s, c)
		f.Rows = &second.rows
		return err
	})
	if err != nil {
		return writtenCollection{}, err
	}
	same := first.rows == second.rows && first.removed == second.removed && first.redacted() == second.redacted()
	if !same || !maps.Equal(first.oversize, second.oversize) {
		return writtenCollection{}, ErrChanged
	}
	b.count(first)
	if b.contents.Cover.Right == string(privacy.Portability) {
		if err := b.schemas(j, v, s, c, first); err != nil {
			return writtenCollection{}, err
		}
	}
	return writtenCollection{Collection: c, JSON: j, CSV: v, tally: first}, nil
}

func (b *builder) count(t tally) {
	b.manifest.Rows += t.rows
	b.manifest.RemovedRows += t.removed
	b.manifest.RedactedValues += t.redacted()
	for _, n := range t.oversize {
		b.manifest.OversizeValues += n
	}
	for _, one := range t.rules {
		b.hits[one.number] += one.hits
		b.seen[one.number] += one.seen
	}
}

func (b *builder) attachments(ctx context.Context) error {
	for _, a := range b.contents.Attachments {
		f := File{Name: b.names.claim("attachments", a.Name, ""), Type: "application/octet-stream"}
		err := b.archive.add(f, func(w io.Writer) error {
			r, err := a.Open()
			if err != nil {
				return err
			}
			_, err = io.Copy(w, r)
			return errors.Join(err, r.Close(), ctx.Err())
		})
		if err != nil {
			return fmt.Errorf("pack an attachment: %w", err)
		}
	}
	return nil
}

// finish writes the manifest and the ZIP's directory.
func (b *builder) finish(context.Context) error {
	b.manifest.Files = slices.Clone(b.archive.files)
	text, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	text = append(text, '\n')
	sum := sha256.Sum256(text)
	b.manifest.SHA256 = hex.EncodeToString(sum[:])
	err = b.archive.add(File{Name: ManifestName, Type: "application/json"}, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		return err
	}
	if err := b.archive.zip.Close(); err != nil {
		return fmt.Errorf("finish the package: %w", err)
	}
	return nil
}
