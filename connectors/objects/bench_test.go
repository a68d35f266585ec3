package objects_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors/objects"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// bench is a bucket of a test's own, with the test's way past the connector.
type bench struct {
	local.ObjectsAddress
	*minio.Client
	// extracts says that the server takes many objects with one request.
	extracts bool
}

// kind of a bucket.
type kind int

const (
	plain kind = iota
	versioned
	locking
)

// newBench makes a bucket on a server: the stack's, where none is given.
func newBench(t *testing.T, kind kind, server ...local.ObjectsAddress) *bench {
	t.Helper()
	var address local.ObjectsAddress
	if len(server) == 0 {
		address = localtest.Stack(t).Objects
	} else {
		address = server[0]
	}
	client, err := minio.New(address.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(address.AccessKey, address.SecretKey, ""), Secure: address.Secure})
	require.NoError(t, err)
	address.Bucket = "test-" + strings.ToLower(rand.Text()[:16])
	b := &bench{ObjectsAddress: address, Client: client, extracts: len(server) == 0}
	require.NoError(t, client.MakeBucket(t.Context(), b.Bucket, minio.MakeBucketOptions{ObjectLocking: kind == locking}))
	if kind == versioned {
		require.NoError(t, client.EnableVersioning(t.Context(), b.Bucket))
	}
	if len(server) == 0 {
		t.Cleanup(func() { localtest.DropBucket(t, client, b.Bucket) })
	}
	return b
}

// extracting says of the server that it takes many objects with one request, as MinIO does.
func (b *bench) extracting() *bench {
	b.extracts = true
	return b
}

// connector opens the bench. The document names the store as URL and BUCKET.
func (b *bench) connector(t *testing.T, cfg objects.Config) *objects.Connector {
	t.Helper()
	cfg.Document = strings.NewReplacer("URL", "http://"+b.Endpoint, "BUCKET", b.Bucket).Replace(cfg.Document)
	if cfg.Secrets == "" {
		cfg.Secrets = "access_key=" + b.AccessKey + "\nsecret_key=" + b.SecretKey + "\n"
	}
	if cfg.MayReachPlain == nil {
		cfg.MayReachPlain = func(netip.Addr) bool { return true }
	}
	c, err := objects.New(cfg)
	require.NoError(t, err)
	return c
}

// put stores an object.
func (b *bench) put(t *testing.T, key, content string, opts minio.PutObjectOptions) minio.UploadInfo {
	t.Helper()
	info, err := b.PutObject(t.Context(), b.Bucket, key, bytes.NewReader([]byte(content)), int64(len(content)), opts)
	require.NoError(t, err)
	return info
}

// keys lists what is there; with versions, what was there too.
func (b *bench) keys(t *testing.T, prefix string, versions bool) (out []string) {
	t.Helper()
	for o := range b.ListObjects(t.Context(), b.Bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true, WithVersions: versions}) {
		require.NoError(t, o.Err)
		out = append(out, o.Key)
	}
	return out
}

// content reads an object.
func (b *bench) content(t *testing.T, key string) string {
	t.Helper()
	text, err := b.contentOf(t.Context(), key)
	require.NoError(t, err)
	return string(text)
}

func (b *bench) contentOf(ctx context.Context, key string) ([]byte, error) {
	o, err := b.GetObject(ctx, b.Bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(o)
	return text, errors.Join(err, o.Close())
}

// entries reads an object's tags and metadata.
func (b *bench) entries(t *testing.T, key string) (tags, metadata map[string]string) {
	t.Helper()
	tags, err := b.tagsOf(t.Context(), key)
	require.NoError(t, err)
	metadata, err = b.metadataOf(t.Context(), key)
	require.NoError(t, err)
	return tags, metadata
}

func (b *bench) tagsOf(ctx context.Context, key string) (map[string]string, error) {
	said, err := b.GetObjectTagging(ctx, b.Bucket, key, minio.GetObjectTaggingOptions{})
	if err != nil {
		return nil, err
	}
	return said.ToMap(), nil
}

func (b *bench) metadataOf(ctx context.Context, key string) (map[string]string, error) {
	head, err := b.StatObject(ctx, b.Bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return nil, err
	}
	metadata := map[string]string{}
	for name, value := range head.UserMetadata {
		metadata[strings.ToLower(name)] = value
	}
	return metadata, nil
}
