package pages

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// words are everything the pages say, by language and key.
type words map[string]map[string]string

// languages are those there are words in; the first is for who asks for none of them.
func languages() []string { return []string{"en", "de", "fr", "es"} }

// readWords reads the catalogues. A key that a language lacks, or has and English lacks, is an error.
func readWords() (words, error) {
	out := words{}
	for _, code := range languages() {
		text, err := files.ReadFile("locale/" + code + ".json")
		if err != nil {
			return nil, fmt.Errorf("read the words in %q: %w", code, err)
		}
		catalogue := map[string]string{}
		if err := json.Unmarshal(text, &catalogue); err != nil {
			return nil, fmt.Errorf("read the words in %q: %w", code, err)
		}
		out[code] = catalogue
	}
	for code, catalogue := range out {
		for key := range out["en"] {
			if catalogue[key] == "" {
				return nil, fmt.Errorf("the words in %q lack %q", code, key)
			}
		}
		if len(catalogue) != len(out["en"]) {
			return nil, fmt.Errorf("the words in %q have keys that those in English lack", code)
		}
	}
	return out, nil
}

// say gives the words for a key, with the values put in: name, value, name, value.
func (w words) say(code, key string, values ...string) string {
	text := w[code][key]
	for i := 0; i+1 < len(values); i += 2 {
		text = strings.ReplaceAll(text, "{"+values[i]+"}", values[i+1])
	}
	return text
}

// choose picks the language: the one asked for in the address, else the case's own, else the browser's.
func (w words) choose(asked, own, accepted string) string {
	for _, code := range []string{asked, own} {
		if _, ok := w[code]; ok {
			return code
		}
	}
	_, index, _ := matcher().Match(wanted(accepted)...)
	return languages()[index]
}

// matcher finds the nearest of the languages that there are words in. It takes long to make, and never changes.
var matcher = sync.OnceValue(func() language.Matcher {
	var known []language.Tag
	for _, code := range languages() {
		known = append(known, language.MustParse(code))
	}
	return language.NewMatcher(known)
})

// wanted reads an Accept-Language header. One language in it that nobody knows must not cost the others.
func wanted(accepted string) []language.Tag {
	tags, _, err := language.ParseAcceptLanguage(accepted)
	if err == nil {
		return tags
	}
	for part := range strings.SplitSeq(accepted, ",") {
		if more, _, err := language.ParseAcceptLanguage(part); err == nil {
			tags = append(tags, more...)
		}
	}
	return tags
}
