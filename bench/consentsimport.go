package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	docket "github.com/privacy-docket/docket/client"
)

// imports takes the time in which a list is written to the ledger by the product, from the word to run to its end, and that of COPY of the very rows that it wrote.
func (c *consenting) imports(ctx context.Context, b *bench, s *site, n int) error {
	staff, err := docket.New(docket.Config{URL: c.url, Key: c.key})
	if err != nil {
		return err
	}
	if _, err := c.imported(ctx, staff, "small", n/10); err != nil {
		return err
	}
	before, err := highWater(s)
	if err != nil {
		return err
	}
	took, err := c.imported(ctx, staff, "large", n)
	if err != nil {
		return err
	}
	after, err := highWater(s)
	if err != nil {
		return err
	}
	bare, err := c.copied(ctx)
	if err != nil {
		return err
	}
	o, f := float64(n)/took.Seconds(), float64(n)/bare.Seconds()
	b.report.add(fmt.Sprintf("import of %d consents with evidence", n), rate(o), rate(f)+" COPY of the same rows", o/f, true, 0.25)
	b.report.add("… the worker's memory at its highest", megabytes(after), megabytes(before)+" after one of a tenth", float64(after)/float64(before), false, 1.5)
	return nil
}

func megabytes(kilobytes int64) string { return fmt.Sprintf("%d MB", kilobytes>>10) }

// highWater is the most memory that the worker ever had, in KB.
func highWater(s *site) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.workers[0].PID()))
	if err != nil {
		return 0, fmt.Errorf("read the worker's memory: %w", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, "kB")
	return strconv.ParseInt(strings.TrimSpace(line), 10, 64)
}

// imported imports a list of people whom nobody knows yet, and gives the time from the word to run to the end.
func (c *consenting) imported(ctx context.Context, staff *docket.Client, name string, n int) (time.Duration, error) {
	var list bytes.Buffer
	list.WriteString("Email,Since,Country,Form,Page\n")
	for i := range n {
		fmt.Fprintf(&list, "%s-%d@import.example,2026-01-%02dT10:00:00Z,CA,footer,https://shop.example/sign-up/%d\n", name, i, i%28+1, i)
	}
	begun, err := staff.BeginConsentImport(ctx, docket.NewIdempotencyKey(), docket.NewConsentImport{Name: name, Mapping: docket.ImportMapping{
		Address: "Email", Purpose: "news", Kind: "given", At: "Since", Country: "Country", URL: "Page", Evidence: []string{"Form"},
	}})
	if err != nil {
		return 0, err
	}
	sum, parts := sha256.Sum256(list.Bytes()), 0
	for list.Len() > 0 {
		parts++
		if err := staff.PutConsentPart(ctx, begun.ID, parts, list.Next(docket.ImportPart)); err != nil {
			return 0, err
		}
	}
	if _, err := staff.CheckConsentImport(ctx, begun.ID, docket.ImportWhole{Parts: parts, SHA256: hex.EncodeToString(sum[:])}); err != nil {
		return 0, err
	}
	if _, err := c.importStep(ctx, staff, begun.ID, "checking"); err != nil {
		return 0, err
	}
	began := time.Now()
	if _, err := staff.RunConsentImport(ctx, begun.ID, docket.ImportRun{}); err != nil {
		return 0, err
	}
	done, err := c.importStep(ctx, staff, begun.ID, "running")
	if err == nil && (done.State != "done" || done.Written.Written != int64(n)) {
		err = fmt.Errorf("the import is %s with %d of %d: %s", done.State, done.Written.Written, n, done.Problem)
	}
	return time.Since(began), err
}

// importStep waits until an import is at a step no more.
func (c *consenting) importStep(ctx context.Context, staff *docket.Client, id uuid.UUID, step string) (docket.ConsentImport, error) {
	for {
		i, err := staff.ConsentImport(ctx, id)
		if err != nil || i.State != step {
			return i, err
		}
		select {
		case <-ctx.Done():
			return i, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// copied copies the rows that an import wrote into tables of the same form, with the same indexes, each by one COPY.
func (c *consenting) copied(ctx context.Context) (took time.Duration, err error) {
	const written = "SELECT DISTINCT person_id FROM consent_events WHERE tenant_id = '%s' AND source = 'large'"
	people := fmt.Sprintf(written, c.tenant)
	for _, t := range []struct{ table, where string }{
		{"consent_people", "id IN (" + people + ")"}, {"consents", "person_id IN (" + people + ")"}, {"consent_events", "source = 'large'"},
	} {
		var rows bytes.Buffer
		if _, err := c.owner.Exec(ctx, fmt.Sprintf("CREATE TABLE bare_%[1]s (LIKE %[1]s INCLUDING ALL)", t.table)); err != nil {
			return 0, fmt.Errorf("make a table like %s: %w", t.table, err)
		}
		if _, err := c.owner.PgConn().CopyTo(ctx, &rows, fmt.Sprintf("COPY (SELECT * FROM %s WHERE tenant_id = '%s' AND %s) TO STDOUT (FORMAT binary)", t.table, c.tenant, t.where)); err != nil {
			return 0, fmt.Errorf("read the rows of %s: %w", t.table, err)
		}
		if _, err := c.owner.Exec(ctx, "CHECKPOINT"); err != nil {
			return 0, fmt.Errorf("checkpoint: %w", err)
		}
		began := time.Now()
		_, err := c.owner.PgConn().CopyFrom(ctx, &rows, fmt.Sprintf("COPY bare_%s FROM STDIN (FORMAT binary)", t.table))
		took += time.Since(began)
		if err != nil {
			return 0, errors.Join(fmt.Errorf("copy the rows of %s", t.table), err)
		}
	}
	return took, nil
}
