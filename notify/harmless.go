package notify

import (
	"fmt"
	"strings"
	"text/template/parse"
	"unicode"
)

// separator stands between the items of a list while a template runs. plain drops it from values, so only
// the function "each" can write it.
const separator = "\x1e"

// harmless appends the function plain to every value that a template prints, as html/template does with its
// escapers; nobody can forget it in a translation. "each" and "lines" keep what their form needs and clean themselves.
func harmless(tree *parse.Tree) { harmlessNodes(tree, tree.Root) }

func harmlessNodes(tree *parse.Tree, list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			harmlessPipe(tree, n.Pipe)
		case *parse.IfNode:
			harmlessNodes(tree, n.List)
			harmlessNodes(tree, n.ElseList)
		case *parse.RangeNode:
			harmlessNodes(tree, n.List)
			harmlessNodes(tree, n.ElseList)
		case *parse.WithNode:
			harmlessNodes(tree, n.List)
			harmlessNodes(tree, n.ElseList)
		}
	}
}

func harmlessPipe(tree *parse.Tree, pipe *parse.PipeNode) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) == 0 {
		return
	}
	if id, ok := pipe.Cmds[0].Args[0].(*parse.IdentifierNode); ok && (id.Ident == "each" || id.Ident == "lines") {
		return
	}
	pipe.Cmds = append(pipe.Cmds, &parse.CommandNode{
		NodeType: parse.NodeCommand,
		Pos:      pipe.Position(),
		Args:     []parse.Node{parse.NewIdentifier("plain").SetTree(tree).SetPos(pipe.Position())},
	})
}

// plain puts a value on one line: white space and control characters become one space; characters that change the
// direction of writing or cannot be seen, and are used to disguise text, are dropped.
func plain(value any) string {
	var b strings.Builder
	space := false
	for _, r := range fmt.Sprint(value) {
		switch {
		case r == '\u00a0' || r == '\u202f': // French puts these before its colons
			b.WriteRune(r)
			space = false
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if !space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = true
		case unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
		default:
			b.WriteRune(r)
			space = false
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// lines keeps the lines of a text and makes each harmless.
func lines(text string) string {
	var out []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		out = append(out, plain(line))
	}
	return strings.Trim(strings.Join(out, separator), separator)
}

// each makes a list of its values.
func each(values []string) string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		if v = plain(v); v != "" {
			out = append(out, v)
		}
	}
	return strings.Join(out, separator)
}
