package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"github.com/privacy-docket/docket/client"
)

// freshFor is how long a second factor counts here; the product counts it for ten minutes.
const freshFor = 5 * time.Minute

// Officer is a data protection officer with a session and a second factor: a program approves no erasure.
type Officer struct {
	server string
	http   http.Client
	secret string

	mu    sync.Mutex // held while the second factor is given anew
	given time.Time
	steps int64 // the last time step that a code was used of: none counts twice
}

// AddOfficer invites an officer to a tenant, who signs in at a server.
func (r *Rig) AddOfficer(ctx context.Context, tenant string, server Server) (*Officer, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	a := &Officer{server: server.URL, http: http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}}
	file := filepath.Join(r.Stack.Dir(), "officer.json")
	if err := os.WriteFile(file, []byte(`{"name": "Dana Winter", "email": "dana@acme.example"}`), 0o600); err != nil {
		return nil, fmt.Errorf("write who is invited: %w", err)
	}
	out, err := r.Run(ctx, "account", "invite", "--tenant", tenant, "--role", "dpo", "--person-file", file, "--json")
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
	return a, a.withCode(ctx, http.MethodPut, "/v1/account/totp")
}

// withCode gives the second factor. The product takes a code of the step before and of the next one too, and none twice.
func (a *Officer) withCode(ctx context.Context, method, path string) error {
	const step = 30 // seconds, as RFC 6238 has it
	now := time.Now()
	a.steps = max(a.steps+1, now.Unix()/step-1)
	code, err := totp.GenerateCode(a.secret, time.Unix(a.steps*step, 0))
	if err != nil {
		return fmt.Errorf("make a code: %w", err)
	}
	if err := a.send(ctx, method, path, map[string]string{"code": code}, nil); err != nil {
		return err
	}
	a.given = now
	return nil
}

// Approve approves the plan of an erasure, which is named by its hash. The same key approves once.
func (a *Officer) Approve(ctx context.Context, key string, id uuid.UUID, plan string) error {
	if err := a.fresh(ctx); err != nil {
		return err
	}
	return a.sendAs(ctx, key, http.MethodPost, "/v1/requests/"+id.String()+"/approve-plan", map[string]string{"sha256": plan}, nil)
}

// fresh gives the second factor anew before it is too old.
func (a *Officer) fresh(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if time.Since(a.given) < freshFor {
		return nil
	}
	return a.withCode(ctx, http.MethodPost, "/v1/session/step-up")
}

func (a *Officer) send(ctx context.Context, method, path string, body, into any) error {
	return a.sendAs(ctx, client.NewIdempotencyKey(), method, path, body, into)
}

// sendAs gives a refusal as the *client.Problem that it is.
func (a *Officer) sendAs(ctx context.Context, key, method, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, a.server+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Origin": {a.server}, "Idempotency-Key": {key}}
	answer, err := a.http.Do(request)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusMultipleChoices {
		problem := &client.Problem{Status: answer.StatusCode}
		err = fmt.Errorf("%s: %w", path, errors.Join(json.Unmarshal(said, problem), problem))
	}
	if err == nil && into != nil {
		err = json.Unmarshal(said, into)
	}
	return err
}
