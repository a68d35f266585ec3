package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
)

// errUntried says that a fault can't be made on this machine.
var errUntried = errors.New("not tried")

// disk is a small file system under a server's data.
type disk struct{ folder, ballast string }

// diskSize is more than the servers need here; what is left of it is filled.
const diskSize = "1500m"

// newDisk moves a stopped server's data onto a small file system of its own. That needs the right to mount one.
func newDisk(ctx context.Context, folder string) (*disk, error) {
	aside := folder + ".moved"
	if err := os.Rename(folder, aside); err != nil {
		return nil, fmt.Errorf("set the data aside: %w", err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the small disk's folder: %w", err)
	}
	for _, args := range [][]string{
		{"mount", "-t", "tmpfs", "-o", "size=" + diskSize, "tmpfs", folder}, {"cp", "-a", aside + "/.", folder}, {"rm", "-rf", aside},
	} {
		if out, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput(); err != nil { //nolint:gosec // our own folder
			return nil, fmt.Errorf("%w: a small file system can't be made here (%s: %s); run it as root with the right to mount, or leave it out with -only", errUntried, args[0], strings.TrimSpace(string(out)))
		}
	}
	return &disk{folder: folder, ballast: filepath.Join(folder, "ballast")}, nil
}

// fill leaves no byte free.
func (d *disk) fill() error {
	f, err := os.OpenFile(d.ballast, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("fill the disk: %w", err)
	}
	defer f.Close() //nolint:errcheck // it is full on purpose
	for size := 1 << 20; size > 0; size /= 4 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return fmt.Errorf("fill the disk: %w", err)
		}
	}
	return nil
}

func (d *disk) free() error { return os.Remove(d.ballast) }

func (d *disk) close() error {
	if out, err := exec.CommandContext(context.Background(), "umount", "-l", d.folder).CombinedOutput(); err != nil { //nolint:gosec // our own folder
		return fmt.Errorf("take the small disk away: %s", out)
	}
	return nil
}

// under puts a part of the rig on a small disk.
func (s *scene) under(ctx context.Context, part local.PartName, folder string) (*disk, error) {
	if err := s.Stack.Part(part).Stop(ctx); err != nil {
		return nil, err
	}
	folder, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return nil, fmt.Errorf("find the data: %w", err)
	}
	d, err := newDisk(ctx, folder)
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, d.close)
	return d, s.Stack.Part(part).Start(ctx)
}

// fullTime is how long a disk stays full.
const fullTime = 25 * time.Second

// objectsFull fills the disk under the object store while requests are collected and packaged: they wait, callers hear that
// the store has no room, and all of it ends when there is room again.
func objectsFull(ctx context.Context, o options) ([]violation, error) {
	return play(ctx, o, "objects-full", 6, func(ctx context.Context, s *scene, journeys []*journey) error {
		d, err := s.under(ctx, local.Objects, filepath.Join(s.Stack.Dir(), string(local.Objects)))
		if err != nil {
			return err
		}
		together(ctx, journeys, (*journey).ask)
		together(ctx, journeys[:3], (*journey).prove, (*journey).review)
		if err := d.fill(); err != nil {
			return err
		}
		s.expectUnavailable(ctx, "a document for a full object store", "objects-unavailable", s.showDocument(journeys[5].accepted.ID)) //nolint:bodyclose // expectUnavailable closes it
		together(ctx, journeys[:3], (*journey).approveNow)
		together(ctx, journeys[3:], (*journey).prove)
		pause(ctx, fullTime)
		for _, j := range journeys {
			if request, err := s.staff.Request(ctx, j.accepted.ID); err == nil && request.State != "packaging" && request.State != "collecting" {
				s.broke("nothing is half done on a full disk", "%s is %s", j.accepted.Reference, request.State)
			}
		}
		if err := d.free(); err != nil {
			return fmt.Errorf("make room: %w", err)
		}
		began := time.Now()
		together(ctx, journeys[3:], (*journey).approve)
		together(ctx, journeys, (*journey).fetch)
		_, _ = fmt.Fprintf(o.out, "  full for %s; %s after there was room again every package was fetched\n", fullTime, time.Since(began).Round(time.Second))
		return nil
	})
}

// registerFull fills the disk under PostgreSQL until it can't write its log and goes down: callers hear that the register is
// not available, nothing that was accepted is lost, and all of it ends when there is room again.
func registerFull(ctx context.Context, o options) ([]violation, error) {
	return play(ctx, o, "register-full", 4, func(ctx context.Context, s *scene, journeys []*journey) error {
		// PostgreSQL, the worker and Temporal come back as their supervisors would have it.
		keeping, stop := context.WithCancel(ctx)
		d, err := s.under(ctx, local.Postgres, filepath.Join(s.Stack.Dir(), string(local.Postgres), "data"))
		if err != nil {
			stop()
			return err
		}
		defer s.keepUp(keeping, []*local.Part{s.Stack.Part(local.Postgres), s.Stack.Part(local.Temporal), s.server.Part, s.worker})()
		defer stop()
		together(ctx, journeys, (*journey).ask)
		together(ctx, journeys[:2], (*journey).prove)
		gone := outage{part: local.Postgres, from: time.Now()}
		if err := d.fill(); err != nil {
			return err
		}
		s.exhaust(ctx)
		// A note, not a request: one for which there was room still would be a case that nobody drives to its end.
		s.expectUnavailable(ctx, "a note for a full register", "register-unavailable", func(ctx context.Context) (*http.Response, error) {
			return s.post(ctx, "/v1/requests/"+journeys[3].accepted.ID.String()+"/notes", "application/json", strings.NewReader(`{"text":"the disk is full"}`))
		})
		pause(ctx, fullTime)
		if err := d.free(); err != nil {
			return fmt.Errorf("make room: %w", err)
		}
		began := time.Now()
		together(ctx, journeys[2:], (*journey).prove)
		together(ctx, journeys, (*journey).approve, (*journey).fetch)
		gone.to = time.Now()
		s.outages = append(s.outages, gone)
		_, _ = fmt.Fprintf(o.out, "  full for %s; %s after there was room again every package was fetched\n", fullTime, time.Since(began).Round(time.Second))
		return nil
	})
}

// exhaust has PostgreSQL write its log until there is no room for more.
func (s *scene) exhaust(ctx context.Context) {
	for range 20 {
		conn, err := s.Connect(ctx)
		if err != nil {
			return // it is down
		}
		_, err = conn.Exec(ctx, "SELECT pg_switch_wal()")
		_ = conn.Close(ctx) // it may be gone
		if err != nil {
			return
		}
	}
}

// expectUnavailable sends something again and again while a fault lasts and expects the answer that says so: 503 with the
// code, when to come again, and nothing of the inside.
func (s *scene) expectUnavailable(ctx context.Context, what, code string, send func(context.Context) (*http.Response, error)) {
	const promise = "a full disk is answered with 503 and a clear problem"
	seen := false
	for range 20 {
		response, err := send(ctx)
		if err != nil {
			pause(ctx, retryPause)
			continue
		}
		text, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16)) // a body that is cut short is judged as it is
		_ = response.Body.Close()
		switch {
		case response.StatusCode < http.StatusBadRequest: // there was room for this one still
		case response.StatusCode != http.StatusServiceUnavailable && response.StatusCode != http.StatusGatewayTimeout:
			s.broke(promise, "%s was answered %d: %s", what, response.StatusCode, text)
			return
		case strings.Contains(string(text), "SQLSTATE") || strings.Contains(string(text), "127.0.0.1"):
			s.broke(promise, "%s was answered with internals: %s", what, text)
		default:
			seen = seen || strings.Contains(string(text), code)
		}
		pause(ctx, retryPause)
	}
	if !seen {
		s.broke(promise, "%s was never answered with %s", what, code)
	}
}

// post sends something as the staff do, under a new idempotency key.
func (s *scene) post(ctx context.Context, path, media string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.server.URL+path, body)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+s.tenant.Key)
	request.Header.Set("Content-Type", media)
	request.Header.Set("Idempotency-Key", client.NewIdempotencyKey())
	response, err := (&http.Client{Timeout: time.Minute, Transport: s.manners}).Do(request)
	if err != nil {
		return nil, fmt.Errorf("send a request: %w", err)
	}
	return response, nil
}

// showDocument sends a document that proves identity.
func (s *scene) showDocument(id uuid.UUID) func(context.Context) (*http.Response, error) {
	const boundary = "xxxxxxxx"
	body := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"id.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n" +
		strings.Repeat("passport", 200_000) + "\r\n--" + boundary + "--\r\n"
	return func(ctx context.Context) (*http.Response, error) {
		return s.post(ctx, "/v1/requests/"+id.String()+"/documents", "multipart/form-data; boundary="+boundary, strings.NewReader(body))
	}
}
