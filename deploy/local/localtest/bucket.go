package localtest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
)

// Bucket makes an empty bucket of the test's own on the stack's object store. It is emptied and dropped when the test ends.
func Bucket(t testing.TB) local.ObjectsAddress {
	t.Helper()
	address := Stack(t).Objects
	address.Bucket = "test-" + strings.ToLower(rand.Text()[:16])
	client, err := minio.New(address.Endpoint, &minio.Options{
		Creds:  credentials.NewStaticV4(address.AccessKey, address.SecretKey, ""),
		Secure: address.Secure,
	})
	require.NoError(t, err)
	require.NoError(t, client.MakeBucket(t.Context(), address.Bucket, minio.MakeBucketOptions{}))
	t.Cleanup(func() { DropBucket(t, client, address.Bucket) })
	return address
}

// DropBucket drops a bucket of the stack's own server with all that is in it: in one stroke, which MinIO has, unless objects in it are locked.
func DropBucket(t testing.TB, client *minio.Client, bucket string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
	defer cancel()
	if client.RemoveBucketWithOptions(ctx, bucket, minio.RemoveBucketOptions{ForceDelete: true}) == nil {
		return
	}
	objects := client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Recursive: true, WithVersions: true})
	for failed := range client.RemoveObjects(ctx, bucket, objects, minio.RemoveObjectsOptions{GovernanceBypass: true}) {
		require.NoError(t, failed.Err, "empty the test's bucket")
	}
	require.NoError(t, client.RemoveBucket(ctx, bucket), "drop the test's bucket")
}
