package packaging

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

//go:embed words cover.html
var files embed.FS

// languages that covers are written in; the first is the one to fall back to.
func languages() []string { return []string{"en", "de", "fr", "es"} }

// words is what a cover says in one language.
type words struct {
	language string
	texts    map[string]string
}

// vocabulary reads the words once; they are part of the binary and never change.
var vocabulary = sync.OnceValues(func() (map[string]words, error) {
	all := map[string]words{}
	for _, l := range languages() {
		source, err := files.ReadFile("words/" + l + ".txt")
		if err != nil {
			return nil, fmt.Errorf("read the words of the cover: %w", err)
		}
		w := words{language: l, texts: map[string]string{}}
		for n, line := range strings.Split(strings.TrimRight(string(source), "\n"), "\n") {
			key, text, ok := strings.Cut(line, " = ")
			if _, twice := w.texts[key]; !ok || twice {
				return nil, fmt.Errorf("words of the cover in %s, line %d: want \"key = text\", each key once", l, n+1)
			}
			w.texts[key] = text
		}
		all[l] = w
	}
	return all, nil
})

// wordsOf gives the words of a language, English when there are none; "de-AT" is German.
func wordsOf(asked string) (words, error) {
	all, err := vocabulary()
	if err != nil {
		return words{}, err
	}
	short, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(asked, "_", "-")), "-")
	if w, ok := all[short]; ok {
		return w, nil
	}
	return all[languages()[0]], nil
}

// say fills a text. A key that does not exist is an error of ours that the golden files show.
func (w words) say(key string, values ...any) string {
	text, ok := w.texts[key]
	if !ok {
		return "⟨" + key + "⟩"
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}

func (w words) date(t time.Time) string {
	return w.say("date", t.Day(), strings.Fields(w.say("months"))[t.Month()-1], t.Year())
}

func (w words) moment(t time.Time) string { return w.say("at", w.date(t), t.Format("15:04 MST")) }

// count writes a number with the language's mark between the thousands.
func (w words) count(n int64) string {
	mark := w.say("thousands")
	if mark == "nnbsp" {
		mark = "\u202f"
	}
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(mark)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// category names a data category, or the nearest one above it that has a name.
func (w words) category(key string) string {
	for k := key; k != ""; {
		if text, ok := w.texts["cat."+k]; ok {
			return text
		}
		k = k[:max(strings.LastIndexByte(k, '.'), 0)]
	}
	return key
}

// categories names several, each name once.
func (w words) categories(keys []string) string {
	var out []string
	seen := map[string]bool{}
	for _, key := range keys {
		if name := w.category(key); !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// country names an ISO 3166-1 code.
func (w words) country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return display.Regions(language.Make(w.language)).Name(region)
}

// period writes an ISO 8601 duration of whole years, months, weeks or days in words.
func (w words) period(iso string) string {
	units := map[byte]string{'Y': "year", 'M': "month", 'W': "week", 'D': "day"}
	var parts []string
	rest, ok := strings.CutPrefix(iso, "P")
	if !ok {
		return iso
	}
	for rest != "" {
		n := digits(rest)
		if n == 0 || n == len(rest) || units[rest[n]] == "" {
			return iso
		}
		count, _ := strconv.Atoi(rest[:n])
		form := ".many"
		if count == 1 {
			form = ".one"
		}
		parts = append(parts, w.say(units[rest[n]]+form, count))
		rest = rest[n+1:]
	}
	return strings.Join(parts, ", ")
}
