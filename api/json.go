package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// readJSON reads a body. An object that says the same thing twice is refused: which of the two is meant, nobody knows, and two
// readers would take different ones. Errors say what is wrong and never what was sent.
func readJSON(data []byte, v any) error {
	if bytes.Contains(data, []byte(`\u0000`)) {
		return errors.New("the character U+0000 is not accepted")
	}
	err := json.Unmarshal(data, v)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return err
	case err != nil:
		return errors.New("a value does not have the form of its field, such as a date that is not written 2006-01-02")
	case twice(json.NewDecoder(bytes.NewReader(data))):
		return errors.New("an object has the same key twice, capitals or not; send each key once")
	}
	return nil
}

// twice tells whether an object of valid JSON has a key twice. Fields are found without regard to case, and so are these.
func twice(in *json.Decoder) bool {
	in.UseNumber()
	var open []map[string]bool // the keys of each object around this place; nil for a list
	key := false               // the next token is a key or the end of an object
	for {
		token, err := in.Token()
		if err != nil {
			return false // the end
		}
		name, isText := token.(string)
		switch delim, _ := token.(json.Delim); {
		case delim == '{':
			open = append(open, map[string]bool{})
		case delim == '[':
			open = append(open, nil)
		case delim == '}', delim == ']':
			open = open[:len(open)-1]
		case key && isText:
			folded := strings.ToLower(strings.ToUpper(name))
			keys := open[len(open)-1]
			if keys[folded] {
				return true
			}
			keys[folded] = true
			key = false
			continue
		}
		key = len(open) > 0 && open[len(open)-1] != nil
	}
}
