package objects_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/objects"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

const uploadsDataset = `dataset: [{fides_key: d, collections: [
  {name: uploads, fields: [{name: owner, fides_meta: {identity: email}}, {name: key, fides_meta: {primary_key: true}}, {name: content, data_categories: [user.content]}, {name: label}, {name: restricted}, {name: note}]},
  {name: profile, fields: [{name: mail, fides_meta: {identity: email}}, {name: content}]},
  {name: scans, fields: [{name: whose, fides_meta: {identity: email}}, {name: key, fides_meta: {primary_key: true}}, {name: content}]}]}]`

const uploadsDocument = `
store:
  name: Uploads
  url: URL
  bucket: BUCKET
  collections:
  - collection: d.uploads
    objects: uploads/{owner}/**
    fields: {label: {tag: label}, restricted: {tag: restricted}, note: {metadata: note}}
  - collection: d.profile
    objects: profiles/{mail}.json
  - collection: d.scans
    objects: scans/**
    search: all
    fields: {whose: {tag: whose}}
`

// uploads opens a bench with the collections above, for erasing.
func uploads(t *testing.T, b *bench) (*objects.Connector, []dataset.Dataset) {
	t.Helper()
	datasets := conformance.Parse(t, uploadsDataset)
	c := b.connector(t, objects.Config{Document: uploadsDocument, Datasets: datasets, AllowWrites: true})
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c, datasets
}

func tagged(name, value string) minio.PutObjectOptions {
	return minio.PutObjectOptions{UserTags: map[string]string{name: value}}
}

// In a bucket that keeps versions nothing is left: no version, no mark that something was deleted, no upload that nobody ended. Others' stays whole.
func TestNothingIsLeftInAVersionedBucket(t *testing.T) {
	t.Parallel()
	b := newBench(t, versioned)
	for _, content := range []string{"first", "second", "third"} {
		b.put(t, "uploads/a@example.org/cv.txt", content, minio.PutObjectOptions{})
		b.put(t, "uploads/b@example.org/cv.txt", content, minio.PutObjectOptions{})
	}
	b.put(t, "uploads/a@example.org/gone.txt", "deleted already", minio.PutObjectOptions{})
	require.NoError(t, b.RemoveObject(t.Context(), b.Bucket, "uploads/a@example.org/gone.txt", minio.RemoveObjectOptions{}))
	b.put(t, "scans/1.png", "one", tagged("whose", "a@example.org"))
	b.put(t, "scans/1.png", "one, again", tagged("whose", "a@example.org"))
	require.NoError(t, b.RemoveObject(t.Context(), b.Bucket, "scans/1.png", minio.RemoveObjectOptions{}))
	b.put(t, "scans/2.png", "of a, and then of b", tagged("whose", "a@example.org"))
	b.put(t, "scans/2.png", "two", tagged("whose", "b@example.org"))
	core := minio.Core{Client: b.Client}
	id, err := core.NewMultipartUpload(t.Context(), b.Bucket, "profiles/a@example.org.json", minio.PutObjectOptions{})
	require.NoError(t, err)
	_, err = core.PutObjectPart(t.Context(), b.Bucket, "profiles/a@example.org.json", id, 1, strings.NewReader("half"), 4, minio.PutObjectPartOptions{})
	require.NoError(t, err)

	c, datasets := uploads(t, b)
	e := conformance.Errand(t, datasets, conformance.Deletion("uploads"), conformance.Deletion("profile"), conformance.Deletion("scans"))
	found, err := c.Survey(t.Context(), e)
	require.NoError(t, err)
	require.EqualValues(t, []int64{5, 1, 3}, []int64{found[0].Left, found[1].Left, found[2].Left})
	l := conformance.NewLedger()
	require.NoError(t, c.Erase(t.Context(), e, l))
	require.EqualValues(t, 9, l.Rows)
	require.Empty(t, b.keys(t, "uploads/a@example.org/", true))
	require.Equal(t, []string{"scans/2.png"}, b.keys(t, "scans/", true), "the version that was hers is gone")
	require.Equal(t, "two", b.content(t, "scans/2.png"))
	require.Len(t, b.keys(t, "uploads/b@example.org/", true), 3)
	left, err := core.ListMultipartUploads(t.Context(), b.Bucket, "profiles/a@example.org.json", "", "", "", 10)
	require.NoError(t, err)
	require.Empty(t, left.Uploads)
	again := conformance.NewLedger()
	require.NoError(t, c.Erase(t.Context(), e, again))
	require.Zero(t, again.Batches)
}

// A hold or a retention period of the store keeps objects: it is a refusal of its own, which names the collection and nobody.
func TestLocksRefuse(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]func(*testing.T, *bench, string){
		"a legal hold": func(t *testing.T, b *bench, key string) {
			t.Helper()
			on := minio.LegalHoldEnabled
			require.NoError(t, b.PutObjectLegalHold(t.Context(), b.Bucket, key, minio.PutObjectLegalHoldOptions{Status: &on}))
			t.Cleanup(func() {
				off := minio.LegalHoldDisabled
				require.NoError(t, b.PutObjectLegalHold(context.WithoutCancel(t.Context()), b.Bucket, key, minio.PutObjectLegalHoldOptions{Status: &off}))
			})
		},
		"a retention period": func(t *testing.T, b *bench, key string) {
			t.Helper()
			mode, until := minio.Governance, time.Now().Add(time.Hour).UTC()
			require.NoError(t, b.PutObjectRetention(t.Context(), b.Bucket, key, minio.PutObjectRetentionOptions{Mode: &mode, RetainUntilDate: &until}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, locking)
			b.put(t, "uploads/a@example.org/contract.pdf", "kept", minio.PutObjectOptions{})
			b.put(t, "uploads/a@example.org/free.pdf", "not kept", minio.PutObjectOptions{})
			lock(t, b, "uploads/a@example.org/contract.pdf")
			c, datasets := uploads(t, b)
			err := c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("uploads")), conformance.NewLedger())
			require.ErrorIs(t, err, connectors.ErrConstraint)
			require.False(t, connectors.Temporary(err))
			require.ErrorContains(t, err, "d.uploads: the store keeps objects that are to be deleted: a retention period or a legal hold lies on them")
			require.NotContains(t, err.Error(), "example.org")
			require.NotContains(t, err.Error(), "contract")
			require.Equal(t, "kept", b.content(t, "uploads/a@example.org/contract.pdf"))
		})
	}
}

// Tags and metadata are set, masked and taken away, each beside all others; content is emptied. With versions, what it was goes too, except where a
// field was only set.
func TestWhatAnObjectBears(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]kind{"plain": plain, "versioned": versioned, "of another maker": plain} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var servers []local.ObjectsAddress
			if name == "of another maker" {
				servers = append(servers, localtest.Versity(t))
			}
			b := newBench(t, kind, servers...)
			const key = "uploads/a@example.org/x.pdf"
			b.put(t, key, "%PDF", minio.PutObjectOptions{ContentType: "application/pdf", UserTags: map[string]string{"label": "Ana R", "team": "x y"},
				UserMetadata: map[string]string{"Note": "Ana's", "Other": "stays"}, CacheControl: "private"})
			c, datasets := uploads(t, b)
			do := func(masks ...erasure.Mask) *conformance.Ledger {
				t.Helper()
				e := conformance.Errand(t, datasets, conformance.Masking("uploads", masks...))
				l := conformance.NewLedger()
				require.NoError(t, c.Erase(t.Context(), e, l))
				found, err := c.Survey(t.Context(), e)
				require.NoError(t, err)
				require.Zero(t, found[0].Left)
				return l
			}
			mark := conformance.Mask(erasure.Set, "restricted")
			mark.Value = "restricted"
			require.EqualValues(t, 1, do(mark).Rows)
			note := conformance.Mask(erasure.Set, "note")
			note.Value = "corrected"
			require.EqualValues(t, 1, do(note).Rows)
			tags, metadata := b.entries(t, key)
			require.Equal(t, map[string]string{"label": "Ana R", "team": "x y", "restricted": "restricted"}, tags)
			require.Equal(t, map[string]string{"note": "corrected", "other": "stays"}, metadata)
			if kind == versioned {
				require.Len(t, b.keys(t, key, true), 2, "what was only set is kept as it was")
			}
			require.NotZero(t, do(conformance.Mask(erasure.Shape, "label"), conformance.Mask(erasure.Null, "note")).Rows)
			tags, metadata = b.entries(t, key)
			require.Equal(t, map[string]string{"label": "Xxx X", "team": "x y", "restricted": "restricted"}, tags)
			require.Equal(t, map[string]string{"other": "stays"}, metadata)
			require.Len(t, b.keys(t, key, true), 1, "what it was is gone")
			require.Equal(t, "%PDF", b.content(t, key))
			require.EqualValues(t, 1, do(conformance.Mask(erasure.Null, "content")).Rows)
			require.Empty(t, b.content(t, key))
			require.Len(t, b.keys(t, key, true), 1)
			tags, metadata = b.entries(t, key)
			require.Len(t, tags, 3)
			require.Equal(t, map[string]string{"other": "stays"}, metadata)
			head, err := b.StatObject(t.Context(), b.Bucket, key, minio.StatObjectOptions{})
			require.NoError(t, err)
			require.Equal(t, "application/pdf", head.ContentType)
			require.Equal(t, "private", head.Metadata.Get("Cache-Control"))
			require.NoError(t, c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("uploads")), conformance.NewLedger()))
			require.Empty(t, b.keys(t, "", true))
		})
	}
}

// A mark that something was deleted says whose it was no more than its key does: it goes with what it lies on, or nobody finds it again.
func TestMarksGoWithWhatTheyLieOn(t *testing.T) {
	t.Parallel()
	b := newBench(t, versioned)
	for range 2 {
		b.put(t, "scans/1.png", "one", tagged("whose", "a@example.org"))
	}
	require.NoError(t, b.RemoveObject(t.Context(), b.Bucket, "scans/1.png", minio.RemoveObjectOptions{}))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	through := *b
	g := newGate(b.Endpoint, &trouble{kind: "stopped after", changes: true, cancel: cancel})
	through.Endpoint = g.Listener.Addr().String()
	c, datasets := uploads(t, &through)
	require.ErrorIs(t, c.Erase(ctx, conformance.Errand(t, datasets, conformance.Deletion("scans")), conformance.NewLedger()), context.Canceled)
	g.Close()
	require.Empty(t, b.keys(t, "", true))
}

// Content is written together with the tags: who stops in between has lost none.
func TestTagsOutliveABreak(t *testing.T) {
	t.Parallel()
	b := newBench(t, plain)
	const key = "uploads/a@example.org/x +.txt"
	tags := map[string]string{"label": "Ana R", "team": "x+y=z/1"}
	b.put(t, key, "hers", minio.PutObjectOptions{UserTags: tags})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	through := *b
	g := newGate(b.Endpoint, &trouble{kind: "stopped after", changes: true, cancel: cancel})
	through.Endpoint = g.Listener.Addr().String()
	c, datasets := uploads(t, &through)
	e := conformance.Errand(t, datasets, conformance.Masking("uploads", conformance.Mask(erasure.Null, "content")))
	require.ErrorIs(t, c.Erase(ctx, e, conformance.NewLedger()), context.Canceled)
	g.Close()
	require.Empty(t, b.content(t, key))
	is, _ := b.entries(t, key)
	require.Equal(t, tags, is)
}

// What an object can't bear is refused by name before anything is changed.
func TestWhatAnObjectCannotBear(t *testing.T) {
	t.Parallel()
	b := newBench(t, plain)
	b.put(t, "uploads/a@example.org/x.txt", "x", tagged("label", "l"))
	c, datasets := uploads(t, b)
	fixed := func(value string, path ...string) erasure.Mask {
		m := conformance.Mask(erasure.Fixed, path...)
		m.Value = value
		return m
	}
	for _, bad := range []struct {
		mask erasure.Mask
		want string
	}{
		{conformance.Mask(erasure.Hash, "content"), "d.uploads.content: content that is no JSON can only be emptied; treat it with null, or delete the objects"},
		{fixed("gone", "content"), "can only be emptied"},
		{conformance.Mask(erasure.Hash, "owner"), "d.uploads.owner: it stands in the objects' keys, which can't be changed; delete the objects"},
		{conformance.Mask(erasure.Shape, "key"), "it stands in the objects' keys"},
		{fixed("a#b", "label"), "a tag takes 256 letters, digits, blanks"},
		{fixed(strings.Repeat("x", 257), "label"), "a tag takes 256"},
		{fixed("é", "note"), "metadata takes 1,024 signs that can be printed"},
		{fixed("a\r\nX-Amz-Acl: public-read", "note"), "metadata takes"},
	} {
		err := c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("scans"), conformance.Masking("uploads", bad.mask)), conformance.NewLedger())
		require.ErrorIs(t, err, connectors.ErrType)
		require.ErrorContains(t, err, bad.want)
	}
	require.Equal(t, "x", b.content(t, "uploads/a@example.org/x.txt"))
	reader := b.connector(t, objects.Config{Document: uploadsDocument, Datasets: datasets})
	require.ErrorIs(t, reader.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("uploads")), conformance.NewLedger()), connectors.ErrReadOnly)
}

// More objects than one request can delete, and more than a page lists.
func TestManyObjectsAreDeleted(t *testing.T) {
	t.Parallel()
	b := newBench(t, plain, localtest.MinIO(t))
	snowball := make(chan minio.SnowballObject)
	go func() {
		defer close(snowball)
		for i := range 2300 {
			name := "uploads/a@example.org/" + strings.Repeat("x", i%7) + time.Unix(int64(i), 0).UTC().Format("150405") + ".txt"
			snowball <- minio.SnowballObject{Key: name, Size: 1, ModTime: time.Unix(int64(i), 0), Content: bytes.NewReader([]byte("x"))}
		}
	}()
	require.NoError(t, b.PutObjectsSnowball(t.Context(), b.Bucket, minio.SnowballOptions{InMemory: true}, snowball))
	b.put(t, "uploads/b@example.org/x.txt", "b's", minio.PutObjectOptions{})
	require.Len(t, b.keys(t, "", false), 2301)
	c, datasets := uploads(t, b)
	l := conformance.NewLedger()
	require.NoError(t, c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("uploads")), l))
	require.EqualValues(t, 2300, l.Rows)
	require.LessOrEqual(t, l.Largest, int64(1000))
	require.Equal(t, []string{"uploads/b@example.org/x.txt"}, b.keys(t, "", false))
}
