package dataset

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// StorePattern is the form of the keys of a collection's objects, as invoices/{year}/{customer_id}-{number}.pdf. A place {name} stands for one
// value, which has no / in it; * for anything without /; ** at the end for anything. A key has the form in one way at most, so that a value in it
// is never somebody else's.
type StorePattern struct {
	text     string
	segments []keySegment
	// rest says that anything may follow behind the last segment.
	rest bool
}

// keySegment is what stands between two slashes.
type keySegment struct {
	parts []keyPart
	form  *regexp.Regexp
}

// keyPart is a fixed text, a place or a star.
type keyPart struct {
	text  string
	place string
	typ   string
	star  bool
}

// StorePlaceTypes are the types that a place may have. A word has letters from a to z and digits; text is anything without /.
func StorePlaceTypes() []string { return []string{"text", "integer", "word", "uuid", "date"} }

// placeForms are the expressions of places; what is not among them is open: how far it goes can only be told from what stands around it.
func placeForms() map[string]string {
	return map[string]string{
		"integer": `[0-9]+`, "word": `[0-9A-Za-z]+`, "date": `[0-9]{4}-[0-9]{2}-[0-9]{2}`,
		"uuid": `[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}`,
	}
}

var placeName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// maxKey is how long a key can be, in bytes.
const maxKey = 1024

// NewStorePattern reads a form of keys; types are those of its places, text where there is none. The error says what is wrong and what to do.
func NewStorePattern(text string, types map[string]string) (StorePattern, error) {
	p := StorePattern{text: text}
	switch {
	case text == "" || len(text) > maxKey || !utf8.ValidString(text):
		return p, errors.New("the form of the keys is empty or too long; write it as users/{customer_id}/**")
	case strings.HasPrefix(text, "/"):
		return p, errors.New("keys begin without /; remove it")
	}
	if before, ends := strings.CutSuffix(text, "**"); ends {
		if before != "" && !strings.HasSuffix(before, "/") {
			return p, errors.New("** stands behind the last / alone; write users/{customer_id}/**, or * for what has no / in it")
		}
		p.rest, text = true, strings.TrimSuffix(before, "/")
	}
	if strings.Contains(text, "**") {
		return p, errors.New("** stands at the end alone; write * for what has no / in it")
	}
	seen := map[string]bool{}
	if text != "" {
		for _, s := range strings.Split(text, "/") {
			segment, err := readSegment(s, types, seen)
			if err != nil {
				return p, err
			}
			p.segments = append(p.segments, segment)
		}
	}
	return p, nil
}

func readSegment(text string, types map[string]string, seen map[string]bool) (s keySegment, err error) {
	if text == "" || text == "." || text == ".." {
		return s, errors.New("between two / there has to be something, and not . or ..; correct it")
	}
	for text != "" {
		var part keyPart
		switch i := strings.IndexAny(text, "{}*"); {
		case i < 0:
			part, text = keyPart{text: text}, ""
		case i > 0:
			part, text = keyPart{text: text[:i]}, text[i:]
		case text[0] == '*':
			part, text = keyPart{star: true}, text[1:]
		default:
			name, after, closed := strings.Cut(text[1:], "}")
			if text[0] == '}' || !closed || !placeName.MatchString(name) {
				return s, errors.New("a place is a name in braces; write it as {customer_id}")
			}
			if seen[name] {
				return s, fmt.Errorf("the place {%s} stands twice; call one of them otherwise", name)
			}
			if slices.Contains(StoreFields(), name) {
				return s, fmt.Errorf("{%s} is what every object has already; call the place otherwise", name)
			}
			seen[name] = true
			part, text = keyPart{place: name, typ: types[name]}, after
		}
		s.parts = append(s.parts, part)
	}
	if err := s.clear(); err != nil {
		return s, err
	}
	return s, s.compile()
}

// open reports whether only what stands around the part tells how far it goes.
func (p keyPart) open() bool { return p.star || p.place != "" && placeForms()[p.typ] == "" }

// clear refuses a segment that a key could have in two ways: then a value could be read as another person's.
func (s keySegment) clear() error {
	open := 0
	for i, p := range s.parts {
		if p.open() {
			open++
		}
		if i > 0 && p.text == "" && s.parts[i-1].text == "" {
			return errors.New("two places stand next to each other, and nobody can tell where one ends; put a / between them")
		}
		if p.typ != "integer" && p.typ != "word" {
			continue
		}
		in := regexp.MustCompile(`^` + strings.TrimSuffix(placeForms()[p.typ], "+") + `$`)
		if i > 0 && in.MatchString(last(s.parts[i-1].text)) || i+1 < len(s.parts) && in.MatchString(s.parts[i+1].text[:1]) {
			return fmt.Errorf("nobody can tell where {%s} begins or ends; put a / or another sign beside it that its values don't have", p.place)
		}
	}
	if open > 1 {
		return errors.New("between two / stands more than one thing of which nobody can tell where it ends; say the type of places under fields (integer, word, uuid or date), or put a / between them")
	}
	return nil
}

// last is the last byte of a text.
func last(s string) string { return s[max(0, len(s)-1):] }

func (s *keySegment) compile() error {
	var b strings.Builder
	b.WriteString(`^(?s:`)
	for _, p := range s.parts {
		switch form := placeForms()[p.typ]; {
		case p.star:
			b.WriteString(`.*`)
		case p.place != "" && form != "":
			b.WriteString("(" + form + ")")
		case p.place != "":
			b.WriteString(`(.+)`)
		default:
			b.WriteString(regexp.QuoteMeta(p.text))
		}
	}
	b.WriteString(`)$`)
	var err error
	if s.form, err = regexp.Compile(b.String()); err != nil {
		return errors.New("the form of the keys is too long; shorten it")
	}
	return nil
}

// String is the form as it is written.
func (p StorePattern) String() string { return p.text }

// Places lists the names of the places, in their order.
func (p StorePattern) Places() (names []string) {
	for _, s := range p.segments {
		for _, part := range s.parts {
			if part.place != "" {
				names = append(names, part.place)
			}
		}
	}
	return names
}

// Match reads the values of the places out of a key; ok is false for a key that has another form.
func (p StorePattern) Match(key string) (values map[string]string, ok bool) {
	if len(key) > maxKey || !utf8.ValidString(key) {
		return nil, false
	}
	n := len(p.segments)
	texts := strings.SplitN(key, "/", n+1)
	if len(texts) < n || p.rest != (len(texts) == n+1) {
		return nil, false
	}
	values = map[string]string{}
	for i := range p.segments {
		if !p.segments[i].read(texts[i], values) {
			return nil, false
		}
	}
	return values, true
}

// read takes a segment's values; false when it has another form.
func (s *keySegment) read(text string, values map[string]string) bool {
	found := s.form.FindStringSubmatch(text)
	if found == nil {
		return false
	}
	i := 0
	for _, part := range s.parts {
		if part.place == "" {
			continue
		}
		i++
		if part.refuses(found[i]) != nil {
			return false
		}
		values[part.place] = found[i]
	}
	return true
}

// refuses says why a value can't stand in a place. The error doesn't quote it.
func (p keyPart) refuses(value string) error {
	switch {
	case value == "" || len(value) > maxKey || !utf8.ValidString(value):
		return errors.New("it is empty, too long or no text")
	case value == "." || value == ".." || strings.ContainsAny(value, "/\x00"):
		return errors.New("it has a / in it, or is . or .., and would lead elsewhere")
	}
	if form := placeForms()[p.typ]; form != "" && !regexp.MustCompile(`^`+form+`$`).MatchString(value) {
		return fmt.Errorf("the store document says that it is a value of the type %s", p.typ)
	}
	return nil
}
