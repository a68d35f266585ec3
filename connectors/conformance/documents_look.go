package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// read gives each collection's documents by their numbers.
func (w *documentWorld) read(t *rapid.T, in DocumentWorlds) (out []map[int]map[string]any) {
	for _, c := range w.collections {
		docs := map[int]map[string]any{}
		for _, text := range in.Read(t, c.name) {
			var doc map[string]any
			d := json.NewDecoder(strings.NewReader(text))
			d.UseNumber() // digit for digit
			require.NoError(t, d.Decode(&doc))
			var n int
			_, err := fmt.Sscan(plainText(doc["n"]), &n)
			require.NoError(t, err)
			require.NotContains(t, docs, n, "document %d of %s is there once", n, c.name)
			docs[n] = doc
		}
		out = append(out, docs)
	}
	return out
}

// look compares a collection's documents with what they were.
func (w *documentWorld) look(t *rapid.T, in DocumentWorlds, c *randomCollection, before, after map[int]map[string]any) {
	for _, d := range c.docs {
		was, now := before[d.n], after[d.n]
		switch {
		case w.reached(c, d) && c.delete:
			require.Nil(t, now, "document %d of %s", d.n, c.name)
		case now == nil && in.Past != nil && in.Past(c.name, d.n) && (w.reached(c, d) || w.part(c, d) && c.parts):
		case w.reached(c, d):
			w.masked(t, c, d, was, now)
		case w.part(c, d) && c.parts:
			for _, way := range c.ways {
				name := way.path()[0]
				if !way.place.listed() {
					continue
				}
				if was[name] = w.without(way, d, was[name]); was[name] == nil && now[name] == nil { // some systems take null for a member that is to go
					delete(was, name)
					delete(now, name)
				}
			}
			require.Equal(t, was, now, "elements were taken out of document %d of %s, and nothing else", d.n, c.name)
		default:
			require.Equal(t, was, now, "somebody else's document %d of %s", d.n, c.name)
		}
		if !w.part(c, d) || c.parts {
			text, err := json.Marshal(now)
			require.NoError(t, err)
			require.NotContains(t, strings.ToLower(string(text)), `"a@example.org"`, "document %d of %s", d.n, c.name)
		}
	}
}

// masked wants a document of the person's to be what it was, but for what was masked, which says nothing of them any more.
func (w *documentWorld) masked(t *rapid.T, c *randomCollection, d *randomDocument, was, now map[string]any) {
	require.NotNil(t, now, "document %d of %s", d.n, c.name)
	text, err := json.Marshal(now)
	require.NoError(t, err)
	require.NotContains(t, string(text), Canary)
	for _, b := range c.bodies {
		cut(was, b.path)
		cut(now, b.path)
	}
	for _, way := range c.ways {
		if path := way.path(); way.owner == nil {
			if way.place.listed() {
				path = path[:1]
			}
			cut(was, path)
			cut(now, path)
		}
	}
	require.Equal(t, was, now, "what is not masked in document %d of %s", d.n, c.name)
}

// cut takes out what stands at the end of a path, through lists.
func cut(v any, path []string) {
	switch v := v.(type) {
	case map[string]any:
		if len(path) == 1 {
			delete(v, path[0])
			return
		}
		cut(v[path[0]], path[1:])
	case []any:
		for _, e := range v {
			cut(e, path)
		}
	}
}

// without is a way's field without the elements that are the person's.
func (w *documentWorld) without(of *way, d *randomDocument, field any) any {
	var gone []string
	for i, mine := range w.mine(of, d) {
		if mine {
			gone = append(gone, strings.ToLower(fmt.Sprint(d.of[of][i])))
		}
	}
	hit := func(v any) bool {
		if doc, is := v.(map[string]any); is && of.place != inList {
			v = doc[of.name]
		}
		return slices.Contains(gone, strings.ToLower(plainText(v)))
	}
	if around, is := field.(map[string]any); is && of.place == inDeepDocuments {
		around["deep"] = shed(around["deep"], hit)
		return around
	}
	return shed(field, hit)
}

// shed takes elements out of a list, and out of the lists in it; what is none and would be one is emptied.
func shed(v any, hit func(any) bool) any {
	items, is := v.([]any)
	switch {
	case !is && hit(v):
		return nil
	case !is:
		return v
	}
	rest := []any{}
	for _, item := range items {
		if inner, is := item.([]any); is {
			rest = append(rest, shed(inner, hit))
		} else if !hit(item) {
			rest = append(rest, item)
		}
	}
	return rest
}

// plainText is a value of JSON as a text.
func plainText(v any) string {
	if number, is := v.(json.Number); is {
		return number.String()
	}
	if typed, is := v.(map[string]any); is {
		for _, name := range []string{"$numberInt", "$numberLong", "$oid"} {
			if text, is := typed[name].(string); is {
				return text
			}
		}
	}
	text, _ := v.(string)
	return text
}
