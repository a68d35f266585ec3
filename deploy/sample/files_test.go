package sample_test

import (
	"crypto/rand"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/objects"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// The sample's files are found by the shop's customers and by a tag, can be opened, and go without those of others.
func TestTheFilesOfACustomer(t *testing.T) {
	t.Parallel()
	store := localtest.Stack(t).Objects
	prefix := "test_" + strings.ToLower(rand.Text()[:12])
	system, err := sample.LoadFiles(t.Context(), store, prefix, 1, people)
	require.NoError(t, err)
	client, err := minio.New(store.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(store.AccessKey, store.SecretKey, ""), Secure: store.Secure})
	require.NoError(t, err)
	bucket := strings.ReplaceAll(prefix, "_", "-") + "-files"
	t.Cleanup(func() { localtest.DropBucket(t, client, bucket) })
	open := func(secrets string, writes bool) *objects.Connector {
		c, err := objects.New(objects.Config{Document: string(system.ServiceYAML), Secrets: secrets, Datasets: system.Datasets, AllowWrites: writes, MayReachPlain: func(netip.Addr) bool { return true }})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, c.Close()) })
		return c
	}
	reader, eraser := open(system.ReadDSN, false), open(system.ChangeDSN, true)
	require.NoError(t, reader.Test(t.Context()))
	require.NoError(t, eraser.Test(t.Context()))

	shop := dataset.FieldAddress{Address: dataset.Address{Dataset: "sample_shop", Collection: "customers"}, Path: []string{"id"}}
	text, err := os.ReadFile("annotation/shop.yml")
	require.NoError(t, err)
	shops, err := dataset.Parse("shop.yml", text)
	require.NoError(t, err)
	g, err := dataset.NewOpenGraph(append(shops, system.Datasets...)...)
	require.NoError(t, err)
	subject := connectors.Subject{Identities: map[string][]string{"email": {sample.DemoEmail}}}
	plan, err := g.Plan(g.Kinds())
	require.NoError(t, err)
	sel := connectors.Selection{Plan: *plan, Subject: subject, Keys: []connectors.KeySet{{Field: shop, Values: []string{"1000001"}}}}
	r := conformance.NewRecorder()
	require.NoError(t, reader.Collect(t.Context(), sel, r))
	at := func(name string) dataset.Address { return dataset.Address{Dataset: sample.Files, Collection: name} }
	require.NotEmpty(t, r.Kept[at("invoices")])
	require.Len(t, r.Kept[at("uploads")], 2)
	require.Len(t, r.Kept[at("forms")], 1)
	for _, row := range r.Kept[at("invoices")] {
		require.Contains(t, row[3].Raw(), "Am\xe9lie Brandt")
		require.True(t, strings.HasPrefix(row[3].Raw(), "%PDF-1.4"))
	}
	require.True(t, r.Openings[at("invoices")].Columns[3].File)

	before := len(listed(t, client, bucket))
	orders := []erasure.Order{{Address: at("uploads"), Delete: true}, {Address: at("forms"), Delete: true}}
	l := conformance.NewLedger()
	require.NoError(t, eraser.Erase(t.Context(), connectors.Errand{Selection: sel, Orders: orders, Secret: []byte("0123456789abcdef0123456789abcdef")}, l))
	require.EqualValues(t, 3, l.Rows)
	require.Len(t, listed(t, client, bucket), before-3)
}

func listed(t *testing.T, client *minio.Client, bucket string) (keys []string) {
	t.Helper()
	for o := range client.ListObjects(t.Context(), bucket, minio.ListObjectsOptions{Recursive: true}) {
		require.NoError(t, o.Err)
		keys = append(keys, o.Key)
	}
	return keys
}
