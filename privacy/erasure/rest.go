package erasure

import (
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Rest is what a system still has to erase of what it keeps.
type Rest struct {
	// Over says that rows are left whose time is over; Unknown, that nobody can say of some when theirs is.
	Over, Unknown bool
	// Next is when to look again; zero when nothing is left that ends.
	Next time.Time
}

// Pauses of what has no day on which it ends: a hold is lifted by people, and so is a missing day found.
const (
	holdPause    = 24 * time.Hour
	unknownYears = 1
)

// Rest looks at what the system keeps. People have said that they erased what had come to its end by the day seen, which is the zero value when
// nobody has; held says whether a hold stands on the system. What staff keep by a decision never goes by itself, and neither does
// a list of whom nobody writes to.
func (s *SystemPlan) Rest(now time.Time, zone *time.Location, seen privacy.Date, held bool) (r Rest) {
	for _, l := range s.Lines {
		for _, k := range l.Kept {
			if k.Rows == 0 || k.Ground.forGood() {
				continue
			}
			switch ends := k.ends(); {
			case k.Ground == KeptByHold && held:
				r.look(now.Add(holdPause))
			case k.Ground == KeptByHold:
				r.Over = r.Over || seen.IsZero()
			case len(ends) == 0 && seen.IsZero():
				r.Unknown = true
				r.look(now.AddDate(unknownYears, 0, 0))
			default:
				r.ends(ends, now, zone, seen)
			}
		}
	}
	return r
}

func (r *Rest) ends(ends []End, now time.Time, zone *time.Location, seen privacy.Date) {
	today := privacy.DateIn(now, zone)
	for _, e := range ends {
		switch {
		case !e.Day.After(seen):
		case e.Day.Before(today):
			r.Over = true
		default:
			r.look(e.Day.EndIn(zone).Add(time.Second))
		}
	}
}

func (r *Rest) look(at time.Time) {
	if r.Next.IsZero() || at.Before(r.Next) {
		r.Next = at
	}
}

// Add joins what is left in two systems.
func (r *Rest) Add(o Rest) {
	r.Over, r.Unknown = r.Over || o.Over, r.Unknown || o.Unknown
	if !o.Next.IsZero() {
		r.look(o.Next)
	}
}

// Missing are the lines that keep rows of which another plan of the same system has none.
func (s *SystemPlan) Missing(from *SystemPlan) (out []Line) {
	for _, l := range s.Lines {
		there := slices.ContainsFunc(from.Lines, func(o Line) bool { return o.Address == l.Address })
		if l.Rows.Kept > 0 && !there {
			out = append(out, l)
		}
	}
	return out
}

// ends are the days on which some of the rows may go.
func (k *Keeping) ends() []End {
	if len(k.Ends) == 0 && !k.First.IsZero() {
		return []End{{Day: k.First, Rows: k.Rows}}
	}
	return k.Ends
}
