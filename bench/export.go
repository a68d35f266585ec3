package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	docket "github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
)

// eventsQuery is what is asked of the system: everything about the person in its large table.
const eventsQuery = "SELECT * FROM events WHERE person_id = 1"

// export: everything that a system holds of one person, a million rows, read, sealed, packaged as JSON and CSV, encrypted and
// put into the object store. Beside it the same rows by COPY into gzip.
func export(ctx context.Context, b *bench) error {
	s, err := b.site(ctx, 1, 1)
	if err != nil {
		return err
	}
	defer s.close()
	staff, err := docket.New(docket.Config{URL: s.servers[0].URL, Key: s.tenant.Key})
	if err != nil {
		return err
	}
	rows := b.size(1_000_000)
	dsn, err := s.eventsSystem(ctx, staff, rows)
	if err != nil {
		return err
	}
	var ours, floor, grown []float64
	for round := range 3 {
		began := time.Now()
		if err := copyToGzip(ctx, dsn); err != nil {
			return err
		}
		floor = append(floor, time.Since(began).Seconds())
		took, more, err := s.exported(ctx, staff, fmt.Sprintf("export%d", round))
		if err != nil {
			return err
		}
		ours, grown = append(ours, took.Seconds()), append(grown, float64(more>>20))
		b.say("  floor %.1f s, Docket %.1f s, worker grew by %.0f MiB", floor[round], ours[round], grown[round])
	}
	o, f := median(ours), median(floor)
	b.report.add(fmt.Sprintf("collect and package %d rows", rows), seconds(o), seconds(f)+" COPY into gzip", f/o, true, 0.4)
	b.report.bound("worker memory meanwhile (growth of its RSS)", fmt.Sprintf("%.0f MiB", median(grown)), median(grown), 256, "MiB")
	return nil
}

// copyToGzip is the floor: the rows as PostgreSQL writes them out, compressed and thrown away.
func copyToGzip(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to the system: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	out := gzip.NewWriter(io.Discard)
	if _, err := conn.PgConn().CopyTo(ctx, out, "COPY ("+eventsQuery+") TO STDOUT"); err != nil {
		return fmt.Errorf("copy the rows out: %w", err)
	}
	return out.Close()
}

// exported leads one request from the proof of identity to its package. The time is that of the collection and of the packaging: the
// reviewer's is not counted.
func (s *site) exported(ctx context.Context, staff *docket.Client, name string) (took time.Duration, grown int64, err error) {
	made, err := staff.CreateRequest(ctx, docket.NewIdempotencyKey(), docket.NewRequest{
		Person: docket.Person{Name: name, Email: busy}, Right: "access", Channel: "staff", Language: "en",
	})
	if err != nil {
		return 0, 0, err
	}
	if err := reaches(ctx, staff, made.ID, "verifying"); err != nil {
		return 0, 0, err
	}
	watch, err := watchMemory(s.workers[0])
	if err != nil {
		return 0, 0, err
	}
	for _, step := range []struct {
		command docket.Command
		until   string
	}{{docket.ConfirmIdentity{Note: "Known in person."}, "reviewing"}, {docket.Approve{}, "closed"}} {
		began := time.Now()
		if _, err := staff.Command(ctx, docket.NewIdempotencyKey(), made.ID, step.command); err != nil {
			return 0, 0, err
		}
		if err := reaches(ctx, staff, made.ID, step.until); err != nil {
			return 0, 0, err
		}
		took += time.Since(began)
	}
	grown, err = watch()
	return took, grown, err
}

// reaches waits until a request is in a state.
func reaches(ctx context.Context, staff *docket.Client, id uuid.UUID, state string) error {
	for {
		request, err := staff.Request(ctx, id)
		if err != nil || request.State == state {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// watchMemory begins to watch a process; the function it gives says by how many bytes its resident memory grew at most.
func watchMemory(p *local.Part) (grown func() (int64, error), err error) {
	folder := "/proc/" + strconv.Itoa(p.PID())
	if err := os.WriteFile(folder+"/clear_refs", []byte("5"), 0o200); err != nil { // it resets the peak
		return nil, fmt.Errorf("reset the peak of a process's memory: %w", err)
	}
	before, err := kilobytes(folder+"/status", "VmRSS")
	if err != nil {
		return nil, err
	}
	return func() (int64, error) {
		peak, err := kilobytes(folder+"/status", "VmHWM")
		return (peak - before) << 10, err
	}, nil
}

func kilobytes(path, name string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSuffix(fieldOf(path, name), " kB"), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", name, err)
	}
	return n, nil
}
