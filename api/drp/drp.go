// Package drp answers authorised agents as a covered business of the Data Rights Protocol 1.0. What comes in becomes an ordinary case.
package drp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	wire "github.com/privacy-docket/docket/protocol/drp"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// desk is the protocol's side of the counter.
type desk struct{ *partner.Counter }

// Register adds the routes below the base address that agents know a tenant by. A tenant without a business id has none of them.
func Register(router *gin.Engine, counter *partner.Counter) {
	d := &desk{counter}
	base := router.Group("/drp/:tenant/v1")
	base.POST("/agent/:id", d.pairing)
	base.GET("/agent/:id", d.known(d.agent))
	base.POST("/data-rights-request", d.known(d.exercise))
	base.POST("/data-rights-request/", d.known(d.exercise)) // as it was until 0.9.3
	base.GET("/data-rights-request/:id", d.known(d.status))
	base.DELETE("/data-rights-request/:id", d.known(d.revoke))
	base.GET("/data-rights-request/:id/results", d.known(d.results))
}

// visit is one call.
type visit struct {
	*gin.Context
	tenant storage.Tenant
	// who calls, which shows by the key, or is said to call: proven has it for sure.
	who    storage.Requester
	proven bool
}

// actor is who is known to act.
func (v *visit) actor() audit.Actor {
	if v.proven {
		return casework.RequesterActor(v.who)
	}
	return casework.System("drp")
}

// refuse makes a fault that belongs to no check of a message.
func refuse(status int, message string) *wire.Fault {
	return &wire.Fault{Status: status, Message: message}
}

// known answers agents that show the key of their pairing.
func (d *desk) known(do func(*visit) error) gin.HandlerFunc {
	return func(g *gin.Context) {
		v := &visit{Context: g}
		err := d.enter(v)
		if err == nil {
			v.who, err = d.Identify(g, v.tenant, storage.ProtocolDRP)
		}
		if err == nil {
			v.proven = true
			err = do(v)
		}
		d.conclude(v, err)
	}
}

// enter finds the tenant, if it is a business of the network.
func (d *desk) enter(v *visit) (err error) {
	v.tenant, err = d.Desk.DB().TenantBySlug(v.Request.Context(), v.Param("tenant"))
	if errors.Is(err, storage.ErrNotFound) || err == nil && v.tenant.Settings.DRPBusinessID == "" {
		return refuse(http.StatusNotFound, "There is no business of the Data Rights Protocol under this address.")
	}
	return err
}

// conclude answers what went wrong (section 3.06), and puts what was refused to a known agent on record.
func (d *desk) conclude(v *visit, err error) {
	if err == nil {
		return
	}
	told, failed := d.told(v, err)
	if told.Status == 0 {
		told.Status, told.Message = d.Trouble(v.Context, v.tenant, failed)
	}
	v.Data(told.Status, "application/json", wire.ErrorBody(told))
}

// told makes the fault of an error. One without a status is trouble of ours, which comes with it.
func (d *desk) told(v *visit, err error) (*wire.Fault, error) {
	var fault *wire.Fault
	switch {
	case errors.Is(err, partner.ErrKey):
		v.Header("WWW-Authenticate", `Bearer realm="drp"`)
		return refuse(http.StatusUnauthorized, "This needs the token of the pairing: POST /v1/agent/{agent-id} gives one."), nil
	case errors.Is(err, partner.ErrEnded):
		return refuse(http.StatusForbidden, err.Error()), nil
	case !errors.As(err, &fault):
		return &wire.Fault{}, err
	}
	if fault.Check != "" && v.who.ID != uuid.Nil {
		if failed := d.Refused(v.Context, v.tenant, v.actor(), v.who, string(fault.Check)); failed != nil {
			return &wire.Fault{}, failed
		}
	}
	return fault, nil
}

// answer sends what a call comes to.
func (d *desk) answer(v *visit, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	v.Data(http.StatusOK, "application/json", text)
	return nil
}

// message reads a signed message and puts it through the first two checks.
func (d *desk) message(v *visit) (body, message []byte, err error) {
	body, err = partner.Body(v.Context, wire.MaxBody)
	if err != nil && !errors.Is(err, partner.ErrTooLong) {
		return nil, nil, &wire.Fault{Check: wire.CheckEncoding, Status: http.StatusBadRequest, Message: "The message did not arrive whole. Send it again."}
	}
	if errors.Is(err, partner.ErrTooLong) {
		body = make([]byte, wire.MaxBody+1) // what is too long is told by the check that tells it
	}
	message, err = wire.Open(body, v.who.Verifier)
	return body, message, err
}

// agent tells an agent that its key is still good (section 2.06).
func (d *desk) agent(v *visit) error {
	if v.Param("id") != v.who.Handle {
		return &wire.Fault{Check: wire.CheckAgent, Status: http.StatusForbidden, Message: "The token belongs to another agent."}
	}
	return d.answer(v, struct{}{})
}

// mine reads a request that the agent manages. Every other is forbidden, whether it is there or not (section 2.02.1).
func (d *desk) mine(v *visit) (row storage.FiledRequest, err error) {
	forbidden := refuse(http.StatusForbidden, "This agent manages no request with this id.")
	id, err := uuid.Parse(v.Param("id"))
	if err != nil {
		return row, forbidden
	}
	err = d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		row, err = tx.FiledRequestByName(ctx, v.who.ID, id)
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		return row, forbidden
	}
	return row, err
}

// forgotten gives the end of a request whose person is forgotten its answer.
func forgotten(err error) error {
	if errors.Is(err, seal.ErrNoKey) {
		return refuse(http.StatusGone, "What was held of this request is forgotten, as the law wants it.")
	}
	return err
}
