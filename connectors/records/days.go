package records

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// The texts that name a day, and those that name a moment with its zone.
var (
	dayText    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?$`)
	zonedText  = regexp.MustCompile(`^.{10}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})$`)
	zonedForms = []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700"}
)

// dayOf reads the day that a text names: of a moment with its zone the day in ours.
func dayOf(text string, zone *time.Location) (privacy.Date, bool) {
	if !dayText.MatchString(text) {
		return privacy.Date{}, false
	}
	if zone != nil && zonedText.MatchString(text) {
		for _, form := range zonedForms {
			if at, err := time.Parse(form, text[:10]+"T"+text[11:]); err == nil {
				at = at.In(zone)
				return privacy.NewDate(at.Year(), at.Month(), at.Day()), true
			}
		}
	}
	d, err := privacy.ParseDate(text[:10])
	return d, err == nil
}

// dated is a row's day; not known when it has none.
type dated struct {
	day   privacy.Date
	known bool
}

// day tells the day that a row falls on.
func (w *walk) day(ctx context.Context, t *Table, raw json.RawMessage, d *erasure.Days) (dated, error) {
	if len(d.Field) == 0 {
		return dated{}, nil // nobody can tell the day: all rows stay
	}
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		return dated{}, selectionFault(t.Step.Address.String(), "the zone in which its moments are days is none that is known", "give an IANA zone, as Europe/Berlin")
	}
	if d.Through == nil {
		return w.dayHere(t, raw, d.Field, zone)
	}
	return w.dayThrough(ctx, t, raw, d, zone)
}

// dayHere is the day in a field of the row itself.
func (w *walk) dayHere(t *Table, raw json.RawMessage, path []string, zone *time.Location) (out dated, err error) {
	f, err := w.field(t, path)
	if err != nil {
		return out, err
	}
	f.texts(raw, func(text string) { out.day, out.known = dayOf(text, zone) })
	return out, nil
}

// dayThrough is the day of the row that a row belongs to, the latest where it belongs to several. Where the system can't be asked for these,
// nobody can tell, and the row stays.
func (w *walk) dayThrough(ctx context.Context, t *Table, raw json.RawMessage, d *erasure.Days, zone *time.Location) (dated, error) {
	decl := w.collections[d.Through.Of.Address]
	if decl == nil {
		return dated{}, nil
	}
	there, err := w.Table(dataset.Step{Address: d.Through.Of.Address}, decl)
	if err != nil {
		return dated{}, err
	}
	here, err := w.field(t, d.Through.Path)
	if err != nil {
		return dated{}, err
	}
	to, err := w.field(there, d.Through.Of.Path)
	if err != nil {
		return dated{}, err
	}
	if !w.found(there, to.Path) {
		return dated{}, nil
	}
	var values []string
	here.texts(raw, func(text string) { values = append(values, text) })
	var latest dated
	undatable, any := false, false
	for _, value := range values {
		sub, err := w.dayReferred(ctx, there, to, value, d, zone)
		if err != nil {
			return dated{}, err
		}
		for _, one := range sub {
			any, undatable = true, undatable || !one.known
			if one.known && (!latest.known || one.day.After(latest.day)) {
				latest = one
			}
		}
	}
	switch {
	case !d.Through.Back:
		return latest, nil
	case !any:
		return dated{erasure.Unreferred(), true}, nil
	case undatable:
		return dated{erasure.Undatable(), true}, nil
	}
	return latest, nil
}

// dayReferred are the days of the rows with a value, each asked for once.
func (w *walk) dayReferred(ctx context.Context, there *Table, to *Field, value string, d *erasure.Days, zone *time.Location) ([]dated, error) {
	name := there.Step.Address.String() + "\x00" + to.name() + "\x00" + value + "\x00" + strings.Join(d.Field, ".") + "\x00" + d.Zone
	if days, asked := w.days[name]; asked {
		return days, nil
	}
	out := []dated{}
	want := Asked{Field: to, Value: value}
	err := w.source.Find(ctx, Query{Table: there, By: &want}, func(raw json.RawMessage) error {
		if !want.Matches(raw) {
			return nil
		}
		day, err := w.dayHere(there, raw, d.Field, zone)
		out = append(out, day)
		return err
	})
	if len(w.days) < w.cfg.KeyLimit {
		w.days[name] = out
	}
	return out, err
}

// datable looks whether a field can hold a day, and whether the zone is one.
func (c *Reader) datable(t *Table, d *erasure.Days) error {
	where := t.Step.Address.String()
	if _, err := time.LoadLocation(d.Zone); err != nil || d.Zone == "" || d.Zone == "Local" {
		return selectionFault(where, "the zone in which its moments are days is none that is known", "give an IANA zone, as Europe/Berlin")
	}
	if len(d.Field) == 0 {
		return nil
	}
	if d.Through != nil {
		decl := c.collections[d.Through.Of.Address]
		if decl == nil {
			return nil
		}
		var err error
		if t, err = c.Table(dataset.Step{Address: d.Through.Of.Address}, decl); err != nil {
			return err
		}
	}
	f, err := c.field(t, d.Field)
	if err != nil {
		return err
	}
	if f.outer > 0 || !slices.Contains([]string{"", "text", "date", "moment"}, f.Type) {
		return &connectors.Error{Code: connectors.ErrType, Where: f.Where(), What: "it is declared as " + f.typeName() + " and holds no day", Do: "have the period run from a field that holds a date or a moment"}
	}
	return nil
}
