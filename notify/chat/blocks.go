package chat

import (
	"strings"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"github.com/privacy-docket/docket/notify"
)

// Ids of the buttons, as Slack reports them to the interactivity endpoint.
const (
	// ActionAcknowledge is pressed to take an escalation over; its value is the notice's AckToken.
	ActionAcknowledge = "docket.acknowledge"
	// ActionTake is pressed to have the case assigned to oneself; its value is the same.
	ActionTake = "docket.take"
	// ActionOpen leads to the console. Slack reports it as well; the report needs an empty 200 and nothing else.
	ActionOpen = "docket.open"
)

// Slack's limits, in characters and in fields of a section.
const (
	maxHeader  = 150
	maxSection = 3000
	maxField   = 2000
	maxFields  = 10
	maxButton  = 75
)

// Blocks lays a rendered notice out. Values are escaped, so that nobody can write mentions or links into a notice.
func Blocks(r notify.Rendered) []slack.Block {
	blocks := []slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, cut(mark(r.Kind)+r.Subject, maxHeader), false, false))}
	var buttons []slack.BlockElement
	for _, part := range r.Parts {
		if part.Type == notify.Link {
			button := slack.NewButtonBlockElement(ActionOpen, "", plain(part.Text)).WithURL(part.URL)
			if len(buttons) == 0 && r.AckToken == "" {
				button = button.WithStyle(slack.StylePrimary)
			}
			buttons = append(buttons, button)
			continue
		}
		blocks = append(blocks, section(part))
	}
	if r.AckToken != "" {
		buttons = append(presses(r), buttons...)
	}
	if len(buttons) > 0 {
		blocks = append(blocks, slack.NewActionBlock("docket", buttons...))
	}
	return blocks
}

// mark puts the risk in front of the words, never colour alone; screens use the same meanings.
func mark(kind notify.Kind) string {
	switch kind {
	case notify.KindOverdue, notify.KindEscalation:
		return "🔴 "
	case notify.KindDueSoon, notify.KindTaskReminder, notify.KindMessageFailed, notify.KindCollectionFailed:
		return "🟠 "
	}
	return ""
}

func section(part notify.Part) slack.Block {
	switch part.Type {
	case notify.Facts:
		return facts(part.Lines)
	case notify.Items:
		return slack.NewSectionBlock(markdown("• "+strings.Join(escape(part.Lines), "\n• "), maxSection), nil, nil)
	case notify.Quote:
		return slack.NewSectionBlock(markdown("> "+strings.Join(escape(part.Lines), "\n> "), maxSection), nil, nil)
	}
	return slack.NewSectionBlock(markdown(slackutilsx.EscapeMessage(part.Text), maxSection), nil, nil)
}

func facts(lines []string) slack.Block {
	fields := make([]*slack.TextBlockObject, 0, len(lines))
	for _, line := range lines[:min(len(lines), maxFields)] {
		label, value := notify.Fact(line)
		fields = append(fields, markdown("*"+slackutilsx.EscapeMessage(label)+"*\n"+slackutilsx.EscapeMessage(value), maxField))
	}
	return slack.NewSectionBlock(nil, fields, nil)
}

func escape(lines []string) []string {
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		out = append(out, slackutilsx.EscapeMessage(line))
	}
	return out
}

// markdown is verbatim: Slack then turns neither names into mentions nor words into links.
func markdown(text string, most int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, cut(text, most), false, true)
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, cut(text, maxButton), false, false)
}

func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}

// presses are the buttons that do something: an escalation can be taken over, which ends its repetition, and every case can
// be taken.
func presses(r notify.Rendered) []slack.BlockElement {
	take := slack.NewButtonBlockElement(ActionTake, r.AckToken, plain("Assign it to me"))
	if r.Kind != notify.KindEscalation {
		return []slack.BlockElement{take.WithStyle(slack.StylePrimary)}
	}
	ack := slack.NewButtonBlockElement(ActionAcknowledge, r.AckToken, plain("I am on it")).WithStyle(slack.StylePrimary)
	return []slack.BlockElement{ack, take}
}
