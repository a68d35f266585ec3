package api

import (
	"time"

	"github.com/privacy-docket/docket/api/live"
	"github.com/privacy-docket/docket/api/pages"
	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/api/throttle"
)

// Limits bound what strangers can make the server do.
type Limits struct {
	// BadKeys is for addresses that come with wrong API keys.
	BadKeys throttle.Rule
	// Open is for operations that ask for no key and no session: signing in and what leads there.
	Open  throttle.Rule
	Pages pages.Limits
	// Live is for those who watch what happens.
	Live live.Limits
	// Partners is for the protocols by which other companies file requests.
	Partners partner.Limits
}

func (l Limits) defaults() Limits {
	if l.BadKeys.Burst == 0 {
		l.BadKeys = throttle.Rule{Every: 2 * time.Second, Burst: 30}
	}
	if l.Open.Burst == 0 {
		l.Open = throttle.Rule{Every: 500 * time.Millisecond, Burst: 120}
	}
	if l.Live.PerCaller == 0 {
		l.Live = live.Limits{PerCaller: 12, All: 2000}
	}
	l.Pages, l.Partners = l.Pages.Defaults(), l.Partners.Defaults()
	return l
}
