package policies

import "fmt"

func (l *loader) regimes(d *document, data []byte) {
	var file regimeFile
	d.decode(data, &file)
	for i := range file.Versions {
		if d.full() {
			return
		}
		r := &file.Versions[i]
		at := fmt.Sprintf("versions.%d", i)
		checkRegime(d, at, r)
		l.unique(d, join(at, "version"), "regime version", r.ID+" "+r.Version)
		l.book.regimes = append(l.book.regimes, r)
	}
	if len(d.problems) > 0 {
		return // versions that could not be read in full have no time in which they could overlap
	}
	for i := range file.Versions {
		line := d.lines[fmt.Sprintf("versions.%d.valid_from", i)]
		l.versions = append(l.versions, versionAt{regime: &file.Versions[i], file: d.file, line: line})
	}
}

func (l *loader) ladders(d *document, data []byte) {
	var file ladderFile
	d.decode(data, &file)
	l.book.ladders = append(l.book.ladders, file.Ladders...)
	kept(l, d, "ladders", file.Ladders, ladderKind())
}

// rules reads a file of rules of one kind behind those read before.
func rules[T any](l *loader, d *document, data []byte, before []T, k kind[T]) []T {
	var file ruleFile[T]
	d.decode(data, &file)
	kept(l, d, "rules", file.Rules, k)
	return append(before, file.Rules...)
}

// kept checks what stands in a list of a file, and that no id came before.
func kept[T any](l *loader, d *document, list string, items []T, k kind[T]) {
	for i, item := range items {
		if d.full() {
			return
		}
		at := fmt.Sprintf("%s.%d", list, i)
		k.check(d, at, item)
		l.unique(d, join(at, "id"), k.name, k.id(item))
	}
}

// unique refuses an id that was read before and says where.
func (l *loader) unique(d *document, at, kind, id string) {
	if first, taken := l.seen[kind+" "+id]; taken {
		d.at(at, "the %s %q is defined already, at %s", kind, id, first)
		return
	}
	l.seen[kind+" "+id] = fmt.Sprintf("%s:%d", d.file, max(d.lines[at], 1))
}
