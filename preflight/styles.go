package preflight

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// declarations are properties with their values, in small letters.
type declarations map[string]declaration

type declaration struct {
	value     string
	important bool
}

// styleRule is one selector of a style sheet with what it declares.
type styleRule struct {
	selector cascadia.Sel
	steps    int // selectors one below the other
	declares declarations
}

// styles are the rules of a page's style sheets that can hide or colour something, in their order. Rules for single media, such as
// telephones or a dark display, are left out: what such a rule hides others see.
type styles []styleRule

// matters are the properties by which something is hidden or told apart from its background.
func matters(property string) bool {
	switch property {
	case "display", "visibility", "opacity", "font-size", "color", "background", "background-color", "background-image", "width", "height",
		"max-height", "max-width", "overflow", "text-indent", "left", "top", "position":
		return true
	}
	return false
}

// styleRules reads the style elements of a page.
func styleRules(root *html.Node) styles {
	var rules styles
	for n := range root.Descendants() {
		if n.DataAtom != atom.Style || n.FirstChild == nil || len(rules) >= maxStyleRules {
			continue
		}
		if media, there := attribute(n, "media"); there && !everyScreen(media) {
			continue
		}
		rules = append(rules, sheet(n.FirstChild.Data)...)
	}
	return rules
}

func everyScreen(media string) bool {
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "" || media == "all" || media == "screen"
}

// sheet reads one style sheet. Mistakes in it are passed over, as mail programs do.
func sheet(text string) styles {
	parser := css.NewParser(parse.NewInputString(strings.NewReplacer("<!--", "", "-->", "").Replace(text)), false)
	var out styles
	var selectors []string
	var declares declarations
	within := 0 // at-rules around
	for range steps(text) {
		grammar, _, data := parser.Next()
		switch grammar {
		case css.ErrorGrammar:
			if !parser.HasParseError() {
				return out
			}
		case css.BeginAtRuleGrammar:
			within++
		case css.EndAtRuleGrammar:
			within--
		case css.QualifiedRuleGrammar:
			selectors = append(selectors, joined(parser.Values()))
		case css.BeginRulesetGrammar:
			selectors, declares = append(selectors, joined(parser.Values())), declarations{}
		case css.DeclarationGrammar:
			declares.add(string(data), parser.Values())
		case css.EndRulesetGrammar:
			if within == 0 && len(out) < maxStyleRules {
				out = append(out, rulesOf(selectors, declares)...)
			}
			selectors = nil
		}
	}
	return out
}

// steps bounds how often a parser of styles is asked for more: at a broken end it would say so for ever.
func steps(text string) int { return 2*len(text) + 16 }

func joined(tokens []css.Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.Write(t.Data)
	}
	return b.String()
}

func (d declarations) add(property string, tokens []css.Token) {
	property = strings.ToLower(property)
	if d == nil || !matters(property) {
		return
	}
	value := strings.ToLower(strings.TrimSpace(joined(tokens)))
	value, important := strings.CutSuffix(value, "!important")
	if was, there := d[property]; there && was.important && !important {
		return
	}
	d[property] = declaration{value: strings.TrimSpace(value), important: important}
}

// rulesOf makes rules of selectors that mail programs know: elements, classes, ids, attributes, one below the other.
func rulesOf(selectors []string, declares declarations) styles {
	var out styles
	if len(declares) == 0 {
		return nil
	}
	for _, text := range strings.Split(strings.Join(selectors, ","), ",") {
		steps := len(strings.Fields(strings.ReplaceAll(text, ">", " ")))
		if strings.ContainsAny(text, ":~+()") || steps == 0 || steps > 3 {
			continue
		}
		if selector, err := cascadia.Parse(text); err == nil {
			out = append(out, styleRule{selector: selector, steps: steps, declares: declares})
		}
	}
	return out
}

// inline reads a style attribute.
func inline(text string) declarations {
	d := declarations{}
	parser := css.NewParser(parse.NewInputString(text), true)
	for range steps(text) {
		grammar, _, data := parser.Next()
		switch {
		case grammar == css.DeclarationGrammar:
			d.add(string(data), parser.Values())
		case grammar == css.ErrorGrammar && !parser.HasParseError():
			return d
		}
	}
	return d
}

// work is how many comparisons all rules could cost on a page.
func (s styles) work(elements, depth int) int {
	total := 0
	for _, r := range s {
		cost := elements
		for range r.steps - 1 {
			cost *= max(depth/4, 1) // a step is only tried where the one below it matched
		}
		total += cost
		if total > maxStyleWork {
			return total
		}
	}
	return total
}

// declared is what holds for an element: of the rules the more specific one, then the later one, then its own style attribute.
func (s styles) declared(n *html.Node) declarations {
	out := declarations{}
	rank := map[string]cascadia.Specificity{}
	for _, r := range s {
		if !r.selector.Match(n) {
			continue
		}
		specificity := r.selector.Specificity()
		for property, d := range r.declares {
			was, there := out[property]
			if there && (was.important && !d.important || was.important == d.important && specificity.Less(rank[property])) {
				continue
			}
			out[property], rank[property] = d, specificity
		}
	}
	own, _ := attribute(n, "style")
	if own == "" {
		return out
	}
	for property, d := range inline(own) {
		if was, there := out[property]; there && was.important && !d.important {
			continue
		}
		out[property] = d
	}
	return out
}
