package preflight

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// checkHiddenSigns looks for signs in the subject that nobody sees.
func checkHiddenSigns(e *exam) {
	if sign, there := hiddenSign(e.message.subject); there {
		e.find(ruleHiddenSigns, told{where: "Subject", saw: e.message.subject, reason: "it has " + sign})
	}
}

// checkScripts looks for words of the subject that are put together of several scripts.
func checkScripts(e *exam) {
	if word, scripts := mixed(e.message.subject); word != "" {
		e.find(ruleMixedScripts, told{where: "Subject", saw: word, reason: "it mixes letters of " + scripts})
	}
}

const (
	joiner          = '\u200D'
	nonJoiner       = '\u200C'
	leftToRight     = '\u200E'
	rightToLeft     = '\u200F'
	arabicLetter    = '\u061C'
	tagFirst        = '\U000E0020' // tags stand in the flags of parts of countries
	tagLast         = '\U000E007F'
	variationSelect = '\uFE0F'
)

// hiddenSign finds a sign that cannot be seen where it has no business: joiners belong into emoji and into some scripts, marks of
// direction into text that is written from the right.
func hiddenSign(text string) (string, bool) {
	fromRight := strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana)
	})
	before := rune(0)
	for _, r := range text {
		honest := false
		switch {
		case r == joiner || r == nonJoiner:
			honest = before > unicode.MaxLatin1 && !unicode.In(before, unicode.Latin, unicode.Greek, unicode.Cyrillic)
		case r == leftToRight || r == rightToLeft || r == arabicLetter:
			honest = fromRight
		case r >= tagFirst && r <= tagLast:
			honest = before > unicode.MaxLatin1
		case r == '\t':
			honest = true
		}
		if !honest && (unicode.Is(unicode.Cf, r) || unicode.IsControl(r)) {
			return fmt.Sprintf("the sign U+%04X, which cannot be seen", r), true
		}
		before = r
	}
	return "", false
}

// lookalikes are the scripts whose letters are taken for each other (UTS 39).
func lookalikes() map[string]*unicode.RangeTable {
	return map[string]*unicode.RangeTable{"Latin": unicode.Latin, "Greek": unicode.Greek, "Cyrillic": unicode.Cyrillic, "Armenian": unicode.Armenian, "Cherokee": unicode.Cherokee}
}

// mixed finds a word whose letters are of several scripts that look alike, and names them.
func mixed(text string) (word, scripts string) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }) {
		var found []string
		for name, table := range lookalikes() {
			if strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(table, r) && r != 'µ' }) {
				found = append(found, name)
			}
		}
		if len(found) > 1 {
			slices.Sort(found)
			return w, strings.Join(found, " and ")
		}
	}
	return "", ""
}
