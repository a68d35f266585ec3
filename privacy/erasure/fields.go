package erasure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// erasedText stands where a text has to stand.
const erasedText = "erased"

// erasedMailbox makes an address of a token: .invalid never leads to a mailbox (RFC 2606).
const erasedMailbox = "@erased.invalid"

// fields decides on each field of a collection.
func (d *designer) fields(a dataset.Address, terms dataset.ErasureTerms) (masks []Mask, fates []FieldFate, problems []Problem) {
	c := d.collection(a)
	table, _ := d.Structure.Table(a)
	for i := range c.Fields {
		f := fielder{designer: d, at: a, terms: terms, table: table}
		if table != nil {
			f.column, _ = table.Column(c.Fields[i].Name)
		}
		f.field(&c.Fields[i], nil)
		masks, fates, problems = append(masks, f.masks...), append(fates, f.fates...), append(problems, f.problems...)
	}
	return masks, fates, problems
}

// untouched lists the fields of a collection that stays as it is.
func (d *designer) untouched(a dataset.Address) []FieldFate {
	_, fates, _ := d.fields(a, dataset.ErasureTerms{Method: dataset.MaskFields})
	for i := range fates {
		fates[i].Fate = FateUnchanged
	}
	return fates
}

// fielder decides on one column and what lies inside it.
type fielder struct {
	*designer
	at     dataset.Address
	terms  dataset.ErasureTerms
	table  *dataset.Table
	column *dataset.TableColumn

	masks    []Mask
	fates    []FieldFate
	problems []Problem
}

// field decides on a field. What is said of an object is said of its members.
func (f *fielder) field(decl *dataset.Field, parent []string) {
	path := append(slices.Clone(parent), decl.Name)
	if len(decl.Fields) > 0 && f.column != nil && f.column.Kind == dataset.ColumnJSON {
		for i := range decl.Fields {
			f.field(&decl.Fields[i], path)
		}
		return
	}
	categories := decl.AllCategories()
	switch {
	case !dataset.Personal(categories):
		f.say(path, categories, FateNotPersonal)
	case len(path) == 1 && (f.table.Refers(decl.Name) || f.isKey(decl) && !f.speaks(categories)):
		f.say(path, categories, FateKey)
	case len(path) == 1 && f.isKey(decl) && f.Structure.Referred(f.table, decl.Name):
		f.say(path, categories, FateUnwritable)
		f.problem(path, "it is a key that other rows refer to, and says who the person is", "have the rows deleted (method: delete) or keep the collection with a reason")
	case f.column == nil || f.column.Generated || decl.ReadOnly:
		what, do := f.unwritable()
		f.say(path, categories, FateUnwritable)
		f.problem(path, what, do)
	default:
		f.mask(decl, path, categories)
	}
}

// unwritable says why a field with personal data can't be written, and what helps.
func (f *fielder) unwritable() (what, do string) {
	switch {
	case f.column == nil:
		return "the table has no such column", "take the field out of the dataset or name it as the table does, and have the plan made anew"
	case f.column.Generated:
		return "it holds personal data, and the database works it out by itself", "have the rows deleted (method: delete), or keep the collection with a reason"
	default:
		return "it holds personal data, and the dataset says that it is never written", "take read_only away in the dataset, or keep the collection with a reason"
	}
}

// mask chooses the treatment: the declared one, or the one that leaves least.
func (f *fielder) mask(decl *dataset.Field, path, categories []string) {
	m := Mask{Path: path, Length: shorter(decl.Length, f.column.Length)}
	var why string
	switch {
	case decl.Masking != nil:
		why = m.declared(decl.Masking)
	case f.terms.Method == dataset.Anonymise:
		m.Treatment = Generalise
	default:
		f.least(&m, categories)
	}
	if why == "" {
		why = m.fits(f.column, len(path) > 1)
	}
	if why != "" {
		f.say(path, categories, FateUnwritable)
		f.problem(path, why, "set masking_strategy_override in the dataset to one that fits")
		return
	}
	f.masks = append(f.masks, m)
	f.say(path, categories, Fate(m.Treatment))
}

// least is null where the system takes it; else a value that says nothing, and a token where each value stands once.
func (f *fielder) least(m *Mask, categories []string) {
	kind := f.column.Kind
	if f.column.Nullable || len(m.Path) > 1 {
		m.Treatment = Null
		return
	}
	m.Treatment = Fixed
	switch kind {
	case dataset.ColumnText:
		m.Value = erasedText
		mailbox := slices.ContainsFunc(categories, func(c string) bool { return strings.HasPrefix(c, "user.contact.email") })
		if mailbox || f.unique() || slices.Contains(f.table.Key, f.column.Name) {
			m.Treatment, m.Value = Random, ""
		}
		if mailbox {
			m.Suffix = erasedMailbox
		}
		if m.Length > 0 && m.Treatment == Fixed && len(m.Value) > m.Length {
			m.Value = ""
		}
	case dataset.ColumnNumber:
		m.Value = "0"
	case dataset.ColumnBool:
		m.Value = "false"
	case dataset.ColumnDate:
		m.Value = "1970-01-01"
	case dataset.ColumnMoment:
		m.Value = "1970-01-01T00:00:00Z"
	case dataset.ColumnUUID:
		m.Value = "00000000-0000-0000-0000-000000000000"
	case dataset.ColumnJSON:
		m.Value = "{}"
	case dataset.ColumnBytes:
		m.Value = ""
	case dataset.ColumnOther:
		m.Treatment = Null // which does not fit, and is said
	}
	if f.column.Array {
		m.Value = "[]"
	}
}

// declared reads a masking strategy of the format into the mask; it says what is wrong with it.
func (m *Mask) declared(o *dataset.Masking) string {
	text := func(key string) string {
		if v, ok := o.Configuration[key]; ok {
			return fmt.Sprint(v)
		}
		return ""
	}
	if keep, ok := o.Configuration["format_preservation"].(map[string]any); ok {
		if suffix, ok := keep["suffix"].(string); ok {
			m.Suffix = suffix
		}
	}
	strategies := map[string]Treatment{
		"null_rewrite": Null, "string_rewrite": Fixed, "random_string_rewrite": Random, "hash": Hash, "hmac": KeyedHash,
		string(Null): Null, string(Fixed): Fixed, string(Random): Random, string(KeyedHash): KeyedHash, string(Shape): Shape, string(Generalise): Generalise,
	}
	t, known := strategies[o.Strategy]
	if !known {
		return fmt.Sprintf("the masking strategy %q is none that erases", o.Strategy)
	}
	m.Treatment = t
	switch t {
	case Fixed:
		m.Value = text("rewrite_value") + text("value") + m.Suffix
		m.Suffix = ""
	case Null, Shape, Generalise:
		m.Suffix = ""
	case Random, Hash, KeyedHash:
	}
	return ""
}

// fits says what keeps a treatment from a column.
func (m *Mask) fits(c *dataset.TableColumn, member bool) string {
	textual := c.Kind == dataset.ColumnText && !c.Array || member
	switch {
	case m.Treatment == Null && !c.Nullable && !member:
		return "the column takes no null"
	case m.Treatment.Token():
		return m.tokenFits(textual)
	case m.Treatment == Shape && !textual:
		return "only a text has a form to keep"
	case m.Treatment == Generalise:
		return m.generalFits(c, member)
	case m.Treatment == Fixed && textual && m.Length > 0 && len([]rune(m.Value)) > m.Length:
		return fmt.Sprintf("the value to write has more than the %d characters that the column takes", m.Length)
	}
	return ""
}

func (m *Mask) tokenFits(textual bool) string {
	switch {
	case !textual:
		return "a token is a text and the column takes none"
	case m.Length > 0 && m.Length-len(m.Suffix) < TokenShortest:
		return fmt.Sprintf("a token has at least %d characters and the column takes %d", TokenShortest+len(m.Suffix), m.Length)
	}
	return ""
}

// generalFits lets what has no general form be null, where the column takes that.
func (m *Mask) generalFits(c *dataset.TableColumn, member bool) string {
	general := []dataset.ColumnKind{dataset.ColumnText, dataset.ColumnNumber, dataset.ColumnDate, dataset.ColumnMoment}
	switch {
	case !member && !c.Array && slices.Contains(general, c.Kind):
		return ""
	case !member && !c.Nullable:
		return "values of this type can't be generalised, and the column takes no null"
	}
	m.Treatment = Null
	return ""
}

// isKey says whether a field holds rows together: it is of a primary key, or a foreign key that the system enforces leads to it.
func (f *fielder) isKey(decl *dataset.Field) bool {
	if f.table == nil {
		return decl.PrimaryKey
	}
	return decl.PrimaryKey || slices.Contains(f.table.Key, decl.Name) || f.Structure.Referred(f.table, decl.Name)
}

// speaks says whether the values of a key say by themselves who somebody is, as an address does and a number does not.
func (f *fielder) speaks(categories []string) bool {
	if f.column == nil || f.column.Kind != dataset.ColumnText {
		return false
	}
	return slices.ContainsFunc(categories, func(c string) bool {
		return c != "user.unique_id" && !strings.HasPrefix(c, "user.unique_id.") && !strings.HasPrefix(c, "user.behavior") && !strings.HasPrefix(c, "user.privacy_preferences")
	})
}

// unique says whether each value of the column may stand once only.
func (f *fielder) unique() bool {
	return slices.ContainsFunc(f.table.Unique, func(key []string) bool { return slices.Contains(key, f.column.Name) })
}

func (f *fielder) say(path, categories []string, fate Fate) {
	f.fates = append(f.fates, FieldFate{Path: path, Categories: categories, Fate: fate})
}

func (f *fielder) problem(path []string, what, do string) {
	f.problems = append(f.problems, Problem{ProblemUnwritable, f.at.String() + "." + strings.Join(path, "."), what, do})
}

func shorter(a, b int) int {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}
