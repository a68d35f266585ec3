package notify

import (
	"sort"
	"strings"
	"testing"
	"text/template/parse"

	"github.com/stretchr/testify/require"
)

// fields lists what a template takes from its letter and which phrases it calls.
func fields(tree *parse.Tree) []string {
	seen := map[string]bool{}
	var walk func(parse.Node)
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			if n != nil {
				for _, c := range n.Nodes {
					walk(c)
				}
			}
		case *parse.ActionNode:
			walk(n.Pipe)
		case *parse.IfNode:
			walk(n.Pipe)
			walk(n.List)
			walk(n.ElseList)
		case *parse.WithNode:
			walk(n.Pipe)
			walk(n.List)
			walk(n.ElseList)
		case *parse.PipeNode:
			for _, c := range n.Cmds {
				for _, a := range c.Args {
					walk(a)
				}
			}
		case *parse.FieldNode:
			seen[n.String()] = true
		case *parse.StringNode:
			seen[n.Quoted] = true
		}
	}
	walk(tree.Root)
	out := make([]string, 0, len(seen))
	for f := range seen {
		out = append(out, f)
	}
	sort.Strings(out)
	return out
}

func TestLanguagesHaveTheSameWordsAndPlaceholders(t *testing.T) {
	t.Parallel()
	books, err := library()
	require.NoError(t, err)
	english := books[English]
	for language, b := range books {
		require.Equal(t, english.words, b.words, language)
		for key := range b.words {
			name := "word/" + key
			require.Equal(t, fields(english.set.Lookup(name).Tree), fields(b.set.Lookup(name).Tree), "%s: %s", language, key)
		}
		for _, kind := range PersonKinds() {
			require.Equal(t, shape(english, kind), shape(b, kind), "%s: %s", language, kind)
		}
	}
}

// shape is the sequence of forms and placeholders of a letter.
func shape(b *book, kind Kind) []string {
	out := []string{strings.Join(fields(b.set.Lookup(string(kind)+"/subject").Tree), " ")}
	for _, one := range b.letters[kind] {
		line := string(one.form)
		for _, name := range append([]string{one.url}, one.lines...) {
			if name != "" {
				line += " | " + strings.Join(fields(b.set.Lookup(name).Tree), " ")
			}
		}
		out = append(out, line)
	}
	return out
}

func TestEveryValueIsMadeHarmless(t *testing.T) {
	t.Parallel()
	books, err := library()
	require.NoError(t, err)
	for _, b := range books {
		for _, one := range b.set.Templates() {
			if one.Tree == nil {
				continue
			}
			for _, n := range one.Root.Nodes {
				action, ok := n.(*parse.ActionNode)
				if !ok || len(action.Pipe.Decl) > 0 {
					continue
				}
				text := action.Pipe.String()
				safe := strings.HasSuffix(text, "| plain") || strings.HasPrefix(text, "each") || strings.HasPrefix(text, "lines")
				require.True(t, safe, text)
			}
		}
	}
}

func TestMarkupThatIsWrongIsRefused(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"Hello":                          "line 1 must begin",
		"subject: a\n\n@button x":        "unknown form",
		"subject: a\n\n@link https://x":  "a link is written",
		"subject: {{.A\n\nb":             "template",
		"subject: a\n\n{{nosuchfunc .}}": "nosuchfunc",
	} {
		b := &book{language: English, set: newSet(English), letters: map[Kind][]block{}, words: map[string]bool{}}
		require.ErrorContains(t, b.letterSource(KindRefusal, source), want)
	}
	b := &book{language: English, set: newSet(English), words: map[string]bool{}}
	require.ErrorContains(t, b.wordSource("a = 1\na = 2"), "line 2")
	require.ErrorContains(t, b.wordSource("nonsense"), "line 1")
}
