package objects_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/storage/objects"
)

// servers are those that every test here runs against: nothing may depend on one maker's.
func servers() map[string]func(testing.TB) objects.Config {
	return map[string]func(testing.TB) objects.Config{"minio": minioServer, "versitygw": versityServer}
}

func minioServer(t testing.TB) objects.Config {
	t.Helper()
	return config(localtest.Bucket(t))
}

func versityServer(t testing.TB) objects.Config {
	t.Helper()
	return config(localtest.Versity(t))
}

func config(a local.ObjectsAddress) objects.Config {
	return objects.Config{Endpoint: a.Endpoint, AccessKey: a.AccessKey, SecretKey: a.SecretKey, Bucket: a.Bucket, Secure: a.Secure}
}

// conform runs a test against each server.
func conform(t *testing.T, do func(*testing.T, *objects.Store, objects.Config)) {
	t.Helper()
	for name, start := range servers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := start(t)
			store, err := objects.Open(config)
			require.NoError(t, err)
			do(t, store, config)
		})
	}
}

func read(t *testing.T, s *objects.Store, key string) []byte {
	t.Helper()
	body, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	data, err := io.ReadAll(body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	return data
}

// What was put is got back, whether its length was known, whether it is empty, or one part, or several.
func TestPutGet(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, _ objects.Config) {
		for name, size := range map[string]int{"empty": 0, "small": 11, "one part": 16 << 20, "parts": 16<<20 + 1, "more parts": 35 << 20} {
			content := bytes.Repeat([]byte("0123456789abcdef!"), size/17+1)[:size]
			want := sha256.Sum256(content)
			for length, given := range map[string]int64{"known": int64(size), "unknown": -1} {
				key := "tenant/" + name + "/" + length
				require.NoError(t, s.Put(t.Context(), key, onlyReader{bytes.NewReader(content)}, given), key)
				got := sha256.Sum256(read(t, s, key))
				require.Equal(t, want, got, key)
			}
			require.NoError(t, s.PutLarge(t.Context(), "large", onlyReader{bytes.NewReader(content)}))
			require.Equal(t, want, sha256.Sum256(read(t, s, "large")), name)
			require.NoError(t, s.PutBytes(t.Context(), "bytes", content, want[:]))
			require.Equal(t, want, sha256.Sum256(read(t, s, "bytes")), name)
		}
	})
}

// Bytes that are not those of the hash are refused: a part that was altered on its way is no part.
func TestBytesOfAnotherHashAreRefused(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, _ objects.Config) {
		sum := sha256.Sum256([]byte("what was meant"))
		require.Error(t, s.PutBytes(t.Context(), "k", []byte("what came of it"), sum[:]))
		_, err := s.Get(t.Context(), "k")
		require.ErrorIs(t, err, objects.ErrNotFound)
	})
}

// A writer that died in the middle leaves parts that no listing shows. The next one under the key takes them away.
func TestPartsOfADeadWriterAreTakenAway(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, c objects.Config) {
		core := minio.Core{Client: raw(t, c)}
		left := func() (keys []string) {
			for upload := range core.ListIncompleteUploads(t.Context(), c.Bucket, "tenant/package", true) {
				require.NoError(t, upload.Err)
				keys = append(keys, upload.Key)
			}
			return keys
		}
		die := func() {
			id, err := core.NewMultipartUpload(t.Context(), c.Bucket, "tenant/package", minio.PutObjectOptions{})
			require.NoError(t, err)
			part := strings.Repeat("x", 5<<20)
			_, err = core.PutObjectPart(t.Context(), c.Bucket, "tenant/package", id, 1, strings.NewReader(part), int64(len(part)), minio.PutObjectPartOptions{})
			require.NoError(t, err)
			require.NotEmpty(t, left())
		}
		die()
		require.NoError(t, s.Put(t.Context(), "tenant/package", onlyReader{strings.NewReader("whole")}, -1))
		require.Empty(t, left())
		require.Equal(t, "whole", string(read(t, s, "tenant/package")))
		die()
		require.NoError(t, s.Abandon(t.Context(), "tenant/package"))
		require.Empty(t, left())
		require.Equal(t, "whole", string(read(t, s, "tenant/package")), "what is whole stays")
	})
}

// onlyReader hides everything of a reader but Read, as a stream does.
type onlyReader struct{ io.Reader }

// Putting again replaces: that is what makes a step that is tried again harmless.
func TestPutReplaces(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, _ objects.Config) {
		require.NoError(t, s.Put(t.Context(), "k", strings.NewReader("first, and longer"), -1))
		require.NoError(t, s.Put(t.Context(), "k", strings.NewReader("second"), 6))
		require.Equal(t, "second", string(read(t, s, "k")))
		keys, err := s.List(t.Context(), "")
		require.NoError(t, err)
		require.Equal(t, []string{"k"}, keys)
	})
}

// A source that breaks off leaves nothing, and what was there before stays whole.
func TestBrokenPutLeavesNothing(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, _ objects.Config) {
		broken := errors.New("the source broke off")
		for _, before := range []int{3, 17 << 20} {
			source := func() io.Reader {
				return io.MultiReader(strings.NewReader(strings.Repeat("x", before)), failing{broken})
			}
			key := fmt.Sprintf("new/%d", before)
			require.ErrorIs(t, s.Put(t.Context(), key, source(), -1), broken)
			require.ErrorIs(t, s.PutLarge(t.Context(), key, source()), broken)
			_, err := s.Get(t.Context(), key)
			require.ErrorIs(t, err, objects.ErrNotFound)
			require.NoError(t, s.Put(t.Context(), "old", strings.NewReader("whole"), 5))
			require.ErrorIs(t, s.Put(t.Context(), "old", source(), -1), broken)
			require.Equal(t, "whole", string(read(t, s, "old")))
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// A source shorter than it was said to be is refused.
func TestShortPut(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, _ objects.Config) {
		require.Error(t, s.Put(t.Context(), "k", strings.NewReader("short"), 50))
		_, err := s.Get(t.Context(), "k")
		require.ErrorIs(t, err, objects.ErrNotFound)
	})
}

// What is not there is ErrNotFound to get, and nothing to delete.
func TestMissing(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, _ objects.Config) {
		_, err := s.Get(t.Context(), "no/such")
		require.ErrorIs(t, err, objects.ErrNotFound)
		require.NoError(t, s.Delete(t.Context(), "no/such"))
		keys, err := s.List(t.Context(), "no/")
		require.NoError(t, err)
		require.Empty(t, keys)
	})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, _ objects.Config) {
		require.NoError(t, s.Put(t.Context(), "a/b", strings.NewReader("x"), 1))
		require.NoError(t, s.Put(t.Context(), "a/c", strings.NewReader("y"), 1))
		require.NoError(t, s.Delete(t.Context(), "a/b"))
		_, err := s.Get(t.Context(), "a/b")
		require.ErrorIs(t, err, objects.ErrNotFound)
		require.Equal(t, "y", string(read(t, s, "a/c")))
	})
}

// List gives every key below a prefix in order, however many pages that takes, and no other's.
func TestList(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, _ objects.Config) {
		var want []string
		var puts sync.WaitGroup
		const objectsPerPage, workers = 1000, 16
		keys := make(chan string)
		for range workers {
			puts.Go(func() {
				for key := range keys {
					if err := s.Put(t.Context(), key, strings.NewReader("x"), 1); err != nil {
						t.Errorf("put %s: %v", key, err)
					}
				}
			})
		}
		for i := range objectsPerPage + 5 {
			key := fmt.Sprintf("mine/%02d/%04d", i%10, i)
			want = append(want, key)
			keys <- key
		}
		keys <- "min"
		keys <- "mines/1"
		close(keys)
		puts.Wait()
		got, err := s.List(t.Context(), "mine/")
		require.NoError(t, err)
		require.ElementsMatch(t, want, got)
		require.IsIncreasing(t, got)
	})
}

// Ping tells a missing bucket, a wrong secret and a dead server apart from a good store.
func TestPing(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, s *objects.Store, config objects.Config) {
		require.NoError(t, s.Ping(t.Context()))
		missing := config
		missing.Bucket = "nowhere-" + config.Bucket
		require.ErrorContains(t, open(t, missing).Ping(t.Context()), "create it")
		wrong := config
		wrong.SecretKey = "wrong-" + config.SecretKey
		require.ErrorContains(t, open(t, wrong).Ping(t.Context()), "reach the object store")
		dead := config
		dead.Endpoint = "127.0.0.1:1"
		require.ErrorContains(t, open(t, dead).Ping(t.Context()), "reach the object store")
	})
}

func open(t *testing.T, c objects.Config) *objects.Store {
	t.Helper()
	s, err := objects.Open(c)
	require.NoError(t, err)
	return s
}

// A bucket that is gone is an error, not a missing object: what was kept is not simply absent.
func TestMissingBucketIsNoMissingObject(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T, _ *objects.Store, config objects.Config) {
		config.Bucket = "nowhere-" + config.Bucket
		s := open(t, config)
		require.Error(t, s.Put(t.Context(), "k", strings.NewReader("x"), 1))
		_, err := s.Get(t.Context(), "k")
		require.Error(t, err)
		require.NotErrorIs(t, err, objects.ErrNotFound)
		require.Error(t, s.Delete(t.Context(), "k"))
		_, err = s.List(t.Context(), "")
		require.Error(t, err)
	})
}

// raw talks to the server behind the store's back.
func raw(t testing.TB, c objects.Config) *minio.Client {
	t.Helper()
	client, err := minio.New(c.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: c.Secure})
	require.NoError(t, err)
	return client
}
