package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// receipt asks for the receipts of an address.
func (w *world) receipt(address string) (document map[string]any, missing string) {
	w.t.Helper()
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/person/records", map[string]any{"address": address, "form": "kantara"})
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	all := into[struct {
		Records []struct {
			Document map[string]any
			Missing  string
		}
	}](w.t, got).Records
	require.Len(w.t, all, 1)
	return all[0].Document, all[0].Missing
}

// receiptsSay gives the tenant settings for receipts.
func (w *world) receiptsSay(receipts map[string]any) answer {
	w.t.Helper()
	tenant := into[map[string]any](w.t, w.call(api.Admin, http.MethodGet, "/v1/tenant", nil))
	tenant["settings"].(map[string]any)["consents"] = map[string]any{"receipts": receipts}
	delete(tenant, "id")
	delete(tenant, "slug")
	set := w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant)
	w.clock.Advance(11 * time.Second)
	return set
}

// A receipt needs what only the tenant can say; once it has said it, it is whole. That nobody gets the data is said by an empty list, and differs from not having said it.
func TestAReceiptIsWholeOnceTheTenantHasSaidWhatItNeeds(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.happened("ana@person.example", "confirmed")
	_, missing := w.receipt("ana@person.example")
	for _, what := range []string{"the address of the privacy policy", "whether third parties receive the data", "the controller's phone", "the service that the purpose belongs to"} {
		require.Contains(t, missing, what)
	}
	say := map[string]any{"policy_url": "https://acme.test/privacy", "phone": "+49 30 1", "email": "privacy@acme.test", "service": "The shop"}
	require.Equal(t, http.StatusOK, w.receiptsSay(say).Status)
	_, missing = w.receipt("ana@person.example")
	require.Contains(t, missing, "not on record: whether third parties receive the data;", "nothing else is missing")

	say["recipients"] = []any{}
	require.Equal(t, http.StatusOK, w.receiptsSay(say).Status)
	whole, missing := w.receipt("ana@person.example")
	require.Empty(t, missing)
	require.Equal(t, "https://acme.test/privacy", whole["policyUrl"])
	require.Equal(t, "DE", whole["jurisdiction"], "the tenant's country, where nobody knows the person's")
	service := whole["services"].([]any)[0].(map[string]any)
	purpose := service["purposes"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"The shop", false}, []any{service["service"], purpose["thirdPartyDisclosure"]})
	require.Contains(t, purpose["termination"], public+"/acme/request")

	say["recipients"] = []any{map[string]any{"name": "Parcel Ltd", "country": "IE"}}
	say["purposes"] = map[string]any{"news": map[string]any{"policy_url": "https://acme.test/news", "service": "The paper", "recipients": []any{map[string]any{"name": "Mail Ltd"}}}}
	require.Equal(t, http.StatusOK, w.receiptsSay(say).Status)
	whole, _ = w.receipt("ana@person.example")
	require.Equal(t, "https://acme.test/news", whole["policyUrl"])
	service = whole["services"].([]any)[0].(map[string]any)
	require.Equal(t, "Mail Ltd", service["purposes"].([]any)[0].(map[string]any)["thirdPartyName"])

	say["policy_url"] = "http://acme.test"
	refused := w.receiptsSay(say)
	require.Equal(t, http.StatusUnprocessableEntity, refused.Status)
	require.Contains(t, string(refused.Body), "receipts.policy_url")
}

// Where nobody said what the person reads, a record has the words in the tenant's language.
func TestARecordHasTheTenantsLanguageWhereThePersonsIsUnknown(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	tenant := into[struct{ Language string }](t, w.call(api.Admin, http.MethodGet, "/v1/tenant", nil))
	other := map[string]string{"de": "en", "en": "de"}[tenant.Language]
	for _, language := range []string{tenant.Language, other, "aa"} {
		got := w.call(api.DPO, http.MethodPost, "/v1/consent/purposes/news/texts", map[string]any{"language": language, "title": "in " + language, "body": "Words."}, "Idempotency-Key", language)
		require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	}
	w.happened("ana@person.example", "given")
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/person/records", map[string]any{"address": "ana@person.example"})
	require.Contains(t, string(got.Body), "in "+tenant.Language)
	require.NotContains(t, string(got.Body), "in "+other)
}
