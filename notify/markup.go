package notify

import (
	"fmt"
	"strings"
	"text/template"
)

// PartType is the form of a piece of a letter.
type PartType string

// The forms. A letter has no others, so that text, HTML and Slack can all show it.
const (
	Paragraph PartType = "paragraph"
	// Code stands alone on its line.
	Code PartType = "code"
	// Link is a label and the address that it leads to.
	Link PartType = "link"
	// Items is a list.
	Items PartType = "items"
	// Quote is text written by somebody else; its lines are kept.
	Quote PartType = "quote"
	// Facts are lines of "label: value".
	Facts PartType = "facts"
)

// Part is one piece of a letter: Text for paragraphs, codes and labels, Lines for the others.
type Part struct {
	Type  PartType `json:"type"`
	Text  string   `json:"text,omitempty"`
	Lines []string `json:"lines,omitempty"`
	URL   string   `json:"url,omitempty"`
}

// block is a Part before its values are known: names of templates in the book.
type block struct {
	form  PartType
	lines []string // names of templates, one per line of the part
	url   string   // name of the template of the address
}

// letterSource reads one letter file: a line "subject: …", then blocks separated by empty lines. The first word of
// a block gives its form (see docs/letters.md); the markup is read before any value is filled in, so a value can
// never become markup.
func (b *book) letterSource(kind Kind, source string) error {
	head, rest, _ := strings.Cut(strings.ReplaceAll(source, "\r\n", "\n"), "\n")
	subject, ok := strings.CutPrefix(head, "subject: ")
	if !ok {
		return fmt.Errorf("letter %s/%s: line 1 must begin with \"subject: \"", b.language, kind)
	}
	if err := b.define(string(kind)+"/subject", subject); err != nil {
		return err
	}
	for n, chunk := range strings.Split(rest, "\n\n") {
		if chunk = strings.Trim(chunk, "\n"); chunk == "" {
			continue
		}
		one, err := b.block(fmt.Sprintf("%s/%d", kind, n), chunk)
		if err != nil {
			return fmt.Errorf("letter %s/%s: block %d: %w", b.language, kind, n, err)
		}
		b.letters[kind] = append(b.letters[kind], one)
	}
	return nil
}

// block reads one block and defines its templates under names that begin with prefix.
func (b *book) block(prefix, chunk string) (block, error) {
	word, rest, _ := strings.Cut(chunk, " ")
	switch word {
	case "@code":
		return b.lines(Code, prefix, []string{rest})
	case "@quote":
		return b.lines(Quote, prefix, []string{rest})
	case "@each":
		return b.lines(Items, prefix, []string{rest})
	case "@link":
		return b.link(prefix, rest)
	case "-":
		return b.lines(Items, prefix, strings.Split(strings.TrimPrefix(chunk, "- "), "\n- "))
	case "|":
		return b.lines(Facts, prefix, strings.Split(strings.TrimPrefix(chunk, "| "), "\n| "))
	}
	if strings.HasPrefix(word, "@") {
		return block{}, fmt.Errorf("unknown form %q", word)
	}
	return b.lines(Paragraph, prefix, []string{strings.ReplaceAll(chunk, "\n", " ")})
}

func (b *book) link(prefix, rest string) (block, error) {
	address, label, ok := strings.Cut(rest, " | ")
	if !ok {
		return block{}, fmt.Errorf("a link is written \"@link address | label\"")
	}
	one, err := b.lines(Link, prefix, []string{label})
	if err != nil {
		return block{}, err
	}
	one.url = prefix + "/url"
	return one, b.define(one.url, address)
}

func (b *book) lines(form PartType, prefix string, sources []string) (block, error) {
	one := block{form: form}
	for n, source := range sources {
		name := fmt.Sprintf("%s/%d", prefix, n)
		if err := b.define(name, source); err != nil {
			return block{}, err
		}
		one.lines = append(one.lines, name)
	}
	return one, nil
}

// define adds a template to the book and makes its values harmless.
func (b *book) define(name, source string) error {
	t, err := b.set.New(name).Option("missingkey=error").Parse(source)
	if err != nil {
		return fmt.Errorf("template %s/%s: %w", b.language, name, err)
	}
	harmless(t.Tree)
	return nil
}

// newSet starts a set of templates that knows the names of all functions; newWriter binds them to a letter.
func newSet(l Language) *template.Template {
	return template.New(string(l)).Funcs((&writer{}).funcs())
}
