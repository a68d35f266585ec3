package policies

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// What keeps a hostile file from costing more than a look.
const (
	maxFileSize = 1 << 20
	maxProblems = 1000
)

// document is one YAML file being read into a Go value: it collects problems and remembers the line of every path.
type document struct {
	file     string
	lines    map[string]int
	problems Problems
}

// decode reads a whole file into target, whose json tags name the keys. A field is required unless its tag says
// omitempty or omitzero or it is a pointer.
func (d *document) decode(data []byte, target any) {
	if len(data) > maxFileSize {
		d.add(1, "", "the file is larger than 1 MiB")
		return
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var root yaml.Node
	if err := decoder.Decode(&root); err != nil {
		d.addYAML(err)
		return
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		d.add(1, "", "the file holds more than one YAML document")
		return
	}
	d.value(root.Content[0], reflect.ValueOf(target).Elem(), "")
}

// addYAML turns "yaml: line 3: reason" into a problem of that line.
func (d *document) addYAML(err error) {
	if errors.Is(err, io.EOF) {
		d.add(1, "", "the file is empty")
		return
	}
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if _, scanErr := fmt.Sscanf(text, "line %d:", &line); scanErr == nil {
		_, text, _ = strings.Cut(text, ": ")
	}
	d.add(line, "", "no valid YAML: %s", text)
}

func (d *document) add(line int, path, format string, args ...any) {
	switch {
	case d.full():
		return
	case len(d.problems) == maxProblems:
		path, format, args = "", "from here on problems are not listed; mend these first", nil
	}
	d.problems = append(d.problems, Problem{File: d.file, Line: line, Path: path, Reason: fmt.Sprintf(format, args...)})
}

// full says that nothing more is looked at.
func (d *document) full() bool { return len(d.problems) > maxProblems }

// at reports a problem at a path read before; a path without a line of its own takes that of its nearest parent.
func (d *document) at(path, format string, args ...any) {
	line, found := d.lines[path]
	for parent := path; !found; line, found = d.lines[parent] {
		cut := strings.LastIndexByte(parent, '.')
		if cut < 0 {
			line = 1
			break
		}
		parent = parent[:cut]
	}
	d.add(max(line, 1), path, format, args...)
}

// join extends a path by one key.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
