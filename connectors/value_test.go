package connectors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors"
)

func TestValuesAreWrittenSoThatTheyCanBeReadBack(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]connectors.Value{
		`null`:                                connectors.Null(),
		`true`:                                connectors.Bool(true),
		`-9223372036854775808`:                connectors.Int(math.MinInt64),
		`{"decimal":"1.20"}`:                  connectors.Decimal("1.20"),
		`"<b> \"é\""`:                         connectors.Text(`<b> "é"`),
		`{"time":"2026-03-29T00:30:00.5Z"}`:   connectors.Time(time.Date(2026, 3, 29, 1, 30, 0, 5e8, time.FixedZone("CET", 3600))),
		`{"time":"2026-03-29"}`:               connectors.LocalTime("2026-03-29"),
		`{"base64":"AP8="}`:                   connectors.Bytes([]byte{0, 255}),
		`{"json":null}`:                       connectors.JSON("null"),
		`{"json":{"n":1.10}}`:                 connectors.JSON(`{"n": 1.10}`),
		`[]`:                                  connectors.List(nil),
		`[1,null,["x"]]`:                      connectors.List([]connectors.Value{connectors.Int(1), connectors.Null(), connectors.List([]connectors.Value{connectors.Text("x")})}),
		`{"oversize":{"bytes":9,"head":"x"}}`: connectors.Oversize(9, "x"),
	} {
		b, err := json.Marshal(connectors.Row{v})
		require.NoError(t, err)
		var plain any
		require.NoError(t, json.Unmarshal(b, &plain))
		require.JSONEq(t, "["+want+"]", string(b))
		var back connectors.Row
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, v.Kind(), back[0].Kind(), want)
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(b), string(again))
	}
}

func TestUnreadableValuesAreRefusedWithoutQuotingThem(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[1.5]`, `[{}]`, `[{"canary":1}]`, `[{"base64":"canary!"}]`, `[99999999999999999999]`} {
		var row connectors.Row
		err := json.Unmarshal([]byte(text), &row)
		require.Error(t, err, text)
		require.NotContains(t, err.Error(), "canary")
	}
	_, err := json.Marshal(connectors.JSON("{"))
	require.Error(t, err)
}

func TestEveryTextSurvives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := connectors.Text(rapid.String().Draw(t, "text"))
		if rapid.Bool().Draw(t, "binary") {
			v = connectors.Bytes(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		}
		b, err := json.Marshal(v)
		require.NoError(t, err)
		var back connectors.Value
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, v, back)
	})
}

func TestErrorsTellTheirCodeAndCause(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("collect: %w", (&connectors.Error{Code: connectors.ErrTimeout, Where: "crm.contacts", What: "it took too long", Do: "try again"}).Wrap(context.Canceled))
	require.EqualError(t, err, "collect: crm.contacts: it took too long; try again")
	require.ErrorIs(t, err, connectors.ErrTimeout)
	require.ErrorIs(t, err, context.Canceled)
	require.True(t, connectors.Temporary(err))
	require.False(t, connectors.Temporary(connectors.Findings{{Code: connectors.ErrTable}}))
	require.False(t, connectors.Temporary(errors.New("other")))
}

func TestKnownLeavesOutWhatHasNoValue(t *testing.T) {
	t.Parallel()
	s := connectors.Subject{Identities: map[string][]string{"phone_number": {""}, "user_id": {"7"}, "email": {"", "a@example.org"}, "x": nil}, Request: map[string][]string{"order": {"1"}}}
	require.Equal(t, []string{"email", "user_id"}, s.Known().Kinds)
	require.Equal(t, []string{"order"}, s.Known().RequestFields)
}
