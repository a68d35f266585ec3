package notify

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"sync"
	"unicode/utf8"
)

// lineWidth of the text part in characters.
const lineWidth = 72

// page is a letter ready to be set as text or as HTML; both are made from the same parts, so their words agree.
type page struct {
	Language                     Language
	Subject                      string
	Greeting, Closing, Signature string
	Contact, Address, Automatic  string
	Body                         []Part
}

// text sets the page as plain text, format as in RFC 5322 but with lines ending in \n.
func (p *page) text() string {
	var out []string
	if p.Greeting != "" {
		out = append(out, wrap(p.Greeting, ""))
	}
	for _, part := range p.Body {
		out = append(out, part.text())
	}
	if p.Closing != "" {
		out = append(out, wrap(p.Closing, "")+"\n"+wrap(p.Signature, ""))
	}
	var foot []string
	for _, line := range []string{p.Contact, p.Address, p.Automatic} {
		if line != "" {
			foot = append(foot, wrap(line, ""))
		}
	}
	if len(foot) > 0 {
		out = append(out, "-- \n"+strings.Join(foot, "\n"))
	}
	return strings.Join(out, "\n\n") + "\n"
}

func (p Part) text() string {
	switch p.Type {
	case Code:
		return p.Text
	case Link:
		return wrap(p.Text+":", "") + "\n" + p.URL
	case Items:
		return joinWrapped(p.Lines, "- ", "  ")
	case Quote:
		return joinWrapped(p.Lines, "> ", "> ")
	case Facts:
		return strings.Join(p.Lines, "\n")
	}
	return wrap(p.Text, "")
}

func joinWrapped(lines []string, first, next string) string {
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		out = append(out, strings.TrimRight(first+wrap(line, next), " "))
	}
	return strings.Join(out, "\n")
}

// wrap breaks a line at spaces; indent begins every line but the first.
func wrap(text, indent string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Split(text, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case width+1+n > lineWidth-len(indent):
			b.WriteString("\n" + indent)
			width = 0
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	return b.String()
}

// Fact splits a line of Facts into label and value.
func Fact(line string) (label, value string) {
	label, value, _ = strings.Cut(line, ": ")
	return label, value
}

var layout = sync.OnceValues(func() (*template.Template, error) {
	return template.New("page.html").Funcs(template.FuncMap{
		"label": func(line string) string { l, _ := Fact(line); return l },
		"value": func(line string) string { _, v := Fact(line); return v },
	}).ParseFS(files, "letters/page.html")
})

func (p *page) html() (string, error) {
	t, err := layout()
	if err != nil {
		return "", fmt.Errorf("read the layout of the letters: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return "", fmt.Errorf("set the letter as HTML: %w", err)
	}
	return out.String(), nil
}
