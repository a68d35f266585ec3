package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

type documentView struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Kind      string     `json:"kind" enum:"identity,authority" doc:"What it shows: who the person is, or that somebody may ask for them."`
	MediaType string     `json:"media_type"`
	Bytes     int64      `json:"bytes"`
	CreatedAt time.Time  `json:"created_at"`
	Decision  string     `json:"decision,omitempty" enum:"accepted,rejected,dropped"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
}

type documentIn struct {
	CaseID
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"A PDF, JPEG or PNG of at most 10 MiB."`
	}]
}

type documentID struct {
	CaseID
	Document uuid.UUID `path:"document" format:"uuid"`
}

func (s *server) documentOperations() {
	register(s, operation{
		id: "list-identity-documents", method: http.MethodGet, path: "/v1/requests/{id}/documents", tag: "identity",
		summary: "The documents shown to prove identity, without their content", errors: []int{http.StatusNotFound},
	}, s.documents)
	register(s, operation{
		id: "add-identity-document", method: http.MethodPost, path: "/v1/requests/{id}/documents", tag: "identity",
		summary: "Store a document that proves identity, sealed, until somebody decides on it", status: http.StatusCreated,
		errors: []int{http.StatusNotFound, http.StatusConflict}, takes: "multipart/form-data", maxBody: maxBody,
	}, s.addDocument)
	register(s, operation{
		id: "get-identity-document", method: http.MethodGet, path: "/v1/requests/{id}/documents/{document}", tag: "identity",
		summary: "Look at a document; this is recorded", errors: []int{http.StatusNotFound, http.StatusGone},
	}, s.viewDocument)
}

func (s *server) documents(ctx context.Context, who *caller, in *CaseID) (*page[documentView], error) {
	var rows []storage.Document
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Case(ctx, in.ID); err != nil {
			return err
		}
		var err error
		rows, err = tx.Documents(ctx, in.ID)
		return err
	})
	return newPage(each(rows, func(d storage.Document) documentView {
		return documentView{ID: d.ID, Kind: d.Kind, MediaType: d.MediaType, Bytes: d.Bytes, CreatedAt: d.CreatedAt, Decision: text(d.Decision), DecidedAt: d.DecidedAt}
	}), ""), err
}

func (s *server) addDocument(ctx context.Context, who *caller, in *documentIn) (*shown[created], error) {
	file := in.RawBody.Data().File
	defer func() { _ = file.Close() }() // a file that was only read
	if file.Size > casework.MaxDocument {
		return nil, casework.ErrDocument
	}
	who.caseID = in.ID.String()
	id, err := s.Desk.ReceiveDocument(ctx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, who.actor, file)
	return &shown[created]{Body: created{ID: id}}, err
}

func (s *server) viewDocument(ctx context.Context, who *caller, in *documentID) (*huma.StreamResponse, error) {
	body, media, err := s.Desk.ViewDocument(ctx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, who.actor, in.Document)
	if err != nil {
		return nil, err
	}
	return s.download(ctx, body, media), nil
}

// download streams a file that was opened, and closes it.
func (s *server) download(ctx context.Context, body io.ReadCloser, media string) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer func() { _ = body.Close() }() // an object that was only read
		hc.SetHeader("Content-Type", media)
		hc.SetHeader("Content-Disposition", "attachment")
		if _, err := io.Copy(hc.BodyWriter(), body); err != nil {
			s.Log.Warn("a document was not read to its end", zap.String("correlation", correlation(ctx)), zap.Error(err))
			panic(http.ErrAbortHandler)
		}
	}}
}
