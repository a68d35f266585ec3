package dataset

import (
	"errors"
	"strings"
)

// StoreStep is where keys with a value begin, as far as that is known.
type StoreStep struct {
	// Prefix is what all of them begin with.
	Prefix string
	// Folders says that the value comes later: the folders below the prefix have to be listed, and each of them leads on by Behind.
	Folders bool
	segment int
}

// Start is where all keys of the form begin.
func (p StorePattern) Start() string { return p.from("", 0, nil).Prefix }

// With says where keys begin that have a value in a place. The error says why the value can stand in no key; it doesn't quote it.
func (p StorePattern) With(place, value string) (StoreStep, error) {
	for _, s := range p.segments {
		for _, part := range s.parts {
			if part.place != place {
				continue
			}
			if err := part.refuses(value); err != nil {
				return StoreStep{}, err
			}
			return p.from("", 0, map[string]string{place: value}), nil
		}
	}
	return StoreStep{}, errors.New("the form of the keys has no such place")
}

// Behind goes on behind a folder that was listed, which ends with /. It is false for one that the form doesn't have.
func (p StorePattern) Behind(step StoreStep, folder, place, value string) (StoreStep, bool) {
	name, inside := strings.CutPrefix(folder, p.folder(step.Prefix))
	name, isFolder := strings.CutSuffix(name, "/")
	if !inside || !isFolder || strings.Contains(name, "/") || !strings.HasPrefix(folder, step.Prefix) || !p.segments[step.segment].read(name, map[string]string{}) {
		return StoreStep{}, false
	}
	return p.from(folder, step.segment+1, map[string]string{place: value}), true
}

// folder is the part of a prefix up to its last slash.
func (StorePattern) folder(prefix string) string { return prefix[:strings.LastIndex(prefix, "/")+1] }

// from walks through segments as long as what stands there is known.
func (p StorePattern) from(prefix string, segment int, known map[string]string) StoreStep {
	for i := segment; i < len(p.segments); i++ {
		for _, part := range p.segments[i].parts {
			value := part.text
			if part.place != "" {
				value = known[part.place]
			}
			if value == "" {
				return StoreStep{Prefix: prefix, Folders: p.later(i+1, known), segment: i}
			}
			prefix += value
		}
		if i+1 < len(p.segments) || p.rest {
			prefix += "/"
		}
	}
	return StoreStep{Prefix: prefix, segment: len(p.segments)}
}

// later reports whether something that is known stands in a segment from there on.
func (p StorePattern) later(segment int, known map[string]string) bool {
	for i := segment; i < len(p.segments); i++ {
		for _, part := range p.segments[i].parts {
			if part.place != "" && known[part.place] != "" {
				return true
			}
		}
	}
	return false
}
