package mailcatcher

import (
	"embed"
	"html/template"
	"io"
	"net/http"
	"regexp"
	"slices"
)

//go:embed page/*.html
var pages embed.FS

// templates parses the embedded pages; they are part of the program, so a fault in them shows at the first start.
func templates(name string) *template.Template {
	return template.Must(template.ParseFS(pages, "page/layout.html", "page/"+name))
}

// link finds the addresses in a plain text body. The HTML part is shown in a sandbox in which links do nothing.
var link = regexp.MustCompile(`https?://[^\s<>"']*[^\s<>"'.,;:!?)]`)

func (w *web) listPage(out http.ResponseWriter, in *http.Request) {
	messages := w.store.list(in.URL.Query().Get("to"))
	slices.Reverse(messages)
	out.Header().Set("Refresh", "5")
	render(out, "list.html", messages)
}

func (w *web) messagePage(out http.ResponseWriter, in *http.Request) {
	m, err := w.store.get(in.PathValue("id"))
	if err != nil {
		fail(out, err)
		return
	}
	render(out, "message.html", struct {
		Message
		Links []string
	}{m, link.FindAllString(m.Text, -1)})
}

func (w *web) htmlPart(out http.ResponseWriter, in *http.Request) {
	m, err := w.store.get(in.PathValue("id"))
	if err != nil {
		fail(out, err)
		return
	}
	out.Header().Set("Content-Security-Policy", mailPolicy)
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(out, m.HTML) // the reader has gone; there is nobody to tell
}

func render(out http.ResponseWriter, name string, data any) {
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = templates(name).ExecuteTemplate(out, "layout.html", data) // the reader has gone; there is nobody to tell
}
