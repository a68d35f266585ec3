package policies

import (
	"fmt"
)

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

// unique refuses an id that was read before and says where.
func (l *loader) unique(d *document, at, kind, id string) {
	if first, taken := l.seen[kind+" "+id]; taken {
		d.at(at, "the %s %q is defined already, at %s", kind, id, first)
		return
	}
	l.seen[kind+" "+id] = fmt.Sprintf("%s:%d", d.file, max(d.lines[at], 1))
}
