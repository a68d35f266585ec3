package policies

import (
	"encoding"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// validator is what the enumerations of package privacy offer.
type validator interface{ Valid() bool }

// value reads one node into v and reports what does not fit.
func (d *document) value(n *yaml.Node, v reflect.Value, path string) {
	if d.full() {
		return
	}
	d.lines[path] = n.Line
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.add(n.Line, path, "anchors and aliases are not allowed; write the value out")
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		d.duration(n, v, path)
	case v.CanAddr() && v.Addr().Type().Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		d.text(n, v, path)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), path)
	case v.Kind() == reflect.Struct:
		d.mapping(n, v, path)
	case v.Kind() == reflect.Slice:
		d.list(n, v, path)
	case v.Kind() == reflect.Map:
		d.table(n, v, path)
	default:
		d.scalar(n, v, path)
	}
}

// mapping fills a struct: every key must be known and come once, and every required field must be there.
func (d *document) mapping(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		d.add(n.Line, path, "expected keys with values")
		return
	}
	fields := fieldsOf(v)
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, child := n.Content[i], n.Content[i+1]
		field, known := fields[key.Value]
		switch {
		case !known:
			d.add(key.Line, join(path, key.Value), "unknown key")
		case seen[key.Value]:
			d.add(key.Line, join(path, key.Value), "the key is given twice")
		default:
			d.value(child, field.value, join(path, key.Value))
		}
		seen[key.Value] = true
	}
	for name, field := range fields {
		if field.required && !seen[name] {
			d.add(n.Line, join(path, name), "missing")
		}
	}
}

// field is one key that a mapping may have.
type field struct {
	value    reflect.Value
	required bool
}

// fieldsOf lists the keys of a struct, embedded structs flattened.
func fieldsOf(v reflect.Value) map[string]field {
	out := map[string]field{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			for key, inner := range fieldsOf(v.Field(i)) {
				out[key] = inner
			}
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		out[name] = field{value: v.Field(i), required: !optional && f.Type.Kind() != reflect.Pointer}
	}
	return out
}

func (d *document) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		d.add(n.Line, path, "expected a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, child := range n.Content {
		d.value(child, v.Index(i), join(path, strconv.Itoa(i)))
	}
}

// table fills a map, whose keys are checked like values.
func (d *document) table(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		d.add(n.Line, path, "expected keys with values")
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := reflect.New(v.Type().Key()).Elem()
		keyPath := join(path, n.Content[i].Value)
		d.scalar(n.Content[i], key, keyPath)
		if v.MapIndex(key).IsValid() {
			d.add(n.Content[i].Line, keyPath, "the key is given twice")
			continue
		}
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(n.Content[i+1], item, keyPath)
		d.lines[keyPath] = n.Content[i].Line
		v.SetMapIndex(key, item)
	}
}

// scalar reads a text, a number or a truth value; enumerations must hold a value they know, and no text may be empty.
func (d *document) scalar(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.ScalarNode {
		d.add(n.Line, path, "expected a single value")
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Value)
		if strings.TrimSpace(n.Value) == "" {
			d.add(n.Line, path, "empty")
		}
	case reflect.Bool:
		d.boolean(n, v, path)
	case reflect.Int:
		d.number(n, v, path)
	default:
		d.add(n.Line, path, "cannot hold a value here")
		return
	}
	if e, ok := v.Interface().(validator); ok && !e.Valid() {
		d.add(n.Line, path, "%q is not a known value", n.Value)
	}
}

func (d *document) boolean(n *yaml.Node, v reflect.Value, path string) {
	if n.Value != "true" && n.Value != "false" {
		d.add(n.Line, path, "%q is neither true nor false", n.Value)
		return
	}
	v.SetBool(n.Value == "true")
}

func (d *document) number(n *yaml.Node, v reflect.Value, path string) {
	number, err := strconv.Atoi(n.Value)
	if err != nil || number < 0 {
		d.add(n.Line, path, "%q is not a whole number from 0 up", n.Value)
		return
	}
	v.SetInt(int64(number))
}

// text reads a value with a form of its own, such as a date or a period.
func (d *document) text(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.ScalarNode || n.Value == "" {
		d.add(n.Line, path, "expected a single value")
		return
	}
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.Value)); err != nil {
		d.add(n.Line, path, "%s", err.Error())
	}
}

// duration reads 36h or 10m the way Go does, and 3d for days of 24 hours.
func (d *document) duration(n *yaml.Node, v reflect.Value, path string) {
	days, isDays := strings.CutSuffix(n.Value, "d")
	if count, err := strconv.Atoi(days); isDays && err == nil && count >= -longestRetention && count <= longestRetention {
		v.SetInt(int64(count) * int64(24*time.Hour))
		return
	}
	length, err := time.ParseDuration(n.Value)
	if err != nil {
		d.add(n.Line, path, "%q is no length of time, such as 3d, 36h or 10m", n.Value)
		return
	}
	v.SetInt(int64(length))
}
