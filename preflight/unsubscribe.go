package preflight

import (
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// checkUnsubscribe wants a way to unsubscribe that can be seen in every form of the message and leads somewhere (CASL s.11,
// 15 USC 7704(a)(3), Spam Act 2003 s.18, Directive 2002/58/EC Art 13). In a transactional message it looks only where a law is
// asked for by its country.
func checkUnsubscribe(e *exam) {
	if !e.applies(ruleUnsubMissing) {
		return
	}
	ways := e.waysOut(privacy.AboutUnsubscribing)
	seen := slices.DeleteFunc(slices.Clone(ways), func(w wayOut) bool { return !w.seen() })
	living := slices.DeleteFunc(slices.Clone(seen), func(w wayOut) bool { return w.dead != "" })
	switch {
	case len(living) > 0:
		e.oneForm(living)
		e.faint(living)
	case len(seen) > 0:
		e.find(ruleUnsubDead, told{where: seen[0].where, saw: seen[0].href, reason: seen[0].dead})
	case len(ways) > 0:
		e.find(ruleUnsubHidden, told{where: ways[0].where, saw: ways[0].saw, reason: ways[0].why})
	default:
		e.noWayOut()
	}
}

// noWayOut tells apart what there is in place of a link.
func (e *exam) noWayOut() {
	visible := e.message.visible()
	preferences := slices.DeleteFunc(e.waysOut(privacy.AboutPreferences), func(w wayOut) bool { return !w.seen() || w.dead != "" })
	switch {
	case len(preferences) > 0 && e.applies(rulePreferencesOnly):
		e.find(rulePreferencesOnly, told{where: preferences[0].where, saw: preferences[0].saw})
	case e.speaks(privacy.AboutReplying, visible) && e.message.from != nil:
		// An answer is a way that the laws know; the address it goes to is that of the message.
	case e.speaks(privacy.AboutUnsubscribing, visible):
		e.find(ruleUnsubNoLink, told{})
	case e.speaks(privacy.AboutUnsubscribing, e.hiddenText()):
		e.find(ruleUnsubHidden, told{where: "HTML", reason: "the words about it are hidden"})
	default:
		e.find(ruleUnsubMissing, told{reason: e.lookedFor(), doubt: len(e.message.unread) > 0})
	}
}

func (e *exam) lookedFor() string {
	if letters(e.message.visible()) == 0 {
		return "the message has no text that can be seen"
	}
	return "no link speaks of it, in any of the languages that are known here (English, German, French, Spanish, Italian, Dutch, Portuguese, Korean)"
}

func (e *exam) hiddenText() string {
	hidden := ""
	for _, p := range e.message.pages {
		hidden += p.hidden + "\n"
	}
	return hidden
}

// oneForm wants the way out in the text and in the HTML where the message has both.
func (e *exam) oneForm(living []wayOut) {
	if len(e.message.texts) == 0 || len(e.message.pages) == 0 || len(e.message.unread) > 0 {
		return
	}
	text := slices.ContainsFunc(living, func(w wayOut) bool { return w.text })
	page := slices.ContainsFunc(living, func(w wayOut) bool { return !w.text })
	switch {
	case !text && !e.speaks(privacy.AboutReplying, e.message.visible()):
		e.find(ruleUnsubOnePart, told{where: "text", reason: "the HTML has it, the text does not"})
	case !page:
		e.find(ruleUnsubOnePart, told{where: "HTML", reason: "the text has it, the HTML does not"})
	}
}

// faint finds that no way out of the HTML is easy to see.
func (e *exam) faint(living []wayOut) {
	var best *wayOut
	for i, w := range living {
		if w.text {
			continue
		}
		if !w.isFaint() {
			return
		}
		if best == nil || w.clarity.better(best.clarity) {
			best = &living[i]
		}
	}
	if best == nil {
		return
	}
	reason := fmt.Sprintf("its letters have %.0f pixels", best.clarity.size)
	if best.clarity.contrast > 0 && best.clarity.contrast < faintSight {
		reason = fmt.Sprintf("its contrast is %.1f to 1", best.clarity.contrast)
	}
	e.find(ruleUnsubFaint, told{where: best.where, saw: best.saw, reason: reason})
}

func (w wayOut) isFaint() bool {
	return w.clarity.size < faintSize || w.clarity.contrast > 0 && w.clarity.contrast < faintSight
}
