package preflight

import (
	"fmt"
	"slices"
	"strings"
)

const (
	clippedAt   = 102 << 10 // bytes of HTML after which Gmail cuts off
	littleText  = 120       // letters below which a message with pictures is made of them
	muchHidden  = 400       // letters of hidden text that are more than a preview line
	stub        = 20        // words that are too few for a text of its own
	enoughWords = 60        // words of the other form from which on a stub is a lack
	leastShared = 0.5       // share of the words of the shorter form that the other has
)

// checkReadable says what could not be read, and so was not checked.
func checkReadable(e *exam) {
	said := slices.Clone(e.message.unread)
	slices.Sort(said)
	for _, what := range slices.Compact(said) {
		e.find(ruleUnreadable, told{reason: what})
	}
}

// checkForms looks at the form of the message: text and HTML, pictures, hidden text, length.
func checkForms(e *exam) {
	e.sameInBoth()
	if e.message.htmlBytes > clippedAt {
		e.find(ruleClipped, told{where: "HTML", reason: fmt.Sprintf("it has %d KB", e.message.htmlBytes>>10)})
	}
	if hidden := letters(e.hiddenText()); hidden > muchHidden {
		e.find(ruleHiddenText, told{where: "HTML", reason: fmt.Sprintf("%d letters cannot be seen", hidden)})
	}
	if e.pictures() > 0 && e.lettersOfPages() < littleText {
		e.find(ruleImageOnly, told{where: "HTML", reason: fmt.Sprintf("pictures: %d, letters beside them: %d", e.pictures(), e.lettersOfPages())})
	}
}

// pictures counts those that can carry content.
func (e *exam) pictures() int {
	n := 0
	for _, p := range e.message.pages {
		for _, i := range p.images {
			if i.shows() {
				n++
			}
		}
	}
	return n
}

// lettersOfPages counts what can be read in the HTML without pictures.
func (e *exam) lettersOfPages() int {
	n := 0
	for _, p := range e.message.pages {
		n += letters(p.visible)
		for _, i := range p.images {
			if !i.hidden {
				n -= letters(i.alt)
			}
		}
	}
	return n
}

// sameInBoth compares the words of the text with those of the HTML (RFC 2046 s.5.1.4).
func (e *exam) sameInBoth() {
	if len(e.message.texts) == 0 || len(e.message.pages) == 0 {
		return
	}
	text, html := vocabulary(strings.Join(e.message.texts, "\n")), vocabulary(e.visiblePages())
	small, large := len(text), len(html)
	if small > large {
		small, large = large, small
	}
	switch {
	case small < stub && large > enoughWords:
		e.find(ruleTextsDiffer, told{reason: fmt.Sprintf("the text has %d words and the HTML %d", len(text), len(html))})
	case small >= stub:
		if share := inCommon(text, html) / float64(small); share < leastShared {
			e.find(ruleTextsDiffer, told{reason: fmt.Sprintf("they have %.0f %% of their words in common", share*100)})
		}
	}
}

func (e *exam) visiblePages() string {
	var b strings.Builder
	for _, p := range e.message.pages {
		b.WriteString(p.visible)
	}
	return b.String()
}

// vocabulary are the words of a text that say something; addresses are none.
func vocabulary(text string) map[string]bool {
	found := map[string]bool{}
	for _, w := range words(address.ReplaceAllString(text, " ")) {
		if len(w) > 3 {
			found[w] = true
		}
	}
	return found
}

func inCommon(a, b map[string]bool) float64 {
	n := 0.0
	for w := range a {
		if b[w] {
			n++
		}
	}
	return n
}
