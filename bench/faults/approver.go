package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"github.com/privacy-docket/docket/client"
)

// approver is a data protection officer with a session and a second factor: a program approves no erasure.
type approver struct {
	*scene
	http   http.Client
	secret string
}

func newApprover(ctx context.Context, s *scene, tenant string) (*approver, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	a := &approver{scene: s, http: http.Client{Jar: jar}}
	file := filepath.Join(s.dir, "officer.json")
	if err := os.WriteFile(file, []byte(`{"name": "Dana Winter", "email": "dana@acme.example"}`), 0o600); err != nil {
		return nil, fmt.Errorf("write who is invited: %w", err)
	}
	out, err := s.Run(ctx, "account", "invite", "--tenant", tenant, "--role", "dpo", "--person-file", file, "--json")
	if err != nil {
		return nil, err
	}
	var made struct{ Link string }
	if err := json.Unmarshal(out, &made); err != nil {
		return nil, fmt.Errorf("read the invitation: %w", err)
	}
	_, token, _ := strings.Cut(made.Link, "#")
	if err := a.send(ctx, http.MethodPut, "/v1/invitations", map[string]string{"token": token, "name": "Dana Winter", "password": "Lantern-" + uuid.NewString()}, nil); err != nil {
		return nil, err
	}
	var offer struct{ Secret string }
	if err := a.send(ctx, http.MethodPost, "/v1/account/totp", nil, &offer); err != nil {
		return nil, err
	}
	a.secret = offer.Secret
	return a, a.withCode(ctx, http.MethodPut, "/v1/account/totp", 0)
}

func (a *approver) withCode(ctx context.Context, method, path string, ahead time.Duration) error {
	code, err := totp.GenerateCode(a.secret, time.Now().Add(ahead))
	if err != nil {
		return fmt.Errorf("make a code: %w", err)
	}
	return a.send(ctx, method, path, map[string]string{"code": code}, nil)
}

func (a *approver) approve(ctx context.Context, id uuid.UUID, plan string) error {
	return a.send(ctx, http.MethodPost, "/v1/requests/"+id.String()+"/approve-plan", map[string]string{"sha256": plan}, nil)
}

func (a *approver) send(ctx context.Context, method, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, a.server.URL+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Origin": {a.server.URL}, "Idempotency-Key": {client.NewIdempotencyKey()}}
	answer, err := a.http.Do(request)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("%s: %s %s", path, answer.Status, said)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(said, into)
	}
	return err
}
