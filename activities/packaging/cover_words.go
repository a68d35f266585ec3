package packaging

import (
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// The methods of coverPage below are called by cover.html.

// EU tells whether the GDPR is the regime; UK whether it is its British sibling.
func (p *coverPage) EU() bool { return p.Regime == "gdpr" }

// UK tells whether the UK GDPR is the regime.
func (p *coverPage) UK() bool { return p.Regime == "uk-gdpr" }

// T says something in the language of the cover.
func (p *coverPage) T(key string, values ...any) string { return p.say(key, values...) }

// Intro is the first sentence.
func (p *coverPage) Intro() string {
	if _, ok := p.texts["intro."+p.Right]; ok {
		return p.say("intro." + p.Right)
	}
	return p.say("intro.access")
}

// Cite names the letter of Art. 15(1), or nothing under other laws.
func (p *coverPage) Cite(letter string) string {
	key := "cite.15.1"
	if letter == "2" {
		key = "cite.15.2"
	}
	switch {
	case p.EU() && letter == "2", p.UK() && letter == "2":
		return p.say(key + map[bool]string{true: ".uk"}[p.UK()])
	case p.EU():
		return p.say(key, letter)
	case p.UK():
		return p.say(key+".uk", letter)
	}
	return ""
}

// Text picks the language of a declared text.
func (p *coverPage) Text(t dataset.Text) string { return t.In(p.language) }

// Date, Moment, Count, Cats, Land, Span and Title write values in the language of the cover.
func (p *coverPage) Date(t time.Time) string { return p.date(t.In(p.Zone)) }

// Moment is a date with its time and zone.
func (p *coverPage) Moment(t time.Time) string { return p.moment(t.In(p.Zone)) }

// Count is a number of things.
func (p *coverPage) Count(n int64) string { return p.count(n) }

// Cats names data categories.
func (p *coverPage) Cats(keys []string) string { return p.categories(keys) }

// Land names a country.
func (p *coverPage) Land(code string) string { return p.country(code) }

// Span names a period.
func (p *coverPage) Span(iso string) string { return p.period(iso) }

// Title names a system.
func (p *coverPage) Title(s writtenSystem) string { return p.title(s.System) }

// Lang is the language of the cover.
func (p *coverPage) Lang() string { return p.language }

// Declared tells whether the system's owner has described it.
func (p *coverPage) Declared(s writtenSystem) bool { return len(s.Declaration.Purposes) > 0 }

// Lines splits a text of several lines.
func (p *coverPage) Lines(s string) []string { return strings.Split(s, "\n") }

// ThirdCountries are the recipients outside the European Economic Area (Art. 15(2) GDPR).
func (p *coverPage) ThirdCountries(s writtenSystem) []dataset.Recipient {
	var out []dataset.Recipient
	for _, r := range s.Declaration.Recipients {
		if r.ThirdCountry() {
			out = append(out, r)
		}
	}
	return out
}

// AllCategories are the kinds of data of a system: those of its purposes and those of the fields that had rows.
func (p *coverPage) AllCategories(s writtenSystem) string {
	var keys []string
	for _, purpose := range s.Declaration.Purposes {
		keys = append(keys, purpose.Categories...)
	}
	for _, c := range s.Collections {
		if c.tally.rows == 0 {
			continue
		}
		for _, column := range c.Columns {
			keys = append(keys, column.Categories...)
		}
	}
	return p.categories(keys)
}

// RowsOf is the number of rows of a collection; Has tells whether there are any.
func (p *coverPage) RowsOf(c writtenCollection) string { return p.count(c.tally.rows) }

// Has tells whether a collection has rows.
func (p *coverPage) Has(c writtenCollection) bool { return c.tally.rows > 0 }

// TableCount is the number of tables.
func (p *coverPage) TableCount() int64 { return int64(p.Tables) }

// Basis names the legal basis of a purpose.
func (p *coverPage) Basis(u dataset.Purpose) string { return p.say("basis." + string(u.Basis)) }

// Role says what a recipient does.
func (p *coverPage) Role(r dataset.Recipient) string { return p.say("role." + r.Role) }

// Safeguard names the protection of a transfer, if one is declared.
func (p *coverPage) Safeguard(r dataset.Recipient) string {
	if r.Safeguard == "" {
		return ""
	}
	return p.say("safeguard", p.say("safeguard."+r.Safeguard))
}

// Keep says how long: the period, the criteria, or both.
func (p *coverPage) Keep(r dataset.Retention) string {
	parts := []string{}
	for _, part := range []string{p.period(r.Period), r.Criteria.In(p.language)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}
