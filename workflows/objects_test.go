package workflows_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

const cellarAnnotation = `
dataset:
  - fides_key: cellar
    collections:
      - name: invoices
        fields:
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: {data_type: integer, references: [{dataset: shop, field: customers.id, direction: from}]}
          - {name: key, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - {name: content, data_categories: [user.behavior.purchase_history]}
      - name: letters
        fields:
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: key, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - {name: content, data_categories: [user.content]}
`

const cellarDocument = `
store:
  name: Cellar
  url: %s
  bucket: %s
  collections:
    - collection: cellar.invoices
      objects: invoices/{customer_id}/**
      fields: {customer_id: {type: integer}}
    - collection: cellar.letters
      objects: letters/*
      search: all
      fields: {email: {tag: from}}
`

const cellarDeclaration = `
declaration:
  - system: cellar
    name: {en: Cellar}
    purposes:
      - {use: essential.service, description: {en: Keeping invoices}, lawful_basis: contract, data_categories: [user.content, user.behavior.purchase_history, user.unique_id, user.contact.email]}
    retention: [{data_categories: [user.content, user.behavior.purchase_history, user.unique_id, user.contact.email], criteria: {en: as long as needed}}]
    source: {from_subject: true}
    automated_decisions: []
    erasure:
      - {collection: cellar.invoices, method: delete}
      - {collection: cellar.letters, method: delete}
`

// cellar adds an object store to a play, with two invoices, a letter and what is others'.
func (p *play) cellar() (keys func() []string) {
	p.t.Helper()
	store := localtest.Bucket(p.t)
	client, err := minio.New(store.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(store.AccessKey, store.SecretKey, ""), Secure: store.Secure})
	require.NoError(p.t, err)
	require.NoError(p.t, client.EnableVersioning(p.t.Context(), store.Bucket))
	mine := p.Shop.Count(`SELECT id FROM customers WHERE email = $1`, p.Person.Email)
	put := func(key, content, from string) {
		opts := minio.PutObjectOptions{UserTags: map[string]string{"from": from}}
		if from == "" {
			opts.UserTags = nil
		}
		_, err := client.PutObject(p.t.Context(), store.Bucket, key, bytes.NewReader([]byte(content)), int64(len(content)), opts)
		require.NoError(p.t, err)
	}
	put(fmt.Sprintf("invoices/%d/2025-1.pdf", mine), "%PDF first", "")
	put(fmt.Sprintf("invoices/%d/2025-1.pdf", mine), "%PDF second thoughts", "")
	put(fmt.Sprintf("invoices/%d/2025-2.pdf", mine), "%PDF two", "")
	put(fmt.Sprintf("invoices/%d1/2025-3.pdf", mine), "%PDF of another customer", "")
	put("letters/1.txt", "Dear shop", p.Person.Email)
	put("letters/2.txt", "Dear shop, too", "other@example.org")
	lent := func(actions ...string) string {
		secrets, err := local.LendObjects(store, actions...)
		require.NoError(p.t, err)
		return secrets
	}
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		id, err := tx.AddSystem(ctx, storage.System{Key: "cellar", Name: "Cellar", Kind: "s3", Target: lent("s3:ListBucket", "s3:GetObject", "s3:GetObjectTagging", "s3:GetBucketVersioning", "s3:ListBucketVersions", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"), Change: lent("s3:*"),
			Declaration: cellarDeclaration, Service: fmt.Sprintf(cellarDocument, "http://"+store.Endpoint, store.Bucket)})
		if err != nil {
			return err
		}
		return tx.SaveDataset(ctx, id, "cellar", cellarAnnotation)
	})
	return func() (out []string) {
		p.t.Helper()
		for o := range client.ListObjects(p.t.Context(), store.Bucket, minio.ListObjectsOptions{Recursive: true, WithVersions: true}) {
			require.NoError(p.t, o.Err)
			out = append(out, strings.Replace(o.Key, fmt.Sprint(mine), "ID", 1))
		}
		return out
	}
}

// unzipped are the files of a package, which have to be those of its manifest.
func unzipped(t *testing.T, body []byte) map[string]string {
	t.Helper()
	report, err := packaging.Verify(bytes.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	require.True(t, report.OK())
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		out[f.Name] = string(text)
	}
	return out
}

// Whoever asks for their data gets what lies in an object store, as files that can be opened.
func TestAccessToAnObjectStore(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven}})
	p.cellar()
	var body []byte
	p.at(time.Hour, p.reviewed)
	p.at(2*time.Hour, func() { body = p.Fetch() })
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	files := unzipped(t, body)
	require.Equal(t, "%PDF second thoughts", files["files/cellar/invoices/1-2025-1.pdf"])
	require.Equal(t, "%PDF two", files["files/cellar/invoices/2-2025-2.pdf"])
	require.Equal(t, "Dear shop", files["files/cellar/letters/3-1.txt"])
	for name, content := range files {
		require.NotContains(t, content, "another customer", name)
		require.NotContains(t, content, "too", name)
	}
}

// An erasure in an object store is planned, carried out with all versions, and read back.
func TestErasureInAnObjectStore(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	keys := p.cellar()
	require.Len(t, keys(), 6)
	p.at(time.Hour, func() {
		require.EqualValues(t, 1+casetest.Orders+3+1, p.plan().Totals.Rows.Erased, "the shop's, each version of the invoices and the letter")
		require.Len(t, keys(), 6, "nothing is changed by planning")
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, []string{"invoices/ID1/2025-3.pdf", "letters/2.txt"}, keys())
	plan := p.plan()
	require.Equal(t, storage.PlanDone, plan.State)
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		steps, err := tx.ErasureSteps(ctx, plan.ID)
		require.NoError(t, err)
		for _, s := range steps {
			require.Zero(t, *s.Unfinished, s.Collection)
		}
		return nil
	})
}
