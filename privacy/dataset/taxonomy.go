package dataset

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed taxonomy/categories.txt
var categoryKeys string

//go:embed taxonomy/uses.txt
var useKeys string

//go:embed taxonomy/subjects.txt
var subjectKeys string

//go:embed taxonomy/renamed.txt
var renamedKeys string

// Taxonomy is the vocabulary of the annotation. Keys are hierarchical by their dots.
type Taxonomy struct {
	categories, uses, subjects map[string]bool
	// renamed maps categories of other versions to their names here.
	renamed map[string]string
}

// NewTaxonomy reads the embedded fideslang taxonomy.
func NewTaxonomy() Taxonomy {
	return Taxonomy{categories: keySet(categoryKeys), uses: keySet(useKeys), subjects: keySet(subjectKeys), renamed: keyPairs(renamedKeys)}
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

// keyPairs reads two keys per line.
func keyPairs(text string) map[string]string {
	pairs := map[string]string{}
	for line := range strings.Lines(text) {
		if old, now, found := strings.Cut(strings.TrimSpace(line), " "); found && old != "#" {
			pairs[old] = now
		}
	}
	return pairs
}

// Here gives a category of another version the name that it has here: its own, or that of the nearest parent that was renamed.
func (t Taxonomy) Here(key string) (string, bool) {
	for old := key; old != ""; old = parentOf(old) {
		if now := t.renamed[old]; now != "" {
			if below := now + strings.TrimPrefix(key, old); t.categories[below] {
				return below, true
			}
			return now, true
		}
		if t.categories[old] {
			break
		}
	}
	return "", false
}

// parentOf is the part of a key before its last dot.
func parentOf(key string) string { return key[:max(0, strings.LastIndex(key, "."))] }

// declared reads the categories that a file declares for itself.
func (r reader) declared(top object) map[string]bool {
	own := map[string]bool{}
	for _, n := range top.list("data_category") {
		if n.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "fides_key" {
				own[n.Content[i+1].Value] = true
			}
		}
	}
	return own
}

// annotated reads data_categories. Keys of other versions get their names here, and keys that the file itself declares count as their nearest
// parent; both are noted.
func (r reader) annotated(o object) []string {
	var out []string
	for _, key := range o.strs("data_categories") {
		now, renamed := key, false
		switch {
		case r.taxonomy.categories[key]:
		case r.own[key]:
			for now = parentOf(key); now != "" && !r.taxonomy.categories[now]; {
				now = parentOf(now)
			}
			renamed = now != ""
		default:
			now, renamed = r.taxonomy.Here(key)
		}
		switch {
		case !r.taxonomy.categories[now]:
			o.unknownKey("data_categories", key, r.taxonomy.categories)
			continue
		case renamed:
			r.note(o.lineOf("data_categories"), o.path, fmt.Sprintf("the category %s is read as %s", quoted(key), now))
		}
		if !slices.Contains(out, now) {
			out = append(out, now)
		}
	}
	return out
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
