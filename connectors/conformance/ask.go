package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Mail annotates a table that is found by e-mail.
const Mail = `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}, {name: body}]}]}]`

// AddressOf names a collection of the dataset d.
func AddressOf(collection string) dataset.Address {
	return dataset.Address{Dataset: "d", Collection: collection}
}

// Parse reads an annotation written in the test.
func Parse(t *testing.T, yaml string) []dataset.Dataset {
	t.Helper()
	datasets, err := dataset.Parse("test.yml", []byte(yaml))
	require.NoError(t, err)
	return datasets
}

// Email is a person by addresses.
func Email(addresses ...string) connectors.Subject {
	return connectors.Subject{Identities: map[string][]string{"email": addresses}}
}

// Plan selects everything for a subject.
func Plan(t *testing.T, datasets []dataset.Dataset, subject connectors.Subject) connectors.Selection {
	t.Helper()
	g, err := dataset.NewGraph(datasets...)
	require.NoError(t, err)
	p, err := g.Plan(subject.Known())
	require.NoError(t, err)
	return connectors.Selection{Plan: *p, Subject: subject}
}

// Errand is about a@example.org.
func Errand(t *testing.T, datasets []dataset.Dataset, orders ...erasure.Order) connectors.Errand {
	t.Helper()
	return connectors.Errand{Selection: Plan(t, datasets, Email("a@example.org")), Orders: orders, Secret: []byte("0123456789abcdef0123456789abcdef")}
}

// Deletion orders rows of a collection of the dataset d to be deleted.
func Deletion(collection string) erasure.Order {
	return erasure.Order{Address: AddressOf(collection), Delete: true}
}

// Masking orders masks for them.
func Masking(collection string, masks ...erasure.Mask) erasure.Order {
	return erasure.Order{Address: AddressOf(collection), Masks: masks}
}

// Mask treats one field.
func Mask(treatment erasure.Treatment, path ...string) erasure.Mask {
	return erasure.Mask{Path: path, Treatment: treatment}
}
