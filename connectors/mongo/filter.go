package mongo

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors/records"
)

// longestPattern is how many characters a text may have that is looked for without regard to case; servers take patterns of 32,764 bytes.
const longestPattern = 1000

// holding asks for the documents in which a value may stand. It is only ever compared with: it stands in the list of an $in as a text, a number, an id, and
// never as a document, so that nothing in it is an operator; or in a pattern that is that text and nothing else. What the server finds beside it is left out here.
func holding(q *records.Asked, seen typed) bson.D {
	at := strings.Join(q.Field.Path, ".")
	if q.Fold && len([]rune(q.Value)) <= longestPattern {
		return bson.D{{Key: at, Value: bson.D{{Key: "$in", Value: bson.A{bson.Regex{Pattern: anyCase(q.Value)}}}}}}
	}
	return bson.D{{Key: at, Value: bson.D{{Key: "$in", Value: written(q, seen)}}}}
}

// anyCase is a pattern for a text in small and in capital letters. Every sign of it stands for itself.
func anyCase(text string) string {
	var b strings.Builder
	b.WriteByte('^')
	for _, r := range text {
		switch next := unicode.SimpleFold(r); {
		case next != r:
			b.WriteByte('[')
			b.WriteRune(r)
			for ; next != r; next = unicode.SimpleFold(next) {
				b.WriteRune(next)
			}
			b.WriteByte(']')
		case r < unicode.MaxASCII && !unicode.IsDigit(r):
			b.WriteString(regexp.QuoteMeta(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('$')
	return b.String()
}

// written are the ways in which a value may be kept: as a text, and as everything else that is written like it.
func written(q *records.Asked, seen typed) bson.A {
	v := q.Value
	out := bson.A{v}
	add := func(more ...any) {
		for _, m := range more {
			if !slices.ContainsFunc(out, func(o any) bool { return same(o, m) }) {
				out = append(out, m)
			}
		}
	}
	if q.Fold {
		add(strings.ToLower(v), strings.ToUpper(v))
	}
	if id, err := uuid.Parse(v); err == nil && len(v) == 36 {
		add(strings.ToLower(v), strings.ToUpper(v), bson.Binary{Subtype: bson.TypeBinaryUUID, Data: id[:]})
	}
	if id, err := bson.ObjectIDFromHex(v); err == nil && id.Hex() == v {
		add(id)
	}
	if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
		add(bson.NewDateTimeFromTime(at))
	}
	switch v {
	case "true":
		add(true)
	case "false":
		add(false)
	}
	if q.Field.Type == kindBytes {
		if data, err := base64.StdEncoding.DecodeString(v); err == nil {
			for _, subtype := range []byte{bson.TypeBinaryGeneric, bson.TypeBinaryBinaryOld, bson.TypeBinaryUUIDOld, bson.TypeBinaryMD5, bson.TypeBinaryUserDefined} {
				add(bson.Binary{Subtype: subtype, Data: data})
			}
		}
	}
	add(numbers(v, seen.decimal)...)
	return out
}

var plainNumber = regexp.MustCompile(`^[+-]?[0-9]{1,40}(\.[0-9]{1,40})?$`)

// numbers are those that a text writes. Servers compare whole numbers by what they are, whatever their type.
func numbers(v string, decimal bool) (out []any) {
	if !plainNumber.MatchString(v) {
		return nil
	}
	whole, fraction, _ := strings.Cut(v, ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil && strings.Trim(fraction, "0") == "" {
		return []any{n}
	}
	if f, err := strconv.ParseFloat(v, 64); err == nil {
		out = append(out, f)
	}
	if d, err := bson.ParseDecimal128(v); err == nil && decimal { // some servers know no such numbers
		out = append(out, d)
	}
	return out
}

// same compares two values of a list.
func same(a, b any) bool {
	x, xs := a.(bson.Binary)
	y, ys := b.(bson.Binary)
	if xs || ys {
		return xs && ys && x.Subtype == y.Subtype && hex.EncodeToString(x.Data) == hex.EncodeToString(y.Data)
	}
	return a == b
}
