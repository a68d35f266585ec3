package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The limits on a document, so that a hostile one costs little. Real annotations stay far below them.
const (
	maxBytes = 1 << 20
	maxDepth = 32
)

// source is one file being read: its name, what was found wrong in it so far, and what is not used.
type source struct {
	file     string
	problems Problems
	notes    []Note
}

// add notes a problem.
func (s *source) add(line int, path, what, do string) {
	s.problems = append(s.problems, Problem{File: s.file, Line: line, Path: path, What: what, Do: do})
}

// load reads YAML into nodes without expanding anything. It returns nil when the text is no single, plain document.
func (s *source) load(text []byte) *yaml.Node {
	if !s.plainText(text) {
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		s.syntax(err)
		return nil
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			s.syntax(err)
		} else {
			s.add(second.Line, "", "the file holds more than one YAML document", "put each into a file of its own")
		}
		return nil
	}
	if !s.plainNodes(&doc, 0) {
		return nil
	}
	return doc.Content[0]
}

// plainText refuses what is too long or not text.
func (s *source) plainText(text []byte) bool {
	switch {
	case len(text) > maxBytes:
		s.add(1, "", fmt.Sprintf("the file has %d bytes and the limit is %d", len(text), maxBytes), "split it into several datasets")
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		s.add(1, "", "the file is not UTF-8 text", "save it as UTF-8")
	default:
		return true
	}
	return false
}

// yamlLine finds the line in the YAML library's messages.
var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// syntax notes what the YAML library objected to.
func (s *source) syntax(err error) {
	if errors.Is(err, io.EOF) {
		s.add(1, "", "the file is empty", "write a document into it")
		return
	}
	line, what := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(what); m != nil {
		line, _ = strconv.Atoi(m[1])
		what = what[len(m[0]):]
	}
	s.add(line, "", "this is not YAML: "+strings.TrimPrefix(what, "yaml: "), "correct the syntax")
}

// plainNodes refuses anchors, aliases, tags and deep nesting: an annotation needs none of them and bombs are made of them.
func (s *source) plainNodes(n *yaml.Node, depth int) bool {
	switch {
	case depth > maxDepth:
		s.add(n.Line, "", fmt.Sprintf("nesting is deeper than %d levels", maxDepth), "flatten it")
		return false
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		s.add(n.Line, "", "anchors and aliases (& and *) are not accepted", "write the value out where it is needed")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		s.add(n.Line, "", "YAML tags ("+n.Tag+") are not accepted", "write the plain value")
		return false
	}
	ok := true
	for _, c := range n.Content {
		ok = s.plainNodes(c, depth+1) && ok
	}
	return ok
}
