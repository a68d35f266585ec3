package service

import (
	"bytes"
	"encoding/json"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// deepest is how many levels an answer may have.
const deepest = 64

// sound says what keeps an answer from being taken: it is no JSON, or so deep that taking it apart would cost more than it is worth.
func sound(contentType string, body []byte) string {
	media, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil || media != "application/json" && !strings.HasSuffix(media, "+json"):
		return "an answer is not declared to be JSON"
	case depth(body) > deepest:
		return "an answer nests deeper than it may"
	case !utf8.Valid(body) || !json.Valid(body):
		return "an answer is not the JSON that it is declared to be"
	}
	return ""
}

// depth is how deep the brackets of a text lie in each other, outside of its strings.
func depth(body []byte) (most int) {
	level, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			level++
			most = max(most, level)
		case c == '}' || c == ']':
			level--
		}
	}
	return most
}

// rowsAt takes the rows out of an answer; false when the answer has another form than the path says.
func rowsAt(raw json.RawMessage, path dataset.RowPath) ([]json.RawMessage, bool) {
	if len(path) == 0 {
		if document.Kind(raw) != '{' {
			return nil, document.Kind(raw) == 'n'
		}
		return []json.RawMessage{bytes.TrimSpace(raw)}, true
	}
	if path[0] != dataset.EachElement {
		if document.Kind(raw) != '{' {
			return nil, false
		}
		inner := document.At(raw, []string{path[0]})
		if inner == nil {
			return nil, false
		}
		return rowsAt(inner, path[1:])
	}
	if document.Kind(raw) == 'n' {
		return nil, true
	}
	if document.Kind(raw) != '[' {
		return nil, false
	}
	items, err := document.Items(raw)
	if err != nil {
		return nil, false
	}
	var out []json.RawMessage
	for _, item := range items {
		rows, ok := rowsAt(item, path[1:])
		if !ok {
			return nil, false
		}
		out = append(out, rows...)
	}
	return out, true
}
