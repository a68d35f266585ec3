package preflight

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/privacy-docket/docket/privacy"
)

// dot is the size in pixels up to which a picture shows nothing.
const dot = 3

// individual is a piece of an address that is too long to mean many recipients at once.
var individual = regexp.MustCompile(`[A-Za-z0-9_-]{16,}|[A-Za-z0-9+/]{20,}|[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-`)

// checkPixels looks for pictures that show nothing and report that the message is opened (Directive 2002/58/EC Art 5(3), PECR reg 6).
func checkPixels(e *exam) {
	var sure, maybe []string
	for _, p := range e.message.pages {
		for i, img := range p.images {
			u, err := url.Parse(img.source)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "" || u.Hostname() == "" {
				continue
			}
			place := fmt.Sprintf("HTML, picture %d", i+1) + " leads to " + shown(u.Hostname())
			switch {
			case e.tracks(privacy.TracksOpening, u) && !img.large(), img.nothing() && individual.MatchString(u.EscapedPath()+"?"+u.RawQuery):
				sure = append(sure, place+img.what())
			case e.tracks(privacy.TracksOpening, u):
				maybe = append(maybe, place+" as such pictures do, but shows something")
			case img.nothing():
				maybe = append(maybe, place+img.what()+", which may be a spacer")
			}
		}
	}
	e.tracking(rulePixel, append(sure, maybe...), len(sure) == 0)
}

// nothing reports whether the picture shows nothing.
func (i image) nothing() bool {
	return i.hidden || i.width >= 0 && i.width <= dot && i.height <= dot || i.height >= 0 && i.height <= dot && i.width <= dot
}

// large reports whether the picture is said to be larger than a dot.
func (i image) large() bool { return !i.hidden && (i.width > dot || i.height > dot) }

func (i image) what() string {
	switch {
	case i.hidden:
		return " and is hidden"
	case i.nothing():
		return " and is a dot"
	}
	return ""
}

// shows reports whether a picture can carry content.
func (i image) shows() bool { return !i.nothing() && strings.TrimSpace(i.source) != "" }
