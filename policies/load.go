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

//go:embed regimes breach consent retention ladders verification
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
	problems Problems
}

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

func (l *loader) file(folder, name string, data []byte) {
	d := &document{file: name, lines: map[string]int{}}
	switch folder {
	case regimesDir:
		l.regimes(d, data)
	case breachDir:
		l.breaches(d, data)
	case consentDir:
		l.messages(d, data)
	case retentionDir:
		l.retention(d, data)
	case laddersDir:
		l.ladders(d, data)
	case verificationDir:
		l.verification(d, data)
	}
	l.problems = append(l.problems, d.problems...)
}

func (l *loader) regimes(d *document, data []byte) {
	var file regimeFile
	d.decode(data, &file)
	for i := range file.Versions {
		r := &file.Versions[i]
		at := fmt.Sprintf("versions.%d", i)
		checkRegime(d, at, r)
		l.unique(d, join(at, "version"), "regime version", r.ID+" "+r.Version)
		l.book.regimes = append(l.book.regimes, r)
		l.versions = append(l.versions, versionAt{regime: r, file: d.file, line: d.lines[join(at, "valid_from")]})
	}
}

func (l *loader) breaches(d *document, data []byte) {
	var file breachFile
	d.decode(data, &file)
	for i, r := range file.Rules {
		at := fmt.Sprintf("rules.%d", i)
		checkBreach(d, at, r)
		l.unique(d, join(at, "id"), "breach rule", r.ID)
	}
	l.book.breaches = append(l.book.breaches, file.Rules...)
}

func (l *loader) messages(d *document, data []byte) {
	var file consentFile
	d.decode(data, &file)
	for i, r := range file.Rules {
		at := fmt.Sprintf("rules.%d", i)
		checkMessage(d, at, r)
		l.unique(d, join(at, "id"), "consent rule", r.ID)
	}
	l.book.messages = append(l.book.messages, file.Rules...)
}

func (l *loader) retention(d *document, data []byte) {
	var file retentionFile
	d.decode(data, &file)
	for i, r := range file.Rules {
		at := fmt.Sprintf("rules.%d", i)
		checkRetention(d, at, r)
		l.unique(d, join(at, "id"), "retention rule", r.ID)
	}
	l.book.retention = append(l.book.retention, file.Rules...)
}

func (l *loader) ladders(d *document, data []byte) {
	var file ladderFile
	d.decode(data, &file)
	for i, ladder := range file.Ladders {
		at := fmt.Sprintf("ladders.%d", i)
		checkLadder(d, at, ladder)
		l.unique(d, join(at, "id"), "ladder", ladder.ID)
	}
	l.book.ladders = append(l.book.ladders, file.Ladders...)
}

func (l *loader) verification(d *document, data []byte) {
	var file verificationFile
	d.decode(data, &file)
	for i, r := range file.Rules {
		at := fmt.Sprintf("rules.%d", i)
		checkVerification(d, at, r)
		l.unique(d, join(at, "id"), "verification rule", r.ID)
	}
	l.book.verification = append(l.book.verification, file.Rules...)
}

func (l *loader) unique(d *document, at, kind, id string) {
	if first, taken := l.seen[kind+" "+id]; taken {
		d.at(at, "the %s %q is defined already, at %s", kind, id, first)
		return
	}
	l.seen[kind+" "+id] = fmt.Sprintf("%s:%d", d.file, max(d.lines[at], 1))
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
