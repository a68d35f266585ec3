package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/client"
)

// evidence is all that is known when everything has come to rest. The checks look at nothing else.
type evidence struct {
	journeys []*journey
	cases    []caseRow
	packages []packageRow
	letters  []letterRow
	codes    map[uuid.UUID]int // codes that were made, by case
	mails    []mailSeen
	events   []audit.Event
	objects  map[string][sha256.Size]byte // by key
	uploads  []string                     // packages whose writer died and left parts in the object store
	outages  []outage
	pending  []string // what has not come to rest
	rude     []string // answers that called a fault an internal error

	again     map[uuid.UUID]replies // by case
	timelines map[uuid.UUID][]client.Entry
	expected  map[uuid.UUID]int64 // rows that the systems have for the person, by case
	logs      []logSeen
}

type caseRow struct {
	ID      uuid.UUID
	State   string
	Outcome *string
}

type packageRow struct {
	ID, CaseID uuid.UUID
	State      string
	ObjectKey  string
	SHA256     []byte
	Rows       *int64
}

// letterRow is a letter in the register.
type letterRow struct {
	ID        uuid.UUID
	CaseID    *uuid.UUID
	Kind      string
	Audience  string
	MessageID string
	State     string
}

// mailSeen is a mail that the mail server took.
type mailSeen struct {
	id, to, text string // id is the Message-ID up to the @
	at           time.Time
}

// replies are the answers to what was sent once more, with the same idempotency keys, when all was over.
type replies struct {
	accepted client.Accepted
	approved client.Request
	err      error
}

// logSeen is a copy of the audit log and what came of verifying it without the database.
type logSeen struct {
	where string
	size  int64
	err   error
}

// gather reads the evidence.
func (s *scene) gather(ctx context.Context, journeys []*journey, outages []outage) (*evidence, error) {
	e := &evidence{journeys: journeys, outages: outages, rude: s.manners.list(), codes: map[uuid.UUID]int{}}
	if err := e.fromSystems(ctx, s); err != nil {
		return nil, err
	}
	if err := e.fromAPI(ctx, s); err != nil {
		return nil, err
	}
	if err := s.settle(ctx, e); err != nil {
		return nil, err
	}
	for _, read := range []func(context.Context, *scene) error{e.fromRegister, e.fromMail, e.fromObjects, e.fromLogs} {
		if err := read(ctx, s); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// settleTime is how long what follows by itself may take: letters that a killed sender held, workflows that tidy up.
const settleTime = 5 * time.Minute

// settle waits until nothing is left to be done in the register. What is left all the same is evidence.
func (s *scene) settle(ctx context.Context, e *evidence) error {
	waiting, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	for {
		pending, err := s.unsettled(ctx)
		if err != nil {
			return err
		}
		if e.pending = pending; len(pending) == 0 || !pause(waiting, retryPause) {
			return ctx.Err()
		}
	}
}

// unsettled lists what is still to be done, in words.
func (s *scene) unsettled(ctx context.Context) (pending []string, err error) {
	conn, err := s.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	for what, query := range map[string]string{
		"letters wait to be sent":               "SELECT count(*) FROM messages WHERE state = 'queued'",
		"workflows wait to be started":          "SELECT count(*) FROM workflow_starts WHERE started_at IS NULL",
		"facts wait to be told to workflows":    "SELECT count(*) FROM workflow_signals WHERE sent_at IS NULL",
		"audit events wait for their place":     "SELECT count(*) FROM audit_events WHERE leaf_index IS NULL",
		"checkpoints wait to be archived":       "SELECT count(*) FROM (SELECT exported_at FROM audit_checkpoints ORDER BY size DESC LIMIT 1) c WHERE exported_at IS NULL",
		"collected parts wait to be taken away": "SELECT count(*) FROM parts",
	} {
		var n int
		if err := conn.QueryRow(ctx, query).Scan(&n); err != nil {
			return nil, fmt.Errorf("look what waits: %w", err)
		}
		if n > 0 {
			pending = append(pending, fmt.Sprintf("%d %s", n, what))
		}
	}
	return pending, nil
}

// fromRegister reads the rows behind the application's back.
func (e *evidence) fromRegister(ctx context.Context, s *scene) error {
	conn, err := s.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	var bodies [][]byte
	err = errors.Join(
		rows(ctx, conn, &e.cases, "SELECT id, state, outcome FROM cases", pgx.RowToStructByPos[caseRow]),
		rows(ctx, conn, &e.packages, "SELECT id, case_id, state, object_key, sha256, rows FROM packages", pgx.RowToStructByPos[packageRow]),
		rows(ctx, conn, &e.letters, "SELECT id, case_id, kind, audience, message_id, state FROM messages", pgx.RowToStructByPos[letterRow]),
		rows(ctx, conn, &bodies, "SELECT body FROM audit_events ORDER BY leaf_index", pgx.RowTo[[]byte]),
	)
	if err != nil {
		return err
	}
	for _, body := range bodies {
		event, err := audit.Decode(body)
		if err != nil {
			return err
		}
		e.events = append(e.events, event)
	}
	made := []uuid.UUID{}
	if err := rows(ctx, conn, &made, "SELECT case_id FROM identity_codes", pgx.RowTo[uuid.UUID]); err != nil {
		return err
	}
	for _, id := range made {
		e.codes[id]++
	}
	return nil
}

func rows[T any](ctx context.Context, conn *pgx.Conn, into *[]T, query string, read pgx.RowToFunc[T]) error {
	found, err := conn.Query(ctx, query)
	if err != nil {
		return fmt.Errorf("read the register: %w", err)
	}
	*into, err = pgx.CollectRows(found, read)
	if err != nil {
		return fmt.Errorf("read the register: %w", err)
	}
	return nil
}

func (e *evidence) fromMail(ctx context.Context, s *scene) error {
	messages, err := s.mail.Messages(ctx, "")
	for _, m := range messages {
		id, _, _ := strings.Cut(strings.Trim(m.Header("Message-ID"), "<>"), "@")
		e.mails = append(e.mails, mailSeen{id: id, to: strings.Join(m.To, ","), text: m.Subject + "\n" + m.Text, at: m.Received})
	}
	return err
}

// fromObjects lists every object there is, with what its bytes hash to.
func (e *evidence) fromObjects(ctx context.Context, s *scene) error {
	keys, err := s.objects.List(ctx, "")
	if err != nil {
		return err
	}
	e.objects = map[string][sha256.Size]byte{}
	for _, key := range keys {
		object, err := s.objects.Get(ctx, key)
		if err != nil {
			return err
		}
		hash := sha256.New()
		_, err = io.Copy(hash, object)
		if err := errors.Join(err, object.Close()); err != nil {
			return fmt.Errorf("read an object: %w", err)
		}
		e.objects[key] = [sha256.Size]byte(hash.Sum(nil))
	}
	return e.fromUploads(ctx, s)
}

// fromUploads looks for parts of uploads that were never finished; no listing of objects shows them.
func (e *evidence) fromUploads(ctx context.Context, s *scene) error {
	address := s.Stack.Addresses().Objects
	raw, err := minio.New(address.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(address.AccessKey, address.SecretKey, "")})
	if err != nil {
		return fmt.Errorf("connect to the object store: %w", err)
	}
	for _, p := range e.packages {
		for upload := range raw.ListIncompleteUploads(ctx, address.Bucket, p.ObjectKey, true) {
			if upload.Err != nil {
				return fmt.Errorf("list unfinished uploads: %w", upload.Err)
			}
			e.uploads = append(e.uploads, upload.Key)
		}
	}
	return nil
}

// fromAPI sends everything that was answered once more with the same keys, and reads what staff see of it.
func (e *evidence) fromAPI(ctx context.Context, s *scene) error {
	e.again, e.timelines = map[uuid.UUID]replies{}, map[uuid.UUID][]client.Entry{}
	asked := 0
	for _, j := range e.journeys {
		if j.accepted.ID == uuid.Nil {
			continue
		}
		var r replies
		r.accepted, r.err = persist(ctx, &asked, "file again", func(ctx context.Context) (client.Accepted, error) {
			return s.staff.CreateRequest(ctx, j.createKey, j.newRequest())
		})
		if r.err == nil && j.approved.ID != uuid.Nil {
			r.approved, r.err = persist(ctx, &asked, "approve again", func(ctx context.Context) (client.Request, error) {
				return s.staff.Command(ctx, j.approveKey, j.accepted.ID, client.Approve{})
			})
		}
		e.again[j.accepted.ID] = r
		timeline, err := persist(ctx, &asked, "read a timeline", func(ctx context.Context) (client.Page[client.Entry], error) {
			return s.staff.Timeline(ctx, j.accepted.ID)
		})
		if err != nil {
			return err
		}
		e.timelines[j.accepted.ID] = timeline.Items
	}
	return nil
}

// fromSystems asks the systems how many rows each person has, by the preview that staff have.
func (e *evidence) fromSystems(ctx context.Context, s *scene) error {
	e.expected = map[uuid.UUID]int64{}
	asked := 0
	for _, j := range e.journeys {
		if j.accepted.ID == uuid.Nil {
			continue
		}
		for _, system := range s.systems {
			check, err := persist(ctx, &asked, "preview", func(ctx context.Context) (client.Check, error) {
				return s.staff.PreviewSystem(ctx, system, j.accepted.ID)
			})
			if err != nil {
				return err
			}
			for _, count := range check.Counts {
				e.expected[j.accepted.ID] += count.Rows
			}
		}
	}
	return nil
}
