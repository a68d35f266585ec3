package sample

import (
	"fmt"
	"strings"
)

// pdf is a page with some lines, the first of them as a heading (ISO 32000-1, one page, Helvetica in WinAnsi, which has the letters of the sample).
func pdf(lines ...string) string {
	var text strings.Builder
	text.WriteString("BT 56 760 Td 26 TL\n")
	for i, line := range lines {
		size := 12
		if i == 0 {
			size = 18
		}
		fmt.Fprintf(&text, "/F1 %d Tf (%s) Tj T*\n", size, winAnsi(line))
	}
	text.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}
	var b, table strings.Builder
	b.WriteString("%PDF-1.4\n")
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table.String(), len(objects)+1, start)
	return b.String()
}

// winAnsi writes a text in a font's bytes; letters that it doesn't have become question marks.
func winAnsi(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r > 0xff || r >= 0x7f && r < 0xa0:
			b.WriteByte('?')
		default:
			b.WriteByte(byte(r))
		}
	}
	return b.String()
}
