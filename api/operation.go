package api

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// operation says what an operation is; everything else follows from its permission and its types.
type operation struct {
	id, method, path, summary string
	// status of the usual answer; zero is 200.
	status int
	// errors it may answer with, beside 400, 401, 403, 409, 422, 500 and 503, which any may.
	errors []int
	// takes is the content type of the body; "" is JSON.
	takes string
	// takesToo are further content types of the body.
	takesToo []string
	// describe completes what the OpenAPI document says, where the types do not say all of it.
	describe func(*huma.Operation)
	// maxBody in bytes; zero is 1 MiB.
	maxBody int64
	tag     string
	// together is set where all that is done is one transaction of the register, or several that only ask: the first makes
	// sure of the caller's key. Every GET is like that.
	together bool
	// stages of a session in which a personal operation is open; none is that of a sign-in that is complete.
	stages []string
	// credential marks what changes how somebody signs in. Another company's provider must not be enough for that.
	credential bool
	// unattended marks what a page does by itself while nobody is there: a session idles all the same.
	unattended bool
	// lenient takes query parameters that are not known: other servers add what they like.
	lenient bool
}

// open says that anyone may call it, and personal that it is about who is signed in, whatever their role.
func (op operation) open() bool     { return slices.Contains(permissions()[op.id], Anyone) }
func (op operation) personal() bool { return slices.Contains(permissions()[op.id], SignedIn) }

// handler does the work of an operation for a caller who may have it done.
type handler[I, O any] func(ctx context.Context, who *caller, in *I) (*O, error)

// register adds an operation with its permission check and its errors.
func register[I, O any](s *server, op operation, handle handler[I, O]) {
	if len(permissions()[op.id]) == 0 {
		s.problems = append(s.problems, fmt.Errorf("the operation %q has no entry in permissions.go", op.id))
		return
	}
	op.together = op.together || op.method == http.MethodGet
	s.known[op.id] = op
	described := huma.Operation{
		OperationID: op.id, Method: op.method, Path: op.path, Summary: op.summary, DefaultStatus: op.status, Tags: []string{op.tag},
		MaxBodyBytes: op.maxBody, Responses: s.responses(op), SkipValidateParams: op.lenient,
		Extensions: map[string]any{"x-docket-roles": permissions()[op.id]},
	}
	if op.describe != nil {
		op.describe(&described)
	}
	described.Middlewares = huma.Middlewares{s.authenticated(op), strictBody(op)}
	huma.Register(s.huma, described, func(ctx context.Context, in *I) (*O, error) {
		who := callerOf(ctx)
		out, err := handle(storage.WithClaim(ctx, who.claim), who, in)
		if err = s.confirmed(ctx, who, err); err != nil {
			return nil, s.answer(ctx, who, op.id, err)
		}
		return out, nil
	})
}

// responses describes the errors of an operation in the OpenAPI document.
func (s *server) responses(op operation) map[string]*huma.Response {
	schema := s.huma.OpenAPI().Components.Schemas.Schema(problemGo, true, "Problem")
	out := map[string]*huma.Response{}
	common := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable}
	for _, status := range append(common, op.errors...) {
		out[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status), Content: map[string]*huma.MediaType{problemType: {Schema: schema}},
		}
	}
	return out
}

// answer turns an error into its problem: internal ones are logged, refusals are audited.
func (s *server) answer(ctx context.Context, who *caller, operation string, err error) error {
	p := *problemOf(err)
	p.Instance = instance(ctx)
	switch {
	case p.Status >= http.StatusInternalServerError:
		s.Log.Error("an operation failed", zap.String("operation", operation), zap.String("correlation", correlation(ctx)),
			zap.Stringer("tenant", who.tenant.ID), zap.String("code", p.Code), zap.Error(p.cause))
	case p.refusal:
		if err := s.auditRefusal(ctx, who, operation, &p); err != nil {
			s.Log.Error("a refusal could not be audited", zap.String("operation", operation),
				zap.String("correlation", correlation(ctx)), zap.Error(err))
			failed := problem(http.StatusInternalServerError, "internal", "The refusal could not be put on record, so it is not told. Nothing was changed; try again.")
			if errors.Is(err, storage.ErrUnavailable) {
				failed = problemOf(err)
			}
			failed.Instance = p.Instance
			return failed
		}
	}
	return &p
}

// auditRefusal records that somebody known was told no, and why.
func (s *server) auditRefusal(ctx context.Context, who *caller, operation string, p *Problem) error {
	if who.tenant.ID == uuid.Nil { // who is in no tenant yet is told no in none's log
		return nil
	}
	event := audit.Event{
		Action: audit.CommandRefused, Object: audit.Object{Kind: "operation", ID: operation}, Outcome: audit.Refused, Reason: p.Code,
		Facts: map[audit.FactKey]string{
			audit.FactOperation: operation, audit.FactStatus: strconv.Itoa(p.Status), audit.FactCorrelation: correlation(ctx),
		},
	}
	if who.caseID != "" {
		event.CaseID = who.caseID
	}
	return s.record(ctx, who, event)
}

// strictBody refuses bodies of another type than the operation takes, and bodies where none is taken.
func strictBody(op operation) func(huma.Context, func(huma.Context)) {
	wanted := append([]string{op.takes}, op.takesToo...)
	if op.takes == "" {
		wanted[0] = jsonType
	}
	return func(ctx huma.Context, next func(huma.Context)) {
		if op.method == http.MethodGet || op.method == http.MethodDelete {
			next(ctx)
			return
		}
		said := ctx.Header("Content-Type")
		media, _, err := mime.ParseMediaType(said)
		if said != "" && (err != nil || !slices.Contains(wanted, media)) {
			p := problem(http.StatusUnsupportedMediaType, "media-type", "The body must be sent as "+strings.Join(wanted, " or ")+".")
			p.Instance = instance(ctx.Context())
			writeProblem(ctx, p)
			return
		}
		next(ctx)
	}
}
