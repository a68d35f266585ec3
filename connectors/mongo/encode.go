package mongo

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors/document"
)

// deepest is how far documents may lie in each other: MongoDB keeps none beyond (its limit for nested documents is 100 levels).
const deepest = 100

// errDeep says that documents lie deeper in each other than a server keeps them; errBroken that bytes are no document.
var (
	errDeep   = errors.New("documents lie too deep in each other")
	errBroken = errors.New("what was sent is no document")
)

// appendDocument writes a document as JSON, its members in their order; of them those alone that only says, unless it is nil. One that has a member twice is an
// errTwice error.
func appendDocument(dst []byte, doc bson.Raw, depth int, only func(name string) bool) ([]byte, error) {
	if depth > deepest {
		return nil, errDeep
	}
	elements, err := doc.Elements()
	if err != nil {
		return nil, errBroken
	}
	dst = append(dst, '{')
	var seen names
	for _, e := range elements {
		name := e.Key()
		if only != nil && !only(name) {
			continue
		}
		if len(seen.list) > 0 {
			dst = append(dst, ", "...)
		}
		if seen.again(name) {
			return nil, &errTwice{path: []string{name}}
		}
		dst = append(append(dst, document.Quoted(name)...), ": "...)
		if dst, err = appendValue(dst, e.Value(), depth); err != nil {
			return nil, within(name, err)
		}
	}
	return append(dst, '}'), nil
}

func appendArray(dst []byte, array bson.RawArray, depth int) ([]byte, error) {
	if depth > deepest {
		return nil, errDeep
	}
	values, err := array.Values()
	if err != nil {
		return nil, errBroken
	}
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if dst, err = appendValue(dst, v, depth); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

// appendValue writes a value as JSON: numbers digit for digit, everything that JSON has no notation for as text.
func appendValue(dst []byte, v bson.RawValue, depth int) ([]byte, error) {
	if v.Validate() != nil && v.Type != bson.TypeEmbeddedDocument && v.Type != bson.TypeArray {
		return nil, errBroken
	}
	switch v.Type {
	case bson.TypeEmbeddedDocument:
		return appendDocument(dst, v.Value, depth+1, nil)
	case bson.TypeArray:
		return appendArray(dst, v.Value, depth+1)
	case bson.TypeNull, bson.TypeUndefined:
		return append(dst, "null"...), nil
	case bson.TypeBoolean:
		return strconv.AppendBool(dst, v.Boolean()), nil
	case bson.TypeInt32:
		return strconv.AppendInt(dst, int64(v.Int32()), 10), nil
	case bson.TypeInt64:
		return strconv.AppendInt(dst, v.Int64(), 10), nil
	case bson.TypeDouble:
		return append(dst, number(double(v.Double()))...), nil
	case bson.TypeDecimal128:
		return append(dst, number(v.Decimal128().String())...), nil
	}
	text, err := textOf(v)
	return append(dst, document.Quoted(text)...), err
}

// number writes a number; what is none, as NaN, is a text.
func number(s string) []byte {
	if strings.ContainsAny(s, "nN") {
		return document.Quoted(s)
	}
	return []byte(s)
}

// double writes a floating-point number as the shortest that reads back as the same, without an exponent where that can be read.
func double(f float64) string {
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// textOf writes what JSON has no notation for. Each form reads back as the same value where the type is known.
func textOf(v bson.RawValue) (string, error) {
	switch v.Type {
	case bson.TypeString:
		return v.StringValue(), nil
	case bson.TypeSymbol:
		return v.Symbol(), nil
	case bson.TypeJavaScript:
		return v.JavaScript(), nil
	case bson.TypeCodeWithScope:
		code, _ := v.CodeWithScope()
		return code, nil
	case bson.TypeObjectID:
		return v.ObjectID().Hex(), nil
	case bson.TypeDBPointer:
		_, id := v.DBPointer()
		return id.Hex(), nil
	case bson.TypeDateTime:
		return time.UnixMilli(v.DateTime()).UTC().Format(time.RFC3339Nano), nil
	case bson.TypeTimestamp:
		t, i := v.Timestamp()
		return strconv.FormatUint(uint64(t), 10) + ":" + strconv.FormatUint(uint64(i), 10), nil
	case bson.TypeRegex:
		pattern, flags := v.Regex()
		return "/" + pattern + "/" + flags, nil
	case bson.TypeBinary:
		subtype, data := v.Binary()
		if id, err := uuid.FromBytes(data); err == nil && subtype == bson.TypeBinaryUUID {
			return id.String(), nil
		}
		return base64.StdEncoding.EncodeToString(data), nil
	case bson.TypeMinKey:
		return "MinKey", nil
	case bson.TypeMaxKey:
		return "MaxKey", nil
	}
	return "", errBroken
}

// hiddenID is the member of a row that tells its document from all others. No field of a document has a name with a zero in it.
const hiddenID = "\x00id"

// rowOf writes the fields of a document that only says, or all of them, as a row.
func rowOf(doc bson.Raw, only func(name string) bool) ([]byte, error) {
	id, err := doc.LookupErr("_id")
	if err != nil {
		return nil, errBroken
	}
	row, err := appendDocument(nil, doc, 1, only)
	if err != nil {
		return nil, err
	}
	row = append(row[:len(row)-1], ", "...)
	row = append(append(row, document.Quoted(hiddenID)...), ": "...)
	row = append(row, document.Quoted(hex.EncodeToString(append([]byte{byte(id.Type)}, id.Value...)))...)
	return append(row, '}'), nil
}

// idOf reads the document's _id back.
func idOf(row []byte) (bson.RawValue, error) {
	var text string
	if raw := document.At(row, []string{hiddenID}); raw != nil {
		text = document.Text(raw)
	}
	b, err := hex.DecodeString(text)
	if err != nil || len(b) == 0 {
		return bson.RawValue{}, errBroken
	}
	return bson.RawValue{Type: bson.Type(b[0]), Value: b[1:]}, nil
}
