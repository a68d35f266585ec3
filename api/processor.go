package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/storage"
)

// processorView is the key that signs what controllers are told, without the key.
type processorView struct {
	ID          uuid.UUID `json:"id" format:"uuid"`
	Domain      string    `json:"domain" doc:"X-OpenDSR-Processor-Domain of all that is signed."`
	BaseURL     string    `json:"base_url" doc:"What a controller configures."`
	Certificate string    `json:"certificate" doc:"In PEM. Until an authority has signed one it is signed by the key itself."`
	Address     string    `json:"certificate_url" doc:"Where controllers fetch it; discovery names it."`
	Fingerprint string    `json:"fingerprint_sha256" doc:"Of the certificate, in hexadecimal digits."`
	SelfSigned  bool      `json:"self_signed"`
	Request     string    `json:"signing_request" doc:"For a certificate authority (PKCS #10, PEM)."`
	ExpiresAt   time.Time `json:"expires_at"`
	CreatedAt   time.Time `json:"created_at"`
}

type setCertificate struct {
	Body struct {
		Certificate string `json:"certificate" minLength:"1" maxLength:"65536" doc:"A chain in PEM, the key's own certificate first."`
	}
}

func (s *server) processorOperations() {
	missing := []int{http.StatusNotFound}
	register(s, operation{
		id: "get-processor-key", method: http.MethodGet, path: "/v1/processor-key", tag: "requesters", errors: missing,
		summary: "The certificate by which controllers check what they are told (OpenDSR), and the request for one of an authority",
	}, s.processorKey)
	register(s, operation{
		id: "replace-processor-key", method: http.MethodPost, path: "/v1/processor-key", tag: "requesters", status: http.StatusCreated,
		summary: "Make another key that signs what controllers are told, with a certificate of its own; the one before is destroyed",
	}, s.replaceProcessorKey)
	register(s, operation{
		id: "set-processor-certificate", method: http.MethodPut, path: "/v1/processor-key/certificate", tag: "requesters", errors: missing,
		summary: "Put a certificate of an authority into the place of the one there is",
	}, s.setProcessorCertificate)
}

// processorKeyThere makes the key that signs for the tenant, where there is none yet.
func (s *server) processorKeyThere(ctx context.Context, tx *storage.Tx) error {
	if _, err := tx.LockTenant(ctx); err != nil { // two at once make one key
		return err
	}
	_, err := tx.ProcessorKey(ctx)
	if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	return s.newProcessorKey(ctx, tx)
}

func (s *server) newProcessorKey(ctx context.Context, tx *storage.Tx) error {
	domain := s.Desk.Domain()
	private, certificate, expires, err := opendsr.NewKey(rand.Reader, domain, tx.Now())
	if err != nil {
		return err
	}
	_, err = tx.ReplaceProcessorKey(ctx, storage.ProcessorKey{Domain: domain, Certificate: certificate, Private: private, ExpiresAt: expires})
	return err
}

func (s *server) processorOf(who *caller, k storage.ProcessorKey) (processorView, error) {
	chain, err := opendsr.ParseCertificates(k.Certificate)
	if err != nil {
		return processorView{}, fmt.Errorf("read the processor's certificate: %w", err)
	}
	request, err := opendsr.SigningRequest(k.Private, k.Domain)
	if err != nil {
		return processorView{}, err
	}
	sum := sha256.Sum256(chain[0].Raw)
	base := s.Desk.OpenDSRBase(who.tenant.Slug)
	return processorView{
		ID: k.ID, Domain: k.Domain, BaseURL: base + "/v2", Certificate: k.Certificate, Address: base + "/certificates/" + k.ID.String() + ".pem",
		Fingerprint: hex.EncodeToString(sum[:]), SelfSigned: bytes.Equal(chain[0].RawIssuer, chain[0].RawSubject),
		Request: request, ExpiresAt: k.ExpiresAt, CreatedAt: k.CreatedAt,
	}, nil
}

func (s *server) processorKey(ctx context.Context, who *caller, _ *struct{}) (*shown[processorView], error) {
	out := &shown[processorView]{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		key, err := tx.ProcessorKey(ctx)
		if err != nil {
			return err
		}
		out.Body, err = s.processorOf(who, key)
		return err
	})
	return out, err
}

func (s *server) replaceProcessorKey(ctx context.Context, who *caller, _ *struct{}) (*shown[processorView], error) {
	out := &shown[processorView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		if err := s.newProcessorKey(ctx, tx); err != nil {
			return err
		}
		key, err := tx.ProcessorKey(ctx)
		if err != nil {
			return err
		}
		out.Body, err = s.processorOf(who, key)
		return err
	})
	return out, err
}

func (s *server) setProcessorCertificate(ctx context.Context, who *caller, in *setCertificate) (*shown[processorView], error) {
	out := &shown[processorView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		key, err := tx.ProcessorKey(ctx)
		if err != nil {
			return err
		}
		expires, err := opendsr.CheckCertificate(in.Body.Certificate, key.Private, key.Domain, tx.Now())
		if err != nil {
			return invalid("body.certificate", err.Error())
		}
		if err := tx.SetProcessorCertificate(ctx, key.ID, in.Body.Certificate, expires); err != nil {
			return err
		}
		key.Certificate, key.ExpiresAt = in.Body.Certificate, expires
		out.Body, err = s.processorOf(who, key)
		return err
	})
	return out, err
}
