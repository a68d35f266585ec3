package mysql

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// fewValues is how many values stand in a statement one by one; more are handed over as one list.
const fewValues = 200

// keys finds where an entry's values come from, and checks that they can be compared with the field.
func (q *query) keys(t target, f field, e dataset.Entry) (keys, error) {
	where := t.step.Address.String() + "." + strings.Join(e.Path, ".")
	var texts []string
	switch {
	case e.From != nil && q.here(e.From.Address) && !q.stoodIn(*e.From):
		return q.found(t, where, f, *e.From)
	case e.From != nil:
		set, err := q.handed(where, *e.From)
		if err != nil {
			return keys{}, err
		}
		texts = set
	case e.Identity != "":
		texts = q.sel.Subject.Identities[e.Identity]
	default:
		texts = q.sel.Subject.Request[e.RequestField]
	}
	values, err := usable(where, f.class(), texts)
	if err != nil {
		return keys{}, err
	}
	if len(values) == 0 && e.From == nil {
		return keys{}, selectionFault(where, "the plan finds rows by "+e.Identity+e.RequestField+" and no value was given", "give a value or make the plan without it")
	}
	fold := e.Identity == "email" && !q.cfg.ExactEmail
	if fold {
		return keys{class: f.class(), values: values, fold: true}, nil
	}
	from := fmt.Sprintf("%s %q %s %s", t.step.Address, e.Path, e.Identity, e.RequestField)
	if e.From != nil {
		from += e.From.String()
	}
	return q.given(from, f, values), nil
}

// given makes keys of values: few stand in the statement one by one, more are handed over as one parameter.
func (q *query) given(from string, f field, values []any) keys {
	if len(values) <= fewValues {
		return keys{class: f.class(), values: values}
	}
	name, made := q.cteOf[from]
	if !made {
		texts, longest := make([]string, len(values)), 1
		for i, v := range values {
			switch v := v.(type) {
			case []byte:
				texts[i] = hex.EncodeToString(v)
			default:
				texts[i] = fmt.Sprint(v)
			}
			longest = max(longest, utf8.RuneCountInString(texts[i]))
		}
		list, _ := json.Marshal(texts) // texts always marshal
		name = q.named(from, fmt.Sprintf(`SELECT DISTINCT %s FROM JSON_TABLE(CONVERT(%s USING utf8mb4), '$[*]' COLUMNS (v VARCHAR(%d) PATH '$')) AS j`,
			fromText(f, "j.v"), q.arg(string(list)), min(longest, 16_000)))
	}
	return keys{class: f.class(), cte: name}
}

// fromText reads a listed value back.
func fromText(f field, expr string) string {
	switch class := f.class(); {
	case class.textual():
		return "CAST(" + expr + " AS BINARY)"
	case class == classBytes:
		return "UNHEX(" + expr + ")"
	case class == classBool:
		return "CAST(" + expr + " AS SIGNED)"
	case class == classInt:
		return f.col.indexed(expr)
	default:
		return f.col.typed(expr)
	}
}

// named adds a common table expression, to be found again.
func (q *query) named(from, body string) string {
	q.cteOf[from] = q.added(body)
	return q.cteOf[from]
}

func (q *query) added(body string) string {
	name := fmt.Sprintf("k%d", len(q.ctes)+1)
	q.ctes = append(q.ctes, name+"(v) AS ("+body+")")
	return name
}

// cteKey is what a common table expression is kept under: a field's values differ with what doesn't count at the moment.
func (q *query) cteKey(from dataset.FieldAddress) string { return fmt.Sprintf("%q%q", from, q.without) }

// handed looks up the values that another system handed over.
func (q *query) handed(where string, from dataset.FieldAddress) ([]string, error) {
	i := slices.IndexFunc(q.sel.Keys, func(k connectors.KeySet) bool { return k.Field.String() == from.String() })
	if i < 0 {
		return nil, selectionFault(where, "the values of "+from.String()+", in another system, were not handed over", "collect that system first and pass its keys on")
	}
	if n := len(q.sel.Keys[i].Values); n > q.cfg.KeyLimit {
		return nil, tooManyKeys(from, q.cfg.KeyLimit)
	}
	return q.sel.Keys[i].Values, nil
}

// tooManyKeys is the error for a reference that carries more values than the limit.
func tooManyKeys(from dataset.FieldAddress, limit int) error {
	return &connectors.Error{Code: connectors.ErrTooManyKeys, Where: from.String(),
		What: fmt.Sprintf("one person's rows have more than %d different values here, which other systems are searched by", limit),
		Do:   "reverse the reference's direction, or raise the key limit"}
}

// usable drops empty values and refuses those that a column of the class can't hold. The error doesn't quote them.
func usable(where string, c class, texts []string) ([]any, error) {
	out := make([]any, 0, len(texts))
	for _, text := range texts {
		switch {
		case text == "":
			continue
		case strings.ContainsRune(text, 0):
			return nil, selectionFault(where, "a value to find rows by holds a zero character", "give it without")
		case !utf8.ValidString(text):
			return nil, selectionFault(where, "a value to find rows by is no text", "give it as UTF-8")
		}
		v, fits := valueOf(c, text)
		if !fits {
			return nil, &connectors.Error{Code: connectors.ErrType, Where: where, What: fmt.Sprintf("the column is %s and a value to find rows by is not", c),
				Do: "correct the annotation: the identity or reference belongs to another column"}
		}
		out = append(out, v)
	}
	return out, nil
}

// number is a decimal that the server's longest type holds.
var number = regexp.MustCompile(`^[+-]?[0-9]{1,35}(\.[0-9]{0,30})?$`)

// hexadecimal is how bytes are handed from system to system.
const hexadecimal = `\x`

// valueOf reads a text as a value of the class.
func valueOf(c class, text string) (any, bool) {
	switch c {
	case classBool, classInt:
		return integer(text)
	case classNumber:
		return text, number.MatchString(text)
	case classFloat:
		f, err := strconv.ParseFloat(text, 64)
		return strconv.FormatFloat(f, 'g', -1, 64), err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
	case classDate:
		_, err := time.Parse(time.DateOnly, text)
		return text, err == nil
	case classLocal, classMoment:
		return instant(text)
	case classUUID:
		return strings.ToLower(text), true
	case classBytes:
		if digits, is := strings.CutPrefix(text, hexadecimal); is {
			raw, err := hex.DecodeString(digits)
			return raw, err == nil
		}
		return []byte(text), true
	}
	return text, true
}

// integer reads a whole number of 64 bits, with or without a sign of its own.
func integer(text string) (any, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil
}

// instant reads a moment as the session writes it, in UTC.
func instant(text string) (any, bool) {
	const form = "2006-01-02 15:04:05.999999"
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Format(form), true
		}
	}
	return nil, false
}

// found makes the common table expression with a field's values in the rows found so far, once per field.
func (q *query) found(t target, where string, f field, from dataset.FieldAddress) (keys, error) {
	source, err := q.target(from.Address)
	if err != nil {
		return keys{}, err
	}
	if q.place[from.Address] >= q.place[t.step.Address] {
		return keys{}, selectionFault(where, "the plan finds it from "+from.Address.String()+", which comes later", "make the plan again")
	}
	sf, err := source.field(from.Path)
	if err != nil {
		return keys{}, err
	}
	if class := f.class(); !class.comparable(sf.class()) || class == classOther && f.col.typ != sf.col.typ {
		return keys{}, &connectors.Error{Code: connectors.ErrType, Where: where,
			What: fmt.Sprintf("it is %s and %s, which it refers to, is %s", f.typ(), from, sf.typ()),
			Do:   "give both columns the same type, or read one through a view that casts"}
	}
	name, made := q.cteOf[q.cteKey(from)]
	if !made {
		body, err := q.distinct(source, sf)
		if err != nil {
			return keys{}, err
		}
		name = q.named(q.cteKey(from), body)
	}
	return keys{class: sf.class(), cte: name}, nil
}

// typ names the type of the field's single values, for people.
func (f field) typ() string {
	if f.inside() {
		return "text"
	}
	return f.col.typ
}

// distinct selects a field's distinct values in the person's rows, as keys hold them. Of an array by which rows are found only the matching
// elements count, unless it returns all: the other elements may be other people's.
func (q *query) distinct(source target, f field) (string, error) {
	cond, err := q.where(source)
	if err != nil {
		return "", err
	}
	from, value, col := q.values(source, f)
	if f.inside() {
		only, err := q.elements(source, f)
		if err != nil {
			return "", err
		}
		cond += only
	}
	return fmt.Sprintf("SELECT DISTINCT %s FROM %s WHERE %s AND %s IS NOT NULL", col.keyed(value), from, cond, value), nil
}

// values writes a FROM clause and an expression for the single values in a field: of a document the members.
func (q *query) values(source target, f field) (from, value string, col column) {
	if f.inside() {
		return source.from() + " JOIN " + q.members(f), "u.v", member()
	}
	return source.from(), f.expr(), f.col
}

// keyed writes a value as keys hold it.
func (c column) keyed(value string) string {
	switch {
	case c.class.textual():
		return c.inBytes(value)
	case c.bits:
		return value + " + 0"
	}
	return value
}

// elements narrows u.v, the elements of an array, to those that match; it is empty when all are wanted.
func (q *query) elements(t target, f field) (string, error) {
	if !f.array || f.decl.ReturnAllElements {
		return "", nil
	}
	var any []string
	for _, e := range t.step.FoundBy {
		if !slices.Equal(e.Path, f.path) {
			continue
		}
		k, err := q.keys(t, f, e)
		if err != nil {
			return "", err
		}
		any = append(any, q.match("u.v", member(), k))
	}
	if len(any) == 0 {
		return "", nil
	}
	return " AND (" + strings.Join(any, " OR ") + ")", nil
}
