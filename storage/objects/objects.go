// Package objects keeps files in an S3 store. It uses nothing that only one maker's server has.
package objects

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

var (
	// ErrNotFound says that there is no object under the key.
	ErrNotFound = errors.New("object not found")
	// ErrUnavailable says that the store cannot work now: it is away, or has no room.
	ErrUnavailable = errors.New("the object store is not available")
)

// Config is how the store is reached.
type Config struct {
	Endpoint  string // host:port
	AccessKey string
	SecretKey string
	Bucket    string
	Secure    bool // TLS
}

// Store is one bucket. It is safe for concurrent use.
type Store struct {
	client *minio.Client
	bucket string
}

// partSize is how much of a stream of unknown length is held at once: S3 wants parts, and MinIO's client would take
// room for the largest object there can be. 10,000 parts of it are 160 GB.
const partSize = 16 << 20

// contentType is all that a store may know of what it keeps.
const contentType = "application/octet-stream"

// Open prepares the store; it does not call it, so that the product starts while the store is down.
func Open(c Config) (*Store, error) {
	client, err := minio.New(c.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: c.Secure,
	})
	if err != nil {
		return nil, fmt.Errorf("open the object store: %w", err)
	}
	return &Store{client: client, bucket: c.Bucket}, nil
}

// Ping says whether the store answers and has the bucket.
func (s *Store) Ping(ctx context.Context) error {
	ok, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return fmt.Errorf("reach the object store: %w", named(err))
	}
	if !ok {
		return fmt.Errorf("the object store has no bucket %q; create it", s.bucket)
	}
	return nil
}

// Put stores what r gives under the key, replacing what was there. size is its length in bytes, or -1 when unknown; the
// object appears whole or not at all.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if size < 0 {
		if err := s.Abandon(ctx, key); err != nil {
			return err
		}
	}
	return s.put(ctx, key, r, size, minio.PutObjectOptions{SendContentMd5: size >= 0 && size <= partSize})
}

// PutLarge is Put for something large of unknown length: one part of it is sent while the next is written. It holds two of them.
func (s *Store) PutLarge(ctx context.Context, key string, r io.Reader) error {
	if err := s.Abandon(ctx, key); err != nil {
		return err
	}
	return s.put(ctx, key, r, -1, minio.PutObjectOptions{ConcurrentStreamParts: true, NumThreads: 2})
}

func (s *Store) put(ctx context.Context, key string, r io.Reader, size int64, opts minio.PutObjectOptions) error {
	opts.ContentType, opts.PartSize = contentType, partSize
	if _, err := s.client.PutObject(ctx, s.bucket, key, r, size, opts); err != nil {
		return fmt.Errorf("store object: %w", named(err))
	}
	return nil
}

// PutBytes is Put for bytes whose SHA-256 is known: it goes with them in place of hashes that are taken on the way, and the
// store refuses what does not match.
func (s *Store) PutBytes(ctx context.Context, key string, data, sum []byte) error {
	core := minio.Core{Client: s.client}
	_, err := core.PutObject(ctx, s.bucket, key, bytes.NewReader(data), int64(len(data)), "", hex.EncodeToString(sum),
		minio.PutObjectOptions{ContentType: contentType, DisableContentSha256: true})
	if err != nil {
		return fmt.Errorf("store object: %w", named(err))
	}
	return nil
}

// Abandon throws away what a writer that died had sent of an object of unknown length. A store keeps such parts until it is
// told, and lists them with no object.
func (s *Store) Abandon(ctx context.Context, key string) error {
	if err := s.client.RemoveIncompleteUpload(ctx, s.bucket, key); err != nil && !errors.Is(named(err), ErrNotFound) {
		return fmt.Errorf("abandon an upload: %w", named(err))
	}
	return nil
}

// Get opens an object; the caller closes it. ErrNotFound when there is none.
func (s *Store) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	core := minio.Core{Client: s.client} // asks once; the client's own object asks for the length first
	object, _, _, err := core.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("open object: %w", named(err))
	}
	return object, nil
}

// Delete removes an object. One that is not there is removed already.
func (s *Store) Delete(ctx context.Context, key string) error {
	err := s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if err != nil && !errors.Is(named(err), ErrNotFound) {
		return fmt.Errorf("delete object: %w", named(err))
	}
	return nil
}

// Object is one object of a listing.
type Object struct {
	Key   string
	Bytes int64
}

// Each goes through the objects whose keys begin with prefix, in order, without holding them all.
func (s *Store) Each(ctx context.Context, prefix string, do func(Object) error) error {
	ctx, stop := context.WithCancel(ctx) // ends the listing when do has had enough
	defer stop()
	for object := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if object.Err != nil {
			return fmt.Errorf("list objects: %w", object.Err)
		}
		if err := do(Object{Key: object.Key, Bytes: object.Size}); err != nil {
			return err
		}
	}
	return nil
}

// List gives the keys that begin with prefix, in order.
func (s *Store) List(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	err := s.Each(ctx, prefix, func(o Object) error {
		keys = append(keys, o.Key)
		return nil
	})
	return keys, err
}

// named gives the errors that callers decide on their names; the client's own stays behind them for the log.
func named(err error) error {
	var answer minio.ErrorResponse
	if !errors.As(err, &answer) {
		var sending *url.Error
		if errors.As(err, &sending) && !errors.Is(err, context.Canceled) && !errors.Is(err, io.ErrClosedPipe) {
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		return err
	}
	switch {
	case answer.StatusCode == http.StatusNotFound && answer.Code != minio.NoSuchBucket:
		return fmt.Errorf("%w", ErrNotFound)
	case answer.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}
