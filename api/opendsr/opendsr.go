// Package opendsr answers controllers as a processor of OpenDSR 2.0, and as one of the versions before it under the routes and headers that they
// had. What comes in becomes an ordinary case.
package opendsr

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/casework"
	wire "github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/storage"
)

// desk is the protocol's side of the counter.
type desk struct{ *partner.Counter }

// Register adds the routes: below the tenant's base address with the major version in front, as the specification has it, and without.
func Register(router *gin.Engine, counter *partner.Counter) {
	d := &desk{counter}
	base := router.Group("/opendsr/:tenant")
	base.POST("/callbacks", d.open(wire.OpenDSR, d.calledBack))
	base.GET("/certificates/:id", d.open(wire.OpenDSR, d.certificate))
	for _, prefix := range []string{"", "/v1", "/v2", "/v3"} {
		group := base.Group(prefix)
		named := wire.OpenDSR
		if prefix == "/v1" {
			named = wire.OpenGDPR
		}
		group.GET("/discovery", d.open(named, d.discovery))
		for _, version := range wire.Versions() {
			at := "/" + version.Route
			group.POST(at, d.known(version, d.file))
			group.GET(at+"/:id", d.known(version, d.status))
			group.DELETE(at+"/:id", d.known(version, d.cancel))
			group.GET(at+"/:id/results", d.known(version, d.results))
		}
	}
}

// visit is one call.
type visit struct {
	*gin.Context
	version wire.Version
	tenant  storage.Tenant
	who     storage.Requester
}

// fault is what is told about a call that is not taken. Reason is for the log; one without stays out of it.
type fault struct {
	status          int
	message, reason string
}

func (f *fault) Error() string { return f.message }

// open answers whoever comes, as long as there are not too many.
func (d *desk) open(version wire.Version, do func(*visit) error) gin.HandlerFunc {
	return func(g *gin.Context) {
		v := &visit{Context: g, version: version}
		err := d.Knock(g)
		if err == nil {
			err = d.enter(v)
		}
		if err == nil {
			err = do(v)
		}
		d.conclude(v, err)
	}
}

// known answers controllers that the tenant has registered.
func (d *desk) known(version wire.Version, do func(*visit) error) gin.HandlerFunc {
	return func(g *gin.Context) {
		v := &visit{Context: g, version: version}
		err := d.enter(v)
		if err == nil {
			v.who, err = d.Identify(g, v.tenant, storage.ProtocolOpenDSR)
		}
		if err == nil {
			err = do(v)
		}
		d.conclude(v, err)
	}
}

// enter finds the tenant.
func (d *desk) enter(v *visit) (err error) {
	v.tenant, err = d.Desk.DB().TenantBySlug(v.Request.Context(), v.Param("tenant"))
	if errors.Is(err, storage.ErrNotFound) {
		return &fault{http.StatusNotFound, "There is no processor under this address.", ""}
	}
	return err
}

// conclude answers what went wrong, and puts refusals of a known controller on record.
func (d *desk) conclude(v *visit, err error) {
	if err == nil {
		return
	}
	var told *fault
	switch {
	case errors.Is(err, partner.ErrKey):
		v.Header("WWW-Authenticate", `Bearer realm="opendsr"`)
		told = &fault{http.StatusUnauthorized, err.Error(), ""}
	case errors.Is(err, partner.ErrEnded):
		told = &fault{http.StatusForbidden, err.Error(), ""}
	case errors.As(err, &told):
	default:
		told = &fault{}
	}
	if told.reason != "" && v.who.ID != uuid.Nil {
		if failed := d.Refused(v.Context, v.tenant, casework.RequesterActor(v.who), v.who, told.reason); failed != nil {
			told, err = &fault{}, failed
		}
	}
	if told.status == 0 {
		told.status, told.message = d.Trouble(v.Context, v.tenant, err)
	}
	d.send(v, told.status, wire.ErrorBody(told.status, told.message, reasonOr(told.reason)))
}

func reasonOr(reason string) string {
	if reason == "" {
		return "request"
	}
	return reason
}

// answer sends what a call comes to.
func (d *desk) answer(v *visit, status int, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	d.send(v, status, text)
	return nil
}

// send signs the body with the tenant's key, where it has one, and sends it.
func (d *desk) send(v *visit, status int, body []byte) {
	if v.tenant.ID != uuid.Nil {
		if domain, signature, err := d.signed(v, body); err == nil {
			v.version.SetHeaders(v.Writer.Header(), domain, signature)
		} else if !errors.Is(err, storage.ErrNotFound) {
			status, message := d.Trouble(v.Context, v.tenant, err)
			v.Data(status, "application/json", wire.ErrorBody(status, message, "signature"))
			return
		}
	}
	v.Data(status, "application/json", body)
}

func (d *desk) signed(v *visit, body []byte) (domain, signature string, err error) {
	var kept storage.ProcessorKey
	err = d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		kept, err = tx.ProcessorKey(ctx)
		return err
	})
	if err != nil {
		return "", "", err
	}
	key, err := wire.ParseKey(kept.Private)
	if err != nil {
		return "", "", err
	}
	signature, err = wire.Sign(key, body)
	return kept.Domain, signature, err
}

// discovery says what is taken here (section 6). A tenant without a key takes nothing.
func (d *desk) discovery(v *visit) error {
	var kept storage.ProcessorKey
	err := d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		kept, err = tx.ProcessorKey(ctx)
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		return &fault{http.StatusNotFound, "There is no processor under this address.", ""}
	}
	if err != nil {
		return err
	}
	return d.answer(v, http.StatusOK, wire.Discover(v.version, d.Desk.OpenDSRBase(v.tenant.Slug)+"/certificates/"+kept.ID.String()+".pem"))
}

// certificate gives the certificate that answers are checked by, also one whose key signs no more.
func (d *desk) certificate(v *visit) error {
	missing := &fault{http.StatusNotFound, "There is no such certificate. GET discovery names the one that is in use.", ""}
	id, err := uuid.Parse(strings.TrimSuffix(v.Param("id"), ".pem"))
	if err != nil {
		return missing
	}
	var text string
	err = d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		text, err = tx.ProcessorCertificate(ctx, id)
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		return missing
	}
	if err != nil {
		return err
	}
	v.Data(http.StatusOK, "application/x-pem-file", bytes.TrimLeft([]byte(text), "\n"))
	return nil
}
