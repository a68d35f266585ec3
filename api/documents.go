package api

import (
	"context"
	"encoding/hex"
	"io"
	"mime"
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
	Kind      string     `json:"kind" enum:"identity,authority,sent" doc:"What it shows: who the person is, or that somebody may ask for them; sent: what the person says, sent by them on the page of their request."`
	MediaType string     `json:"media_type"`
	Bytes     int64      `json:"bytes"`
	CreatedAt time.Time  `json:"created_at"`
	Decision  string     `json:"decision,omitempty" enum:"accepted,rejected,dropped" doc:"Never of kind sent: nobody decides on those by themselves."`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	// SeenAt and SHA256 are of kind sent alone.
	SeenAt      *time.Time `json:"seen_at,omitempty" doc:"Of kind sent: when somebody of the staff first looked at it."`
	SHA256      string     `json:"sha256,omitempty" doc:"Of kind sent: of the file as it is stored, sealed; the audit log has it too."`
	DestroyedAt *time.Time `json:"destroyed_at,omitempty"`
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
		summary: "The documents of a request, without their names and content: those that prove identity, and those that the person sent", errors: []int{http.StatusNotFound},
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
	var shown []documentView
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Case(ctx, in.ID); err != nil {
			return err
		}
		proofs, err := tx.Documents(ctx, in.ID)
		if err != nil {
			return err
		}
		sent, err := tx.SentDocuments(ctx, in.ID)
		shown = append(each(proofs, proofView), each(sent, sentView)...)
		return err
	})
	return newPage(shown, ""), err
}

func proofView(d storage.Document) documentView {
	return documentView{
		ID: d.ID, Kind: d.Kind, MediaType: d.MediaType, Bytes: d.Bytes, CreatedAt: d.CreatedAt, Decision: text(d.Decision), DecidedAt: d.DecidedAt,
		DestroyedAt: d.DestroyedAt,
	}
}

func sentView(d storage.SentDocument) documentView {
	return documentView{
		ID: d.ID, Kind: "sent", MediaType: d.MediaType, Bytes: d.Bytes, CreatedAt: d.CreatedAt, SeenAt: d.SeenAt, SHA256: hex.EncodeToString(d.Sha256),
		DestroyedAt: d.DestroyedAt,
	}
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
	found, err := s.Desk.ViewDocument(ctx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, who.actor, in.Document)
	if err != nil {
		return nil, err
	}
	return s.downloadAs(ctx, found, found.Media, found.Name), nil
}

// download streams a file that was opened, and closes it.
func (s *server) download(ctx context.Context, body io.ReadCloser, media string) *huma.StreamResponse {
	return s.downloadAs(ctx, body, media, "")
}

// downloadAs streams a file under a name; "" leaves the name to the browser.
func (s *server) downloadAs(ctx context.Context, body io.ReadCloser, media, name string) *huma.StreamResponse {
	disposition := "attachment"
	if name != "" { // RFC 6266; what is not ASCII is encoded
		disposition = mime.FormatMediaType(disposition, map[string]string{"filename": name})
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer func() { _ = body.Close() }() // an object that was only read
		hc.SetHeader("Content-Type", media)
		hc.SetHeader("Content-Disposition", disposition)
		if _, err := io.Copy(hc.BodyWriter(), body); err != nil {
			s.Log.Warn("a document was not read to its end", zap.String("correlation", correlation(ctx)), zap.Error(err))
			panic(http.ErrAbortHandler)
		}
	}}
}
