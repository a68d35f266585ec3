package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing/fstest"
	"time"

	"github.com/privacy-docket/docket/audit"
)

// formTime is how long the visitor looks at the form before sending it.
const formTime = 3500 * time.Millisecond

// apiClient calls the API as the company's staff.
type apiClient struct{ base, key string }

func (c *apiClient) get(ctx context.Context, path string, into any) error {
	return c.call(ctx, http.MethodGet, path, nil, into)
}

func (c *apiClient) post(ctx context.Context, path string, body, into any) error {
	return c.call(ctx, http.MethodPost, path, body, into)
}

func (c *apiClient) call(ctx context.Context, method, path string, body, into any) (err error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write the call: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(encoded))
	if err != nil {
		return fmt.Errorf("make the call: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+c.key)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", rand.Text())
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("call the API: %w", err)
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s answered %s: %s", method, path, response.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

type requestView struct {
	ID        string    `json:"id"`
	Reference string    `json:"reference"`
	Regime    string    `json:"regime"`
	State     string    `json:"state"`
	NextDue   time.Time `json:"next_due"`
}

type progressView struct {
	Systems []struct {
		Name  string `json:"name"`
		Rows  int64  `json:"rows"`
		Total int64  `json:"total"`
	} `json:"systems"`
}

// newest is the request that came last.
func (s *story) newest(ctx context.Context) (requestView, error) {
	var list struct {
		Items []requestView `json:"items"`
	}
	if err := s.staff.get(ctx, "/v1/requests?limit=1", &list); err != nil || len(list.Items) == 0 {
		return requestView{}, err
	}
	return list.Items[0], nil
}

func (s *story) request(ctx context.Context) (line requestView, err error) {
	err = s.staff.get(ctx, "/v1/requests/"+s.id, &line)
	return line, err
}

// await waits until the request is in one of the states.
func (s *story) await(ctx context.Context, states ...string) error {
	return s.until(ctx, "the request to be "+states[0], func(ctx context.Context) (bool, error) {
		line, err := s.request(ctx)
		return slices.Contains(states, line.State), err
	})
}

func (s *story) tenantZone() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return time.UTC
	}
	return zone
}

// verify exports the company's audit log as files and checks them with nothing but the public key.
func (s *story) verify(ctx context.Context) (string, error) {
	tenant := s.company.tenant.String()
	key, err := s.product.signer.VerifierKey(tenant)
	if err != nil {
		return "", err
	}
	files := fileSink{}
	if _, err := audit.Export(ctx, s.product.db.LogReader(s.company.tenant, key), files); err != nil {
		return "", err
	}
	report, err := audit.Verify(fstest.MapFS(files), key)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d events in %d files, signed and whole", report.Size, len(files)), nil
}

// fileSink keeps the files of an export in memory.
type fileSink fstest.MapFS

// Put implements audit.Sink.
func (f fileSink) Put(_ context.Context, path string, data []byte) error {
	f[path] = &fstest.MapFile{Data: data}
	return nil
}
