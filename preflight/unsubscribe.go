package preflight

import (
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// checkUnsubscribe wants a way to unsubscribe that can be seen in every form of the message and leads somewhere (CASL s.11,
// 15 USC 7704(a)(3), Spam Act 2003 s.18, Directive 2002/58/EC Art 13). Readers see the HTML where there is one, so a way in the text alone
// is none. In a transactional message it looks only where a law is asked for by its country.
func checkUnsubscribe(e *exam) {
	if !e.applies(ruleUnsubMissing) {
		return
	}
	ways := e.waysOut(privacy.AboutUnsubscribing)
	offered := slices.DeleteFunc(slices.Clone(ways), func(w wayOut) bool { return w.text })
	if len(e.message.pages) == 0 {
		offered = ways
	}
	seen := slices.DeleteFunc(slices.Clone(offered), func(w wayOut) bool { return !w.seen() })
	living := slices.DeleteFunc(slices.Clone(seen), func(w wayOut) bool { return w.dead != "" })
	switch {
	case len(living) > 0:
		e.inTheText(ways)
		e.faint(living)
	case len(seen) > 0:
		e.find(ruleUnsubDead, told{where: seen[0].where, saw: seen[0].href, reason: seen[0].dead})
	case len(offered) > 0:
		e.find(ruleUnsubHidden, told{where: offered[0].where, saw: offered[0].saw, reason: offered[0].why})
	default:
		e.noWayOut(len(ways) > 0)
	}
}

// noWayOut tells apart what there is in place of a link, in what readers see. inText says that the text part has one.
func (e *exam) noWayOut(inText bool) {
	visible := e.readersSee()
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
	case inText:
		e.find(ruleUnsubMissing, told{where: "HTML", reason: "the text part has one, but readers see the HTML", doubt: len(e.message.unread) > 0})
	default:
		e.find(ruleUnsubMissing, told{reason: e.lookedFor(), doubt: len(e.message.unread) > 0})
	}
}

// readersSee is what is shown of the HTML, and the text where there is no HTML.
func (e *exam) readersSee() string {
	if len(e.message.pages) > 0 {
		return e.visiblePages()
	}
	return e.message.visible()
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

// inTheText wants the way out in the text, too, where the message has both.
func (e *exam) inTheText(ways []wayOut) {
	if len(e.message.texts) == 0 || len(e.message.pages) == 0 || len(e.message.unread) > 0 {
		return
	}
	if !slices.ContainsFunc(ways, func(w wayOut) bool { return w.text && w.dead == "" }) && !e.speaks(privacy.AboutReplying, e.message.visible()) {
		e.find(ruleUnsubOnePart, told{where: "text", reason: "the HTML has it, the text does not"})
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
