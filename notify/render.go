package notify

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxSubject is the longest subject in characters; longer ones are cut, because mail programs do it less politely.
const MaxSubject = 120

// Rendered is a finished message. It may hold a name, a link that opens a package or a code: the caller seals it
// before it is stored.
type Rendered struct {
	Kind Kind `json:"kind"`
	// Language that it is written in, which is English when the one asked for does not exist.
	Language Language `json:"language"`
	// FellBack tells that another language was asked for.
	FellBack bool   `json:"fell_back,omitempty"`
	Subject  string `json:"subject"`
	Text     string `json:"text"`
	HTML     string `json:"html"`
	// Parts are the same words in pieces; Slack's blocks are made from them. Only notices to the staff have them.
	Parts []Part `json:"parts,omitempty"`
	// AckToken is the value of Slack's button "I am on it"; no button without it.
	AckToken string `json:"ack_token,omitempty"`
}

// ErrIncomplete is returned by Render when a letter lacks what its words need.
var ErrIncomplete = errors.New("the letter is incomplete")

// Render writes a letter in a language. A language that letters are not written in, an empty one included, falls back
// to English, and so does every notice to the staff; FellBack then says so. Regional forms ("de-AT") use the language.
//
// Nothing in the data can add a header, a line or markup: values are put on one line, control and direction
// characters are dropped, HTML is escaped, and a link that is neither http nor https is refused with ErrIncomplete.
func Render(language Language, letter Letter) (Rendered, error) {
	books, err := library()
	if err != nil {
		return Rendered{}, err
	}
	asked := normalise(language)
	book, ok := books[asked]
	if !ok || isStaff(letter.Kind()) {
		book = books[English]
	}
	out, err := book.write(letter)
	if err != nil {
		return Rendered{}, fmt.Errorf("render %s in %s: %w", letter.Kind(), book.language, err)
	}
	out.FellBack = book.language != asked
	return out, nil
}

// write fills the template of the letter's kind.
func (b *book) write(letter Letter) (Rendered, error) {
	if err := check(letter); err != nil {
		return Rendered{}, err
	}
	w := newWriter(b, letter)
	subject, err := w.line(string(letter.Kind()) + "/subject")
	if err != nil {
		return Rendered{}, err
	}
	body, err := w.parts(b.letters[letter.Kind()])
	if err != nil {
		return Rendered{}, err
	}
	page := page{Language: b.language, Subject: cut(subject, MaxSubject), Body: body}
	out := Rendered{Kind: letter.Kind(), Language: b.language, Subject: page.Subject}
	if staff, ok := letter.(interface{ notice() *Notice }); ok {
		out.Parts, out.AckToken = body, staff.notice().AckToken
	} else if err := w.surround(&page); err != nil {
		return Rendered{}, err
	}
	out.Text = page.text()
	out.HTML, err = page.html()
	return out, err
}

// normalise reduces "de-AT" or "DE" to "de".
func normalise(l Language) Language {
	short, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(string(l), "_", "-")), "-")
	return Language(short)
}

func isStaff(kind Kind) bool {
	for _, k := range StaffKinds() {
		if k == kind {
			return true
		}
	}
	return false
}

// cut shortens a text to a number of characters.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:most-1]), " ") + "…"
}
