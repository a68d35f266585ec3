package preflight

import "strings"

// checkSubject compares the subject with what deceptive ones look like. A prefix of answers is true where the message names what
// it answers.
func checkSubject(e *exam) {
	subject := plain(e.message.subject)
	said := map[string]bool{}
	for _, p := range e.rules.Subjects {
		saw, matches := p.Pattern.Find(subject)
		if !matches || said[p.Rule] || e.answers(p.Rule) {
			continue
		}
		said[p.Rule] = true
		e.find(p.Rule, told{where: "Subject", saw: saw, reason: p.Reason + " (" + p.ID + ")"})
	}
}

// answers reports whether the message really answers or passes on another.
func (e *exam) answers(rule string) bool {
	if rule != ruleFalseReply && rule != ruleFalseForward {
		return false
	}
	for _, name := range []string{"In-Reply-To", "References"} {
		if strings.Contains(e.message.header.Get(name), "@") {
			return true
		}
	}
	return false
}

// checkLabel wants the label at the beginning of the subject that a law writes out.
func checkLabel(e *exam) {
	for _, label := range e.rules.Labels {
		if e.applies(label.Rule) && !strings.HasPrefix(strings.TrimSpace(e.message.subject), label.Text) {
			e.find(label.Rule, told{where: "Subject", saw: e.message.subject, reason: "it must begin with " + label.Text})
		}
	}
}
