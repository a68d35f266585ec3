package dataset

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// object is a YAML mapping being read key by key. Reading a key that is absent or null gives the zero value.
type object struct {
	src    *source
	path   string
	line   int
	values map[string]*yaml.Node
}

// object opens a mapping that may have only the allowed keys, each once.
func (s *source) object(n *yaml.Node, path string, allowed ...string) object {
	return s.keeping(n, path, nil, allowed...)
}

// keeping is object for a mapping that may also have keys that are known and not used.
func (s *source) keeping(n *yaml.Node, path string, kept []string, allowed ...string) object {
	o := object{src: s, path: path, line: n.Line, values: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		s.add(n.Line, path, "this has to be a mapping of keys to values", "write it as "+allowed[0]+": …")
		return o
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(allowed, key.Value) && !slices.Contains(kept, key.Value):
			s.add(key.Line, path, fmt.Sprintf("unknown key %q", key.Value), insteadOf(key.Value, allowed))
		case o.values[key.Value] != nil:
			s.add(key.Line, path, fmt.Sprintf("the key %q stands twice", key.Value), "keep one of them")
		default:
			o.values[key.Value] = value
			if slices.Contains(kept, key.Value) && value.Tag != "!!null" && key.Value != "namespace" {
				s.note(key.Line, path, key.Value+" is kept and not used")
			}
		}
	}
	return o
}

// get returns a key's node, or nil when it is absent or null.
func (o object) get(key string) *yaml.Node {
	n := o.values[key]
	if n == nil || n.Tag == "!!null" {
		return nil
	}
	return n
}

// lineOf is the line of a key's value, or of the mapping.
func (o object) lineOf(key string) int {
	if n := o.values[key]; n != nil {
		return n.Line
	}
	return o.line
}

// problem notes something wrong with a key's value.
func (o object) problem(key, what, do string) {
	o.src.add(o.lineOf(key), o.path, what, do)
}

// str reads a text.
func (o object) str(key string) string {
	n := o.get(key)
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		o.problem(key, key+" has to be a text", "write a text; put it in quotes if it looks like a number or a truth value")
		return ""
	}
	return n.Value
}

// required reads a text that must be there.
func (o object) required(key string) string {
	v := o.str(key)
	if v == "" && (o.get(key) == nil || o.get(key).Tag == "!!str") {
		o.problem(key, key+" is missing", "add "+key+": …")
	}
	return v
}

// scalar reads one value of any kind as it is written; nil when there is none.
func (o object) scalar(key string) *string {
	n := o.get(key)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.ScalarNode {
		o.problem(key, key+" has to be one value", "write a text, a number or a truth value")
		return nil
	}
	return &n.Value
}

// boolean reads true or false.
func (o object) boolean(key string) bool {
	n := o.get(key)
	if n == nil {
		return false
	}
	var v bool
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Decode(&v) != nil {
		o.problem(key, key+" has to be true or false", "write true or false, without quotes")
	}
	return v
}

// positive reads a whole number above zero.
func (o object) positive(key string) int {
	n := o.get(key)
	if n == nil {
		return 0
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || v < 1 || v > math.MaxInt32 {
		o.problem(key, key+" has to be a whole number above zero", "write a number such as 40")
		return 0
	}
	return v
}

// list returns the items of a sequence.
func (o object) list(key string) []*yaml.Node {
	n := o.get(key)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		o.problem(key, key+" has to be a list", "write each item on a line of its own after a dash")
		return nil
	}
	return n.Content
}

// strs reads a list of texts, each of them once.
func (o object) strs(key string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range o.list(key) {
		switch {
		case n.Kind != yaml.ScalarNode || n.Tag != "!!str" || n.Value == "":
			o.src.add(n.Line, o.path, key+" has to be a list of texts", "write a text after the dash")
		case seen[n.Value]:
			o.src.add(n.Line, o.path, fmt.Sprintf("%q stands twice in %s", n.Value, key), "keep one of them")
		default:
			seen[n.Value] = true
			out = append(out, n.Value)
		}
	}
	return out
}

// maxName is the longest name of a collection or field in a reference, in bytes, dots included. Names are resolved dot by dot.
const maxName = 512

// names reads a list of names, none of them longer than a name can be.
func (o object) names(key string) []string {
	out := o.strs(key)
	for _, name := range out {
		if len(name) > maxName {
			o.problem(key, fmt.Sprintf("a name in %s has %d bytes and the limit is %d", key, len(name), maxName), "correct the name")
			return nil
		}
	}
	return out
}

// anyMap reads free-form settings into values that JSON can carry.
func (o object) anyMap(key string) map[string]any {
	n := o.get(key)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		o.problem(key, key+" has to be a mapping of keys to values", "write it as key: value")
		return nil
	}
	return anyOf(n).(map[string]any)
}

// anyOf turns a node into maps, lists, texts, truth values and finite numbers.
func anyOf(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = anyOf(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		l := make([]any, len(n.Content))
		for i, c := range n.Content {
			l[i] = anyOf(c)
		}
		return l
	default:
		return anyScalar(n)
	}
}

// anyScalar gives a scalar its type; what JSON can't write (infinity, dates) stays text.
func anyScalar(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return n.Value == "true" || n.Value == "True" || n.Value == "TRUE"
	case "!!int", "!!float":
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return f
		}
	}
	return n.Value
}
