package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// setting is a mask that writes a value.
func setting(path, value string) erasure.Mask {
	m := mask(path, erasure.Set)
	m.Value = value
	return m
}

// testSetting sets fields of several types in rows of which some have no value there.
func testSetting(t *testing.T, b *erasingBench) {
	before := b.column(t, "customers", "name")
	e := b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{setting("name", "Zoë O'Hara"), setting("visits", "7"), setting("active", "true"), setting("score", "1.50")}}))
	require.EqualValues(t, 2, b.surveyed(t, e)["customers"].Left)
	require.EqualValues(t, 2, b.erase(t, e).Rows)
	require.Zero(t, b.surveyed(t, e)["customers"].Left)
	for name, want := range map[string]string{"name": "Zoë O'Hara", "visits": "7"} {
		after := b.column(t, "customers", name)
		require.Equal(t, want, *after["1"], name)
		require.NotNil(t, after["2"], "%s had no value", name)
		require.Equal(t, want, *after["2"], name)
	}
	require.Equal(t, before["3"], b.column(t, "customers", "name")["3"], "somebody else's row")
	require.Zero(t, b.erase(t, e).Rows, "what says so already is left alone")
}

// testCorrecting writes over a value that is wrong, and over no other.
func testCorrecting(t *testing.T, b *erasingBench) {
	wrong := hostile
	correct := setting("name", "Ana Ruiz")
	correct.Only = &wrong
	e := b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{correct}}))
	require.EqualValues(t, 1, b.surveyed(t, e)["customers"].Left, "one of the two rows says so")
	require.EqualValues(t, 1, b.erase(t, e).Rows)
	after := b.column(t, "customers", "name")
	require.Equal(t, "Ana Ruiz", *after["1"])
	require.Nil(t, after["2"], "it says something else")
	require.Equal(t, hostile, *after["3"], "somebody else's row")
	require.Zero(t, b.erase(t, e).Rows)

	missing := setting("name", "Beatriz")
	missing.Absent = true
	e = b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{missing}}))
	require.EqualValues(t, 1, b.surveyed(t, e)["customers"].Left, "one of the two rows has no name")
	require.EqualValues(t, 1, b.erase(t, e).Rows)
	after = b.column(t, "customers", "name")
	require.Equal(t, "Ana Ruiz", *after["1"], "it says something")
	require.Equal(t, "Beatriz", *after["2"])
	require.Zero(t, b.erase(t, e).Rows)

	gone, none := "Beatriz", mask("name", erasure.Null)
	none.Only = &gone
	e = b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{none}}))
	require.EqualValues(t, 1, b.surveyed(t, e)["customers"].Left)
	require.EqualValues(t, 1, b.erase(t, e).Rows)
	after = b.column(t, "customers", "name")
	require.Equal(t, "Ana Ruiz", *after["1"], "it says something else")
	require.Nil(t, after["2"])
	require.Equal(t, hostile, *after["3"], "somebody else's row")

	number, other := setting("visits", "12"), "no number"
	number.Only = &other
	err := b.Erase(t.Context(), b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{number}})), NewLedger())
	require.ErrorIs(t, err, connectors.ErrType)
	require.NotContains(t, err.Error(), other)
}

// testZero refuses what holds a zero character, which the texts of some systems can't, before anything is changed, in a survey too.
func testZero(t *testing.T, b *erasingBench) {
	before := b.dump(t)
	said := Canary + "\x00"
	fixed, over, token := mask("name", erasure.Fixed), setting("name", "Ana"), mask("email", erasure.KeyedHash)
	fixed.Value, over.Only, token.Suffix = said, &said, said
	for name, m := range map[string]erasure.Mask{"set": setting("name", said), "fixed": fixed, "written over": over, "a suffix": token} {
		e := b.errand(t, order("customers", erasure.Order{Masks: []erasure.Mask{m}}))
		_, err := b.Survey(t.Context(), e)
		require.ErrorIs(t, err, connectors.ErrType, name)
		require.ErrorContains(t, err, "zero character", name)
		err = b.Erase(t.Context(), e, NewLedger())
		require.ErrorIs(t, err, connectors.ErrType, name)
		require.NotContains(t, err.Error(), Canary, name)
	}
	e := b.errand(t, order("customers", erasure.Order{Delete: true}))
	e.Subject = connectors.Subject{Identities: map[string][]string{"email": {said}}}
	err := b.Erase(t.Context(), e, NewLedger())
	require.ErrorIs(t, err, connectors.ErrSelection)
	require.ErrorContains(t, err, "zero character")
	require.Equal(t, before, b.dump(t))
}
