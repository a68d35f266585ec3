package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/privacy/consent/record"
)

// drawnConsent has on record whatever comes: each part of the samples is there or not.
func drawnConsent() *rapid.Generator[*record.Consent] {
	return rapid.Custom(func(t *rapid.T) *record.Consent {
		full, c := confirmed(), bare()
		keep := func(what string) bool { return rapid.IntRange(0, 20).Draw(t, what) > 0 }
		c.Channel = rapid.SampledFrom(privacy.MessageChannels()).Draw(t, "channel")
		c.Purpose = newsletter()
		if !keep("use") {
			c.Purpose.Use = rapid.SampledFrom(privacy.UsePurposes()).Draw(t, "other use")
		}
		c.Sensitive = rapid.SliceOfN(rapid.SampledFrom([]string{"health", "religion"}), 0, 2).Draw(t, "sensitive")
		c.Countries = rapid.SliceOfN(rapid.SampledFrom([]string{"CA", "DE", "EEA", "GB"}), 1, 2).Draw(t, "countries")
		if !keep("country") {
			c.Countries = nil
		}
		c.Laws = rapid.SliceOfN(rapid.SampledFrom([]record.Law{casl(), ePrivacy()}), 0, 2).Draw(t, "laws")
		if keep("controller") {
			c.Controller = full.Controller
		}
		if keep("officer") {
			c.Officer = full.Officer
		}
		if keep("addresses") {
			c.WithdrawAt, c.RightsAt, c.PolicyURL = full.WithdrawAt, full.RightsAt, full.PolicyURL
		}
		if keep("recipients") {
			c.Recipients = rapid.SliceOfN(rapid.SampledFrom([]record.Party{{Name: "Printer Ltd."}, bakery()}), 0, 2).Draw(t, "recipients")
		}
		if keep("storage") {
			c.Storage = full.Storage
		}
		c.Events = drawnEvents().Draw(t, "events")
		c.Status.State = rapid.SampledFrom([]record.State{record.Granted, record.Granted, record.Implied, record.Implied, record.Withdrawn}).Draw(t, "state")
		return c
	})
}

func drawnEvents() *rapid.Generator[[]record.Event] {
	kinds := append(consent.Kinds(), consent.Given, consent.Confirmed, consent.Refreshed, consent.Refreshed)
	one := rapid.Custom(func(t *rapid.T) record.Event {
		e := record.Event{
			Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), At: at(rapid.IntRange(1, 28).Draw(t, "day"), 8),
			How: rapid.SampledFrom([]record.How{"", record.ByForm, record.ByImport, record.ByStaff, record.ByAPI, record.ByOneClick, record.ByPage}).Draw(t, "how"),
		}
		if rapid.Bool().Draw(t, "text") {
			e.Text = text(rapid.SampledFrom([]string{"3", "4"}).Draw(t, "version"))
		}
		if rapid.Bool().Draw(t, "zone") {
			e.Zone, e.Recorded = berlin, e.At.Add(time.Hour)
		}
		if e.Kind.Relates() {
			e.Relation = rapid.SampledFrom([]privacy.ConsentEvent{"purchase", "written_contract"}).Draw(t, "relation")
		}
		e.NoSolicitation = e.Kind == consent.Published && rapid.Bool().Draw(t, "statement")
		return e
	})
	return rapid.Custom(func(t *rapid.T) []record.Event {
		all := rapid.SliceOfN(one, 1, 6).Draw(t, "all")
		slices.SortStableFunc(all, func(a, b record.Event) int { return a.At.Compare(b.At) })
		return all
	})
}

// Whatever is on record, and whatever is not: the record is JSON-LD that loses nothing when it is read, and its words are those of the vocabularies.
func TestWhateverIsOnRecordIsWrittenInFull(t *testing.T) {
	t.Parallel()
	listed := terms(t)
	rapid.Check(t, func(t *rapid.T) {
		r, err := record.NewDPV(drawnConsent().Draw(t, "consent"))
		require.NoError(t, err)
		data, err := json.Marshal(r)
		require.NoError(t, err)
		var before, again any
		require.NoError(t, json.Unmarshal(data, &before))
		require.NoError(t, json.Unmarshal(data, &again))
		p, options := processor()
		expanded, err := p.Expand(before, options)
		require.NoError(t, err)
		require.Equal(t, leaves(withoutContext(again)), leaves(expanded[0]))
		used := map[string]bool{}
		collect(expanded, used)
		for word := range used {
			require.True(t, listed[word], "%s is in no vocabulary", word)
		}
	})
}

// A receipt is of its schema, or there is none and the reason is said.
func TestAReceiptIsOfItsSchemaOrNone(t *testing.T) {
	t.Parallel()
	s := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawnConsent().Draw(t, "consent")
		r, err := record.NewKantara(c, "")
		if err != nil {
			var missing *record.MissingError
			var none *record.NoConsentError
			require.True(t, errors.As(err, &missing) != errors.As(err, &none), "%v", err)
			require.Nil(t, r)
			return
		}
		require.Contains(t, []record.State{record.Granted, record.Implied}, c.Status.State)
		data, err := json.Marshal(r)
		require.NoError(t, err)
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		require.NoError(t, err)
		require.NoError(t, s.Validate(v))
	})
}
