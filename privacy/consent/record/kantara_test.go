package record_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/privacy/consent/record"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	s, err := compiler.Compile("testdata/kantara-1.1.schema.json")
	require.NoError(t, err)
	return s
}

func receipt(t *testing.T, c *record.Consent, key string) []byte {
	t.Helper()
	r, err := record.NewKantara(c, key)
	require.NoError(t, err)
	return indented(t, r)
}

func TestKantaraReceiptsAreOfTheirSchema(t *testing.T) {
	t.Parallel()
	s := schema(t)
	shared := confirmed()
	shared.Recipients = []record.Party{{Name: "Printer Ltd."}, {Name: "Post Ltd."}}
	shared.Sensitive, shared.Channel = []string{"health"}, privacy.ByPush
	for name, data := range map[string][]byte{
		"confirmed": receipt(t, confirmed(), "z6Mkexample"), "implied": receipt(t, implied(), ""), "shared": receipt(t, shared, ""),
	} {
		golden(t, name+".kantara.json", data)
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		require.NoError(t, err)
		require.NoError(t, s.Validate(v), name)
	}
}

// The schema is one that refuses: whatever it requires cannot be left out, and what it does not know cannot stand in a receipt.
func TestTheSchemaRefuses(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for _, key := range []string{"version", "jurisdiction", "consentTimestamp", "collectionMethod", "consentReceiptID", "piiPrincipalId", "piiControllers", "policyUrl", "services", "sensitive", "spiCat"} {
		var r map[string]any
		require.NoError(t, json.Unmarshal(receipt(t, confirmed(), ""), &r))
		delete(r, key)
		require.Error(t, s.Validate(r), key)
	}
	var r map[string]any
	require.NoError(t, json.Unmarshal(receipt(t, confirmed(), ""), &r))
	r["sensitive"] = true
	require.Error(t, s.Validate(r), "sensitive data has its categories (4.5.13)")
}

// A receipt is of what the consent rests on as it stands.
func TestAReceiptIsOfTheEventThatStands(t *testing.T) {
	t.Parallel()
	var r record.Kantara
	require.NoError(t, json.Unmarshal(receipt(t, confirmed(), ""), &r))
	require.Equal(t, at(20, 12).Unix(), r.Timestamp)
	require.Equal(t, "de", r.Language, "of the text that was shown last before the click")
	require.Equal(t, "EXPLICIT", r.Services[0].Purposes[0].Type)
	require.NoError(t, json.Unmarshal(receipt(t, implied(), ""), &r))
	require.Equal(t, at(2, 2).Unix(), r.Timestamp, "the purchase, which lasts longer than the later inquiry")
	require.Equal(t, "Implied: purchase on 2026-03-01", r.Services[0].Purposes[0].Type, "4.5.6, by the day in Toronto")
	require.Equal(t, "After 2028-03-01, or earlier when consent is withdrawn: https://beispiel.example/preferences", r.Services[0].Purposes[0].Termination)
}

func TestThereIsNoReceiptWithoutConsent(t *testing.T) {
	t.Parallel()
	for _, state := range []record.State{record.Unknown, record.Asked, record.Withdrawn, record.Expired} {
		c := confirmed()
		c.Status.State = state
		_, err := record.NewKantara(c, "")
		var none *record.NoConsentError
		require.ErrorAs(t, err, &none)
		require.Equal(t, state, none.State)
		require.ErrorContains(t, err, "ask for its record instead")
	}
	c := confirmed() // the status says more than the ledger
	c.Events = c.Events[:4]
	_, err := record.NewKantara(c, "")
	var none *record.NoConsentError
	require.ErrorAs(t, err, &none)
}

// What the specification wants and nobody knows is asked for, all of it at once.
func TestAReceiptSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	c := bare()
	c.Events = []record.Event{{Kind: consent.Given, At: at(1, 8)}}
	c.Status.State = record.Granted
	c.Recipients = []record.Party{{}}
	_, err := record.NewKantara(c, "")
	var missing *record.MissingError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, []string{
		"the jurisdiction", "how consent was obtained", "whom to turn to at the controller", "the controller's postal address", "the controller's mail address",
		"the controller's phone", "the address of the privacy policy", "the service that the purpose belongs to", "the category of the purpose",
		"where consent is withdrawn", "the name of a third party",
	}, missing.Fields)
	require.ErrorContains(t, err, "a consent receipt (Kantara 1.1) cannot be written: not on record: the jurisdiction, how")
}

func TestEachFieldOfAReceiptIsAskedFor(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*record.Consent){
		"the jurisdiction":                        func(c *record.Consent) { c.Countries = nil },
		"how consent was obtained":                func(c *record.Consent) { c.Events[5].How = "" },
		"whom to turn to at the controller":       func(c *record.Consent) { c.Controller.Contact = "" },
		"the controller's postal address":         func(c *record.Consent) { c.Controller.Address = record.Address{} },
		"the controller's mail address":           func(c *record.Consent) { c.Controller.Email = "" },
		"the controller's phone":                  func(c *record.Consent) { c.Controller.Phone = "" },
		"the address of the privacy policy":       func(c *record.Consent) { c.PolicyURL = "" },
		"the service that the purpose belongs to": func(c *record.Consent) { c.Purpose.Service = "" },
		"the category of the purpose":             func(c *record.Consent) { c.Purpose.Use = privacy.UseOther },
		"where consent is withdrawn":              func(c *record.Consent) { c.WithdrawAt = "" },
		"whether third parties receive the data":  func(c *record.Consent) { c.Recipients = nil },
		"the name of a third party":               func(c *record.Consent) { c.Recipients = []record.Party{{ID: "7"}} },
	} {
		c := confirmed()
		spoil(c)
		_, err := record.NewKantara(c, "")
		var missing *record.MissingError
		require.ErrorAs(t, err, &missing, want)
		require.Equal(t, []string{want}, missing.Fields)
	}
}

func TestNoDocumentIsOfNothing(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*record.Consent){
		"the id of the record":                func(c *record.Consent) { c.ID = "7" },
		"the moment of writing":               func(c *record.Consent) { c.Issued = time.Time{} },
		"the person's pseudonym":              func(c *record.Consent) { c.Person = "" },
		"the controller's name":               func(c *record.Consent) { c.Controller.Name = "" },
		"the purpose's title":                 func(c *record.Consent) { c.Purpose.Title = "" },
		"the channel":                         func(c *record.Consent) { c.Channel = "pigeon" },
		"any event":                           func(c *record.Consent) { c.Events = nil },
		"a country by its code":               func(c *record.Consent) { c.Countries = []string{"Germany"} },
		"an address with its scheme and host": func(c *record.Consent) { c.WithdrawAt = "/preferences" },
		"the kind and the moment of event 2":  func(c *record.Consent) { c.Events[1].Kind = "shrugged" },
		"the order of event 2":                func(c *record.Consent) { c.Events[1].At = c.Events[0].At.Add(-1) },
		"the checksum of the text of event 1": func(c *record.Consent) { c.Events[0].Text.SHA256 = "abc" },
	} {
		c := confirmed()
		spoil(c)
		_, err := record.NewDPV(c)
		require.ErrorContains(t, err, want)
		_, err = record.NewKantara(c, "")
		require.ErrorContains(t, err, want)
	}
}
