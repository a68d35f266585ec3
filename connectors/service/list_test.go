package service_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/service"
)

func TestListConformance(t *testing.T) {
	t.Parallel()
	conformance.RunLists(t, func(t *testing.T, s conformance.Setup) (func() connectors.Lister, conformance.System) {
		b := fill(t, s)
		return func() connectors.Lister {
			return b.connector(t, service.Config{Document: fixtureDocument(s), Datasets: s.Datasets, BatchRows: s.BatchRows, EraseRows: s.EraseRows, AllowWrites: true})
		}, b
	})
}

const listService = `
service:
  name: Lists
  url: URL
  auth: {kind: bearer}
  collections:
  - collection: d.blocked
    read: [{by: email, path: /blocked, query: {by: email, value: <value>}, rows: "data.items[*]"}]
    add: {path: /blocked, json: {email: <value>}, there: [422]}
    delete: {path: /blocked/<row._id>}
    key: _id
`

// A list is checked against the document: nothing is sent for that.
func TestListsSayWhatTheDocumentLacks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: blocked, fields: [{name: email, fides_meta: {identity: email}}, {name: phone, fides_meta: {identity: phone_number}}]}]}]`)
	list := connectors.Listing{Address: conformance.AddressOf("blocked"), Field: "email", Identity: "email", Removes: true}
	open := func(without string) *service.Connector {
		var lines []string
		for line := range strings.Lines(listService) {
			if without == "" || !strings.Contains(line, without) {
				lines = append(lines, line)
			}
		}
		return b.connector(t, service.Config{Document: strings.Join(lines, ""), Datasets: datasets, AllowWrites: true})
	}
	require.NoError(t, open("").CheckList(t.Context(), list))
	require.EqualError(t, open(" add:").CheckList(t.Context(), list), "document-invalid: d.blocked: the service document has no request that puts anybody on the list; add one as add: {path: …, json: {…: <value>}}")
	require.EqualError(t, open(" delete:").CheckList(t.Context(), list), "document-invalid: d.blocked: the service document has no request that takes anybody off the list; add delete, or leave clear out of the declaration")
	list.Field, list.Identity = "phone", "phone_number"
	require.EqualError(t, open("").CheckList(t.Context(), list), "document-invalid: d.blocked.phone: nobody can see who is on the list: the service document has no read by it; add one, or one with all: true")
}

// What the document says to mean that somebody is on the list is believed; every other refusal is an error that quotes nothing.
func TestListsAreToldByStatuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: blocked, fields: [{name: email, fides_meta: {identity: email}}]}]}]`)
	list := connectors.Listing{Address: conformance.AddressOf("blocked"), Field: "email", Identity: "email"}
	odd := strings.Replace(listService, "{email: <value>}", "{mail: <value>}", 1) // which the service answers 422
	entered, err := b.connector(t, service.Config{Document: odd, Datasets: datasets, AllowWrites: true}).Enter(t.Context(), list, "a@example.org")
	require.NoError(t, err)
	require.False(t, entered)
	_, err = b.connector(t, service.Config{Document: strings.Replace(odd, ", there: [422]", "", 1), Datasets: datasets, AllowWrites: true}).Enter(t.Context(), list, "a@example.org")
	require.Error(t, err)
	require.NotContains(t, err.Error(), "a@example.org")
	_, err = b.connector(t, service.Config{Document: listService, Datasets: datasets}).Enter(t.Context(), list, "a@example.org")
	require.ErrorIs(t, err, connectors.ErrReadOnly)
}
