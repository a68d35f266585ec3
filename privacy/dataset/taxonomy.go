package dataset

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed taxonomy/categories.txt
var categoryKeys string

//go:embed taxonomy/uses.txt
var useKeys string

//go:embed taxonomy/subjects.txt
var subjectKeys string

// Taxonomy is the vocabulary of the annotation. Keys are hierarchical by their dots.
type Taxonomy struct {
	categories, uses, subjects map[string]bool
}

// NewTaxonomy reads the embedded fideslang taxonomy.
func NewTaxonomy() Taxonomy {
	return Taxonomy{categories: keySet(categoryKeys), uses: keySet(useKeys), subjects: keySet(subjectKeys)}
}

// Category reports whether a data category is in the taxonomy.
func (t Taxonomy) Category(key string) bool { return t.categories[key] }

// Use reports whether a data use is in the taxonomy.
func (t Taxonomy) Use(key string) bool { return t.uses[key] }

// Subject reports whether a kind of data subject is in the taxonomy.
func (t Taxonomy) Subject(key string) bool { return t.subjects[key] }

// keySet reads one key per line; # starts a comment.
func keySet(text string) map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(text) {
		if key := strings.TrimSpace(line); key != "" && !strings.HasPrefix(key, "#") {
			set[key] = true
		}
	}
	return set
}

// keys reads a list of taxonomy keys and refuses unknown ones, naming the nearest known parent.
func (o object) keys(key string, known map[string]bool) []string {
	var out []string
	for _, k := range o.strs(key) {
		if known[k] {
			out = append(out, k)
			continue
		}
		o.unknownKey(key, k, known)
	}
	return out
}

// unknownKey notes a key that is not in the taxonomy.
func (o object) unknownKey(field, key string, known map[string]bool) {
	do := "use a key of the fideslang taxonomy"
	for parent := key; strings.Contains(parent, "."); {
		parent = parent[:strings.LastIndex(parent, ".")]
		if known[parent] {
			do += fmt.Sprintf("; the nearest is %q", parent)
			break
		}
	}
	o.problem(field, fmt.Sprintf("%q in %s is not in the taxonomy", key, field), do)
}
