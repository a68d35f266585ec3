package seal

import (
	"strings"
	"time"
)

// accepts decides whether a payload written for one workflow may be read here. The claim itself is authenticated: a
// payload whose metadata was rewritten doesn't open.
//
// A payload without a workflow was written where the SDK knew none, such as by hand through the codec endpoint, which
// demands the right to do so. A reader without a workflow is a person or tool that looks at a history.
func (c *PayloadCodec) accepts(written string) bool {
	if written == "" || c.workflow == "" || c.carried {
		return true
	}
	return written == c.workflow || startedBySchedule(c.workflow, written)
}

// startedBySchedule tells whether the running id is the written one with the time of a schedule's action behind it, which
// is how the server names the workflows that a schedule starts.
func startedBySchedule(running, written string) bool {
	suffix, ok := strings.CutPrefix(running, written+"-")
	if !ok {
		return false
	}
	_, err := time.Parse(time.RFC3339, suffix)
	return err == nil
}
