package dataset

import (
	"regexp"
	"strconv"
	"strings"
)

// draftText writes a draft in the order and style of the samples.
func draftText(tables []*draftTable, o DraftOptions, doubts []Doubt, notes []string) string {
	var b strings.Builder
	from := "the live schema: names, types and keys were looked at, and no value"
	if o.sampled {
		from = "a sample of what lies there: of some documents the fields' names and types were looked at, and no value is kept. Others may have further ones"
	}
	b.WriteString("# A draft from " + from + ". Behind each line stands how sure it is.\n" +
		"# Correct it, then save it; what is marked \"look\" or \"unsure\" comes first.\n")
	if len(doubts) > 0 {
		b.WriteString("#\n# Unsure:\n")
	}
	for i, doubt := range doubts {
		if i == maxDoubts {
			b.WriteString("#   and " + counted(len(doubts)-i, "more line") + " marked below\n")
			break
		}
		b.WriteString("#   " + doubt.Where + ": " + doubt.Why + "\n")
	}
	if len(notes) > 0 {
		b.WriteString("#\n# Not in the draft:\n")
	}
	for _, note := range notes {
		b.WriteString("#   " + note + "\n")
	}
	b.WriteString("dataset:\n  - fides_key: " + scalar(tables[0].address.Dataset) + "\n")
	if o.Name != "" {
		b.WriteString("    name: " + sentence(o.Name) + "\n")
	}
	if o.Schema != "" {
		b.WriteString("    meta: {schema: " + scalar(o.Schema) + "}\n")
	}
	b.WriteString("    collections:\n")
	for i, t := range tables {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(collectionText(t))
	}
	return b.String()
}

// collectionText writes one collection.
func collectionText(t *draftTable) string {
	var b strings.Builder
	b.WriteString("      - name: " + scalar(t.Name) + "\n")
	if t.description != "" {
		b.WriteString("        description: " + sentence(t.description) + "\n")
	}
	if !t.visited() {
		b.WriteString("        fides_meta: {skip_processing: true}")
		if t.why != "" {
			b.WriteString(" # look: " + t.why)
		}
		b.WriteString("\n")
	}
	b.WriteString("        fields:\n")
	for _, f := range t.fields {
		b.WriteString(f.text("          "))
	}
	return b.String()
}

// text writes one field, so far from the margin: in one line, or with its references or members in a block.
func (f *draftField) text(margin string) string {
	categories := ""
	if f.guess.category != "" {
		categories = "[" + f.guess.category + "]"
	}
	var meta []string
	if f.key && !f.isObject() {
		meta = append(meta, "primary_key: true")
	}
	if f.identity != "" {
		meta = append(meta, "identity: "+f.identity)
	}
	if t := f.dataType(); t != "" {
		meta = append(meta, "data_type: "+t)
	}
	if f.Length > 0 && f.Kind == ColumnText && !f.Array && f.Length <= 1<<30 {
		meta = append(meta, "length: "+strconv.Itoa(f.Length))
	}
	if f.Generated {
		meta = append(meta, "read_only: true")
	}
	comment := f.comment()
	if len(f.refs) > 0 || len(f.inside) > 0 {
		return f.block(margin, categories, meta, comment)
	}
	parts := []string{"name: " + scalar(f.Name)}
	if categories != "" {
		parts = append(parts, "data_categories: "+categories)
	}
	if len(meta) > 0 {
		parts = append(parts, "fides_meta: {"+strings.Join(meta, ", ")+"}")
	}
	return margin + "- {" + strings.Join(parts, ", ") + "} # " + comment + "\n"
}

// block writes a field with references or members.
func (f *draftField) block(margin, categories string, meta []string, comment string) string {
	var b strings.Builder
	b.WriteString(margin + "- name: " + scalar(f.Name) + " # " + comment + "\n")
	if categories != "" {
		b.WriteString(margin + "  data_categories: " + categories + "\n")
	}
	if len(f.inside) > 0 {
		if len(meta) > 0 {
			b.WriteString(margin + "  fides_meta: {" + strings.Join(meta, ", ") + "}\n")
		}
		b.WriteString(margin + "  fields:\n")
		for _, member := range f.inside {
			b.WriteString(member.text(margin + "    "))
		}
		return b.String()
	}
	b.WriteString(margin + "  fides_meta:\n")
	for _, m := range meta {
		b.WriteString(margin + "    " + m + "\n")
	}
	b.WriteString(margin + "    references:\n")
	for _, r := range f.refs {
		b.WriteString(margin + "      - {dataset: " + scalar(r.Dataset) + ", field: " + scalar(r.Field) + ", direction: " + string(r.Direction) + "}\n")
	}
	return b.String()
}

// comment says how sure the guess is and why.
func (f *draftField) comment() string {
	switch {
	case f.isObject() && !f.guess.sure:
		return "look: " + f.guess.why
	case f.guess.sure:
		return "guess, sure: " + f.guess.why
	default:
		return "guess, unsure: " + f.guess.why
	}
}

// dataType is the format's type for the column; empty where the format has none.
func (f *draftField) dataType() string {
	base := ""
	switch f.Kind {
	case ColumnText:
		base = String
		if f.Type == ObjectID || f.Type == "objectId" {
			base = ObjectID
		}
	case ColumnBool:
		base = Boolean
	case ColumnJSON:
		base = Object
	case ColumnNumber:
		base = Float
		if wholeNumber.MatchString(f.Type) {
			base = Integer
		}
	}
	switch {
	case base == "":
		return ""
	case f.Array:
		return `"` + base + `[]"`
	default:
		return base
	}
}

// wholeNumber are the names that systems have for types of whole numbers.
var wholeNumber = regexp.MustCompile(`(?i)^(tiny|small|medium|big)?(int|serial)|^long|^oid|^year`)

// What needs no quotes, and what is read as something else than a text without them.
var (
	plainScalar    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.\-]*$`)
	plainSentence  = regexp.MustCompile(`^[A-Z][A-Za-z0-9 .,;'_\-]*$`)
	reservedScalar = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|y|n|null|nan|inf)$`)
)

// sentence writes a text that stands on a line of its own.
func sentence(text string) string {
	if plainSentence.MatchString(text) && !reservedScalar.MatchString(text) && !strings.HasSuffix(text, " ") {
		return text
	}
	return scalar(text)
}

// scalar writes a text as YAML reads it back, wherever it stands.
func scalar(text string) string {
	switch {
	case plainScalar.MatchString(text) && !reservedScalar.MatchString(text):
		return text
	case checkName(text):
		return `"` + text + `"`
	default:
		return strconv.QuoteToASCII(text)
	}
}
