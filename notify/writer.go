package notify

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"
)

// writer fills the templates of a book with one letter.
type writer struct {
	book   *book
	letter Letter
	set    *template.Template
}

func newWriter(b *book, letter Letter) *writer {
	w := &writer{book: b, letter: letter}
	// Clone fails only on sets that were executed before; the book's own set never is.
	w.set = template.Must(b.set.Clone()).Funcs(w.funcs())
	return w
}

func (w *writer) funcs() template.FuncMap {
	return template.FuncMap{
		"plain": plain, "lines": lines, "each": each,
		"date": w.date, "moment": w.moment, "left": Left, "word": w.word, "ruled": w.ruled, "name": w.name,
		"extensions": w.extensions, "has": w.has, "kept": w.kept, "elsewhere": w.elsewhere, "limits": w.limits, "corrected": w.corrected,
	}
}

// line executes one template.
func (w *writer) line(name string) (string, error) {
	var out strings.Builder
	if err := w.set.ExecuteTemplate(&out, name, w.letter); err != nil {
		return "", withoutValues(err)
	}
	return tidy(out.String()), nil
}

// tidy removes the spaces that parts which came out empty leave behind.
func tidy(s string) string {
	for strings.Contains(s, "  ") {
		s = strings.ReplaceAll(s, "  ", " ")
	}
	return strings.Trim(s, " ")
}

// withoutValues keeps template errors, which may print the data, out of the logs; errors of our own pass.
func withoutValues(err error) error {
	var exec template.ExecError
	if errors.As(err, &exec) && !errors.Is(err, ErrIncomplete) {
		return fmt.Errorf("template %q does not fit its data", exec.Name)
	}
	return err
}

// parts executes the blocks of a letter; those that come out empty are left out.
func (w *writer) parts(blocks []block) ([]Part, error) {
	var out []Part
	for _, b := range blocks {
		p, err := w.part(b)
		if err != nil {
			return nil, err
		}
		if p.Text != "" || len(p.Lines) > 0 {
			out = append(out, p)
		}
	}
	return out, nil
}

func (w *writer) part(b block) (Part, error) {
	p := Part{Type: b.form}
	for _, name := range b.lines {
		text, err := w.line(name)
		if err != nil {
			return Part{}, err
		}
		switch {
		case text == "", b.form == Facts && strings.HasSuffix(text, ":"):
		case b.form == Items || b.form == Facts || b.form == Quote:
			p.Lines = append(p.Lines, strings.Split(text, separator)...)
		default:
			p.Text = text
		}
	}
	if b.url == "" {
		return p, nil
	}
	var err error
	if p.URL, err = w.line(b.url); err != nil {
		return Part{}, err
	}
	if p.URL == "" {
		return Part{Type: b.form}, nil
	}
	return p, safeLink(p.URL)
}

// surround writes what stands around every letter to a person: greeting, signature and footer.
func (w *writer) surround(p *page) error {
	for key, into := range map[string]*string{
		"greeting": &p.Greeting, "closing": &p.Closing, "signature": &p.Signature,
		"footer.contact": &p.Contact, "footer.address": &p.Address, "footer.automatic": &p.Automatic,
	} {
		text, err := w.line("word/" + key)
		if err != nil {
			return err
		}
		*into = text
	}
	return nil
}

func (w *writer) zone() *time.Location {
	if z := w.letter.frame().Controller.Zone; z != nil {
		return z
	}
	return time.UTC
}

// word is a phrase of the language.
func (w *writer) word(key string) (string, error) {
	if !w.book.words[key] {
		return "", fmt.Errorf("no words for %q", key)
	}
	return w.line("word/" + key)
}

// has tells whether there is a phrase for the key under the letter's regime or in general.
func (w *writer) has(key string) bool {
	return w.book.words[key+"."+w.letter.frame().Regime] || w.book.words[key]
}

// ruled is the phrase for the regime of the case where there is one, the general phrase otherwise.
func (w *writer) ruled(parts ...any) (string, error) {
	words := make([]string, 0, len(parts))
	for _, p := range parts {
		words = append(words, fmt.Sprint(p))
	}
	key := strings.Join(words, ".")
	if own := key + "." + w.letter.frame().Regime; w.book.words[own] {
		return w.word(own)
	}
	return w.word(key)
}

// extensions are the reasons of an extension as sentences.
func (w *writer) extensions(reasons []ExtensionReason) ([]string, error) {
	out := make([]string, 0, len(reasons))
	for _, r := range reasons {
		text, err := w.word("extension." + string(r))
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// name is the person's name if it can stand in a greeting. Public forms let strangers write what they like into a
// letter to somebody else, so what looks like an address or an advertisement is left out.
func (w *writer) name() string {
	name := plain(w.letter.frame().Name)
	if len([]rune(name)) > 60 || strings.ContainsAny(name, "/\\@<>:%{}[]=?0123456789") || strings.Contains(strings.ToLower(name), "www.") {
		return ""
	}
	return name
}
