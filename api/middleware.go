package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/pages"
	"github.com/privacy-docket/docket/api/partner"
)

// requestTime bounds the work on one request; streams of packages and exports have the server's own limits.
const requestTime = 40 * time.Second

// maxBody bounds every body that no operation has said otherwise of: an identity document with its multipart frame.
const maxBody = 11 << 20

// trace is what the log says of a request.
type trace struct {
	correlation string
	tenant      uuid.UUID
}

type traceKey struct{}

func traceOf(ctx context.Context) *trace {
	t, ok := ctx.Value(traceKey{}).(*trace)
	if !ok {
		return &trace{}
	}
	return t
}

// correlation names the request in answer and log.
func correlation(ctx context.Context) string { return traceOf(ctx).correlation }

func instance(ctx context.Context) string { return "urn:uuid:" + correlation(ctx) }

func noteTenant(ctx context.Context, tenant uuid.UUID) { traceOf(ctx).tenant = tenant }

// observe logs and counts every request by its route's template: raw paths hold tokens, queries and bodies hold people.
func (s *server) observe(c *gin.Context) {
	began := s.Clock.Now()
	t := &trace{correlation: uuid.Must(uuid.NewV7()).String()}
	ctx, cancel := context.WithTimeout(context.WithValue(c.Request.Context(), traceKey{}, t), requestTime)
	defer cancel()
	if !streams(c.FullPath()) {
		c.Request = c.Request.WithContext(ctx)
	} else {
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), traceKey{}, t))
	}
	c.Header("X-Correlation-Id", t.correlation)
	c.Next()
	route := c.FullPath()
	if route == "" {
		route = "unmatched"
	}
	took := s.Clock.Since(began)
	s.metrics.observe(route, c.Request.Method, c.Writer.Status(), took)
	s.Log.Info("request", zap.String("route", route), zap.String("method", known(c.Request.Method)), zap.Int("status", c.Writer.Status()),
		zap.Duration("took", took), zap.String("correlation", t.correlation), zap.Stringer("tenant", t.tenant))
}

// streams are the routes whose answers may take long, and the public forms whose documents may: they bound their own work.
func streams(route string) bool {
	return route == "/v1/audit/export" || route == "/v1/events" || route == "/v1/requests/export" || route == consentStreamRoute || route == consentTransferRoute || strings.HasPrefix(route, "/:tenant/download/") || strings.HasPrefix(route, "/:tenant/fetch/") ||
		pages.TakesDocuments(route) || partner.Streams(route)
}

// known keeps made-up methods out of log and metrics.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}

// recovered answers a panic with a problem that tells nothing, and logs where it happened. What was panicked with may
// hold anything, so only its place is kept.
func (s *server) recovered(c *gin.Context) {
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(fault) // the way to break off an answer that has begun
		}
		s.Log.Error("a handler panicked", zap.String("route", c.FullPath()), zap.String("correlation", correlation(c.Request.Context())),
			zap.ByteString("stack", debug.Stack()))
		c.Abort()
		if c.Writer.Written() {
			return
		}
		p := problem(http.StatusInternalServerError, "internal", "Something went wrong on our side. Try again; if it stays, give the instance to the operator.")
		p.Instance = instance(c.Request.Context())
		p.write(c.Writer)
	}()
	c.Next()
}

// secured sets the headers that every answer carries.
func secured(c *gin.Context) {
	for name, value := range map[string]string{
		"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin", // with no-referrer browsers send Origin: null, and forms are refused
		"Cache-Control":                "no-store",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
		"Strict-Transport-Security":    "max-age=31536000",
	} {
		c.Header(name, value)
	}
	c.Next()
}

// sameOrigin keeps other sites from having a browser act here. The codec has rules of its own, for Temporal's page. Links of people's own act for whoever has them,
// in a browser or not, and so do forms by which people sign up: nothing that a browser adds by itself counts there.
func (s *server) sameOrigin() gin.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c *gin.Context) {
		if strings.HasPrefix(c.FullPath(), "/codec/") || pages.FromElsewhere(c.FullPath()) {
			c.Next()
			return
		}
		if err := protection.Check(c.Request); err != nil {
			c.Abort()
			p := problem(http.StatusForbidden, "cross-origin", "This came from another site. Open the page itself and send it from there.")
			p.Instance = instance(c.Request.Context())
			p.write(c.Writer)
			return
		}
		c.Next()
	}
}

// written refuses addresses with a zero character or with bytes that are no text: nothing has them in its name, and the
// register cannot hold them.
func written(c *gin.Context) {
	query, err := url.QueryUnescape(c.Request.URL.RawQuery)
	if text := c.Request.URL.Path + query; err == nil && utf8.ValidString(text) && !strings.Contains(text, "\x00") {
		c.Next()
		return
	}
	c.Abort()
	p := problem(http.StatusBadRequest, "bad-request", "The address holds a zero character, a broken escape or bytes that are not UTF-8. Correct it and send it again.")
	p.Instance = instance(c.Request.Context())
	p.write(c.Writer)
}

// limited bounds the body whatever the operation. The public forms that take documents bound their own: they read past what is too much. A stream of addresses is as long
// as it is.
func limited(c *gin.Context) {
	if pages.TakesDocuments(c.FullPath()) || c.FullPath() == consentStreamRoute {
		c.Next()
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxBody)
	c.Next()
}
