package paper

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed words
var files embed.FS

// words are what the papers say in one language.
type words map[string]string

// catalogues are those there are, read once: they are part of the binary. The tests read them too.
var catalogues = sync.OnceValues(func() (map[string]words, error) {
	out := map[string]words{}
	for _, code := range []string{"en", "de", "fr", "es"} {
		text, err := files.ReadFile("words/" + code + ".json")
		if err != nil {
			return nil, fmt.Errorf("read the words in %q: %w", code, err)
		}
		w := words{}
		if err := json.Unmarshal(text, &w); err != nil {
			return nil, fmt.Errorf("read the words in %q: %w", code, err)
		}
		out[code] = w
	}
	return out, nil
})

// in gives the words of a language, English where there are none.
func in(language string) (words, error) {
	all, err := catalogues()
	if err != nil {
		return nil, err
	}
	if w, ok := all[language]; ok {
		return w, nil
	}
	return all["en"], nil
}

// say gives the words for a key, with values put in: name, value, name, value.
func (w words) say(key string, values ...string) string {
	pairs := make([]string, 0, len(values))
	for i := 0; i+1 < len(values); i += 2 {
		pairs = append(pairs, "{"+values[i]+"}", values[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(w[key])
}
