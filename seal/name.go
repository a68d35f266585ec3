package seal

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NameTokens splits a name into the parts that can be searched for: case folded, Latin, Greek and Cyrillic diacritics
// removed, letters that don't decompose spelt plainly (ø as o, ß as ss), apostrophes dropped, everything else that is no
// letter or digit a separator. Each token comes once, in the order of the name.
func NameTokens(name string) []string {
	valid := strings.ToValidUTF8(name, "\ufffd")                        // beside a broken byte a letter would not be folded
	folded := strings.ToLower(strings.ToUpper(norm.NFKC.String(valid))) // up and down, so that ς and σ, ı and i meet
	plain := norm.NFC.String(strings.Map(dropDiacritic, norm.NFKD.String(folded)))
	plain = plainLetters().Replace(plain)
	var tokens []string
	for _, token := range strings.FieldsFunc(plain, betweenTokens) {
		if !slices.Contains(tokens, token) {
			tokens = append(tokens, token)
		}
	}
	return tokens
}

// dropDiacritic removes the combining marks of European scripts. Marks of other scripts carry vowels and stay.
func dropDiacritic(r rune) rune {
	if r >= 0x0300 && r <= 0x036f {
		return -1
	}
	return r
}

func plainLetters() *strings.Replacer {
	return strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ð", "d", "ħ", "h", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th", "ß", "ss",
		"'", "", "’", "", "ʼ", "", "`", "", "´", "")
}

func betweenTokens(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}
