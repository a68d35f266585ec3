package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	docket "github.com/privacy-docket/docket/client"
)

// exported measures the server while it gives out the audit log of all that was filled, which is the one export that there
// is beside the lists. The worker places the events first.
func (l *listing) exported(ctx context.Context, events int) error {
	if err := l.workers[0].Start(ctx); err != nil {
		return err
	}
	began := time.Now()
	if err := l.signed(ctx, int64(events)); err != nil {
		return err
	}
	if err := l.workers[0].Stop(ctx); err != nil {
		return err
	}
	l.b.say("  all events have their place after %s", time.Since(began).Round(time.Second))
	watch, err := watchMemory(l.servers[0].Part)
	if err != nil {
		return err
	}
	if err := l.staff.ExportAudit(ctx, io.Discard); err != nil {
		return err
	}
	grown, err := watch()
	l.b.report.bound(fmt.Sprintf("server memory while the audit log of %d events is exported", events), mebibytes(grown), mebibytesOf(grown), 64, "MiB")
	return err
}

// signed waits until a checkpoint covers so many events.
func (l *listing) signed(ctx context.Context, events int64) error {
	for {
		newest, err := l.staff.Checkpoint(ctx)
		if err != nil {
			return err
		}
		checkpoint, err := audit.OpenCheckpoint([]byte(newest.Checkpoint), newest.Verifier)
		if err != nil || checkpoint.Size >= events {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// sameShape holds a filled case against one that came through the API: everything that the one answers, the other does.
func (l *listing) sameShape(ctx context.Context) error {
	page, err := l.staff.ListRequests(ctx, docket.Requests{State: l.real.State}, docket.Paging{Limit: docket.PageSize})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(page.Items, func(r docket.RequestLine) bool { return r.ID != l.real.ID && r.Assignee == nil })
	if i < 0 {
		return fmt.Errorf("no filled case is %s", l.real.State)
	}
	want, err := l.answers(ctx, l.real.ID)
	if err != nil {
		return err
	}
	got, err := l.answers(ctx, page.Items[i].ID)
	if err != nil {
		return err
	}
	for member := range want {
		if !got[member] {
			return fmt.Errorf("a filled case does not answer %s as one that was filed does", member)
		}
	}
	return nil
}

// answers names every member of what the API tells of a case, its person and its obligations.
func (l *listing) answers(ctx context.Context, id uuid.UUID) (map[string]bool, error) {
	request, err := l.staff.Request(ctx, id)
	if err != nil {
		return nil, err
	}
	person, err := l.staff.RequestPerson(ctx, id)
	if err != nil {
		return nil, err
	}
	owed, err := l.staff.RequestObligations(ctx, id)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal([]any{request, person, owed})
	if err != nil {
		return nil, err
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	members("", tree, names)
	return names, nil
}

// members collects the paths of all members in a JSON value. How many elements an array has depends on the calendar.
func members(path string, value any, into map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			members(path+"/"+name, inner, into)
		}
	case []any:
		for _, inner := range v {
			members(path+"/*", inner, into)
		}
	default:
		into[path] = true
	}
}
