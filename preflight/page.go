package preflight

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page is an HTML part as a reader sees it.
type page struct {
	visible string // the text that can be seen
	hidden  string // the text that cannot
	links   []*link
	images  []image
}

// link is an address that the reader can follow.
type link struct {
	href    string
	text    string // all of its text, seen or not
	seen    string // what can be seen of it
	around  string // the short paragraph in which it stands
	why     string // why it cannot be seen; empty when it can
	clarity clarity
}

// clarity is how well a text can be seen: the contrast of WCAG 2 (1 to 21), or 0 where the background is a picture, and its size in pixels.
type clarity struct{ contrast, size float64 }

// image is a picture that an HTML part shows.
type image struct {
	source        string
	alt           string
	width, height float64 // in pixels; -1 where nothing says it
	hidden        bool
}

// readPage takes an HTML part apart. Scripts are off, as in every mail program.
func readPage(content []byte) (*page, error) {
	root, err := html.ParseWithOptions(bytes.NewReader(content), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, refuse("the HTML of the message cannot be read: its elements are nested too deeply")
	}
	count, depth := measure(root, 0)
	if count > maxElements {
		return nil, refuse("the HTML of the message has more than %d elements", maxElements)
	}
	rules := styleRules(root)
	if rules.work(count, depth) > maxStyleWork {
		return nil, refuse("the HTML of the message has too many style rules to be looked at")
	}
	w := &walker{rules: rules, page: &page{}}
	w.node(root, firstLook(), nil)
	w.page.visible, w.page.hidden = w.visible.String(), w.hidden.String()
	return w.page, nil
}

// measure counts the elements and how deep they are nested.
func measure(n *html.Node, at int) (count, depth int) {
	depth = at
	for child := range n.ChildNodes() {
		c, d := measure(child, at+1)
		count, depth = count+c, max(depth, d)
	}
	if n.Type == html.ElementNode {
		count++
	}
	return count, depth
}

// walker goes through a page and keeps what is seen.
type walker struct {
	rules           styles
	page            *page
	visible, hidden strings.Builder
}

func (w *walker) node(n *html.Node, above look, in *link) {
	switch n.Type {
	case html.TextNode:
		w.text(n.Data, above, in)
		return
	case html.ElementNode, html.DocumentNode:
	default:
		return
	}
	here := above
	if n.Type == html.ElementNode {
		if here = w.rules.look(n, above); unseen(n) {
			return
		}
		in = w.element(n, here, in)
	}
	for child := range n.ChildNodes() {
		w.node(child, here, in)
	}
	if breaks(n) {
		w.visible.WriteByte('\n')
		w.hidden.WriteByte('\n')
	}
}

// element keeps links and pictures; it gives the link in which what follows stands.
func (w *walker) element(n *html.Node, here look, in *link) *link {
	switch n.DataAtom {
	case atom.A, atom.Area:
		if href, there := attribute(n, "href"); there {
			in = &link{href: strings.TrimSpace(href), around: around(n), why: "it has no text"}
			w.page.links = append(w.page.links, in)
		}
	case atom.Img:
		source, _ := attribute(n, "src")
		alt, _ := attribute(n, "alt")
		w.page.images = append(w.page.images, image{source: strings.TrimSpace(source), alt: alt, width: here.width, height: here.height, hidden: here.hidden != ""})
		w.text(alt, here, in)
	}
	return in
}

// text keeps a text as seen or not seen, and says so of the link around it.
func (w *walker) text(text string, here look, in *link) {
	if strings.TrimSpace(text) == "" {
		w.visible.WriteByte(' ')
		if in != nil {
			in.add(" ", true)
		}
		return
	}
	why := here.unseen()
	into := &w.visible
	if why != "" {
		into = &w.hidden
	}
	into.WriteString(text)
	if in == nil {
		return
	}
	in.add(text, why == "")
	if why != "" {
		if strings.TrimSpace(in.seen) == "" {
			in.why = why
		}
		return
	}
	if in.why != "" || here.clarity().better(in.clarity) {
		in.clarity = here.clarity()
	}
	in.why = ""
}

const longestLink = 1000 // characters of a link's text that are kept

func (l *link) add(text string, seen bool) {
	if len(l.text) < longestLink {
		l.text += text
	}
	if seen && len(l.seen) < longestLink {
		l.seen += text
	}
}

func (c clarity) better(than clarity) bool {
	return c.contrast*c.size > than.contrast*than.size
}

// unseen are elements whose text no mail program shows.
func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Title, atom.Template, atom.Iframe, atom.Object, atom.Select, atom.Textarea, atom.Audio, atom.Video:
		return true
	}
	return false
}

// breaks are elements after which a new line begins.
func breaks(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Br, atom.Tr, atom.Td, atom.Th, atom.Li, atom.Table, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Center, atom.Section, atom.Footer, atom.Address:
		return true
	}
	return false
}

const longestAround = 400 // characters of a paragraph that still says what its link is for

// around is the text of the paragraph in which a link stands, when it is short.
func around(n *html.Node) string {
	for up := n.Parent; up != nil; up = up.Parent {
		if !breaks(up) {
			continue
		}
		var b strings.Builder
		if gather(up, &b); b.Len() > longestAround {
			return ""
		}
		return b.String()
	}
	return ""
}

// gather writes the texts below a node, and stops where it becomes long.
func gather(n *html.Node, into *strings.Builder) {
	if into.Len() > longestAround || unseen(n) {
		return
	}
	if n.Type == html.TextNode {
		into.WriteString(n.Data)
		return
	}
	for child := range n.ChildNodes() {
		gather(child, into)
	}
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}
