package packaging

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sort"
	"sync"
	"time"
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
	Beyond   []omission
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
	p.Omitted, p.Long, p.Beyond = b.omissions(), b.long(), b.beyond()
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

// beyond puts what the right does not reach into a line for each collection and reason.
func (b *builder) beyond() (out []omission) {
	for _, s := range b.contents.Systems {
		for _, one := range s.Beyond {
			line := omission{Where: b.place(s.Key, one.Collection), Why: b.words.say("beyond." + one.Reason)}
			at := slices.IndexFunc(out, func(o omission) bool { return o.Where == line.Where && o.Why == line.Why })
			if at < 0 {
				at, out = len(out), append(out, line)
			} else {
				out[at].What += ", "
			}
			out[at].What += one.Field
		}
	}
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
