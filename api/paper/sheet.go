package paper

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// Measures in millimetres, sizes in points.
const (
	margin  = 18.0
	width   = 210 - 2*margin
	bottom  = 297 - 20.0
	line    = 4.6
	labels  = 42.0
	textful = 9.0
	small   = 7.5
)

// sheet is a document that is being drawn, from top to bottom.
type sheet struct {
	*fpdf.Fpdf
}

// newSheet begins a document. The same content gives the same bytes: nothing in it comes from the clock.
func newSheet(language, title, author string, at time.Time, footer func(n int) string) *sheet {
	s := &sheet{fpdf.New("P", "mm", "A4", "")}
	s.SetCatalogSort(true)
	s.SetCreationDate(at)
	s.SetModificationDate(at)
	s.SetTitle(title, true)
	s.SetAuthor(author, true)
	s.SetCreator("Docket", true)
	s.SetLang(language)
	s.SetMargins(margin, margin, margin)
	s.SetAutoPageBreak(false, 0)
	// The library writes into the bytes of a font while it takes its part out: each document has its own.
	s.AddUTF8FontFromBytes("text", "", bytes.Clone(goregular.TTF))
	s.AddUTF8FontFromBytes("text", "B", bytes.Clone(gobold.TTF))
	s.AddUTF8FontFromBytes("code", "", bytes.Clone(gomono.TTF))
	s.AliasNbPages("{nb}")
	s.SetFooterFunc(func() {
		s.SetXY(margin, 297-14)
		s.SetTextColor(90, 90, 90)
		s.SetFont("text", "", small)
		s.CellFormat(width, line, footer(s.PageNo()), "", 0, "L", false, 0, "")
		s.SetTextColor(0, 0, 0)
	})
	s.AddPage()
	return s
}

// bytes ends the document.
func (s *sheet) bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := s.Output(&out); err != nil {
		return nil, fmt.Errorf("draw the paper: %w", err)
	}
	return out.Bytes(), nil
}

// room begins a new page when less than a height is left.
func (s *sheet) room(height float64) bool {
	if s.GetY()+height <= bottom {
		return false
	}
	s.AddPage()
	return true
}

func (s *sheet) heading(text string) {
	s.room(6 * line)
	s.Ln(line)
	s.SetFont("text", "B", 11)
	s.CellFormat(width, line*1.4, text, "B", 1, "L", false, 0, "")
	s.Ln(line * 0.4)
}

func (s *sheet) paragraph(text string, size float64) {
	s.SetFont("text", "", size)
	height := size * 0.5
	for _, part := range s.SplitText(text, width) {
		s.room(height)
		s.CellFormat(width, height, part, "", 1, "L", false, 0, "")
	}
}

// pair is a label with what stands beside it.
func (s *sheet) pair(label, family, text string) {
	s.row([]cell{{text: label, width: labels, style: "B"}, {text: text, width: width - labels, family: family}}, "")
}

// cell is one of a row; its text is wrapped.
type cell struct {
	text, family, style, align string
	width                      float64
}

// row draws cells side by side, as high as the highest. border is a line below it, or nothing.
func (s *sheet) row(cells []cell, border string) (paged bool) {
	texts, most := make([][]string, len(cells)), 1
	for i, c := range cells {
		s.font(c)
		texts[i] = s.SplitText(c.text, c.width-1)
		most = max(most, len(texts[i]))
	}
	height := float64(most)*line*0.9 + 0.8
	paged = s.room(height)
	x, y := margin, s.GetY()
	for i, c := range cells {
		s.font(c)
		for n, text := range texts[i] {
			s.SetXY(x, y+0.4+float64(n)*line*0.9)
			s.CellFormat(c.width, line*0.9, text, "", 0, c.align, false, 0, "")
		}
		x += c.width
	}
	s.SetXY(margin, y+height)
	if border != "" {
		s.SetDrawColor(190, 190, 190)
		s.Line(margin, y+height, margin+width, y+height)
		s.SetDrawColor(0, 0, 0)
	}
	return paged
}

func (s *sheet) font(c cell) {
	switch c.family {
	case "head":
		s.SetFont("text", "B", small)
	case "code":
		s.SetFont("code", "", small)
	default:
		s.SetFont("text", c.style, textful)
	}
}
