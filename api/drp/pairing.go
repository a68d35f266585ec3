package drp

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/casework"
	wire "github.com/privacy-docket/docket/protocol/drp"
	"github.com/privacy-docket/docket/storage"
)

// tokenOverlap is how long the token before is good too, for calls that are under way.
const tokenOverlap = 10 * time.Minute

// pairing gives an agent the token for its further calls (section 2.05). Whatever is wrong with the message, the answer is 403 without a word
// (section 2.05.1); the log says which check it was.
func (d *desk) pairing(g *gin.Context) {
	v := &visit{Context: g}
	err := d.Knock(g)
	if err == nil {
		err = d.enter(v)
	}
	if err == nil {
		err = d.pair(v)
	}
	if err == nil {
		return
	}
	told, failed := d.told(v, err)
	switch {
	case failed != nil:
		d.conclude(v, failed)
	case told.Status == http.StatusNotFound:
		d.conclude(v, told)
	default:
		g.Status(http.StatusForbidden)
		g.Writer.WriteHeaderNow()
	}
}

func (d *desk) pair(v *visit) error {
	ctx := v.Request.Context()
	err := d.Desk.DB().Read(ctx, v.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		v.who, err = tx.RequesterByHandle(ctx, storage.ProtocolDRP, v.Param("id"))
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		return refuse(http.StatusForbidden, "There is no such agent.")
	}
	if err != nil {
		return err
	}
	body, message, err := d.message(v)
	if err != nil {
		return err
	}
	envelope, err := wire.ReadEnvelope(message)
	if err != nil {
		return err
	}
	expires, err := envelope.Pass(v.who.Handle, v.tenant.Settings.DRPBusinessID, d.Clock.Now())
	if err != nil {
		return err
	}
	key, hash, err := partner.NewKey()
	if err != nil {
		return err
	}
	err = d.Desk.DB().Change(ctx, v.tenant.ID, casework.RequesterActor(v.who), func(ctx context.Context, tx *storage.Tx) error {
		if err := once(ctx, tx, v.who.ID, body, expires); err != nil {
			return err
		}
		return tx.ReplaceRequesterSecret(ctx, v.who.ID, hash, tx.Now().Add(tokenOverlap))
	})
	if err != nil {
		return err
	}
	return d.answer(v, struct {
		Agent string `json:"agent-id"`
		Token string `json:"token"`
	}{v.who.Handle, key})
}

// once spends a message: a data rights request is one act, and a message that somebody has caught is worth nothing.
func once(ctx context.Context, tx *storage.Tx, who uuid.UUID, body []byte, expires time.Time) error {
	spent := sha256.Sum256(append([]byte("drp/"+who.String()+"/"), body...))
	first, err := tx.UseAssertion(ctx, spent[:], expires)
	if err == nil && !first {
		return &wire.Fault{Check: wire.FaultReplay, Status: http.StatusConflict, Message: "This message was used before. Sign a new one; with the same agent-request-id it is the same request.", Fatal: true}
	}
	return err
}
