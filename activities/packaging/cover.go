package packaging

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// CoverName is the cover's name in the ZIP.
const CoverName = "index.html"

// writtenSystem and writtenCollection are what the cover says about the files.
type writtenSystem struct {
	System
	Collections []writtenCollection
}

type writtenCollection struct {
	Collection
	JSON, CSV File
	tally     tally
}

// omission is one line of the table of what was left out.
type omission struct {
	Where, What, Why, Note string
	Count                  int64
}

// coverPage is what the template sees.
type coverPage struct {
	Cover
	words
	Systems  []writtenSystem
	Omitted  []omission
	Long     []omission
	Example  string
	Rows     int64
	Tables   int
	Rights   []string
	Manifest string
}

var coverTemplate = sync.OnceValues(func() (*template.Template, error) {
	return template.New("cover.html").ParseFS(files, "cover.html")
})

// cover writes index.html.
func (b *builder) cover(context.Context) error {
	t, err := coverTemplate()
	if err != nil {
		return fmt.Errorf("read the cover: %w", err)
	}
	page := b.coverPage()
	return b.archive.add(File{Name: CoverName, Type: "text/html; charset=utf-8"}, func(w io.Writer) error {
		return t.Execute(w, page)
	})
}

func (b *builder) coverPage() *coverPage {
	p := &coverPage{Cover: b.contents.Cover, words: b.words, Systems: b.written, Rows: b.manifest.Rows, Manifest: ManifestName}
	if p.Zone == nil {
		p.Zone = time.UTC
	}
	p.Omitted, p.Long = b.omissions(), b.long()
	if len(b.contents.Redactions) > 0 {
		p.Example = b.marker(b.contents.Redactions[0])
	}
	for _, s := range b.written {
		p.Tables += len(s.Collections)
	}
	p.Rights = []string{"rights.other"}
	if p.EU() || p.UK() {
		p.Rights = []string{"right.rectification", "right.erasure", "right.restriction", "right.objection", "right.portability", "right.withdraw"}
	}
	return p
}

// omissions puts redactions with the same place and reason into one line.
func (b *builder) omissions() []omission {
	var out []omission
	index := map[omission]int{}
	for n, r := range b.contents.Redactions {
		line := omission{Where: b.place(r.System, r.Collection), What: r.Field, Why: b.reason(r), Note: r.Note}
		if r.Field == "" {
			line.What = b.words.say("whole.row")
		}
		at, ok := index[line]
		if !ok {
			at, index[line] = len(out), len(out)
			out = append(out, line)
		}
		out[at].Count += b.hits[n]
	}
	return out
}

func (b *builder) long() []omission {
	var out []omission
	for _, s := range b.written {
		for _, c := range s.Collections {
			for i, n := range c.tally.oversize {
				out = append(out, omission{Where: b.place(s.Key, c.Name), What: c.Columns[i].Name, Count: n})
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Where+out[i].What < out[j].Where+out[j].What })
	return out
}

// place names a collection for people.
func (b *builder) place(system, collection string) string {
	for _, s := range b.contents.Systems {
		if s.Key == system {
			return b.words.title(s) + ", " + collection
		}
	}
	return system + ", " + collection
}

// reason names the ground and the rule behind it.
func (b *builder) reason(r Redaction) string {
	text := b.words.say("ground." + string(r.Ground))
	if cite := b.citation(r); cite != "" {
		text += ", " + cite
	}
	return text
}

// citation is the caller's, or Art. 15(4) GDPR where that is the usual one.
func (b *builder) citation(r Redaction) string {
	if r.Citation != "" {
		return r.Citation
	}
	if r.Ground != AnothersRights && r.Ground != TradeSecret {
		return ""
	}
	switch b.contents.Cover.Regime {
	case "gdpr":
		return b.words.say("cite.15.4")
	case "uk-gdpr":
		return b.words.say("cite.15.4.uk")
	}
	return ""
}

// marker stands in the files where a value was.
func (b *builder) marker(r Redaction) string {
	ground := b.words.say("ground." + string(r.Ground))
	if cite := b.citation(r); cite != "" {
		return b.words.say("marker.cited", ground, cite)
	}
	return b.words.say("marker", ground)
}

// title names a system.
func (w words) title(s System) string {
	if s.Title != "" {
		return s.Title
	}
	if name := s.Declaration.Name.In(w.language); name != "" {
		return name
	}
	return s.Key
}

// The methods below are called by cover.html.

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
