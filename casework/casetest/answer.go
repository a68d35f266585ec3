package casetest

import (
	"io"
	"regexp"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

var downloadToken = regexp.MustCompile(`/download/([A-Za-z0-9_-]+)`)

// DownloadToken reads the newest download link out of its letter.
func (r *Request) DownloadToken() string {
	r.T.Helper()
	letters := r.Letters(notify.KindPackageReady)
	require.NotEmpty(r.T, letters, "no link was written")
	found := downloadToken.FindStringSubmatch(letters[len(letters)-1].Text)
	require.Len(r.T, found, 2, "the letter holds no link")
	return found[1]
}

// Fetch downloads the package as the person would, and gives its bytes in clear.
func (r *Request) Fetch() []byte {
	r.T.Helper()
	ctx := r.T.Context()
	actor := audit.Actor{Kind: audit.Subject, ID: r.Ref.Case.String()}
	require.NoError(r.T, r.Desk.SendCode(ctx, r.Ref, actor, storage.CodeForDownload))
	download, err := r.Desk.BeginDownload(ctx, r.Tenant, r.DownloadToken(), r.Code(notify.KindDownloadCode))
	require.NoError(r.T, err)
	defer download.Body.Close()
	body, err := io.ReadAll(download.Body)
	require.NoError(r.T, err)
	require.NoError(r.T, download.Finish(ctx, int64(len(body)), true))
	return body
}

// Stored lists the keys of the world's objects that contain a text.
func (w *World) Stored(part string) (keys []string) {
	w.T.Helper()
	all, err := w.Objects.List(w.T.Context(), "")
	require.NoError(w.T, err)
	for _, key := range all {
		if strings.Contains(key, part) {
			keys = append(keys, key)
		}
	}
	return keys
}
