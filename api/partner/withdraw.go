package partner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// ErrTooLate says that a request can't be taken back any more.
var ErrTooLate = errors.New("the request can't be taken back any more")

// Withdraw takes a request back for its requester, once however often it is asked for. What is being carried out, or has ended otherwise, is
// ErrTooLate.
func (c *Counter) Withdraw(ctx context.Context, who storage.Requester, row storage.Case) error {
	state := privacy.RequestState(row.State)
	if state == privacy.RequestClosed && row.Outcome != nil && *row.Outcome == string(privacy.OutcomeWithdrawn) {
		return nil
	}
	if contract.Withdraw.AllowedIn(state) != nil {
		return ErrTooLate
	}
	if err := c.Engine.Reach(ctx); err != nil {
		return err
	}
	actor := casework.RequesterActor(who)
	command := contract.Command{
		Key: fmt.Sprintf("withdrawn/%d", row.Run), Kind: contract.Withdraw, Actor: contract.Actor{Kind: string(actor.Kind), ID: actor.ID, Role: actor.Role},
	}
	err := c.Engine.Command(ctx, row.ID, command)
	if errors.Is(err, engine.ErrNotRunning) { // the relay has not come to it yet
		if err = c.Engine.Start(ctx, contract.Ref{Tenant: row.TenantID, Case: row.ID}, row.Run); err == nil {
			err = c.Engine.Command(ctx, row.ID, command)
		}
	}
	var refused *engine.Refused
	if errors.As(err, &refused) {
		return ErrTooLate
	}
	return err
}

// HandOver streams the answer of a request to its requester. What breaks off is recorded, and can be fetched again.
func (c *Counter) HandOver(g *gin.Context, tenant storage.Tenant, who storage.Requester, row storage.Case) error {
	ctx := g.Request.Context()
	h, err := c.Desk.HandOver(ctx, who, contract.Ref{Tenant: tenant.ID, Case: row.ID})
	if err != nil {
		return err
	}
	g.Header("Content-Type", "application/zip")
	g.Header("Content-Disposition", `attachment; filename="`+h.Reference+`.zip"`)
	g.Status(http.StatusOK)
	sent, copying := io.Copy(g.Writer, h.Body)
	closing := h.Body.Close()
	finished := h.Finish(ctx, sent, copying == nil)
	if err := errors.Join(copying, closing, finished); err != nil {
		c.Log.Warn("an answer did not reach its requester whole", zap.Bool("complete", copying == nil), zap.Error(err))
	}
	if copying != nil {
		panic(http.ErrAbortHandler) // a broken transfer must not look like a whole one
	}
	return nil
}

// Streams says of a route that its answer may take long.
func Streams(route string) bool { return strings.HasSuffix(route, "/:id/results") }
