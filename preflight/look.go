package preflight

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// look is how an element is shown, as far as it decides whether its text can be seen.
type look struct {
	hidden        string // why it is not shown at all; empty when it is
	color         color
	link          color // of links, as the body says it
	background    color
	unsure        bool    // the background is a picture or a gradient, or a colour is not known
	size          float64 // of letters, in pixels
	width, height float64 // of the element itself, in pixels; -1 where nothing says it
}

const (
	usualSize   = 16.0 // of letters, in pixels, where nothing is said
	leastSize   = 2.0  // below it nothing can be read
	leastSight  = 1.3  // contrast below which a text and its background look the same
	faintSight  = 2.5  // contrast below which a text is hard to see; WCAG 2 wants 4.5
	faintSize   = 8.0
	offThePage  = -500.0 // pixels to the left or above, or of indent, that move a text out of sight
	nearNothing = 0.05   // opacity below which nothing is seen
)

func firstLook() look {
	return look{color: black, link: linkBlue, background: white, size: usualSize, width: -1, height: -1}
}

// unseen says why a text with this look cannot be seen; empty when it can.
func (l look) unseen() string {
	switch {
	case l.hidden != "":
		return l.hidden
	case l.size < leastSize:
		return "its letters have no size"
	case l.color.a < nearNothing:
		return "its letters are transparent"
	case !l.unsure && contrast(l.color, l.background) < leastSight:
		return "its colour is that of its background"
	}
	return ""
}

func (l look) clarity() clarity {
	if l.unsure {
		return clarity{size: l.size}
	}
	return clarity{contrast: contrast(l.color, l.background), size: l.size}
}

// look computes how an element is shown below another.
func (s styles) look(n *html.Node, above look) look {
	here := above
	here.width, here.height = -1, -1
	here.attributes(n)
	d := s.declared(n)
	here.box(d)
	here.paint(d, above)
	if size, there := d["font-size"]; there {
		here.size = fontSize(size.value, above.size)
	}
	if why := conceals(d); why != "" && here.hidden == "" {
		here.hidden = why
	}
	return here
}

// attributes takes what HTML itself says: colours, sizes, hidden.
func (l *look) attributes(n *html.Node) {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			l.hidden = "its element has the attribute hidden"
		case "bgcolor":
			if c, ok := parseColor(legacy(a.Val)); ok {
				l.background, l.unsure = c, false
			}
		case "background":
			l.unsure = true
		case "color":
			if c, ok := parseColor(legacy(a.Val)); ok && n.DataAtom == atom.Font {
				l.color = c
			}
		case "text":
			if c, ok := parseColor(legacy(a.Val)); ok && n.DataAtom == atom.Body {
				l.color = c
			}
		case "link":
			if c, ok := parseColor(legacy(a.Val)); ok && n.DataAtom == atom.Body {
				l.link = c
			}
		case "width":
			l.width = attributeLength(a.Val)
		case "height":
			l.height = attributeLength(a.Val)
		}
	}
	if _, links := attribute(n, "href"); links && n.DataAtom == atom.A {
		l.color = l.link
	}
}

// legacy lets colours of attributes stand without their sign.
func legacy(value string) string {
	value = strings.ToLower(strings.TrimSpace(value))
	if _, err := strconv.ParseUint(value, 16, 32); err == nil && (len(value) == 6 || len(value) == 3) {
		return "#" + value
	}
	return value
}

func attributeLength(value string) float64 {
	pixels, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), "px"), 64)
	if err != nil {
		return -1
	}
	return pixels
}

func (l *look) box(d declarations) {
	if v, there := d["width"]; there {
		l.width = length(v.value)
	}
	if v, there := d["height"]; there {
		l.height = length(v.value)
	}
}

// paint takes the colours. A background that is a picture is not known, nor is a colour that is written in another way than parseColor
// reads.
func (l *look) paint(d declarations, above look) {
	for _, property := range []string{"background", "background-color"} {
		v, there := d[property]
		if !there {
			continue
		}
		if c, ok := firstColor(v.value); ok {
			l.background, l.unsure = c.over(l.background), l.unsure && c.a < 1
		}
		l.unsure = l.unsure || pictured(v.value)
	}
	if v, there := d["background-image"]; there && pictured(v.value) {
		l.unsure = true
	}
	if v, there := d["color"]; there {
		l.write(v.value, above)
	}
}

// write takes the colour of letters.
func (l *look) write(value string, above look) {
	c, known := parseColor(value)
	switch {
	case known:
		l.color = c.over(l.background)
		l.color.a = c.a
	case value == "inherit" || value == "currentcolor":
		l.color = above.color
	case value == "initial" || value == "unset" || value == "revert":
	default:
		l.unsure = true
	}
}

func pictured(value string) bool {
	return strings.Contains(value, "url(") || strings.Contains(value, "gradient") || strings.Contains(value, "hsl") || strings.Contains(value, "var(")
}

// conceals says by which property an element with all in it is hidden.
func conceals(d declarations) string {
	is := func(property string, values ...string) bool {
		for _, v := range values {
			if d[property].value == v {
				return true
			}
		}
		return false
	}
	zero := func(property string) bool { v, there := d[property]; return there && length(v.value) == 0 }
	away := func(property string) bool { v, there := d[property]; return there && length(v.value) <= offThePage }
	opacity, err := strconv.ParseFloat(d["opacity"].value, 64)
	switch {
	case is("display", "none"):
		return "display is none"
	case is("visibility", "hidden", "collapse"):
		return "visibility is " + d["visibility"].value
	case err == nil && opacity < nearNothing:
		return "it is transparent"
	case is("overflow", "hidden", "clip") && (zero("max-height") || zero("height") || zero("max-width") || zero("width")):
		return "its box has no size"
	case away("text-indent"), is("position", "absolute", "fixed", "relative") && (away("left") || away("top")):
		return "it stands outside the page"
	}
	return ""
}
