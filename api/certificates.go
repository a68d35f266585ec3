package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/paper"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// certificateView is the certificate of an erasure. The note is the evidence; the rest shows it.
type certificateView struct {
	Note        string            `json:"note" doc:"The certificate as it was signed, a C2SP signed note whose text is the certificate below. What docket audit verify-certificate checks."`
	SHA256      string            `json:"sha256" doc:"Of the signed text. The event erasure.certified has it as its evidence."`
	Verifier    string            `json:"verifier_key" doc:"The key that the server checks it with. Who trusts neither server nor operator got it another way."`
	SignedAt    time.Time         `json:"signed_at"`
	Certificate audit.Certificate `json:"certificate"`
}

func (s *server) certificateOperations() {
	missing := []int{http.StatusNotFound, http.StatusConflict}
	register(s, operation{
		id: "get-erasure-certificate", method: http.MethodGet, path: "/v1/requests/{id}/erasure/certificate", tag: "erasure", errors: missing,
		summary: "The signed certificate of an erasure that was carried out; it stays when everything else of the request is forgotten",
	}, s.certificate)
	register(s, operation{
		id: "print-erasure-certificate", method: http.MethodGet, path: "/v1/requests/{id}/erasure/certificate.pdf", tag: "erasure", errors: missing,
		summary: "The certificate of an erasure as a PDF in the tenant's language",
	}, s.printCertificate)
}

func (s *server) certificate(ctx context.Context, who *caller, in *CaseID) (*shown[certificateView], error) {
	view, err := s.certificateOf(ctx, who, in)
	return &shown[certificateView]{Body: view}, err
}

func (s *server) certificateOf(ctx context.Context, who *caller, in *CaseID) (out certificateView, err error) {
	var found storage.ErasureCertificate
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		if _, err = tx.Case(ctx, in.ID); err != nil {
			return err
		}
		found, err = tx.Certificate(ctx, in.ID)
		return err
	})
	switch {
	case errors.Is(err, storage.ErrUnsigned):
		return out, problem(http.StatusConflict, "no-certificate-yet", "The erasure is done and its certificate waits for the events to have their place in the log. The worker signs it within seconds; try again then.")
	case err != nil:
		return out, err
	}
	text, _, ok := strings.Cut(found.Note, "\n\n")
	if !ok || json.Unmarshal([]byte(text), &out.Certificate) != nil {
		return out, errors.New("a certificate in the register can't be read")
	}
	if out.Verifier, err = s.Signer.VerifierKey(who.tenant.ID.String()); err != nil {
		return out, err
	}
	out.Note, out.SHA256, out.SignedAt = found.Note, hex.EncodeToString(found.SHA256), found.SignedAt
	return out, nil
}

func (s *server) printCertificate(ctx context.Context, who *caller, in *CaseID) (*huma.StreamResponse, error) {
	view, err := s.certificateOf(ctx, who, in)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(view.Note), "\n")
	drawn, err := paper.Certificate{
		Certificate: view.Certificate, Signature: lines[len(lines)-1], SHA256: view.SHA256, Verifier: view.Verifier, Language: who.tenant.Language, Zone: who.tenant.Zone,
	}.Draw()
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "application/pdf")
		hc.SetHeader("Content-Disposition", `attachment; filename="erasure-`+view.Certificate.Request.Reference+`.pdf"`)
		if _, err := hc.BodyWriter().Write(drawn); err != nil {
			s.Log.Warn("a certificate was not read to its end", zap.String("correlation", correlation(ctx)), zap.Error(err))
			panic(http.ErrAbortHandler)
		}
	}}, nil
}
