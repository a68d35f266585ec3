package policies

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/privacy-docket/docket/privacy"
)

//go:embed regimes breach consent retention ladders verification mail
var embedded embed.FS

// Embedded reads the policy files built into the binary.
func Embedded() (*Book, error) {
	book, err := Load(embedded)
	if err != nil {
		return nil, fmt.Errorf("reading the built-in policies: %w", err)
	}
	return book, nil
}

// Load reads a folder of policies, laid out like the built-in one. Bad files are refused with an error that unwraps to
// Problems and holds every problem of every file.
func Load(fsys fs.FS) (*Book, error) {
	l := &loader{fsys: fsys, book: &Book{}, seen: map[string]string{}}
	for _, folder := range folders() {
		if err := l.folder(folder); err != nil {
			return nil, err
		}
	}
	if len(l.book.regimes) == 0 && len(l.problems) == 0 {
		return nil, fmt.Errorf("reading policies: no regime in the folder %s", regimesDir)
	}
	l.checkOverlaps()
	l.checkReferences()
	if len(l.problems) > 0 {
		return nil, l.problems.sorted()
	}
	return l.book, nil
}

type loader struct {
	fsys     fs.FS
	book     *Book
	seen     map[string]string // kind and id → where it was read first
	versions []versionAt
	// references are names of other rules, looked up when all are known.
	references []mailReference
	problems   Problems
}

// folder reads one folder; one that is not there holds nothing.
func (l *loader) folder(name string) error {
	entries, err := fs.ReadDir(l.fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading policies: %w", err)
	}
	for _, entry := range entries {
		file := path.Join(name, entry.Name())
		if entry.IsDir() || !strings.HasSuffix(file, ".yaml") {
			l.problems = append(l.problems, Problem{File: file, Line: 1, Reason: "only files that end in .yaml belong here"})
			continue
		}
		data, err := fs.ReadFile(l.fsys, file)
		if err != nil {
			return fmt.Errorf("reading policies: %w", err)
		}
		l.file(name, file, data)
	}
	return nil
}

// file reads one file into the book and keeps its problems.
func (l *loader) file(folder, name string, data []byte) {
	d := &document{file: name, lines: map[string]int{}}
	switch folder {
	case regimesDir:
		l.regimes(d, data)
	case breachDir:
		l.book.breaches = rules(l, d, data, l.book.breaches, breachKind())
	case consentDir:
		l.book.messages = rules(l, d, data, l.book.messages, consentKind())
	case retentionDir:
		l.book.retention = rules(l, d, data, l.book.retention, retentionKind())
	case laddersDir:
		l.ladders(d, data)
	case verificationDir:
		l.book.verification = rules(l, d, data, l.book.verification, verificationKind())
	case mailDir:
		l.mail(d, data)
	}
	l.problems = append(l.problems, d.problems...)
}

// versionAt is a version of a regime and where its validity is written.
type versionAt struct {
	regime *privacy.Regime
	file   string
	line   int
}

// checkOverlaps refuses two versions of one regime in force on the same day.
func (l *loader) checkOverlaps() {
	for i, a := range l.versions {
		for _, b := range l.versions[i+1:] {
			if a.regime.ID != b.regime.ID || !overlap(a.regime, b.regime) {
				continue
			}
			l.problems = append(l.problems, Problem{File: b.file, Line: max(b.line, 1), Path: "valid_from", Reason: fmt.Sprintf(
				"version %s of %s is in force at the same time as version %s (%s:%d)", b.regime.Version, b.regime.ID, a.regime.Version, a.file, a.line)})
		}
	}
}

func overlap(a, b *privacy.Regime) bool {
	return (b.ValidTo.IsZero() || !b.ValidTo.Before(a.ValidFrom)) && (a.ValidTo.IsZero() || !a.ValidTo.Before(b.ValidFrom))
}
