package main

import (
	"context"
	"fmt"
	"slices"
	"testing/fstest"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/client"
)

// formTime is how long the visitor looks at the form before sending it.
const formTime = 3500 * time.Millisecond

// newest is the request that came last; the zero line when there is none.
func (s *story) newest(ctx context.Context) (client.RequestLine, error) {
	list, err := s.staff.ListRequests(ctx, client.Requests{}, client.Paging{Limit: 1})
	if err != nil || len(list.Items) == 0 {
		return client.RequestLine{}, err
	}
	return list.Items[0], nil
}

// answerDue says when the answer is owed, as its obligation was given it.
func (s *story) answerDue(ctx context.Context) (string, error) {
	tenant, err := s.product.db.Tenant(ctx, s.company.tenant)
	if err != nil {
		return "", err
	}
	owed, err := s.staff.RequestObligations(ctx, s.id)
	for _, o := range owed.Items {
		if o.Kind == "respond" {
			return o.Due.In(tenant.Zone).Format("Monday 2 January 2006"), err
		}
	}
	return "", err
}

// await waits until the request is in one of the states.
func (s *story) await(ctx context.Context, states ...string) error {
	return s.until(ctx, "the request to be "+states[0], func(ctx context.Context) (bool, error) {
		request, err := s.staff.Request(ctx, s.id)
		return slices.Contains(states, request.State), err
	})
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
