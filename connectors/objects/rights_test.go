package objects_test

import (
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/objects"
	"github.com/privacy-docket/docket/deploy/local"
)

// lent are secrets that may do so much in the bucket.
func (b *bench) lent(t *testing.T, actions ...string) string {
	t.Helper()
	secrets, err := local.LendObjects(b.ObjectsAddress, actions...)
	require.NoError(t, err)
	return secrets
}

// Test finds which rights are missing, which are too many, and whatever else keeps the work from being done.
func TestWhatTheTestFinds(t *testing.T) {
	t.Parallel()
	b := newBench(t, plain)
	versions := newBench(t, versioned)
	for _, one := range []*bench{b, versions} {
		one.put(t, "uploads/a@example.org/x.txt", "x", minio.PutObjectOptions{})
		one.put(t, "scans/1.png", "x", tagged("whose", "a@example.org"))
	}
	datasets := conformance.Parse(t, uploadsDataset)
	read := []string{"s3:ListBucket", "s3:GetObject", "s3:GetObjectTagging"}
	change := append([]string{"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject", "s3:PutObjectTagging", "s3:ListBucketVersions", "s3:GetBucketVersioning", "s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload",
		"s3:GetObjectVersion", "s3:GetObjectVersionTagging"}, read...)
	test := func(b *bench, cfg objects.Config) error {
		t.Helper()
		cfg.Datasets = datasets
		if cfg.Document == "" {
			cfg.Document = uploadsDocument
		}
		c := b.connector(t, cfg)
		defer func() { require.NoError(t, c.Close()) }()
		return c.Test(t.Context())
	}
	for _, b := range []*bench{b, versions} {
		require.NoError(t, test(b, objects.Config{Secrets: b.lent(t, read...)}))
		require.NoError(t, test(b, objects.Config{Secrets: b.lent(t, change...), AllowWrites: true}))
		err := test(b, objects.Config{Secrets: b.lent(t, read...), AllowWrites: true})
		require.ErrorIs(t, err, connectors.ErrPrivilege)
		require.ErrorContains(t, err, "to list, read and delete objects and their versions")
		require.ErrorIs(t, test(b, objects.Config{Secrets: b.lent(t, change...)}), connectors.ErrWritable)
		require.ErrorIs(t, test(b, objects.Config{Secrets: b.lent(t, "s3:ListBucket")}), connectors.ErrPrivilege)
		require.ErrorIs(t, test(b, objects.Config{Secrets: b.lent(t, "s3:GetObject")}), connectors.ErrPrivilege)
	}
	require.Len(t, versions.keys(t, "", true), 2, "trying the right to delete leaves no mark")
	require.ErrorIs(t, test(b, objects.Config{Secrets: "access_key=nobody\nsecret_key=canary-canary"}), connectors.ErrCredentials)
	elsewhere := *b
	elsewhere.Bucket = "no-such-bucket"
	require.ErrorIs(t, test(&elsewhere, objects.Config{}), connectors.ErrDatabase)
}
