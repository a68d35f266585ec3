package api

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/privacy-docket/docket/api/drp"
	"github.com/privacy-docket/docket/api/opendsr"
	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/api/throttle"
	wire "github.com/privacy-docket/docket/protocol/drp"
	"github.com/privacy-docket/docket/storage"
)

// partners adds the protocols by which other companies file requests, and what a tenant states for machines to read.
func (s *server) partners(router *gin.Engine) {
	counter := partner.New(partner.Config{
		Desk: s.Desk, Engine: s.engine, Clock: s.Clock, Log: s.Log, Local: s.WebhooksLocal, Limits: s.Limits.Partners,
		MayStart: s.starter.allow, Accept: s.accept,
	})
	opendsr.Register(router, counter)
	drp.Register(router, counter)
	for _, at := range []string{"/:tenant/.well-known", "/.well-known"} {
		router.GET(at+"/gpc.json", s.stated(gpcStatement))
		router.GET(at+"/data-rights.json", s.stated(func(t storage.Tenant) any { return s.dataRights(t) }))
	}
}

// stated answers with a statement of the tenant in the path, or, without one, of the only tenant that there is. A tenant that makes none has none.
func (s *server) stated(statement func(storage.Tenant) any) gin.HandlerFunc {
	return func(c *gin.Context) {
		if ok, _ := s.doors.Allow(throttle.Origin(c.ClientIP())); !ok {
			problem(http.StatusTooManyRequests, "too-many", "Too much came from this address. Wait before trying again.").write(c.Writer)
			return
		}
		tenant, err := s.speaker(c)
		var body any
		if err == nil {
			body = statement(tenant)
		}
		if body == nil {
			problem(http.StatusNotFound, "not-found", "Nothing is stated under this address.").write(c.Writer)
			return
		}
		text, _ := json.Marshal(body) // texts, lists of them and a truth value can always be written
		c.Header("Cache-Control", "public, max-age=3600")
		c.Header("Access-Control-Allow-Origin", "*")
		c.Header("Cross-Origin-Resource-Policy", "cross-origin")
		c.Data(http.StatusOK, "application/json", text)
	}
}

// speaker finds whose statement is asked for.
func (s *server) speaker(c *gin.Context) (storage.Tenant, error) {
	ctx := c.Request.Context()
	if slug := c.Param("tenant"); slug != "" {
		return s.db.TenantBySlug(ctx, slug)
	}
	ids, err := s.db.TenantIDs(ctx)
	if err != nil || len(ids) > 2 {
		return storage.Tenant{}, storage.ErrNotFound
	}
	var only storage.Tenant
	for _, id := range ids {
		t, err := s.db.Tenant(ctx, id)
		if err != nil {
			return storage.Tenant{}, err
		}
		if t.Operates {
			continue
		}
		if only.Slug != "" {
			return storage.Tenant{}, storage.ErrNotFound
		}
		only = t
	}
	if only.Slug == "" {
		return storage.Tenant{}, storage.ErrNotFound
	}
	return only, nil
}

// gpcStatement says that the tenant's sites abide by Global Privacy Control (W3C GPC, section 4), where the tenant has said so.
func gpcStatement(t storage.Tenant) any {
	if t.Settings.GPCUpdated == "" {
		return nil
	}
	return struct {
		GPC  bool   `json:"gpc"`
		Last string `json:"lastUpdate"`
	}{true, t.Settings.GPCUpdated}
}

// dataRights is where agents find the tenant's side of the Data Rights Protocol.
func (s *server) dataRights(t storage.Tenant) any {
	if t.Settings.DRPBusinessID == "" {
		return nil
	}
	return wire.Discovery{Version: "1.0", APIBase: s.Desk.DRPBase(t.Slug), Actions: wire.Actions(), Relationships: []string{}}
}
