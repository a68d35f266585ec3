package pages

import (
	"context"
	"errors"
	"io"
	"net/http"

	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/workflows/contract"
)

// download shows what a link leads to. It does nothing else: mail programs open links to look at them.
func (s *site) download(v *visit) error {
	if _, err := s.linked(v); err != nil {
		return err
	}
	s.showDownload(v, http.StatusOK, false, "", nil)
	return nil
}

// linked finds the case behind a download link that works, and speaks its language.
func (s *site) linked(v *visit) (contract.Ref, error) {
	ctx := v.Request.Context()
	ref, err := s.Desk.DownloadCase(ctx, v.tenant.ID, v.Param("token"))
	if err != nil {
		return contract.Ref{}, linkDead(err)
	}
	err = s.Desk.DB().Read(ctx, v.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, ref.Case)
		v.language = s.words.choose(v.Query("lang"), row.Language, "")
		return err
	})
	return ref, linkDead(err)
}

// linkDead gives every link that does not work one face.
func linkDead(err error) error {
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, seal.ErrNoKey) || errors.Is(err, objects.ErrNotFound) {
		return casework.ErrLinkDead
	}
	return err
}

func (s *site) showDownload(v *visit, status int, ask bool, notice string, faults []fault) {
	base := "/" + v.tenant.Slug + "/download/" + v.Param("token")
	v.show(status, "download", view{
		Title: v.say("download.title"), Promise: v.say("download.promise"), Here: base, Base: base, AskCode: ask, Notice: notice, Faults: faults,
	})
}

// downloadCode sends the code for a download.
func (s *site) downloadCode(v *visit) error {
	ref, err := s.linked(v)
	if err != nil {
		return err
	}
	err = s.Desk.SendCode(v.Request.Context(), ref, subject(ref.Case), storage.CodeForDownload)
	if wrong := v.codeFault(err); wrong != nil {
		s.showDownload(v, http.StatusTooManyRequests, true, "", []fault{*wrong})
		return nil
	}
	if err != nil {
		return linkDead(err)
	}
	s.showDownload(v, http.StatusOK, true, v.say("download.sent"), nil)
	return nil
}

// fetch spends the link against the code and streams the package. What breaks off is recorded, and the link works again.
func (s *site) fetch(v *visit) error {
	if _, err := s.linked(v); err != nil {
		return err
	}
	ctx := v.Request.Context()
	fetched, err := s.Desk.BeginDownload(ctx, v.tenant.ID, v.Param("token"), v.entered("code"))
	if wrong := v.codeFault(err); wrong != nil {
		s.showDownload(v, http.StatusUnprocessableEntity, true, "", []fault{*wrong})
		return nil
	}
	if err != nil {
		return linkDead(err)
	}
	v.Header("Content-Type", "application/zip")
	v.Header("Content-Disposition", `attachment; filename="`+fetched.Reference+`.zip"`)
	v.Status(http.StatusOK)
	sent, copying := io.Copy(v.Writer, fetched.Body)
	closing := fetched.Body.Close()
	finished := fetched.Finish(context.WithoutCancel(ctx), sent, copying == nil)
	if err := errors.Join(copying, closing, finished); err != nil {
		s.Log.Warn("a download did not end well", zap.Bool("complete", copying == nil), zap.Error(err))
	}
	if copying != nil {
		panic(http.ErrAbortHandler) // a broken transfer must not look like a whole one
	}
	return nil
}
