package notify

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"
	"text/template"
)

//go:embed letters
var files embed.FS

// book holds everything that is written in one language.
type book struct {
	language Language
	set      *template.Template
	letters  map[Kind][]block
	// words are the keys of words.txt; their templates are called "word/<key>".
	words map[string]bool
}

// library reads the books once; they are part of the binary and never change. The tests read them too, so an error
// here is one that no release has.
var library = sync.OnceValues(func() (map[Language]*book, error) {
	books := map[Language]*book{}
	for _, l := range Languages() {
		b, err := readBook(l)
		if err != nil {
			return nil, err
		}
		books[l] = b
	}
	return books, nil
})

func readBook(l Language) (*book, error) {
	b := &book{language: l, set: newSet(l), letters: map[Kind][]block{}, words: map[string]bool{}}
	kinds := PersonKinds()
	if l == English {
		kinds = append(kinds, StaffKinds()...)
	}
	for _, kind := range kinds {
		source, err := files.ReadFile(path.Join("letters", string(l), string(kind)+".txt"))
		if err != nil {
			return nil, fmt.Errorf("read the letters: %w", err)
		}
		if err := b.letterSource(kind, string(source)); err != nil {
			return nil, err
		}
	}
	source, err := files.ReadFile(path.Join("letters", string(l), "words.txt"))
	if err != nil {
		return nil, fmt.Errorf("read the words: %w", err)
	}
	return b, b.wordSource(string(source))
}

// wordSource reads lines of "key = text"; empty lines and lines that begin with # are skipped.
func (b *book) wordSource(source string) error {
	for n, line := range strings.Split(source, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, text, ok := strings.Cut(line, " = ")
		if !ok {
			return fmt.Errorf("words of %s: line %d is not \"key = text\"", b.language, n+1)
		}
		if b.words[key] {
			return fmt.Errorf("words of %s: line %d: %q is there twice", b.language, n+1, key)
		}
		b.words[key] = true
		if err := b.define("word/"+key, text); err != nil {
			return err
		}
	}
	return nil
}
