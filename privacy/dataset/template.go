package dataset

import (
	"regexp"
	"slices"
	"strings"
)

// Template is a text with places for values: <value>, <row.member>, <constants.name>. Whoever fills it in writes each value so that it can't
// leave its place.
type Template []TemplatePart

// TemplatePart is plain text, or a place. One of the two.
type TemplatePart struct {
	Text string
	// Place is value, row or constants; Path is what stands behind it.
	Place string
	Path  []string
}

// The places.
const (
	PlaceValue     = "value"
	PlaceRow       = "row"
	PlaceConstants = "constants"
)

var placeholder = regexp.MustCompile(`<([A-Za-z_][A-Za-z0-9_.-]*)>`)

// parseTemplate reads a text; unknown is what stands between < and > and is no place.
func parseTemplate(s string) (t Template, unknown string) {
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > at {
			t = append(t, TemplatePart{Text: s[at:m[0]]})
		}
		name, rest, dotted := strings.Cut(s[m[2]:m[3]], ".")
		part := TemplatePart{Place: name}
		if dotted {
			part.Path = strings.Split(rest, ".")
		}
		switch name {
		case PlaceValue:
			dotted = !dotted
		case PlaceRow, PlaceConstants:
		default:
			dotted = false
		}
		if !dotted || slices.Contains(part.Path, "") {
			return nil, s[m[0]:m[1]]
		}
		t, at = append(t, part), m[1]
	}
	if at < len(s) {
		t = append(t, TemplatePart{Text: s[at:]})
	}
	return t, ""
}

// Has reports whether the template has a place of this name.
func (t Template) Has(place string) bool {
	return slices.ContainsFunc(t, func(p TemplatePart) bool { return p.Place == place })
}

// RowPath is where rows are in an answer: names of members, and [*] for each element of a list.
type RowPath []string

// EachElement stands for every element of a list.
const EachElement = "[*]"

// parseRowPath reads data.items[*]; "$" is the answer itself.
func parseRowPath(s string) (RowPath, bool) {
	if s == "$" {
		return RowPath{}, true
	}
	var out RowPath
	s = strings.TrimPrefix(s, "$.")
	for i, name := range strings.Split(strings.TrimPrefix(s, "$"), ".") {
		plain := strings.TrimRight(strings.ReplaceAll(name, EachElement, "*"), "*")
		stars := strings.Count(name, EachElement)
		if plain+strings.Repeat(EachElement, stars) != name || plain == "" && (i > 0 || stars == 0) || strings.ContainsAny(plain, "[]$*") {
			return nil, false
		}
		if plain != "" {
			out = append(out, plain)
		}
		for range stars {
			out = append(out, EachElement)
		}
	}
	return out, true
}
