package conformance

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

func testLedger(t *testing.T, b *erasingBench) {
	orders := everything()
	before := b.column(t, "cards", "number")
	l := NewLedger()
	l.Done[at("cards")] = true
	require.NoError(t, b.Erase(t.Context(), known(b.errand(t, orders...)), l))
	require.Equal(t, []dataset.Address{at("threads"), at("visits"), at("addresses"), at("orders"), at("customers")}, l.Order)
	require.Equal(t, before, b.column(t, "cards", "number"), "it was done")
}

func testBatches(t *testing.T, b *erasingBench) {
	l := b.erase(t, b.errand(t, order("visits", erasure.Order{Delete: true})))
	require.LessOrEqual(t, l.Largest, int64(b.EraseRows))
	require.Equal(t, int64(40), l.Rows)
	require.GreaterOrEqual(t, l.Batches, 40/b.EraseRows)
}

func testConstraint(t *testing.T, b *erasingBench) {
	before := b.dump(t)
	if b.Loose {
		require.Equal(t, connectors.Tally{Deleted: 2}, b.erase(t, b.errand(t, order("customers", erasure.Order{Delete: true}))).Tallies[at("customers")])
		own := func(line string) bool {
			return strings.HasPrefix(line, `customers "1"`) || strings.HasPrefix(line, `customers "2"`)
		}
		require.Equal(t, slices.DeleteFunc(before, own), b.dump(t), "and nothing that refers to them")
		return
	}
	err := b.Erase(t.Context(), b.errand(t, order("customers", erasure.Order{Delete: true})), NewLedger())
	require.ErrorIs(t, err, connectors.ErrConstraint)
	require.False(t, connectors.Temporary(err))
	require.Contains(t, err.Error(), "fixture.customers")
	if !b.Blind {
		require.Regexp(t, "cards|orders", err.Error(), "who refers to them")
	}
	require.NotContains(t, err.Error(), Canary)
	require.Equal(t, before, b.dump(t))
}

func testRefusedFirst(t *testing.T, b *erasingBench) {
	good := order("visits", erasure.Order{Delete: true})
	fixed := func(path, value string) erasure.Mask {
		m := mask(path, erasure.Fixed)
		m.Value = value
		return m
	}
	long := mask("code", erasure.Hash)
	long.Suffix = "@a-very-long-suffix"
	before := b.dump(t)
	for name, bad := range map[string]struct {
		order erasure.Order
		code  connectors.Code
		where string
	}{
		"a token in a number":       {order("customers", erasure.Order{Masks: []erasure.Mask{mask("score", erasure.Hash)}}), connectors.ErrType, "score"},
		"the form of a date":        {order("customers", erasure.Order{Masks: []erasure.Mask{mask("born", erasure.Shape)}}), connectors.ErrType, "born"},
		"a truth made general":      {order("customers", erasure.Order{Masks: []erasure.Mask{mask("active", erasure.Generalise)}}), connectors.ErrType, "active"},
		"words in a number":         {order("customers", erasure.Order{Masks: []erasure.Mask{fixed("visits", Canary)}}), connectors.ErrType, "visits"},
		"a fixed text too long":     {order("customers", erasure.Order{Masks: []erasure.Mask{fixed("code", strings.Repeat("x", 21))}}), connectors.ErrType, "code"},
		"a token too long":          {order("customers", erasure.Order{Masks: []erasure.Mask{long}}), connectors.ErrType, "code"},
		"null in a key":             {order("customers", erasure.Order{Masks: []erasure.Mask{mask("id", erasure.Null)}}), connectors.ErrType, "id"},
		"a field never written":     {order("customers", erasure.Order{Masks: []erasure.Mask{mask("fixed", erasure.Null)}}), connectors.ErrReadOnly, "fixed"},
		"a field that isn't there":  {order("customers", erasure.Order{Masks: []erasure.Mask{mask("nothing", erasure.Null)}}), connectors.ErrSelection, "nothing"},
		"a field twice":             {order("customers", erasure.Order{Masks: []erasure.Mask{mask("settings", erasure.Null), mask("settings.theme", erasure.Null)}}), connectors.ErrSelection, "settings"},
		"an unknown treatment":      {order("customers", erasure.Order{Masks: []erasure.Mask{mask("name", "pray")}}), connectors.ErrType, "name"},
		"deletion and masks":        {order("customers", erasure.Order{Delete: true, Masks: []erasure.Mask{mask("name", erasure.Null)}}), connectors.ErrSelection, "customers"},
		"a day that is a text":      {order("orders", erasure.Order{Delete: true, Days: &erasure.Days{Field: []string{"card_id"}, Zone: "UTC"}}), connectors.ErrType, "card_id"},
		"a zone that isn't there":   {order("orders", erasure.Order{Delete: true, Days: &erasure.Days{Field: []string{"placed"}, Zone: "Mars/Olympus"}}), connectors.ErrSelection, "orders"},
		"the deciding day masked":   {order("orders", erasure.Order{Masks: []erasure.Mask{mask("placed", erasure.Null)}, Days: &erasure.Days{Field: []string{"placed"}, Zone: "UTC"}}), connectors.ErrSelection, "placed"},
		"trim without days":         {order("orders", erasure.Order{Delete: true, Trim: []erasure.Mask{mask("remark", erasure.Null)}}), connectors.ErrSelection, "orders"},
		"a whole field of a part":   {order("threads", erasure.Order{Parts: []erasure.Mask{mask("readers", erasure.Null)}}), connectors.ErrSelection, "threads"},
		"a collection that isn't":   {order("nothing", erasure.Order{Delete: true}), connectors.ErrSelection, "nothing"},
		"elements of what is whole": {order("customers", erasure.Order{Masks: []erasure.Mask{{Path: []string{"name"}, Elements: true}}}), connectors.ErrType, "name"},
	} {
		err := b.Erase(t.Context(), b.errand(t, good, bad.order), NewLedger())
		require.ErrorIs(t, err, bad.code, "%s: %v", name, err)
		require.Contains(t, err.Error(), bad.where, name)
		require.NotContains(t, err.Error(), Canary)
		_, err = b.Survey(t.Context(), b.errand(t, good, bad.order))
		require.ErrorIs(t, err, bad.code, "%s, surveyed: %v", name, err)
	}
	noSecret := b.errand(t, good)
	noSecret.Secret = nil
	require.ErrorIs(t, b.Erase(t.Context(), noSecret, NewLedger()), connectors.ErrSelection)
	require.Equal(t, before, b.dump(t), "nothing was changed before all was known to be possible")
}

// is checks what became of a value.
type is func(t *testing.T, before, after string)

func equals(want func(string) string) is {
	return func(t *testing.T, before, after string) { t.Helper(); require.Equal(t, want(before), after) }
}

func number(want float64) is {
	return func(t *testing.T, _, after string) {
		t.Helper()
		n, err := strconv.ParseFloat(after, 64)
		require.NoError(t, err)
		require.InDelta(t, want, n, 0)
	}
}

// treatment is a mask and what it has to make of the person's value; nil when nothing is to be left of it.
type treatment struct {
	mask erasure.Mask
	is   is
}

// treatments lists every one for every kind of value that takes it.
func treatments(t *testing.T) []treatment {
	t.Helper()
	tokens, err := connectors.NewTokens(secret)
	require.NoError(t, err)
	token := func(m erasure.Mask) is {
		return func(t *testing.T, before, after string) {
			t.Helper()
			require.True(t, tokens.Is(m, after), after)
			require.False(t, tokens.Is(m, before))
			if m.Treatment != erasure.Random {
				want, err := tokens.Of(m, before)
				require.NoError(t, err)
				require.Equal(t, want, after)
			}
		}
	}
	fixed := func(path, value string) erasure.Mask {
		return erasure.Mask{Path: strings.Split(path, "."), Treatment: erasure.Fixed, Value: value}
	}
	bytesToken := func(m erasure.Mask) is {
		return func(t *testing.T, before, after string) {
			t.Helper()
			b, err := hex.DecodeString(before)
			require.NoError(t, err)
			a, err := hex.DecodeString(after)
			require.NoError(t, err)
			token(m)(t, string(b), string(a))
		}
	}
	code := mask("code", erasure.KeyedHash)
	code.Length, code.Suffix = 20, "@é"
	tests := []treatment{
		{fixed("name", `erased "1"`), equals(func(string) string { return `erased "1"` })},
		{mask("name", erasure.Random), token(mask("name", erasure.Random))}, {mask("name", erasure.Hash), token(mask("name", erasure.Hash))},
		{mask("name", erasure.KeyedHash), token(mask("name", erasure.KeyedHash))}, {code, token(code)}, {mask("note", erasure.Hash), token(mask("note", erasure.Hash))},
		{mask("name", erasure.Shape), equals(Shape)}, {mask("name", erasure.Generalise), equals(General)}, {mask("code", erasure.Shape), equals(Shape)},
		{mask("code", erasure.Generalise), equals(General)},
		{fixed("score", "7.25"), number(7.25)}, {mask("score", erasure.Shape), number(0)}, {mask("score", erasure.Generalise), number(-12345670)},
		{fixed("visits", "-1"), number(-1)}, {mask("visits", erasure.Shape), number(0)}, {mask("visits", erasure.Generalise), number(4710)},
		{fixed("born", "1900-01-01"), equals(func(string) string { return "1900-01-01" })}, {mask("born", erasure.Generalise), equals(func(string) string { return "1984-01-01" })},
		{mask("joined", erasure.Generalise), func(t *testing.T, _, after string) { t.Helper(); require.Contains(t, after, "2026-01-01 00:00:00") }},
		{fixed("joined", "2000-01-01 00:00:00"), func(t *testing.T, _, after string) { t.Helper(); require.Contains(t, after, "2000-01-01 00:00:00") }},
		{fixed("active", "false"), equals(func(string) string { return "false" })},
		{mask("avatar", erasure.Hash), bytesToken(mask("avatar", erasure.Hash))}, {mask("avatar", erasure.Random), bytesToken(mask("avatar", erasure.Random))},
	}
	for _, column := range []string{"name", "code", "score", "visits", "born", "joined", "active", "avatar", "settings", "tags"} {
		tests = append(tests, treatment{mask: mask(column, erasure.Null)})
	}
	return tests
}

// treat carries one mask out, looks at what it made and that a second time changes nothing.
func (b *erasingBench) treat(t *testing.T, m erasure.Mask, is is) {
	t.Helper()
	name := fmt.Sprintf("%s %s", m.Path, m.Treatment)
	column := m.Path[0]
	before := b.column(t, "customers", column)
	e := known(b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{m}})))
	b.erase(t, e)
	after := b.column(t, "customers", column)
	require.Equal(t, before["3"], after["3"], name)
	require.Nil(t, after["2"], "%s: there was no value", name)
	if is == nil {
		require.Nil(t, after["1"], name)
	} else {
		require.NotNil(t, after["1"], name)
		is(t, *before["1"], *after["1"])
	}
	dump := b.dump(t)
	require.Zero(t, b.surveyed(t, e)["customers"].Left, name)
	require.Zero(t, b.erase(t, e).Batches, name)
	require.Equal(t, dump, b.dump(t), name)
}

func testMembers(t *testing.T, b *erasingBench) {
	tokens, err := connectors.NewTokens(secret)
	require.NoError(t, err)
	number := mask("settings.phones.number", erasure.Hash)
	size := erasure.Mask{Path: []string{"settings", "size"}, Treatment: erasure.Fixed, Value: "0"}
	e := known(b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{mask("settings.theme", erasure.Shape), number, size, mask("settings.phones.kind", erasure.Null)}})))
	b.erase(t, e)
	want, err := tokens.Of(number, "+34 600")
	require.NoError(t, err)
	require.JSONEq(t, `{"theme": "Xxxx-0", "size": 0, "keep": {"n": `+b.fraction()+`, "s": "`+Canary+`"}, "phones": [{"number": "`+want+`", "kind": null}, {"kind": null}, {"number": null}, 5]}`,
		*b.column(t, "customers", "settings")["1"])
	dump := b.dump(t)
	require.Zero(t, b.surveyed(t, e)["customers"].Left)
	b.erase(t, e)
	require.Equal(t, dump, b.dump(t))
	// A member of a list that isn't there is not made.
	require.Nil(t, b.column(t, "customers", "settings")["2"])
	var keep struct{ Keep json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(*b.column(t, "customers", "settings")["1"]), &keep))
	require.Contains(t, string(keep.Keep), b.fraction(), "digit for digit")
}

// testTokens masks values that look like tokens and aren't, and tokens of another case.
func testTokens(t *testing.T, b *erasingBench) {
	note := mask("note", erasure.Hash)
	b.erase(t, known(b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{note}}))))
	tokens, err := connectors.NewTokens(secret)
	require.NoError(t, err)
	first := *b.column(t, "customers", "note")["1"]
	require.NotEqual(t, lookalike, first)
	require.True(t, tokens.Is(note, first))

	other := known(b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{note}})))
	other.Secret = []byte(strings.Repeat("z", 32))
	require.Equal(t, int64(1), b.surveyed(t, other)["customers"].Left, "a token of another case is a value like any other")
	b.erase(t, other)
	require.NotEqual(t, first, *b.column(t, "customers", "note")["1"])
	suffixed := note
	suffixed.Suffix = "@erased.invalid"
	other.Orders[0].Masks[0] = suffixed
	require.Equal(t, int64(1), b.surveyed(t, other)["customers"].Left, "and so is one without the suffix")
}

func testEraseNobody(t *testing.T, b *erasingBench) {
	before := b.dump(t)
	e := b.errand(t, everything()...)
	e.Subject.Identities["email"] = []string{"' OR true --", "%", `nobody"@example.org`}
	l := b.erase(t, e)
	require.Zero(t, l.Batches)
	require.Len(t, l.Tallies, len(e.Orders))
	require.Equal(t, before, b.dump(t))
}

func testCleanErrors(t *testing.T, b *erasingBench) {
	e := b.errand(t, everything()...)
	for _, bad := range []func(*connectors.Errand){
		func(e *connectors.Errand) {
			e.Roots = []connectors.KeySet{{Field: dataset.FieldAddress{Address: at("customers"), Path: []string{"id"}}, Values: []string{Canary}}}
		},
		func(e *connectors.Errand) {
			e.Keys = []connectors.KeySet{{Field: dataset.FieldAddress{Address: at("customers"), Path: []string{"id"}}, Values: []string{Canary}}}
		},
		func(e *connectors.Errand) {
			e.Subject = connectors.Subject{Identities: map[string][]string{"email": {Canary + "\x00"}}}
		},
	} {
		bad := func() connectors.Errand { c := e; bad(&c); return c }()
		_, err := b.Survey(t.Context(), bad)
		require.Error(t, err)
		require.NotContains(t, fmt.Sprintf("%+v", err), Canary)
		err = b.Erase(t.Context(), bad, NewLedger())
		require.Error(t, err)
		require.NotContains(t, fmt.Sprintf("%+v", err), Canary)
	}
}

func testEraseCancel(t *testing.T, b *erasingBench) {
	ctx, cancel := context.WithCancel(t.Context())
	l := NewLedger()
	l.OnChanged = cancel
	err := b.Erase(ctx, b.errand(t, order("visits", erasure.Order{Delete: true})), l)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, l.Batches, 40/b.EraseRows, "no batch was begun any more")
	b.erase(t, b.errand(t, order("visits", erasure.Order{Delete: true})))
	require.Zero(t, b.surveyed(t, b.errand(t, order("visits", erasure.Order{Delete: true})))["visits"].Own)
}
