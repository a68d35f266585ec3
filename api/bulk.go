package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// bulkAtOnce is how many requests of one call are worked on at the same time.
const bulkAtOnce = 4

type bulkIn struct {
	Idempotent
	Body bulkBody
}

type bulkBody struct {
	Requests []uuid.UUID  `json:"requests" minItems:"1" maxItems:"200" doc:"Each once."`
	Command  string       `json:"command" enum:"assign,extend"`
	Assignee string       `json:"assignee,omitempty" maxLength:"36" doc:"For assign: the id of a member of staff, me or nobody."`
	Reason   string       `json:"reason,omitempty" enum:"complexity,number_of_requests,consultation,conversion" doc:"For extend: why the answers take longer, as the law words it."`
	Until    privacy.Date `json:"until,omitzero" doc:"For extend: the day named in the notices, for regimes whose extension has no cap."`
}

// bulkView says of each request what became of it, in the order in which they were given.
type bulkView struct {
	Done    int        `json:"done"`
	Refused int        `json:"refused"`
	Items   []bulkItem `json:"items"`
}

type bulkItem struct {
	Request  uuid.UUID `json:"request_id" format:"uuid"`
	Result   string    `json:"result" enum:"done,refused"`
	Code     string    `json:"code,omitempty" doc:"Why it was refused."`
	Detail   string    `json:"detail,omitempty"`
	Citation string    `json:"citation,omitempty"`
}

func (s *server) bulkOperations() {
	register(s, operation{
		id: "bulk-requests", method: http.MethodPost, path: "/v1/requests/bulk", tag: "commands",
		summary: "Assign or extend many requests, each as by its own command",
		errors:  []int{http.StatusConflict, http.StatusGatewayTimeout},
	}, s.bulk)
}

// bulkCommand is one command as it is given to each request. operation is the one that it is by itself.
type bulkCommand struct {
	operation string
	do        func(ctx context.Context, who *caller, id uuid.UUID, k keyed) error
}

func (s *server) bulk(ctx context.Context, who *caller, in *bulkIn) (*answered[bulkView], error) {
	k, err := in.once(who, "bulk", in.Body)
	if err != nil {
		return nil, err
	}
	command, err := s.bulkCommand(ctx, who, in.Body)
	if err != nil {
		return nil, err
	}
	if refusal := s.allowed(who, s.known[command.operation]); refusal != nil {
		return nil, refusal
	}
	before, err := s.claimBulk(ctx, who, k)
	if err != nil {
		return nil, err
	}
	if before != nil {
		return replay[bulkView](*before, false), nil
	}
	view, err := s.bulkEach(ctx, who, in.Body.Requests, k, command)
	if err != nil {
		return nil, err
	}
	var out *answered[bulkView]
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		answer, err := k.keep(ctx, tx, http.StatusOK, view)
		out = replay[bulkView](answer, true)
		return err
	})
	return out, err
}

// claimBulk gives the answer when there is one. A call that ended half way is gone on with: each request has a key of its own.
func (s *server) claimBulk(ctx context.Context, who *caller, k keyed) (before *storage.Answer, err error) {
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		if before, err = k.claim(ctx, tx); err != nil {
			return err
		}
		if before == nil {
			_, err = k.keep(ctx, tx, http.StatusProcessing, struct{}{})
			return err
		}
		if before.Status == http.StatusProcessing {
			before = nil
		}
		return nil
	})
	return before, err
}

// bulkCommand reads which command is meant. What is wrong with it is wrong with all requests, and nothing is done.
func (s *server) bulkCommand(ctx context.Context, who *caller, b bulkBody) (bulkCommand, error) {
	seen := map[uuid.UUID]bool{}
	for _, id := range b.Requests {
		if seen[id] {
			return bulkCommand{}, invalid("body.requests", "names a request twice; give each once")
		}
		seen[id] = true
	}
	if b.Command == "assign" {
		if b.Reason != "" || !b.Until.IsZero() {
			return bulkCommand{}, invalid("body", "reason and until are of extend; leave them out to assign")
		}
		return s.bulkAssign(ctx, who, b)
	}
	if b.Assignee != "" {
		return bulkCommand{}, invalid("body.assignee", "is of assign; leave it out to extend")
	}
	if b.Reason == "" {
		return bulkCommand{}, invalid("body.reason", "say why the answers take longer")
	}
	if !b.Until.IsZero() && !reckonable(b.Until.EndIn(time.UTC)) {
		return bulkCommand{}, invalid("body.until", "must lie in the years 1900 to 2199")
	}
	return bulkCommand{operation: "extend-request", do: func(ctx context.Context, who *caller, id uuid.UUID, k keyed) error {
		command := contract.Command{Key: k.command(), Kind: contract.Extend, Actor: who.contractActor(), Reason: b.Reason, Until: b.Until}
		_, err := s.carryOut(ctx, who, id, k, order{command: command})
		return err
	}}, nil
}

func (s *server) bulkAssign(ctx context.Context, who *caller, b bulkBody) (bulkCommand, error) {
	to, _, err := who.assignee("body.assignee", b.Assignee)
	if err != nil {
		return bulkCommand{}, err
	}
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error { return mustBeStaff(ctx, tx, "body.assignee", to) })
	return bulkCommand{operation: "assign-request", do: func(ctx context.Context, who *caller, id uuid.UUID, k keyed) error {
		_, err := transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, requestDetail, error) {
			detail, err := assignTo(ctx, tx, id, to)
			return http.StatusOK, detail, err
		})
		return err
	}}, err
}

// bulkEach does the command to each request, a few at a time. What keeps the server from doing it at all ends the call; what was
// done stays, and is found done when the call comes again.
func (s *server) bulkEach(ctx context.Context, who *caller, ids []uuid.UUID, k keyed, command bulkCommand) (bulkView, error) {
	view := bulkView{Items: make([]bulkItem, len(ids))}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(bulkAtOnce)
	for i, id := range ids {
		group.Go(func() (err error) {
			if ctx.Err() != nil { // the time is up, or another one found that nothing can be done
				return errors.Join(engine.ErrPending, ctx.Err())
			}
			view.Items[i], err = s.bulkOne(ctx, who, id, k.of(id), command)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return view, err
	}
	for _, item := range view.Items {
		if item.Result == "done" {
			view.Done++
		} else {
			view.Refused++
		}
	}
	return view, nil
}

// bulkOne does the command to one request, and puts a refusal on record as the command by itself does.
func (s *server) bulkOne(ctx context.Context, who *caller, id uuid.UUID, k keyed, command bulkCommand) (bulkItem, error) {
	one := *who
	err := command.do(ctx, &one, id, k)
	if err == nil {
		return bulkItem{Request: id, Result: "done"}, nil
	}
	if p := problemOf(err); p.Status >= http.StatusInternalServerError || p.retryAfter > 0 {
		return bulkItem{}, err
	}
	p := problemOf(s.answer(ctx, &one, command.operation, err))
	if p.Status >= http.StatusInternalServerError {
		return bulkItem{}, p
	}
	return bulkItem{Request: id, Result: "refused", Code: p.Code, Detail: p.Detail, Citation: p.Citation}, nil
}

// of is the key of one request within a call that is about many.
func (k keyed) of(id uuid.UUID) keyed {
	key, request := sha256.Sum256(slices.Concat(k.key, id[:])), sha256.Sum256(slices.Concat(k.request, id[:]))
	return keyed{principal: k.principal, key: key[:], request: request[:]}
}
