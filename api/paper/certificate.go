// Package paper draws documents that people print and file, as PDF. The fonts are embedded, and the same content gives the same bytes.
package paper

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
)

// Certificate is an erasure's certificate as it is to be drawn.
type Certificate struct {
	audit.Certificate
	// Signature is the line of the note, SHA256 is of the signed text in hex, Verifier the key that checks it.
	Signature, SHA256, Verifier string
	Language                    string
	Zone                        *time.Location
}

// drawing is a certificate on its way to paper.
type drawing struct {
	*sheet
	Certificate
	words  words
	number *message.Printer
}

// Draw makes the PDF.
func (c Certificate) Draw() ([]byte, error) {
	w, err := in(c.Language)
	if err != nil {
		return nil, err
	}
	d := &drawing{Certificate: c, words: w, number: message.NewPrinter(language.Make(c.Language))}
	title := w.say("title") + " " + c.Request.Reference
	d.sheet = newSheet(c.Language, title, c.Tenant.Name, c.Signed, func(n int) string {
		return title + "  ·  " + w.say("page", "n", fmt.Sprint(n), "all", "{nb}")
	})
	d.head()
	d.done()
	d.kept()
	d.evidence()
	d.signature()
	return d.bytes()
}

func (d *drawing) moment(t time.Time) string {
	return notify.FormatMoment(notify.Language(d.Language), t.In(d.Zone))
}

func (d *drawing) count(n int64) string { return d.number.Sprintf("%d", n) }

func (d *drawing) act(a audit.CertifiedAct) string {
	role := d.words["role."+a.Role]
	switch {
	case a.Kind == string(audit.APIKey):
		role = d.words["role.program"]
	case role == "":
		role = d.words["role.none"]
	}
	return d.words.say("act", "at", d.moment(a.At), "role", role, "id", a.ID)
}

func (d *drawing) head() {
	d.SetFont("text", "", 10)
	d.CellFormat(width, line, d.Tenant.Name, "", 1, "L", false, 0, "")
	d.Ln(line * 0.6)
	d.SetFont("text", "B", 18)
	d.CellFormat(width, 9, d.words.say("title"), "", 1, "L", false, 0, "")
	d.Ln(line * 0.5)
	d.paragraph(d.words.say("intro", "tenant", d.Tenant.Name), 9.5)
	d.Ln(line * 0.6)
	right := d.words["right."+d.Request.Right]
	if right == "" {
		right = d.Request.Right
	}
	d.pair(d.words.say("reference"), "", d.Request.Reference)
	d.pair(d.words.say("law"), "", d.Request.LawName+"; "+right+", "+d.Request.Citation)
	d.pair(d.words.say("received"), "", d.moment(d.Request.Received))
	d.pair(d.words.say("proposed"), "", d.act(d.Plan.Proposed))
	d.pair(d.words.say("approved"), "", d.act(d.Plan.Approved))
	d.pair(d.words.say("carried"), "", d.words.say("span", "from", d.moment(d.Plan.Begun), "to", d.moment(d.Plan.Ended)))
	d.pair(d.words.say("plan"), "code", d.Plan.SHA256)
	t := d.Totals
	d.pair(d.words.say("totals"), "", d.words.say("sum", "deleted", d.count(t.Deleted), "masked", d.count(t.Masked), "trimmed", d.count(t.Trimmed),
		"in_part", d.count(t.InPart), "kept", d.count(t.Kept), "by_hand", d.count(int64(t.ByHand))))
}

// The widths of the columns with numbers; what is left is for the names.
const numbers = 20.0

func (d *drawing) done() {
	d.heading(d.words.say("done"))
	d.doneHeads()
	broken := false
	for _, s := range d.Systems {
		d.keep(d.row([]cell{{text: s.Name, width: width, style: "B"}}, ""))
		switch s.How {
		case audit.CertifiedByHand:
			d.keep(d.row([]cell{{text: d.words.say("by_hand"), width: width}}, ""))
		case audit.CertifiedAsked:
			text := d.words.say("asked", "who", s.Asked, "answer", d.words.say("asked."+s.Answer))
			if s.ByStaff {
				text += " " + d.words.say("asked.by_staff")
			}
			d.keep(d.row([]cell{{text: text, width: width}}, "B"))
			continue
		case audit.CertifiedNothing:
			d.keep(d.row([]cell{{text: d.words.say("nothing"), width: width}}, "B"))
			continue
		}
		for _, c := range s.Collections {
			d.keep(d.row(d.treated(s, c), "B"))
			if len(c.NotErased) > 0 {
				d.keep(d.row([]cell{{text: d.words.say("not_erased", "fields", strings.Join(c.NotErased, ", ")), width: width}}, "B"))
			}
			broken = broken || c.AtLeast
		}
	}
	d.Ln(line * 0.4)
	d.paragraph(d.words.say("done.note"), small)
	if broken {
		d.paragraph(d.words.say("at_least"), small)
	}
}

// keep repeats the heads of the table on a new page, below the row that began it.
func (d *drawing) keep(paged bool) {
	if paged {
		d.doneHeads()
	}
}

func (d *drawing) doneHeads() {
	cells := []cell{{text: d.words.say("col.where"), width: width - 6*numbers, family: "head"}}
	for _, key := range []string{"deleted", "masked", "trimmed", "in_part", "untreated", "stays"} {
		cells = append(cells, cell{text: d.words.say("col." + key), width: numbers, family: "head", align: "R"})
	}
	d.row(cells, "B")
}

func (d *drawing) treated(s audit.CertifiedSystem, c audit.CertifiedCollection) []cell {
	cells := []cell{{text: c.Dataset + "." + c.Collection, width: width - 6*numbers}}
	untreated, stays := "–", "–"
	if c.ReadBack != nil {
		untreated, stays = d.count(c.ReadBack.Untreated), d.count(c.ReadBack.Kept)
	}
	changed := func(n int64) string {
		if c.AtLeast && n > 0 {
			return "≥ " + d.count(n)
		}
		return d.count(n)
	}
	values := []string{changed(c.Deleted), changed(c.Masked), changed(c.Trimmed), changed(c.InPart), untreated, stays}
	for _, v := range values {
		if s.How == audit.CertifiedByHand && c.ReadBack == nil {
			v = "–"
		}
		cells = append(cells, cell{text: v, width: numbers, align: "R"})
	}
	return cells
}

func (d *drawing) kept() {
	d.heading(d.words.say("kept"))
	if d.Totals.Kept == 0 {
		d.paragraph(d.words.say("kept.none"), textful)
		return
	}
	d.row([]cell{
		{text: d.words.say("col.where"), width: 52, style: "B"}, {text: d.words.say("col.why"), width: width - 52 - 17 - 45, style: "B"},
		{text: d.words.say("col.rows"), width: 17, style: "B", align: "R"}, {text: " " + d.words.say("col.until"), width: 45, style: "B", align: "R"},
	}, "B")
	for _, s := range d.Systems {
		for _, c := range s.Collections {
			for _, k := range c.Kept {
				d.row([]cell{
					{text: s.Name + ": " + c.Dataset + "." + c.Collection, width: 52}, {text: d.why(k), width: width - 52 - 17 - 45},
					{text: d.count(k.Rows), width: 17, align: "R"}, {text: d.until(k), width: 45, align: "R"},
				}, "B")
			}
		}
	}
}

func (d *drawing) why(k audit.CertifiedKept) string {
	return strings.Trim(d.words["ground."+k.Ground]+", "+k.Citation, ", ")
}

func (d *drawing) until(k audit.CertifiedKept) string {
	var day privacy.Date
	if k.Until == "" || day.UnmarshalText([]byte(k.Until)) != nil {
		return d.words.say("until.open")
	}
	return notify.FormatDate(notify.Language(d.Language), time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC))
}

func (d *drawing) evidence() {
	d.heading(d.words.say("evidence"))
	d.pair(d.words.say("log"), "code", d.Log.Origin)
	d.pair(d.words.say("head"), "code", d.words.say("head.size", "size", fmt.Sprint(d.Log.Size), "root", d.Log.Root.String()))
	var events strings.Builder
	for i, e := range d.Log.Events {
		form := "%-41s"
		if i%2 == 1 {
			form = "%s\n"
		}
		fmt.Fprintf(&events, form, d.words.say("event", "index", fmt.Sprint(e.Index), "action", string(e.Action), "outcome", string(e.Outcome)))
	}
	d.pair(d.words.say("events"), "code", strings.TrimSpace(events.String()))
}

func (d *drawing) signature() {
	d.heading(d.words.say("signature"))
	d.pair(d.words.say("signed"), "", d.moment(d.Signed))
	d.pair(d.words.say("sha256"), "code", d.SHA256)
	d.pair(d.words.say("note"), "code", d.Signature)
	d.pair(d.words.say("key"), "code", d.Verifier)
	d.Ln(line * 0.4)
	d.paragraph(d.words.say("check"), small)
}
