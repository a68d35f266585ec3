package mongo

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors/document"
)

// Every type that documents have is written as JSON that can be read, and what isn't changed is written back as it was, type and all.
func TestWhatIsNotChangedStaysByteForByte(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		doc := bson.D{{Key: "_id", Value: 1}, {Key: "f", Value: drawn(3).Draw(t, "value")}}
		raw, err := bson.Marshal(doc)
		require.NoError(t, err)
		row, err := rowOf(raw, nil)
		require.NoError(t, err)
		require.True(t, json.Valid(row), "%s", row)
		was := bson.Raw(raw).Lookup("f")
		is, err := merged(was, document.At(row, []string{"f"}), typed{})
		require.NoError(t, err)
		again, err := bson.Marshal(bson.D{{Key: "_id", Value: 1}, {Key: "f", Value: is}})
		require.NoError(t, err)
		require.Equal(t, bson.Raw(raw).String(), bson.Raw(again).String())
		require.Equal(t, raw, again)
		id, err := idOf(row)
		require.NoError(t, err)
		require.Equal(t, int32(1), id.Int32())
	})
}

// A member that is treated leaves its neighbours as they are, whatever their types.
func TestATreatedMemberLeavesItsNeighbours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inside := bson.D{{Key: "before", Value: drawn(2).Draw(t, "before")}, {Key: "secret", Value: drawn(1).Draw(t, "secret")}, {Key: "after", Value: drawn(2).Draw(t, "after")}}
		around := []any{inside, bson.A{inside, bson.D{{Key: "other", Value: 1.5}}, inside}}[rapid.IntRange(0, 1).Draw(t, "list")]
		raw, err := bson.Marshal(bson.D{{Key: "_id", Value: "x"}, {Key: "f", Value: around}})
		require.NoError(t, err)
		row, err := rowOf(raw, nil)
		require.NoError(t, err)
		gone, err := document.Within(document.At(row, []string{"f"}), []string{"secret"}, func(json.RawMessage) (json.RawMessage, error) { return json.RawMessage("null"), nil }, true)
		require.NoError(t, err)
		value, err := merged(bson.Raw(raw).Lookup("f"), gone, typed{})
		require.NoError(t, err)
		now, err := bson.Marshal(bson.D{{Key: "_id", Value: "x"}, {Key: "f", Value: value}})
		require.NoError(t, err)
		want := bson.Raw(raw).String()
		if secret := textOfValue(t, bson.Raw(raw)); secret != `{"$undefined":true}` { // which is no value and stays none
			want = strings.ReplaceAll(want, `"secret": `+secret, `"secret": null`)
		}
		require.Equal(t, want, bson.Raw(now).String())
	})
}

// textOfValue is the secret in a document, in extended JSON.
func textOfValue(t *rapid.T, raw bson.Raw) string {
	secret, err := raw.LookupErr("f", "secret")
	if err != nil {
		secret, err = raw.LookupErr("f", "0", "secret")
	}
	require.NoError(t, err)
	text := bson.Raw(wrapped(t, secret)).String()
	return strings.TrimSuffix(strings.TrimPrefix(text, `{"v": `), "}")
}

func wrapped(t *rapid.T, v bson.RawValue) []byte {
	raw, err := bson.Marshal(bson.D{{Key: "v", Value: v}})
	require.NoError(t, err)
	return raw
}

// drawn draws a value of any type that documents have.
func drawn(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		most := 15
		if depth == 0 {
			most = 13
		}
		switch rapid.IntRange(0, most).Draw(t, "type") {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(t, "truth")
		case 2:
			return rapid.Int32().Draw(t, "int32")
		case 3:
			return rapid.Int64().Draw(t, "int64")
		case 4:
			return rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Inf(1), math.Inf(-1), 5, 1e21, 1e-7, math.Copysign(0, -1)})).Draw(t, "double")
		case 5:
			text := rapid.OneOf(rapid.StringMatching(`-?[0-9]{1,30}(\.[0-9]{1,3})?(E[+-]?[0-9]{1,3})?`), rapid.SampledFrom([]string{"NaN", "Infinity", "-Infinity", "0E-6176", "1.20"})).Draw(t, "decimal")
			d, err := bson.ParseDecimal128(text)
			require.NoError(t, err)
			return d
		case 6:
			return bson.DateTime(rapid.OneOf(rapid.Int64Range(-62135596800000, 253402300799999), rapid.Int64()).Draw(t, "moment"))
		case 7:
			return bson.ObjectID(rapid.SliceOfN(rapid.Byte(), 12, 12).Draw(t, "id"))
		case 8:
			return bson.Binary{Subtype: bson.TypeBinaryUUID, Data: rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid")}
		case 9:
			return bson.Binary{Subtype: rapid.SampledFrom([]byte{0, 3, 5, 128}).Draw(t, "subtype"), Data: rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")}
		case 10:
			return bson.Timestamp{T: rapid.Uint32().Draw(t, "t"), I: rapid.Uint32().Draw(t, "i")}
		case 11:
			return rapid.SampledFrom([]any{bson.Regex{Pattern: "^a.*", Options: "i"}, bson.JavaScript("f()"), bson.Symbol("s"), bson.MinKey{}, bson.MaxKey{}, bson.Undefined{}}).Draw(t, "rare")
		case 12, 13:
			return rapid.String().Draw(t, "text")
		case 14:
			list := bson.A{}
			for range rapid.IntRange(0, 3).Draw(t, "elements") {
				list = append(list, drawn(depth-1).Draw(t, "element"))
			}
			return list
		default:
			doc := bson.D{}
			for i := range rapid.IntRange(0, 3).Draw(t, "members") {
				doc = append(doc, bson.E{Key: rapid.StringMatching(`[a-zA-Z$.é"]{0,4}`).Draw(t, "name") + string(rune('a'+i)), Value: drawn(depth-1).Draw(t, "member")})
			}
			return doc
		}
	})
}

// What stands in place of a value takes its type where it can, and is a text otherwise.
func TestWhatIsWrittenTakesTheTypeThatWasThere(t *testing.T) {
	t.Parallel()
	id := bson.NewObjectID()
	decimal, err := bson.ParseDecimal128("12.50")
	require.NoError(t, err)
	tenth, err := bson.ParseDecimal128("10")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		was  any
		is   string
		of   typed
		want any
	}{
		"a year of a moment":          {time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC), `"2024-01-01T00:00:00Z"`, typed{kind: kindMoment}, bson.NewDateTimeFromTime(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))},
		"a token for a moment":        {time.Now(), `"0123456789abcdef"`, typed{}, "0123456789abcdef"},
		"a moment where none was":     {nil, `"2024-01-01T00:00:00Z"`, typed{kind: kindMoment}, bson.NewDateTimeFromTime(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))},
		"a day where a moment was":    {time.Now(), `"2024-01-01"`, typed{kind: kindMoment}, bson.NewDateTimeFromTime(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))},
		"a text like a moment":        {"x", `"2024-01-01T00:00:00Z"`, typed{}, "2024-01-01T00:00:00Z"},
		"tens of an int32":            {int32(47), `40`, typed{}, int32(40)},
		"tens of an int64":            {int64(47), `40`, typed{}, int64(40)},
		"an int32 outgrown":           {int32(47), `3000000000`, typed{}, int64(3000000000)},
		"tens of a double":            {47.0, `40`, typed{}, 40.0},
		"tens of a decimal":           {decimal, `10`, typed{}, tenth},
		"a number where none was":     {nil, `7`, typed{number: bson.TypeInt64}, int64(7)},
		"a double where none was":     {nil, `7`, typed{number: bson.TypeDouble}, 7.0},
		"a whole number of no type":   {nil, `7`, typed{}, int32(7)},
		"a fraction":                  {int32(1), `1.5`, typed{}, 1.5},
		"another id":                  {bson.NewObjectID(), `"` + id.Hex() + `"`, typed{}, id},
		"a token for an id":           {id, `"0123456789abcdef0123456789abcdef"`, typed{}, "0123456789abcdef0123456789abcdef"},
		"bytes":                       {bson.Binary{Subtype: 5, Data: []byte{1}}, `"AAE="`, typed{kind: kindBytes}, bson.Binary{Subtype: 5, Data: []byte{0, 1}}},
		"bytes in a mixed field":      {bson.Binary{Data: []byte{1}}, `"abcd"`, typed{}, "abcd"},
		"a uuid where none was":       {nil, `"00000000-0000-0000-0000-000000000001"`, typed{kind: kindUUID}, bson.Binary{Subtype: 4, Data: append(make([]byte, 15), 1)}},
		"a truth":                     {true, `false`, typed{}, false},
		"nothing":                     {"x", `null`, typed{}, nil},
		"a document in place of text": {"x", `{"a": [1, "b"]}`, typed{}, bson.D{{Key: "a", Value: bson.A{int32(1), "b"}}}},
	} {
		raw, err := bson.Marshal(bson.D{{Key: "f", Value: c.was}})
		require.NoError(t, err)
		was := bson.Raw(raw).Lookup("f")
		got, err := merged(was, json.RawMessage(c.is), c.of)
		require.NoError(t, err, name)
		wrote, err := bson.Marshal(bson.D{{Key: "f", Value: got}})
		require.NoError(t, err)
		want, err := bson.Marshal(bson.D{{Key: "f", Value: c.want}})
		require.NoError(t, err)
		require.Equal(t, bson.Raw(want).String(), bson.Raw(wrote).String(), name)
	}
}

// Elements that are taken out leave the others with their types.
func TestElementsTakenOutLeaveTheOthers(t *testing.T) {
	t.Parallel()
	at := bson.NewDateTimeFromTime(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
	raw, err := bson.Marshal(bson.D{{Key: "f", Value: bson.A{int64(1), "a", at, 2.5, "a", int64(9)}}})
	require.NoError(t, err)
	got, err := merged(bson.Raw(raw).Lookup("f"), json.RawMessage(`[1, "2024-01-01T00:00:00Z", "a", 9]`), typed{})
	require.NoError(t, err)
	wrote, err := bson.Marshal(bson.D{{Key: "f", Value: got}})
	require.NoError(t, err)
	want, err := bson.Marshal(bson.D{{Key: "f", Value: bson.A{int64(1), at, "a", int64(9)}}})
	require.NoError(t, err)
	require.Equal(t, bson.Raw(want).String(), bson.Raw(wrote).String())
}

// However many are taken out, and however alike the others are written, each that stays is what it was.
func TestWhicheverElementsAreTakenOutTheOthersStay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list, rest, written := bson.A{}, bson.A{}, []json.RawMessage{}
		for range rapid.IntRange(1, 8).Draw(t, "elements") {
			v := rapid.OneOf(rapid.SampledFrom([]any{int32(1), int64(1), 1.0, "1", "x", bson.D{{Key: "a", Value: int64(1)}}, bson.D{{Key: "a", Value: 1.0}}}), drawn(2)).Draw(t, "element")
			list = append(list, v)
			if rapid.Bool().Draw(t, "stays") {
				rest = append(rest, v)
			}
		}
		values := func(of bson.A) ([]bson.RawValue, bson.RawValue) {
			raw, err := bson.Marshal(bson.D{{Key: "f", Value: of}})
			require.NoError(t, err)
			all, err := bson.Raw(raw).Lookup("f").Array().Values()
			require.NoError(t, err)
			return all, bson.Raw(raw).Lookup("f")
		}
		stay, want := values(rest)
		for _, v := range stay {
			text, err := appendValue(nil, v, 1)
			require.NoError(t, err)
			written = append(written, text)
		}
		_, was := values(list)
		got, err := merged(was, document.Array(written), typed{})
		require.NoError(t, err)
		raw, err := bson.Marshal(bson.D{{Key: "f", Value: got}})
		require.NoError(t, err)
		is, err := bson.Raw(raw).Lookup("f").Array().Values()
		require.NoError(t, err)
		require.Len(t, is, len(stay))
		for i := range is {
			text, err := appendValue(nil, is[i], 1)
			require.NoError(t, err)
			require.Equal(t, string(written[i]), string(text))
			require.True(t, slices.ContainsFunc(list, func(v any) bool {
				one, err := bson.Marshal(bson.D{{Key: "v", Value: v}})
				return err == nil && bson.Raw(one).Lookup("v").Equal(is[i])
			}), "%s is of a type in which it stood: %s", is[i], want)
		}
	})
}

// Documents that lie too deep in each other, and bytes that are none, are errors and no more.
func TestWhatIsNoDocument(t *testing.T) {
	t.Parallel()
	deep := bson.D{{Key: "x", Value: 1}}
	for range deepest + 5 {
		deep = bson.D{{Key: "x", Value: deep}}
	}
	raw, err := bson.Marshal(bson.D{{Key: "_id", Value: 1}, {Key: "deep", Value: deep}})
	require.NoError(t, err)
	_, err = rowOf(raw, nil)
	require.ErrorIs(t, err, errDeep)
	_, err = noted(nil, raw, 1)
	require.ErrorIs(t, err, errDeep)
	good, err := bson.Marshal(bson.D{{Key: "_id", Value: 1}, {Key: "s", Value: "text"}, {Key: "b", Value: bson.Binary{Data: []byte("x")}}})
	require.NoError(t, err)
	for i := 4; i < len(good); i++ {
		for _, with := range []byte{0, 1, 0x7f, 0xff} {
			broken := append([]byte(nil), good...)
			broken[i] = with
			row, err := rowOf(broken, nil)
			require.True(t, err != nil || json.Valid(row))
			_, _ = noted(nil, broken, 1) // and comes to an end
		}
	}
}
