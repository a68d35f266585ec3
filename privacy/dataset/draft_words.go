package dataset

import (
	_ "embed"
	"strings"
	"unicode"
)

//go:embed taxonomy/words.txt
var columnWords string

//go:embed taxonomy/topics.txt
var tableWords string

// lexicon is what names mean.
type lexicon struct {
	phrases map[string]phrase
	topics  map[string]string
	// longest is the most words that a phrase has.
	longest int
	roles
}

// phrase is what a run of words in a column's name says.
type phrase struct {
	category string
	unsure   bool
}

// newLexicon reads the embedded word lists.
func newLexicon() lexicon {
	l := lexicon{phrases: map[string]phrase{}, topics: map[string]string{}, roles: newRoles()}
	eachWord(columnWords, func(category, text string) {
		plain, unsure := strings.CutSuffix(text, "?")
		l.phrases[strings.ReplaceAll(plain, " ", "")] = phrase{category, unsure}
		l.longest = max(l.longest, len(l.words(plain)))
	})
	eachWord(tableWords, func(category, text string) { l.topics[text] = category })
	return l
}

// eachWord reads lines of "category: word, word".
func eachWord(text string, take func(category, word string)) {
	for line := range strings.Lines(text) {
		category, list, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found || strings.HasPrefix(line, "#") {
			continue
		}
		for word := range strings.SplitSeq(list, ", ") {
			take(category, word)
		}
	}
}

// plainLetters writes letters with accents as people without them on the keyboard do.
var plainLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "à", "a", "á", "a", "â", "a", "ã", "a", "ç", "c", "è", "e", "é", "e",
	"ê", "e", "ë", "e", "ì", "i", "í", "i", "î", "i", "ï", "i", "ñ", "n", "ò", "o", "ó", "o", "ô", "o", "õ", "o", "ù", "u", "ú", "u", "û", "u", "œ", "oe", "æ", "ae")

// words splits a name as people join them: by _ - and dots, at capitals and between letters and digits.
func (l lexicon) words(name string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			out = append(out, plainLetters.Replace(strings.ToLower(string(word))))
			word = word[:0]
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])):
			end()
		case i > 0 && unicode.IsDigit(r) != unicode.IsDigit(runes[i-1]):
			end()
		}
		word = append(word, r)
	}
	end()
	return out
}

// match is where a phrase was found in a name.
type match struct {
	phrase
	from, to int
	// part is set when only the end of a word fits, as in German compounds.
	part bool
}

// find looks for the longest phrase in a name; among equals the last, because that is what the name is about.
func (l lexicon) find(words []string) (match, bool) {
	for length := min(l.longest+1, len(words)); length > 0; length-- {
		for from := len(words) - length; from >= 0; from-- {
			if p, known := l.phrases[strings.Join(words[from:from+length], "")]; known {
				return match{p, from, from + length, false}, true
			}
		}
	}
	for from := len(words) - 1; from >= 0; from-- {
		if p, known := l.compound(words[from]); known {
			return match{p, from, from + 1, true}, true
		}
	}
	return match{}, false
}

// The parts of a compound: what stands before, and what has a meaning.
const (
	minCompoundHead = 3
	minCompoundTail = 6
)

// compound looks for a phrase that a word ends with: rechnungsemail, privatanschrift.
func (l lexicon) compound(word string) (phrase, bool) {
	for i := minCompoundHead; i+minCompoundTail <= len(word); i++ {
		if p, known := l.phrases[word[i:]]; known {
			return p, true
		}
	}
	return phrase{}, false
}

// stems gives a word and what it may be the plural of.
func stems(word string) []string {
	out := []string{word}
	for _, ending := range []struct{ plural, singular string }{{"ies", "y"}, {"sses", "ss"}, {"es", ""}, {"s", ""}, {"nen", ""}, {"en", ""}, {"n", ""}, {"e", ""}, {"x", ""}, {"aux", "al"}, {"ones", "on"}} {
		if base, found := strings.CutSuffix(word, ending.plural); found && len(base) > 2 {
			out = append(out, base+ending.singular)
		}
	}
	return out
}

// topic says what a table is about by the last word of its name that is known.
func (l lexicon) topic(words []string) string {
	for i := len(words) - 1; i >= 0; i-- {
		for _, stem := range append(stems(strings.Join(words[max(0, i-1):i+1], "")), stems(words[i])...) {
			if category, known := l.topics[stem]; known {
				return category
			}
		}
	}
	for i := len(words) - 1; i >= 0; i-- {
		for _, stem := range stems(words[i]) {
			for cut := minCompoundHead; cut+minCompoundTail-1 <= len(stem); cut++ {
				if category, known := l.topics[stem[cut:]]; known {
					return category
				}
			}
		}
	}
	return ""
}

// oneOf reports whether a word, or what it is the plural of, stands in a list.
func oneOf(word string, list map[string]bool) bool {
	for _, stem := range stems(word) {
		if list[stem] {
			return true
		}
	}
	return false
}
