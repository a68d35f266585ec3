package consent

import "github.com/privacy-docket/docket/privacy"

// ImpliedUntil is the last day on which somebody may be written to on implied consent alone, under the law that ends it first: zero where they have consented
// expressly, where nothing is implied, or where what is
// implied has no end yet. An address that was published is none of it: whether that is enough turns on each message.
func ImpliedUntil(s *Standing, laws []privacy.MessageRule) (until privacy.Date, under string) {
	if !s.Withdrawn.IsZero() {
		return privacy.Date{}, ""
	}
	for i := range laws {
		law := &laws[i]
		if law.Consent != privacy.OptInModel || !s.Confirmed.IsZero() || !s.Given.IsZero() && law.Confirmation == nil {
			continue
		}
		if last := lastImplied(s, law); sooner(last, until) {
			until, under = last, law.ID
		}
	}
	return until, under
}

// lastImplied is the end of the longest window that a law opens; zero where a relation lasts or none is open.
func lastImplied(s *Standing, law *privacy.MessageRule) (last privacy.Date) {
	for _, r := range s.Relations {
		if r.InForce && law.InForce != nil && law.InForce.Applies(r.Kind, r.Day) {
			return privacy.Date{}
		}
		w, opens := law.Window(r.Kind)
		if !opens || r.InForce {
			continue
		}
		if end := w.Sends(r.Day).LastPermitted; last.Before(end) {
			last = end
		}
	}
	return last
}

// NextLook is the first day after one on which something has to be done about implied consent that ends: a warning some days before, or putting on record
// that it is over. Warnings are in days before the last day, the longest first. Zero where nothing is to be done any more.
func NextLook(until, after privacy.Date, warnings []int) privacy.Date {
	if until.IsZero() {
		return privacy.Date{}
	}
	for _, days := range warnings {
		if day := until.AddDays(-days); day.After(after) {
			return day
		}
	}
	if over := until.AddDays(1); over.After(after) {
		return over
	}
	return privacy.Date{}
}
