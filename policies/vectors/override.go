package vectors

import (
	"maps"

	"github.com/privacy-docket/docket/privacy"
)

// override returns the regime with the lengths that the vector states in place of the policy's.
func (q request) override(regime *privacy.Regime, in *input, f *privacy.Facts) *privacy.Regime {
	period, given := in.period()
	days, longer := in.count("extension_days")
	if !given && !longer {
		return regime
	}
	name := regime.Rights[q.right].Duties
	duties := regime.Duties[name]
	if given {
		duties = q.withPeriod(duties, period, f)
	}
	if longer && duties.Extension != nil {
		ext := *duties.Extension
		ext.By = privacy.Period{Count: days, Unit: privacy.Days}
		duties.Extension = &ext
	}
	changed := *regime
	changed.Duties = maps.Clone(regime.Duties)
	changed.Duties[name] = duties
	return &changed
}

// withPeriod sets the length of the obligation asked for. An extended rule states the total from the start, so its base
// is taken off; a count that is already doubled for a small agent is not doubled again.
func (q request) withPeriod(duties privacy.Duties, p privacy.Period, f *privacy.Facts) privacy.Duties {
	if q.kind == privacy.ExtensionNotice && duties.Extension != nil {
		ext := *duties.Extension
		ext.Notice = p
		duties.Extension = &ext
		return duties
	}
	obligations := make([]privacy.Duty, len(duties.Obligations))
	copy(obligations, duties.Obligations)
	for i, duty := range obligations {
		if duty.Kind != q.kind {
			continue
		}
		if q.extended && p.Count > duty.Period.Count && p.Unit == duty.Period.Unit {
			ext := *duties.Extension
			ext.By = privacy.Period{Count: p.Count - duty.Period.Count, Unit: p.Unit}
			duties.Extension = &ext
			continue
		}
		f.SmallAgent = f.SmallAgent && p == duty.Period
		obligations[i].Period = p
	}
	duties.Obligations = obligations
	return duties
}
