package dataset

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each word means one thing, is written as names are compared, and its category is in the taxonomy.
func TestLexicon(t *testing.T) {
	t.Parallel()
	x, l := NewTaxonomy(), newLexicon()
	phrases := map[string]string{}
	eachWord(columnWords, func(category, text string) {
		plain := strings.ReplaceAll(strings.TrimSuffix(text, "?"), " ", "")
		require.True(t, x.Category(category), category)
		require.Empty(t, phrases[plain], "%s stands twice", text)
		require.Equal(t, plain, strings.Join(l.words(plain), ""), "%s is not written as names are compared", text)
		phrases[plain] = category
	})
	topics := map[string]string{}
	eachWord(tableWords, func(category, word string) {
		require.True(t, x.Category(category), category)
		require.Empty(t, topics[word], "%s stands twice", word)
		require.Equal(t, []string{word}, l.words(word))
		topics[word] = category
	})
	parts := map[string]bool{}
	eachWord(roleWords, func(part, _ string) { parts[part] = true })
	for part, words := range map[string]map[string]bool{
		"person": l.person, "staff": l.staff, "organization": l.organization, "about": l.about, "somebody": l.somebody, "system": l.system,
		"acting": l.acting, "plain": l.plain, "changing": l.changing, "harmless": l.harmless, "generic": l.generic, "sharing": l.sharing,
	} {
		require.True(t, parts[part], part)
		require.NotEmpty(t, words, part)
		delete(parts, part)
	}
	require.Empty(t, parts, "a part that nobody reads")
}

// Every category that another version has leads to one that is here, and none of them is here itself.
func TestRenamedKeys(t *testing.T) {
	t.Parallel()
	x := NewTaxonomy()
	require.Greater(t, len(x.renamed), 90)
	for old, now := range x.renamed {
		require.True(t, x.Category(now), "%s → %s", old, now)
		require.False(t, x.Category(old), old)
	}
}

func TestWordsOfNames(t *testing.T) {
	t.Parallel()
	l := newLexicon()
	for name, want := range map[string]string{
		"first_name": "first name", "firstName": "first name", "FirstName": "first name", "FIRST_NAME": "first name", "customerID": "customer id", "HTMLBody": "html body",
		"Straße": "strasse", "prénom": "prenom", "address1": "address 1", "sha256": "sha 256", "e-Mail": "e mail", "__x": "x", "שם": "שם", "": "",
	} {
		require.Equal(t, want, strings.Join(l.words(name), " "), name)
	}
	for word, one := range map[string]string{"customers": "customer", "addresses": "address", "categories": "category", "kunden": "kunde", "rechnungen": "rechnung", "clientes": "cliente"} {
		require.True(t, slices.Contains(stems(word), one), word)
	}
}
