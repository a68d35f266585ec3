package packaging_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
)

// streamed gives a package as a stream, as an object store does: it can't be gone back in.
func streamed(b []byte) packaging.Opened {
	return func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(b))), nil
	}
}

// Art. 20(2) GDPR: another controller gets the data as they are in the package, and nothing that was written for the person.
func TestArt20CarriedIsTheDataAlone(t *testing.T) {
	t.Parallel()
	all := contents("en")
	all.Cover.Right = "portability"
	content := make([]byte, 40<<20) // more than the end that is held
	_, _ = rand.Read(content)
	all.Attachments = []packaging.Attachment{{Name: "for-the-person.bin", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}}
	_, whole, files := pack(t, all)
	require.Contains(t, files, "attachments/for-the-person.bin")
	var out, again bytes.Buffer
	require.NoError(t, packaging.Carry(t.Context(), &out, streamed(whole)))
	require.NoError(t, packaging.Carry(t.Context(), &again, streamed(whole)))
	require.True(t, bytes.Equal(out.Bytes(), again.Bytes()), "the same bytes, however often it is sent")

	report, err := packaging.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()))
	require.NoError(t, err)
	require.True(t, report.OK(), "%+v", report)
	got := unzip(t, out.Bytes())
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasPrefix(name, "data/") || strings.HasPrefix(name, "files/") {
			require.Equal(t, files[name], got[name], name)
			delete(got, name)
		}
	}
	require.NotContains(t, got[packaging.ManifestName], "for-the-person")
	delete(got, packaging.ManifestName)
	require.Empty(t, got, "no cover, no attachments")
}

// What is cut off, is no package, or can't be read is none, and nothing that looks whole comes of it.
func TestCarriedRefuses(t *testing.T) {
	t.Parallel()
	_, whole, _ := pack(t, contents("en"))
	away := errors.New("the store is away")
	for name, open := range map[string]packaging.Opened{
		"cut off":    streamed(whole[:len(whole)-30]),
		"no package": streamed([]byte("PK is not enough")),
		"empty":      streamed(nil),
		"breaks off": func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(bytes.NewReader(whole[:500]), iotest.ErrReader(away))), nil
		},
		"not opened":  func(context.Context) (io.ReadCloser, error) { return nil, away },
		"second time": secondTime(whole, away),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			require.Error(t, packaging.Carry(t.Context(), &out, open))
			_, err := packaging.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()))
			require.Error(t, err)
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, packaging.Carry(ctx, io.Discard, streamed(whole)), context.Canceled)
}

func secondTime(whole []byte, err error) packaging.Opened {
	opened := 0
	return func(context.Context) (io.ReadCloser, error) {
		if opened++; opened > 1 {
			return nil, err
		}
		return io.NopCloser(bytes.NewReader(whole)), nil
	}
}
